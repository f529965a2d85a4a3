"""The charts as SCXML are read back by python-statemachine's own reader as the same charts."""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from statemachine.io import load
from statemachine.io.scxml.reader import parse_scxml

from msa_recovery.domain.compiler import Chart
from msa_recovery.domain.journey import FINAL
from msa_recovery.domain.machine import CHARTS
from msa_recovery.exploration.lines import COMPOUND, in_progress, lines, outcomes
from msa_recovery.exploration.scxml import scxml

EACH_CHART: Final = pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)

Row = tuple[str, str, tuple[str, ...], tuple[str, ...], str | None]


def written(chart: Chart) -> list[Row]:
    """State, event, guards, effects and target of every row, in order."""
    return [
        (line.source or COMPOUND, line.event, line.guards, line.effects, line.target or None) for line in lines(chart)
    ]


def read_back(chart: Chart) -> Iterator[Row]:
    """The same from what the reader makes of the document."""

    def of(state: Any) -> Iterator[Row]:
        for each in state.transitions:
            if not each.initial:
                guards = tuple(each.cond.split(" and ")) if each.cond else ()
                yield state.id, each.event, guards, tuple(action.label for action in each.on.actions), each.target

    document = parse_scxml(scxml(chart))
    inside = document.states[COMPOUND]
    for each in inside.states.values():
        yield from of(each)
    yield from of(inside)
    for each in document.states.values():
        if each is not inside:
            yield from of(each)


@EACH_CHART
def test_the_rows_read_back_are_the_rows(chart: Chart) -> None:
    def key(row: Row) -> tuple[str, str]:
        return row[:2]

    # Sorted by state and event, the order of the rows in each is kept: the first that holds fires.
    assert sorted(written(chart), key=key) == sorted(read_back(chart), key=key)


@EACH_CHART
def test_the_states_read_back_are_the_states(chart: Chart) -> None:
    document = parse_scxml(scxml(chart))
    assert [COMPOUND, *outcomes(chart)] == list(document.states)
    assert list(in_progress(chart)) == list(document.states[COMPOUND].states)
    assert FINAL & set(chart.titles) == {name for name, state in document.states.items() if state.final}


@EACH_CHART
def test_a_machine_is_made_of_it_that_begins_at_the_first_state(chart: Chart) -> None:
    """By the restricted loader, which runs no code of a document."""
    machine: Any = load(scxml(chart), format="scxml")()
    assert {COMPOUND, chart.initial} == {state.id for state in machine.configuration}


def test_a_machine_that_was_read_takes_a_row() -> None:
    chart = CHARTS[next(iter(CHARTS))]
    machine: Any = load(scxml(chart), format="scxml")()
    machine.send("abandon")
    assert ["abandoned"] == [state.id for state in machine.configuration]
