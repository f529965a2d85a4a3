"""Every story goes on as it should while every call of every port fails once (R15, R16, invariants 8 and 11).

The store, the directory with its hasher, the clock, the messengers, the meter and the source of secrets each fail,
before and after their effect. The person sends the same form again, as a browser does. Nothing is half done after any
failure, no private space opens that would not have, and in the end everything stands as if nothing had failed. Nor does
it matter if each of these failures is a power cut, which takes back what the library said need not be durable.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any, Final, cast

import pytest
from attrs import evolve

from msa_recovery.adapters.clocks import ManualClock
from msa_recovery.application import relay
from msa_recovery.application.recovery import Recovery
from msa_recovery.cli.playing import MONDAY_MORNING, STORIES
from msa_recovery.cli.story import Story
from msa_recovery.domain.account import AccountKey
from msa_recovery.domain.policy import Policy
from msa_recovery.sample import sample_accounts
from msa_recovery.testing.fakes import PlainHasher
from msa_recovery.testing.lines import AFTER, AFTER_BUT_COMMITS, BEFORE, NEVER, Lines, Plan
from msa_recovery.testing.tapped import Call
from tests.support.overhearing import Overhearing
from tests.support.theatre import stage_of

from .person import Patient
from .power import Power
from .state import End, end_of, whole


@pytest.fixture(autouse=True)
def a_short_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a worker on a message: a few of two minutes in turn would outlast the code that the message carries. And no
    chance in when a message is tried again: of two journeys, the one that was first stays so."""
    monkeypatch.setattr(relay, "_LEASE", timedelta(milliseconds=1))
    monkeypatch.setattr(relay, "_MOST_JITTER", 0)


def played(story: Story, plan: Plan, power: Power | None = None) -> tuple[End, list[AccountKey], list[str], Lines]:
    """Play a story with lines that fail so: how it ends, what was opened, and what was half done on the way."""
    lines, people = Lines(plan), list[Patient]()

    def reached(recovery: Any, stage: Any) -> Patient:
        people.append(Patient(recovery, stage, lines))
        return people[0]

    tap, store = (lines.tap, None) if power is None else (power.among(lines.tap), power.store)
    stage = stage_of(story, tap, store=store, reached=reached)
    person = people[0]

    def promised(call: Call) -> None:
        """An effect on the directory follows a committed promise (invariant 11)."""
        rows = (row.key for rows in whole(stage.store)._intents.values() for row in rows)
        if str(call) == "accounts.apply" and call.arguments[2] not in rows:
            person.halves.append("the directory is asked for what was never promised")

    lines.guards = promised
    story.play(stage)
    for channel in stage.inboxes:
        stage.delivered(channel)
    return end_of(stage, person.handles), person.opened, person.halves, lines


@cache
def undisturbed(number: int) -> tuple[End, list[AccountKey]]:
    """How a story ends when nothing fails, and what opens in it."""
    end, opened, *_ = played(STORIES[number], NEVER)
    return end, opened


KEYS_OF_ACCOUNTS: Final = frozenset(
    held.account.key for held in sample_accounts(ManualClock(MONDAY_MORNING), PlainHasher())
)
LONG_CODES: Final = evolve(Policy.msa(), name="long codes", code_digits=12)

by_story: Callable[..., Any] = pytest.mark.parametrize(
    "number", range(len(STORIES)), ids=lambda number: STORIES[number].title
)
by_plan: Callable[..., Any] = pytest.mark.parametrize(
    "plan", [BEFORE, AFTER, AFTER_BUT_COMMITS], ids=lambda plan: plan.name
)


@by_plan
@by_story
def test_a_story_goes_on_as_if_nothing_had_failed(number: int, plan: Plan) -> None:
    expected, opens = undisturbed(number)
    end, opened, halves, lines = played(STORIES[number], plan)
    assert ([], [], opens) == (halves, expected.differences(end), opened)
    assert lines.failures > 0


@by_plan
@by_story
def test_a_power_cut_takes_back_only_what_is_done_again(number: int, plan: Plan) -> None:
    """Claims, and that effects were applied: each failure is a power cut, after which all is as it was durable last."""
    expected, opens = undisturbed(number)
    power = Power()
    end, opened, halves, _ = played(STORIES[number], plan, power)
    assert ([], [], opens) == (halves, expected.differences(end), opened)
    assert bool(power.taken_back) == bool(expected.promises)


@by_story
def test_no_error_of_a_call_that_failed_shows_a_secret(number: int) -> None:
    """R54: its text, its cause, and the variables of every frame of ours."""
    lines, ears = Lines(BEFORE), list[Overhearing]()

    def reached(recovery: Any, stage: Any) -> Patient:
        ears.append(Overhearing(recovery, stage))
        return Patient(cast(Recovery, ears[0]), stage, lines)

    def tap(call: Call, go: Callable[[], Any]) -> Any:
        return lines.tap(call, lambda: ears[0].tap(call, go) if ears else go())

    STORIES[number].play(stage_of(STORIES[number], tap, policy=LONG_CODES, reached=reached))
    assert ears[0].errors
    lines_of_all = dict.fromkeys(line for error in ears[0].errors for line in error.splitlines())
    shown = ears[0].spied.found_in("\n".join(lines_of_all).encode())
    # The directory's own key of an account is a host's affair: the host gives it in clear, and is asked with it.
    assert [] == [text for text in shown if text not in KEYS_OF_ACCOUNTS]
