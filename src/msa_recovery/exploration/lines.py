"""The rows of a compiled chart as they are drawn: one for each row that was written.

The compiled table repeats the rows of the compound state for each state in it; here they stand once.
"""

from collections.abc import Iterator
from typing import Final, final

from attrs import frozen

from msa_recovery.domain.compiler import Chart, Row
from msa_recovery.domain.events import EventName
from msa_recovery.domain.journey import FINAL, State

__all__ = ["COMPOUND", "Line", "in_progress", "lines", "outcomes"]

COMPOUND: Final = "in_progress"
"""The compound state that holds all others but the final ones."""


@final
@frozen
class Line:
    """One row.

    Attributes:
        source: the state that it belongs to; ``None`` for every state in progress.
        event: the event that it belongs to.
        number: its place among the rows of that state and event, from 1.
        target: the state that it leads to; ``None`` when it stays.
        guards: its conditions, with ``not`` where one must not hold.
        effects: what it does.
    """

    source: State | None
    event: EventName
    number: int
    target: State | None
    guards: tuple[str, ...]
    effects: tuple[str, ...]

    @property
    def label(self) -> str:
        """Its name, as in audit facts; a fact of a row of the compound state names the state that it fired in."""
        return f"{self.source or COMPOUND}.{self.event}.{self.number}"


def in_progress(chart: Chart) -> tuple[State, ...]:
    """The states inside the compound one, in the order of the chart."""
    return tuple(state for state in chart.titles if state not in FINAL)


def outcomes(chart: Chart) -> tuple[State, ...]:
    """The final states, in the order of the chart."""
    return tuple(state for state in chart.titles if state in FINAL)


def lines(chart: Chart) -> tuple[Line, ...]:
    """Every row, in the order of the chart; those of the compound state come last."""
    shared = _shared(chart)
    own = [line for (_, event), cell in chart.cells.items() if event not in shared for line in _lines(cell.rows)]
    first = in_progress(chart)[0]
    compound = [line for event in shared for line in _lines(chart.cells[first, event].rows, compound=True)]
    return (*own, *compound)


def _lines(rows: tuple[Row, ...], *, compound: bool = False) -> Iterator[Line]:
    for number, row in enumerate(rows, start=1):
        yield Line(
            source=None if compound else row.state,
            event=row.event,
            number=number,
            target=None if row.target is row.state else row.target,
            guards=tuple(name if expected else f"not {name}" for name, expected in row.guards),
            effects=row.effects,
        )


def _shared(chart: Chart) -> tuple[EventName, ...]:
    """The events whose rows are the same in every state in progress."""
    inside = in_progress(chart)
    events = dict.fromkeys(event for _, event in chart.cells)
    return tuple(event for event in events if len({_shape(chart, state, event) for state in inside}) == 1)


def _shape(chart: Chart, state: State, event: EventName) -> object:
    cell = chart.cells.get((state, event))
    if cell is None:
        return state
    return tuple((line.target, line.guards, line.effects) for line in _lines(cell.rows))
