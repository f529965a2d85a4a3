"""What the page of the audit facts says of each is so: facts that were made are held against it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final, cast

import pytest
from attrs import evolve

from msa_recovery import (
    Abandon,
    Caller,
    Channel,
    ChooseChannel,
    ChoosePassword,
    Identify,
    Origin,
    Policy,
    Reply,
    SignIn,
    SubmitCode,
    compose,
)
from msa_recovery.adapters.clocks import ManualClock
from msa_recovery.adapters.keyring import Keys
from msa_recovery.adapters.memory_store import MemoryStore
from msa_recovery.adapters.password_hashing import TESTS_ONLY, Argon2idHasher
from msa_recovery.adapters.recording import RecordingMessenger
from msa_recovery.adapters.spray_alarm import SprayAlarm
from msa_recovery.application.facts import AuditRow
from msa_recovery.application.messages import Delivered, Rejected, TryLater
from msa_recovery.cli.playing import MONDAY_MORNING, STORIES
from msa_recovery.cli.stage import Stage
from msa_recovery.domain.audit import FactName
from msa_recovery.sample import sample_directory
from tests.web.walking import secret
from tools.reference_facts import CHAINS, HOLDS, MAY_HOLD, written_by

HERE: Final = Caller(origin=Origin("192.0.2.7"))
AGENT: Final = Caller(origin=Origin("203.0.113.9"), agent=True)
CAMILLE: Final = "2 84 03 33 900 001 47"


class NeverApplies:
    """In front of a directory: nothing can be done of what a journey asks of it."""

    def __init__(self, behind: object) -> None:
        self._behind = behind

    def apply(self, key: object, intent: object, once: object) -> bool:
        return False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._behind, name)


def _told() -> list[AuditRow]:
    """Of all stories, and of what happens in none: failures, an operator's and an agent's work, alarms, time."""
    rows: list[AuditRow] = []
    for story in STORIES:
        stage = Stage.sample(MONDAY_MORNING, story.disguise)
        story.play(stage)
        stage.delivered(Channel.SMS)
        rows += cast(MemoryStore, stage.store).audit()
    return [*rows, *_told_of_trouble()]


def _told_of_trouble() -> Iterator[AuditRow]:
    clock, store = ManualClock(MONDAY_MORNING), MemoryStore()
    directory = sample_directory(clock, Argon2idHasher(TESTS_ONLY))
    inboxes = {channel: RecordingMessenger(channel) for channel in Channel}
    recovery = compose(
        accounts=cast(Any, NeverApplies(directory)),
        keys=Keys.generate(),
        store=store,
        messengers=inboxes,
        clock=clock,
        observers=[SprayAlarm(1)],
        policy=evolve(Policy.msa(), sign_in_alarm=2),
    )
    stage = Stage(clock, directory, store, inboxes, cast(Any, None), recovery)

    def to_code(channel: str) -> Reply:
        reply = recovery.send(recovery.begin(HERE).handle, Identify(CAMILLE), HERE)
        return recovery.send(reply.handle, ChooseChannel(channel), HERE)

    inboxes[Channel.EMAIL].answer_with(TryLater())
    reply = to_code("email")
    recovery.relay()
    recovery.send(reply.handle, Abandon(), HERE)
    clock.advance(timedelta(minutes=2))
    inboxes[Channel.SMS].answer_with(Rejected("no such number"))
    reply = to_code("sms")
    recovery.relay()
    (failed,) = (row.chain.removeprefix("message:") for row in store.audit() if row.fact.name == "message_failed")
    inboxes[Channel.SMS].answer_with(Delivered())
    recovery.retry_message(failed)
    reply = recovery.send(reply.handle, SubmitCode(secret(stage)), HERE)
    temporary = secret(stage)
    assert recovery.lost_message(failed)
    for _ in range(2):
        recovery.sign_in(CAMILLE, f"{temporary[1:]}{temporary[0]}", HERE)
    wrong = recovery.send(reply.handle, SignIn(f"{temporary[1:]}{temporary[0]}"), HERE)
    reply = recovery.send(wrong.handle, SignIn(temporary), HERE)
    recovery.send(reply.handle, ChoosePassword("Tournesol-bleu-47!", "Tournesol-bleu-47!"), HERE)
    recovery.relay()
    recovery.unblock(CAMILLE, AGENT)
    to_code("sms")
    yield from store.audit()
    recovery.forget(CAMILLE, AGENT)
    # What is left of the facts of before holds nothing of them.
    yield from (row for row in store.audit() if not row.fact.row.startswith("erased:"))


@pytest.fixture(scope="module")
def told() -> list[AuditRow]:
    return _told()


def test_every_fact_is_among_those_that_were_made(told: list[AuditRow]) -> None:
    assert set(FactName) == {row.fact.name for row in told}


def test_a_fact_holds_what_the_page_says_and_nothing_else(told: list[AuditRow]) -> None:
    for row in told:
        name = row.fact.name
        held = {"account": row.account, "journey": row.journey, "row": row.fact.row, "reason": row.fact.reason}
        filled = {each for each, value in held.items() if value}
        assert HOLDS[name] <= filled <= HOLDS[name] | MAY_HOLD[name], row


def test_a_fact_is_a_link_of_the_chains_that_the_page_names_and_of_no_other(told: list[AuditRow]) -> None:
    chains = {name: {row.chain.partition(":")[0] for row in told if row.fact.name is name} for name in FactName}
    assert {name: set(named) for name, named in CHAINS.items()} == chains


def test_what_a_fact_may_hold_it_holds_at_times_and_not_always(told: list[AuditRow]) -> None:
    for name, may in MAY_HOLD.items():
        rows = [row for row in told if row.fact.name is name]
        held = [
            {"account": row.account, "journey": row.journey, "row": row.fact.row, "reason": row.fact.reason}
            for row in rows
        ]
        assert may == {each for each in may if {bool(values[each]) for values in held} == {True, False}}, name


def test_every_fact_is_made_somewhere() -> None:
    assert [] == [name for name, by in written_by().items() if not by]
