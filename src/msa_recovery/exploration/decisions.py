"""Dead guards: one decides if, without it, another row would fire. One that never decides in any setting is dead."""

from msa_recovery.domain.events import Event, EventName
from msa_recovery.domain.journey import ChartName, State
from msa_recovery.domain.machine import CHARTS, taken_as
from msa_recovery.domain.situation import Case, Context, Situation

__all__ = ["Undecided", "note_decisions", "undecided"]

Undecided = dict[tuple[ChartName, State, EventName], set[tuple[str, str]]]
"""By state and event, each (row, guard) without which no other row would have fired, in any situation so far."""


def undecided() -> Undecided:
    """Every guard of every row."""
    return {
        (chart.name, *key): {(row.label, guard) for row in cell.rows for guard, _ in row.guards}
        for chart in CHARTS.values()
        for key, cell in chart.cells.items()
    }


def note_decisions(undecided: Undecided, case: Case, event: Event, context: Context) -> None:
    """Find the guards that decide here, until all of this state and event have been seen to."""
    event = taken_as(case, event, context.now)
    where = (case.journey.chart, case.journey.state, event.name)
    left = undecided.get(where)
    if not left:
        return
    situation = Situation(case, event, context)
    for row in CHARTS[where[0]].cells[where[1], where[2]].rows[:-1]:
        failing = [
            name
            for (name, _), (guard, value) in zip(row.guards, row.conditions, strict=True)
            if guard(situation) is not value
        ]
        if len(failing) == 1:
            left.discard((row.label, failing[0]))
        elif not failing:
            return
