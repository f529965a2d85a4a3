"""The compiler refuses a chart that could surprise; the step takes an event that comes too late as a lapse."""

from datetime import datetime
from functools import reduce
from operator import or_
from typing import cast

import pytest
from attrs import evolve

from msa_recovery.domain import compiler
from msa_recovery.domain.compiler import compile_chart
from msa_recovery.domain.errors import ChartError
from msa_recovery.domain.events import Abandon, Event, EventName, Lapse
from msa_recovery.domain.journey import ChartName, State
from msa_recovery.domain.ledger import Ledger
from msa_recovery.domain.machine import CHARTS, step, taken_as
from msa_recovery.domain.notation import State as ChartState
from msa_recovery.domain.notation import StateChart
from msa_recovery.domain.situation import Case, Situation
from tests.support.cases import (
    BY_SMS,
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

RECOVERY = ChartName.RECOVERY

# -- charts that are refused -------------------------------------------------------------------------------------------


def refusal(chart: type[StateChart[None]]) -> str:
    """Why a chart is refused."""
    with pytest.raises(ChartError) as refused:
        compile_chart(RECOVERY, chart)
    return str(refused.value)


def chart_of(*rows: dict[str, object]) -> type[StateChart[None]]:
    """A chart of two states, with these rows for its only event."""

    first, last = ChartState("identifying", initial=True), ChartState("completed", final=True)

    class Chart(StateChart[None]):
        identifying = first
        completed = last
        identify = reduce(or_, [first.to(last, **row) for row in rows])

    return Chart


def code(*_: object) -> bool:
    """Something that is not the name of a guard or an effect."""
    return True


ALWAYS: dict[str, object] = {}
AND_A_NAME = "is also a state, an event or an attribute of StateChart"


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        pytest.param(({"cond": "first_sing_in"}, ALWAYS), "1: unknown guard 'first_sing_in'", id="unknown guard"),
        pytest.param(({"unless": "first_sing_in"}, ALWAYS), "1: unknown guard 'first_sing_in'", id="unknown in unless"),
        pytest.param(
            ({"cond": "first_sign_in"}, {"on": "send_cod"}), "2: unknown effect 'send_cod'", id="unknown effect"
        ),
        pytest.param(({"cond": "send_code"}, ALWAYS), "1: unknown guard 'send_code'", id="an effect is no guard"),
        pytest.param(({"on": "code_is_live"},), "1: unknown effect 'code_is_live'", id="a guard is no effect"),
        pytest.param(
            ({"cond": "first_sign_in and code_is_live"}, ALWAYS),
            "1: unknown guard 'first_sign_in and code_is_live'",
            id="an expression, which python-statemachine would evaluate",
        ),
        pytest.param(({"cond": code}, ALWAYS), f"1: unknown guard {code!r}", id="code as a guard"),
        pytest.param(({"on": code},), f"1: unknown effect {code!r}", id="code as an effect"),
        pytest.param(({"validators": "send_code"},), "1: 'validators' is not used in these charts", id="validators"),
        pytest.param(({"before": "send_code"},), "1: 'before' is not used in these charts", id="before"),
        pytest.param(({"after": "send_code"},), "1: 'after' is not used in these charts", id="after"),
        pytest.param(
            ({"cond": "first_sign_in"}, {"cond": ("code_is_live", "first_sign_in")}, ALWAYS),
            "2: never fires, row identifying.identify.1 comes first",
            id="a row in the shadow of a weaker one",
        ),
        pytest.param((ALWAYS, ALWAYS), "2: never fires, row identifying.identify.1 comes", id="two that always hold"),
        pytest.param(
            ({"cond": "first_sign_in"}, {"unless": "code_is_live"}),
            "2: the last row of a state and event has no guard",
            id="perhaps no row holds",
        ),
    ],
)
def test_a_chart_with_such_a_row_is_refused_by_the_row_s_name(rows: tuple[dict[str, object], ...], why: str) -> None:
    assert f"row identifying.identify.{why}" in refusal(chart_of(*rows))


def test_the_same_guard_wanted_and_unwanted_shadows_nothing() -> None:
    rows: tuple[dict[str, object], ...] = (
        {"cond": "first_sign_in"},
        {"unless": "first_sign_in", "on": "send_code"},
        ALWAYS,
    )
    compiled = compile_chart(RECOVERY, chart_of(*rows))
    expected = ((("first_sign_in", True),), (("first_sign_in", False),), ())
    assert expected == tuple(row.guards for row in compiled.rows)


