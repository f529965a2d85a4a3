"""The two charts, row by row, against a table written by hand from the design: a swapped target is noticed."""

from itertools import product

import pytest

from msa_recovery.domain.events import Event, EventName
from msa_recovery.domain.journey import FINAL, ChartName, State
from msa_recovery.domain.machine import CHARTS, accepted, needs, step
from msa_recovery.domain.situation import Need
from tests.support.cases import ONE_OF_EACH, at, case_in, journey
from tests.support.scenarios import (
    ANSWERING,
    AWAITING,
    BLOCKED,
    CHANGE,
    CHOOSING,
    COMPLETED,
    CONFIRMING,
    CONTACTS,
    FRANCECONNECTED,
    IDENTIFYING,
    IN_PROGRESS,
    PERSONALISING,
    PROVING,
)

RECOVERY = ChartName.RECOVERY
AS_A_LETTER = (AWAITING, AWAITING, BLOCKED)
Pair = tuple[ChartName, State, EventName]

TARGETS: dict[Pair, tuple[State, ...]] = {
    (RECOVERY, IDENTIFYING, EventName.IDENTIFY): (CHOOSING, ANSWERING, CHOOSING, *AS_A_LETTER),
    (RECOVERY, IDENTIFYING, EventName.USE_FRANCECONNECT): (FRANCECONNECTED, IDENTIFYING),
    (RECOVERY, IDENTIFYING, EventName.ORDER_LETTER): (AWAITING, IDENTIFYING),
    (RECOVERY, ANSWERING, EventName.ANSWER_CHALLENGE): (ANSWERING, CHOOSING, *AS_A_LETTER),
    (RECOVERY, ANSWERING, EventName.GO_BACK): (IDENTIFYING,),
    (RECOVERY, CHOOSING, EventName.CHOOSE_CHANNEL): (CONFIRMING, CONFIRMING, *AS_A_LETTER, CHOOSING),
    (RECOVERY, CHOOSING, EventName.GO_BACK): (IDENTIFYING,),
    (RECOVERY, CONFIRMING, EventName.SUBMIT_CODE): (CONFIRMING, AWAITING, CONFIRMING, CONFIRMING, *AS_A_LETTER),
    (RECOVERY, CONFIRMING, EventName.RESEND_CODE): (CONFIRMING, *AS_A_LETTER, CONFIRMING),
    (RECOVERY, CONFIRMING, EventName.GO_BACK): (CHOOSING,),
    (RECOVERY, AWAITING, EventName.SIGN_IN): (AWAITING, PERSONALISING, AWAITING),
    (RECOVERY, PERSONALISING, EventName.CHOOSE_PASSWORD): (BLOCKED, CONTACTS, PERSONALISING),
    (RECOVERY, CONTACTS, EventName.EDIT_CONTACT): (CONTACTS, CONTACTS),
    (RECOVERY, CONTACTS, EventName.CONFIRM_CONTACTS): (COMPLETED,),
    (CHANGE, PROVING, EventName.PROVE_PASSWORD): (PROVING, PERSONALISING, PROVING, BLOCKED),
    (CHANGE, PERSONALISING, EventName.CHOOSE_PASSWORD): (COMPLETED, PERSONALISING),
    **{(chart, state, EventName.ABANDON): (State.ABANDONED,) for chart, state in IN_PROGRESS},
    **{(chart, state, EventName.LAPSE): (State.LAPSED, state) for chart, state in IN_PROGRESS},
}

LETTER = {Need.PROFILE, Need.FRESH_PASSWORD}
NEEDS: dict[EventName, set[Need]] = {
    EventName.IDENTIFY: LETTER,
    EventName.USE_FRANCECONNECT: {Need.PROFILE},
    EventName.ORDER_LETTER: LETTER,
    EventName.ANSWER_CHALLENGE: {*LETTER, Need.GUESS},
    EventName.CHOOSE_CHANNEL: {*LETTER, Need.FRESH_CODE},
    EventName.SUBMIT_CODE: {*LETTER, Need.GUESS},
    EventName.RESEND_CODE: {*LETTER, Need.FRESH_CODE},
    EventName.SIGN_IN: {Need.GUESS},
    EventName.PROVE_PASSWORD: {Need.GUESS},
    EventName.CHOOSE_PASSWORD: {Need.GUESS, Need.NEW_PASSWORD},
    EventName.EDIT_CONTACT: {Need.EDIT},
    EventName.CONFIRM_CONTACTS: set(),
    EventName.GO_BACK: set(),
    EventName.ABANDON: set(),
    EventName.LAPSE: set(),
}
"""What the shell gathers for each event, whichever row then fires."""

