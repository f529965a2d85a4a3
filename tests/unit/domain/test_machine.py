"""The compiler refuses a chart that could surprise, with a message that names the row."""

from functools import reduce
from operator import or_
from typing import cast

import pytest

from msa_recovery.domain import compiler
from msa_recovery.domain.compiler import compile_chart
from msa_recovery.domain.errors import ChartError
from msa_recovery.domain.events import EventName
from msa_recovery.domain.journey import ChartName, State
from msa_recovery.domain.machine import CHARTS, step
from msa_recovery.domain.notation import State as ChartState
from msa_recovery.domain.notation import StateChart
from msa_recovery.domain.situation import Case, Situation
from tests.support.cases import (
    BY_SMS,
    at,
    case_in,
)

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


def test_a_row_that_stays_must_not_leave_its_state_and_enter_it_anew() -> None:
    class Bad(StateChart[None]):
        identifying = ChartState("identifying", initial=True)
        completed = ChartState("completed", final=True)
        identify = identifying.to(completed, cond="first_sign_in") | identifying.to(identifying)

    assert "row identifying.identify.2: it stays, so internal=True" in refusal(Bad)


@pytest.mark.parametrize("first", ["choosing_channel", "identifying"])
def test_a_chart_begins_where_it_says_and_not_where_its_states_begin(first: str) -> None:
    class Nested(StateChart[None]):
        class in_progress(ChartState.Compound):  # noqa: N801 - a state's name
            choosing_channel = ChartState("choosing_channel", initial=first == "choosing_channel")
            identifying = ChartState("identifying", initial=first == "identifying")
            identify = identifying.to(choosing_channel)
            go_back = choosing_channel.to(identifying)

        completed = ChartState("completed", final=True)
        abandon = cast(ChartState, in_progress).to(completed)

    assert first == compile_chart(RECOVERY, Nested).initial


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