def test_a_guard_that_is_called_like_a_state_is_refused() -> None:
    """python-statemachine would also ask whether that state is active."""

    class Bad(StateChart[None]):
        class first_sign_in(ChartState.Compound):  # noqa: N801 - a state's name
            identifying = ChartState("identifying", initial=True)

        completed = ChartState("completed", final=True)
        identify = first_sign_in.identifying.to(completed, cond="first_sign_in") | first_sign_in.identifying.to(
            completed
        )

    message = (
        "row identifying.identify.1: guard 'first_sign_in' is also a state, an event or an attribute of StateChart"
    )
    assert message == refusal(Bad)


def test_an_effect_that_is_called_like_an_event_is_refused() -> None:
    """In python-statemachine it would call itself for ever."""

    class Bad(StateChart[None]):
        identifying = ChartState("identifying", initial=True)
        completed = ChartState("completed", final=True)
        identify = identifying.to(completed, on="send_code")
        send_code = identifying.to(completed)

    assert f"row identifying.identify.1: effect 'send_code' {AND_A_NAME}" == refusal(Bad)


def test_a_guard_that_is_called_like_an_attribute_of_the_library_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def is_terminated(_: Situation) -> bool:
        return True

    monkeypatch.setitem(compiler.GUARDS, "is_terminated", is_terminated)

    class Bad(StateChart[None]):
        identifying = ChartState("identifying", initial=True)
        completed = ChartState("completed", final=True)
        identify = identifying.to(completed, cond="is_terminated") | identifying.to(completed)

    message = (
        "row identifying.identify.1: guard 'is_terminated' is also a state, an event or an attribute of StateChart"
    )
    assert message == refusal(Bad)


def test_a_row_of_a_parent_behind_one_of_its_leaf_is_refused() -> None:
    class Bad(StateChart[None]):
        class in_progress(ChartState.Compound):  # noqa: N801 - a state's name
            identifying = ChartState("identifying", initial=True)

        completed = ChartState("completed", final=True)
        identify = in_progress.identifying.to(completed) | cast(ChartState, in_progress).to(completed)

    assert "row identifying.identify.2: never fires, row identifying.identify.1 comes first" == refusal(Bad)


def test_a_nested_state_that_nothing_leads_out_of_is_refused() -> None:
    """python-statemachine itself sees traps among the outermost states only."""

    class Bad(StateChart[None]):
        class in_progress(ChartState.Compound):  # noqa: N801 - a state's name
            identifying = ChartState("identifying", initial=True)
            choosing_channel = ChartState("choosing_channel")
            confirming_code = ChartState("confirming_code")

        completed = ChartState("completed", final=True)
        identify = in_progress.identifying.to(completed, cond="first_sign_in") | in_progress.identifying.to(
            in_progress.choosing_channel
        )
        go_back = in_progress.choosing_channel.to(in_progress.confirming_code) | in_progress.confirming_code.to(
            in_progress.choosing_channel
        )

    assert "chart recovery: no way from choosing_channel to a final state" == refusal(Bad)


# -- rows that are refused as they are written -------------------------------------------------------------------------

TWICE = [
    pytest.param({"cond": ("code_is_live", "code_is_live")}, "code_is_live", id="twice in cond"),
    pytest.param({"cond": "code_is_live", "unless": "code_is_live"}, "code_is_live", id="in cond and in unless"),
    pytest.param({"on": ("send_code", "end_code", "send_code")}, "send_code", id="twice in on"),
    pytest.param({"unless": ["send_code"], "on": "send_code"}, "send_code", id="in unless and in on"),
]


@pytest.mark.parametrize(("row", "name"), TWICE)
def test_a_name_that_stands_twice_in_a_row_is_refused(row: dict[str, object], name: str) -> None:
    """python-statemachine would keep the first and drop the other, an ``unless`` included."""
    with pytest.raises(ChartError, match=f"^row 'first' -> 'second': '{name}' stands twice$"):
        ChartState("first").to(ChartState("second"), **row)


@pytest.mark.parametrize(("row", "name"), TWICE)
def test_neither_may_it_stand_twice_in_a_row_of_a_compound_state(row: dict[str, object], name: str) -> None:
    class compound(ChartState.Compound):  # noqa: N801 - a state's name
        leaf = ChartState("leaf", initial=True)

    with pytest.raises(ChartError, match=f"^row 'the compound state' -> 'the same': '{name}' stands twice$"):
        cast(ChartState, compound).to(None, **row)


# -- what was compiled -------------------------------------------------------------------------------------------------


def test_nobody_can_change_a_compiled_chart() -> None:
    with pytest.raises(TypeError):
        CHARTS[RECOVERY].cells[State.COMPLETED, EventName.GO_BACK] = None  # type: ignore[index]


def test_a_case_without_a_ledger_gets_none_by_a_step() -> None:
    """Ledgers come from the store alone."""
    without = Case(case_in(State.CHOOSING_CHANNEL).journey)
    assert step(without, BY_SMS, at()).case.ledger is None


# -- time --------------------------------------------------------------------------------------------------------------

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