SILENT = [
    (chart, state, event)
    for chart, state, event in product(ChartName, State, ONE_OF_EACH)
    if (chart, state, event.name) not in TARGETS
]


def of_pair(value: ChartName | State | EventName | Event) -> str:
    return value.value if isinstance(value, ChartName | State | EventName) else value.name.value


@pytest.mark.parametrize(("chart", "state", "event"), TARGETS, ids=of_pair)
def test_the_rows_of_each_state_and_event_lead_where_the_design_says(
    chart: ChartName, state: State, event: EventName
) -> None:
    """R1"""
    rows = CHARTS[chart].cells[state, event].rows
    assert TARGETS[chart, state, event] == tuple(row.target for row in rows)


def test_the_charts_have_these_rows_and_no_others() -> None:
    """R1"""
    assert set(TARGETS) == {(chart.name, *pair) for chart in CHARTS.values() for pair in chart.cells}


@pytest.mark.parametrize(("chart", "state", "event"), SILENT, ids=of_pair)
def test_an_event_that_a_state_does_not_accept_changes_nothing(chart: ChartName, state: State, event: Event) -> None:
    """R1, invariant 2; past the deadline as well."""
    case = case_in(state, chart=chart)
    late = at(case.journey.deadline)
    for context in (at(), late):
        outcome = step(case, event, context)
        assert (None, (), (), None) == (outcome.row, outcome.requests, outcome.audit, outcome.problem)
        assert case is outcome.case


@pytest.mark.parametrize(("chart", "state"), list(product(ChartName, State)), ids=of_pair)
def test_accepted_names_the_events_of_the_state_and_no_others(chart: ChartName, state: State) -> None:
    """R1"""
    expected = {event for of, at_, event in TARGETS if (of, at_) == (chart, state)}
    assert expected == set(accepted(journey(state, chart)))


@pytest.mark.parametrize("event", ONE_OF_EACH, ids=of_pair)
def test_the_same_evidence_is_gathered_whichever_row_fires(event: Event) -> None:
    """R14: what is gathered follows from state and event alone."""
    pairs = [(chart, state) for chart, state, name in TARGETS if name is event.name]
    assert [NEEDS[event.name]] * len(pairs) == [set(needs(journey(state, chart), event)) for chart, state in pairs]


def test_nothing_is_gathered_for_an_event_that_is_not_accepted() -> None:
    assert frozenset() == needs(journey(COMPLETED), ONE_OF_EACH[0])


@pytest.mark.parametrize("chart", ChartName)
def test_final_states_are_those_that_nothing_leaves(chart: ChartName) -> None:
    """R1: a list of final states is kept apart for those who cannot ask the chart; the two agree."""
    entered = {row.target for row in CHARTS[chart].rows}
    left = {row.state for row in CHARTS[chart].rows}
    assert FINAL & entered == entered - left


@pytest.mark.parametrize(("chart", "first"), [(RECOVERY, IDENTIFYING), (CHANGE, PROVING)])
def test_each_chart_begins_where_its_first_door_opens(chart: ChartName, first: State) -> None:
    assert first is CHARTS[chart].initial


@pytest.mark.parametrize("chart", ChartName)
def test_every_state_of_a_chart_has_its_title(chart: ChartName) -> None:
    states = {state for row in CHARTS[chart].rows for state in (row.state, row.target)}
    assert states == {state for state, title in CHARTS[chart].titles.items() if title}


@pytest.mark.parametrize(("chart", "state"), IN_PROGRESS, ids=of_pair)
def test_abandon_leads_out_of_every_state_that_is_not_final(chart: ChartName, state: State) -> None:
    """Invariant 3"""
    assert (State.ABANDONED,) == tuple(row.target for row in CHARTS[chart].cells[state, EventName.ABANDON].rows)
