"""The shipped messengers keep the contract of a messenger."""

import socket
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

import pytest

from msa_recovery.adapters.console import ConsoleMessenger
from msa_recovery.adapters.letter_spool import LetterSpool
from msa_recovery.adapters.recording import RecordingMessenger
from msa_recovery.adapters.sms_gateway import SmsGatewayMessenger
from msa_recovery.adapters.sms_shape import SmsGateway
from msa_recovery.adapters.smtp import Encryption, SmtpMessenger, SmtpServer
from msa_recovery.adapters.sqlite_inbox import SqliteInbox
from msa_recovery.application.messages import TryLater
from msa_recovery.application.ports import Messenger
from msa_recovery.domain.account import Channel
from msa_recovery.testing.async_ports import AsyncMessengerOf
from msa_recovery.testing.contracts import MessengerContract
from tests.support.gateway import Gateway, gateway_opened
from tests.support.postoffice import LOOPBACK, PostOffice, opened


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


class TestSmtp(MessengerContract):
    channel = Channel.EMAIL
    office: PostOffice

    @pytest.fixture(autouse=True)
    def _office(self) -> Iterator[None]:
        with opened() as self.office:
            yield

    @pytest.fixture
    def messenger(self) -> SmtpMessenger:
        return self._messenger()

    @pytest.fixture
    def broken(self) -> SmtpMessenger:
        self.office.answers["RCPT"] = "451 later"
        return self._messenger()

    def _messenger(self) -> SmtpMessenger:
        server = SmtpServer(host=LOOPBACK, port=self.office.port, encryption=Encryption.NONE)
        return SmtpMessenger(server, sender="ne-pas-repondre@msa.example", name="MSA")

    def received(self, messenger: Messenger) -> Sequence[object]:
        """As a mailbox shows them, which knows a mail by its ``Message-ID``."""
        return list({mail["Message-ID"]: mail for mail in self.office.mails()})


class TestSmsGateway(MessengerContract):
    channel = Channel.SMS
    gateway: Gateway

    @pytest.fixture(autouse=True)
    def _gateway(self) -> Iterator[None]:
        with gateway_opened() as self.gateway:
            yield

    @pytest.fixture
    def messenger(self) -> SmsGatewayMessenger:
        shape = SmsGateway(
            url=f"http://127.0.0.1:{self.gateway.port}/",
            body={"to": "{to}", "text": "{text}"},
            headers={"Idempotency-Key": "{key}"},
        )
        return SmsGatewayMessenger(shape)

    @pytest.fixture
    def broken(self) -> SmsGatewayMessenger:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        return SmsGatewayMessenger(SmsGateway(url=f"http://127.0.0.1:{port}/", body={"to": "{to}", "text": "{text}"}))

    def received(self, messenger: Messenger) -> Sequence[object]:
        """What the gateway sent on, which knows an SMS by its key."""
        return list(self.gateway.sent.values())


class TestLetterSpool(MessengerContract):
    channel = Channel.LETTER
    folder: Path

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.folder = tmp_path / "spool"

    @pytest.fixture
    def messenger(self) -> LetterSpool:
        self.folder.mkdir()
        return LetterSpool(self.folder)

    @pytest.fixture
    def broken(self, tmp_path: Path) -> LetterSpool:
        return LetterSpool(tmp_path / "missing")

    def received(self, messenger: Messenger) -> Sequence[object]:
        """What a printer would take."""
        return list(self.folder.glob("*.json"))
