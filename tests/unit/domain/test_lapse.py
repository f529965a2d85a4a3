"""An event that comes too late is taken as a lapse, and nothing else is (R8, R22, invariant 6)."""

from datetime import datetime

import pytest
from attrs import evolve

from msa_recovery.domain.events import Abandon, Event, Lapse
from msa_recovery.domain.journey import State
from msa_recovery.domain.ledger import Ledger
from msa_recovery.domain.machine import CHARTS, step, taken_as
from msa_recovery.domain.situation import Case
from tests.support.cases import (
    IDENTIFY,
    INSTANT,
    NEW_PASSWORD,
    NOW,
    ONE_OF_EACH,
    SIGN_IN,
    at,
    case_in,
    password_is_live,
)
from tests.support.scenarios import IN_PROGRESS

ACCEPTED = [
    (case_in(state, chart=chart), event)
    for chart, state in IN_PROGRESS
    for event in ONE_OF_EACH
    if (state, event.name) in CHARTS[chart].cells and not isinstance(event, Abandon | Lapse)
]
DEADLINE = ACCEPTED[0][0].journey.deadline


def of_pair(value: object) -> str:
    return (
        f"{value.journey.chart}-{value.journey.state}"
        if isinstance(value, Case)
        else str(getattr(value, "name", value))
    )


@pytest.mark.parametrize(("case", "event"), ACCEPTED, ids=of_pair)
def test_at_the_deadline_every_accepted_event_is_a_lapse(case: Case, event: Event) -> None:
    """R8, invariant 6: at the deadline itself the time is over."""
    assert Lapse() == taken_as(case, event, DEADLINE)


@pytest.mark.parametrize(("case", "event"), ACCEPTED, ids=of_pair)
def test_an_instant_before_the_deadline_it_is_what_it_is(case: Case, event: Event) -> None:
    """R8"""
    assert event is taken_as(case, event, DEADLINE - INSTANT)


def test_abandon_is_abandon_at_any_time() -> None:
    assert Abandon() == taken_as(case_in(State.IDENTIFYING), Abandon(), DEADLINE)


def test_an_event_that_is_not_accepted_is_no_lapse_either() -> None:
    """Else an event out of turn could change a journey."""
    assert SIGN_IN is taken_as(case_in(State.IDENTIFYING), SIGN_IN, DEADLINE)


def test_a_late_event_lapses_the_journey() -> None:
    late = step(case_in(State.IDENTIFYING), IDENTIFY, at(DEADLINE))
    assert evolve(case_in(State.IDENTIFYING).journey, state=State.LAPSED) == late.case.journey


@pytest.mark.parametrize("epoch", [1, 3])
def test_a_journey_is_over_once_its_account_has_another_epoch(epoch: int) -> None:
    """R22: a new password was accepted in another journey."""
    moved = case_in(State.PERSONALISING_PASSWORD, Ledger(epoch=epoch), epoch=2)
    assert State.LAPSED is step(moved, NEW_PASSWORD, at()).case.journey.state


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(Case(case_in(State.AWAITING_SIGN_IN).journey), id="no ledger at hand, as when a batch lapses"),
        pytest.param(case_in(State.CHOOSING_CHANNEL, Ledger(epoch=7), profile=None), id="no account"),
    ],
)
def test_what_cannot_be_known_of_an_account_ends_no_journey(case: Case) -> None:
    assert case.journey.state is step(case, Lapse(), at()).case.journey.state


def test_naming_another_account_is_judged_by_the_deadline_alone() -> None:
    """The ledger is that of the account that is named; its epoch says nothing of the journey."""
    other = case_in(State.IDENTIFYING, Ledger(epoch=7), profile=case_in(State.CHOOSING_CHANNEL).journey.profile)
    assert IDENTIFY is taken_as(other, IDENTIFY, NOW)


@pytest.mark.parametrize(("now", "over"), [(NOW - INSTANT, False), (NOW, True), (NOW + INSTANT, True)])
def test_waiting_for_a_sign_in_ends_with_the_last_live_temporary_password(now: datetime, over: bool) -> None:
    """R8, R18"""
    issued = password_is_live().sent_password
    assert issued is not None
    waiting = case_in(State.AWAITING_SIGN_IN, password_is_live(sent_password=evolve(issued, until=NOW)))
    assert over is isinstance(taken_as(waiting, SIGN_IN, now), Lapse)


def test_other_states_do_not_need_a_live_temporary_password() -> None:
    """R19: who has signed in goes on when it expires meanwhile."""
    signed_in = case_in(State.PERSONALISING_PASSWORD, Ledger())
    assert NEW_PASSWORD is taken_as(signed_in, NEW_PASSWORD, NOW)
