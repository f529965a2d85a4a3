"""The charts as somebody would write them by hand: one function for each state and event, and nothing but ifs.

Their source text is made from the compiled table, so that they hold the same rows; then they run as plain functions,
which call the guards and the effects by name. This is the floor of what a step costs in Python.
"""

from collections.abc import Callable
from typing import Any, cast, final

from msa_recovery.domain.compiler import EFFECTS, GUARDS, Row
from msa_recovery.domain.events import Abandon, Event, Lapse
from msa_recovery.domain.machine import CHARTS, Step, concluded
from msa_recovery.domain.situation import Case, Context, Draft, Situation, is_over

from .situations import Given

__all__ = ["ByHand"]

_StepByHand = Callable[[Case, Event, Context], Step]


@final
class ByHand:
    """The hand-written journey."""

    def __init__(self) -> None:
        self._functions = {
            (chart.name, state, event): _compiled(f"{chart.name}_{state}_{event}", cell.rows)
            for chart in CHARTS.values()
            for (state, event), cell in chart.cells.items()
        }

    def restore(self, given: Given) -> None:
        """Nothing to do: it keeps nothing."""

    def take(self, case: Case, event: Event, context: Context) -> Step:
        """The deadline, and then the function of the state and the event."""
        if not isinstance(event, Abandon) and is_over(case, context.now):
            event = Lapse()
        return self._functions[case.journey.chart, case.journey.state, event.name](case, event, context)


def _compiled(name: str, rows: tuple[Row, ...]) -> _StepByHand:
    lines = [f"def {name}(case, event, context):", "    s = Situation(case, event, context)", "    draft = Draft()"]
    for number, row in enumerate(rows):
        conditions = [f"{'' if expected else 'not '}{guard}(s)" for guard, expected in row.guards]
        if conditions:
            lines.append(f"    if {' and '.join(conditions)}:")
        indent = "        " if conditions else "    "
        lines += [f"{indent}{effect}(s, draft)" for effect in row.effects]
        lines.append(f"{indent}return concluded(case, row_{number}, draft)")
    names: dict[str, Any] = {
        **GUARDS,
        **EFFECTS,
        **{f"row_{number}": row for number, row in enumerate(rows)},
        "Draft": Draft,
        "Situation": Situation,
        "concluded": concluded,
    }
    exec("\n".join(lines), names)  # noqa: S102 - made above, of names that the compiler has checked
    return cast(_StepByHand, names[name])
