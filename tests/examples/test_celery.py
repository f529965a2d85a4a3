"""The Celery example, run by the commands of its README: what a person is promised, a worker sends."""

import builtins
import getpass
import runpy
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from types import SimpleNamespace

import pytest

from msa_recovery import Channel, Recovery, compose
from msa_recovery.adapters.clocks import ManualClock
from msa_recovery.adapters.keyring import Keys
from msa_recovery.adapters.memory_directory import MemoryDirectory
from msa_recovery.adapters.memory_store import MemoryStore
from msa_recovery.adapters.password_hashing import TESTS_ONLY, Argon2idHasher
from msa_recovery.adapters.recording import RecordingMessenger
from msa_recovery.sample import sample_accounts
from msa_recovery.testing.people import START
from tests.examples.host import EXAMPLES, Host
from tests.examples.person import CAMILLE, CAMILLES, NADEGE, NADEGES, NEW, Phone

DOOR = ".venv/bin/python sign_in.py"


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    with Host("celery_worker", tmp_path_factory.mktemp("celery")) as host:
        host.prepare(until="celery --app")
        yield host


def test_a_usual_sign_in_opens_the_private_space(host: Host) -> None:
    assert "the private space of individual-both" in host.run(DOOR, typed=f"{CAMILLE}\n{CAMILLES}\n")


def test_a_usual_sign_in_meets_a_pending_journey(host: Host) -> None:
    said = host.run(DOOR, typed=f"{NADEGE}\n{NADEGES}\n")
    assert "contact details confirmed; the private space of individual-contacts-to-confirm" in said


def test_a_worker_sends_what_a_lost_password_needs_whatever_was_mistyped(host: Host) -> None:
    phone = Phone(host.start(".venv/bin/celery --app worker worker --beat --loglevel WARNING"))
    talk = host.talk(DOOR)
    talk.types("2 84 03 33 900 001 48", "")
    talk.reads(r"(The key .*)")
    talk.types(CAMILLE, "pigeon", "sms")
    talk.types("abcd", phone.code())
    talk.types(phone.password(), "soleil", NEW)
    talk.ends()
    assert "individual-both" == talk.reads(r"confirmed; the private space of (\S+)$")


# -- its door, in this process: whatever is typed, by a clock that stands still ----------------------------------------


class Door:
    """What somebody types at the door, and reads there."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._patch = monkeypatch
        self._capsys = capsys
        self._clock, hasher = ManualClock(START), Argon2idHasher(TESTS_ONLY)
        self._phone = RecordingMessenger(Channel.SMS)
        accounts = MemoryDirectory(sample_accounts(self._clock, hasher), hasher, self._clock)
        self._recovery: Recovery = compose(
            accounts=accounts,
            keys=Keys.generate(),
            store=MemoryStore(),
            messengers={Channel.SMS: self._phone},
            clock=self._clock,
        )
        service = SimpleNamespace(accounts=accounts, recovery=self._recovery)
        monkeypatch.setitem(sys.modules, "service", service)

    def sent(self) -> str:
        """The secret that was sent last."""
        self._recovery.relay()
        secret = self._phone.messages()[-1].secret
        assert secret is not None
        return secret.reveal()

    def wrong(self) -> str:
        """Another code."""
        return "1111" if self.sent() != "1111" else "2222"

    def later(self) -> str:
        """A minute later, nothing is typed."""
        self._clock.advance(timedelta(seconds=61))
        return ""

    def too_late(self) -> str:
        """The same, when the journey is over."""
        self._clock.advance(timedelta(hours=2))
        return ""

    def typed(self, *lines: str | Callable[[], str]) -> list[str]:
        """The lines that are read once all of these were typed."""
        left = iter(lines)

        def read(prompt: str) -> str:
            line = next(left)
            return line if isinstance(line, str) else line()

        self._patch.setattr(builtins, "input", read)
        self._patch.setattr(getpass, "getpass", read)
        with suppress(SystemExit):
            runpy.run_path(str(EXAMPLES / "celery_worker" / "sign_in.py"))
        assert [] == list(left)
        return self._capsys.readouterr().out.splitlines()


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Door:
    return Door(monkeypatch, capsys)


def test_what_was_mistyped_is_told_and_asked_for_again(door: Door) -> None:
    mistyped = "2 84 03 33 900 001 48"
    said = door.typed(mistyped, "", CAMILLE, "pigeon", "sms", "abcd", "", door.sent, door.sent, "soleil", NEW)
    begins = [
        "The key (the last two digits) does not match this number.",
        "Choose how to receive your temporary password.",
        "The code has 4 digits.",
        "A code was asked for just now.",
        "awaiting_sign_in",
        "This password cannot be used. It must have at least 8 characters.",
        "confirming_contacts",
        "contact details confirmed; the private space of individual-both",
    ]
    assert begins == [line[: len(begin)] for line, begin in zip(said, begins, strict=True)]


def test_a_code_that_was_guessed_wrong_is_replaced(door: Door) -> None:
    said = door.typed(CAMILLE, "", "sms", *[door.wrong] * 3, door.later, door.sent, door.sent, NEW)
    assert 1 == sum("it can no longer be used. Ask for a new code." in line for line in said)
    assert "contact details confirmed; the private space of individual-both" == said[-1]


def test_a_first_sign_in_is_asked_its_question_and_a_letter_comes_instead(door: Door) -> None:
    said = door.typed("2 95 06 40 906 008", "", "twelve", "80250 00001 23456 78907", "Ab3#efghijkn")
    assert ["awaiting_sign_in", "refused"] == said[-2:]


def test_a_journey_that_is_over_asks_nothing_more(door: Door) -> None:
    assert "lapsed" == door.typed(CAMILLE, "", "sms", door.too_late)[-1]
