"""The shipped messengers keep the contract of a messenger."""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

import pytest

from msa_recovery.adapters.console import ConsoleMessenger
from msa_recovery.adapters.recording import RecordingMessenger
from msa_recovery.adapters.sqlite_inbox import SqliteInbox
from msa_recovery.application.messages import TryLater
from msa_recovery.application.ports import Messenger
from msa_recovery.domain.account import Channel
from msa_recovery.testing.async_ports import AsyncMessengerOf
from msa_recovery.testing.contracts import MessengerContract


class _Recording(MessengerContract):
    @pytest.fixture
    def messenger(self) -> RecordingMessenger:
        return RecordingMessenger(self.channel)

    @pytest.fixture
    def broken(self) -> RecordingMessenger:
        messenger = RecordingMessenger(self.channel)
        messenger.answer_with(TryLater())
        return messenger

    def received(self, messenger: Messenger) -> Sequence[object]:
        return cast(RecordingMessenger, messenger).messages()


class TestRecordingSms(_Recording):
    channel = Channel.SMS


class TestRecordingEmail(_Recording):
    channel = Channel.EMAIL


class TestRecordingLetter(_Recording):
    channel = Channel.LETTER


class _SqliteInbox(MessengerContract):
    @pytest.fixture
    def messenger(self, tmp_path: Path) -> Iterator[SqliteInbox]:
        inbox = SqliteInbox(tmp_path / "messages.sqlite", self.channel)
        yield inbox
        inbox.close()

    @pytest.fixture
    def broken(self, tmp_path: Path) -> Iterator[SqliteInbox]:
        """Its file can be read, and takes nothing."""
        path = tmp_path / "broken.sqlite"
        inbox = SqliteInbox(path, self.channel)
        assert () == inbox.messages()
        with sqlite3.connect(path) as file:
            file.execute("CREATE TRIGGER full BEFORE INSERT ON messages BEGIN SELECT RAISE(ABORT, 'full'); END")
        file.close()
        yield inbox
        inbox.close()

    def received(self, messenger: Messenger) -> Sequence[object]:
        return cast(SqliteInbox, messenger).messages()


class TestSqliteInboxSms(_SqliteInbox):
    channel = Channel.SMS


class TestSqliteInboxEmail(_SqliteInbox):
    channel = Channel.EMAIL


class TestSqliteInboxLetter(_SqliteInbox):
    channel = Channel.LETTER


class TestAwaitedRecording(MessengerContract):
    channel = Channel.SMS

    @pytest.fixture
    def messenger(self) -> AsyncMessengerOf:
        return AsyncMessengerOf(RecordingMessenger(self.channel))

    @pytest.fixture
    def broken(self) -> AsyncMessengerOf:
        messenger = RecordingMessenger(self.channel)
        messenger.answer_with(TryLater())
        return AsyncMessengerOf(messenger)

    def received(self, messenger: Messenger) -> Sequence[object]:
        return cast(RecordingMessenger, cast(AsyncMessengerOf, messenger).of).messages()


class TestConsole(MessengerContract):
    channel = Channel.EMAIL

    @pytest.fixture(autouse=True)
    def screen(self) -> list[str]:
        self.shown: list[str] = []
        return self.shown

    @pytest.fixture
    def messenger(self) -> ConsoleMessenger:
        return ConsoleMessenger(self.shown.append)

    @pytest.fixture
    def broken(self) -> ConsoleMessenger:
        def gone(_: str) -> None:
            raise BrokenPipeError

        return ConsoleMessenger(gone)

    def received(self, messenger: Messenger) -> Sequence[object]:
        return self.shown
