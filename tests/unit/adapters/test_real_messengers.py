"""Whole recoveries through the relay, where what people receive comes over real transports."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from msa_recovery import (
    Caller,
    Channel,
    ChooseChannel,
    ChoosePassword,
    ConfirmContacts,
    Identify,
    OrderLetter,
    Origin,
    Recovery,
    Secret,
    SignIn,
    State,
    SubmitCode,
    compose,
)
from msa_recovery.adapters.clocks import SystemClock
from msa_recovery.adapters.keyring import Keys
from msa_recovery.adapters.letter_spool import LetterSpool
from msa_recovery.adapters.memory_store import MemoryStore
from msa_recovery.adapters.password_hashing import TESTS_ONLY, Argon2idHasher
from msa_recovery.adapters.sms_gateway import SmsGatewayMessenger
from msa_recovery.adapters.sms_shape import SmsGateway
from msa_recovery.adapters.smtp import Encryption, SmtpMessenger, SmtpServer
from msa_recovery.sample import sample_directory
from tests.support import poppler
from tests.support.gateway import Answer, Gateway, gateway_opened
from tests.support.postoffice import LOOPBACK, PostOffice, opened

CALLER = Caller(origin=Origin("192.0.2.1"))
IDENTIFIER = "2 84 03 33 900 001 47"
PASSWORD = "Tournesol-bleu-47!"


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with opened() as office:
        yield office


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with gateway_opened() as gateway:
        yield gateway


@pytest.fixture
def recovery(office: PostOffice, gateway: Gateway, tmp_path: Path) -> Recovery:
    smtp = SmtpServer(host=LOOPBACK, port=office.port, encryption=Encryption.NONE)
    shape = SmsGateway(
        url=f"http://{LOOPBACK}:{gateway.port}/",
        body={"to": "{to}", "text": "{text}"},
        headers={"Idempotency-Key": "{key}"},
        reference_at=("messages", 0, "id"),
    )
    return compose(
        accounts=sample_directory(SystemClock(), Argon2idHasher(TESTS_ONLY)),
        keys=Keys.generate(),
        store=MemoryStore(),
        messengers={
            Channel.EMAIL: SmtpMessenger(smtp, sender="ne-pas-repondre@msa.example", name="MSA"),
            Channel.SMS: SmsGatewayMessenger(shape),
            Channel.LETTER: LetterSpool(tmp_path),
        },
    )


def completed(recovery: Recovery, handle: Secret, password: str) -> State:
    reply = recovery.send(handle, SignIn(password), CALLER)
    reply = recovery.send(reply.handle, ChoosePassword(PASSWORD, PASSWORD), CALLER)
    return recovery.send(reply.handle, ConfirmContacts(), CALLER).view.state


def test_somebody_gets_in_by_what_two_sms_say(recovery: Recovery, gateway: Gateway, office: PostOffice) -> None:
    def read(pattern: str) -> str:
        recovery.relay()
        (said,) = re.findall(pattern, str(list(gateway.sent.values())[-1].json()["text"]))
        return str(said)

    reply = recovery.send(recovery.begin(CALLER).handle, Identify(IDENTIFIER), CALLER)
    reply = recovery.send(reply.handle, ChooseChannel("sms"), CALLER)
    reply = recovery.send(reply.handle, SubmitCode(read(r"code est (\d+)")), CALLER)
    assert State.COMPLETED is completed(recovery, reply.handle, read(r"temporaire :\n(\S+)"))
    recovery.relay()
    assert "Votre mot de passe MSA a été changé" in [mail["Subject"] for mail in office.mails()]


def test_somebody_gets_in_by_what_two_mails_say(recovery: Recovery, office: PostOffice) -> None:
    def read(pattern: str) -> str:
        recovery.relay()
        body = office.mails()[-1].get_body(("plain",))
        assert body is not None
        (said,) = re.findall(pattern, str(body.get_content()).replace("\r\n", "\n"))
        return str(said)

    reply = recovery.send(recovery.begin(CALLER).handle, Identify(IDENTIFIER), CALLER)
    reply = recovery.send(reply.handle, ChooseChannel("email"), CALLER)
    reply = recovery.send(reply.handle, SubmitCode(read(r"confirmation : (\d+)")), CALLER)
    assert State.COMPLETED is completed(recovery, reply.handle, read(r"privé MSA :\n\n(\S+)\n"))


def test_somebody_gets_in_by_what_a_letter_says(recovery: Recovery, tmp_path: Path) -> None:
    agent = Caller(origin=Origin("192.0.2.9"), agent=True)
    reply = recovery.send(recovery.begin(agent).handle, OrderLetter(IDENTIFIER), agent)
    recovery.relay()
    (pdf,) = tmp_path.glob("*.pdf")
    (password,) = re.findall(r"privé MSA :\n(\S+)\n", poppler.text(pdf))
    assert State.COMPLETED is completed(recovery, reply.handle, password)


@pytest.mark.parametrize("status", [400, 401, 429, 500])
def test_nothing_that_a_person_sees_changes_when_delivery_fails(
    recovery: Recovery, gateway: Gateway, status: int
) -> None:
    """R15."""
    reply = recovery.send(recovery.begin(CALLER).handle, Identify(IDENTIFIER), CALLER)
    gateway.answer = Answer(status)
    reply = recovery.send(reply.handle, ChooseChannel("sms"), CALLER)
    recovery.relay()
    assert reply.view == recovery.resume(reply.handle, CALLER).view
