"""The shipped messengers keep the contract of a messenger."""

from collections.abc import Sequence
from typing import cast

import pytest

from msa_recovery.adapters.console import ConsoleMessenger
from msa_recovery.adapters.recording import RecordingMessenger
from msa_recovery.application.messages import TryLater
from msa_recovery.application.ports import Messenger
from msa_recovery.domain.account import Channel
from msa_recovery.testing.contracts import MessengerContract
from tests.support.async_ports import AsyncMessengerOf


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
