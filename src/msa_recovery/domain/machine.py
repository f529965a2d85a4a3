"""The compiled charts, and the one step over them.

The charts are compiled once, when this module is imported. ``step`` is pure: same case, event and context, same step;
it never raises on well-typed input (invariant 12).
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Final, Generic, TypeVar, final

from attrs import fields, frozen

from .audit import Fact, FactName
from .chart import ChangeChart, RecoveryChart
from .compiler import Chart, Row, compile_chart
from .events import Abandon, Event, EventName, Lapse
from .journey import ChartName, Journey
from .ledger import Ledger
from .problem import Problem
from .requests import Request
from .situation import Case, Context, Draft, Need, Situation, is_over

__all__ = ["CHARTS", "Step", "accepted", "concluded", "needs", "step", "taken_as"]


@final
@frozen
class Step:
    """What one event did.

    Attributes:
        case: the case afterwards; the same object when nothing changed.
        row: the row that fired, or ``None`` when the state does not accept the event: then nothing changed.
        requests: what the outside is asked for, in order.
        audit: the facts to keep.
        problem: what the person is told went wrong.
    """

    case: Case
    row: Row | None
    requests: tuple[Request, ...] = ()
    audit: tuple[Fact, ...] = ()
    problem: Problem | None = None


CHARTS: Final[Mapping[ChartName, Chart]] = MappingProxyType(
    {
        ChartName.RECOVERY: compile_chart(ChartName.RECOVERY, RecoveryChart),
        ChartName.CHANGE: compile_chart(ChartName.CHANGE, ChangeChart),
    }
)
"""The two charts that the product runs."""

_TABLE: Final = {(chart.name, *key): cell for chart in CHARTS.values() for key, cell in chart.cells.items()}


# -- the step ----------------------------------------------------------------------------------------------------------


def accepted(journey: Journey) -> tuple[EventName, ...]:
    """The events that the journey's state accepts, in the order of the chart."""
    cells = CHARTS[journey.chart].cells
    return tuple(event for state, event in cells if state is journey.state)


def needs(journey: Journey, event: Event) -> frozenset[Need]:
    """What evidence the shell gathers for this event: whichever row then fires, the same."""
    cell = _TABLE.get((journey.chart, journey.state, event.name))
    return cell.needs if cell is not None else frozenset()


def taken_as(case: Case, event: Event, now: datetime) -> Event:
    """The event as the chart takes it: past the journey's deadline, every accepted event but ``abandon`` is a lapse."""
    journey = case.journey
    if (journey.chart, journey.state, event.name) not in _TABLE or isinstance(event, Abandon):
        return event
    return Lapse() if is_over(case, now) else event


def step(case: Case, event: Event, context: Context) -> Step:
    """Take one event: exactly one row of the chart fires, or none if the state does not accept the event."""
    event = taken_as(case, event, context.now)
    cell = _TABLE.get((case.journey.chart, case.journey.state, event.name))
    if cell is None:
        return Step(case, None)
    situation = Situation(case, event, context)
    row = cell.first(situation)
    draft = Draft()
    for action in row.actions:
        action(situation, draft)
    return concluded(case, row, draft)


def concluded(case: Case, row: Row, draft: Draft) -> Step:
    """What a row amounts to, once its effects have collected in the draft what they do."""
    if row.target is not row.state:
        draft.journey["state"] = row.target
    problem = draft.problem
    fact = row.fact if problem is None else Fact(FactName.ROW_FIRED, row.label, problem.code)
    return Step(
        case=_changed(case, draft),
        row=row,
        requests=tuple(draft.requests),
        audit=(fact, *draft.facts),
        problem=problem,
    )


_T = TypeVar("_T", Journey, Ledger)


@final
class _Copier(Generic[_T]):
    """Copies a value with some fields changed, for a third of what ``attrs.evolve`` costs: the hot path of a step."""

    def __init__(self, of: type[_T]) -> None:
        names = [attribute.name for attribute in fields(of)]
        self._make: Callable[..., _T] = of
        self._values: Callable[[_T], tuple[Any, ...]] = attrgetter(*names)
        self._place = {name: place for place, name in enumerate(names)}

    def __call__(self, old: _T, changes: dict[str, object]) -> _T:
        values = list(self._values(old))
        for name, value in changes.items():
            values[self._place[name]] = value
        return self._make(*values)


_JOURNEY: Final = _Copier(Journey)
_LEDGER: Final = _Copier(Ledger)


def _changed(case: Case, draft: Draft) -> Case:
    if not draft.journey and not draft.ledger:
        return case
    return Case(
        _JOURNEY(case.journey, draft.journey) if draft.journey else case.journey,
        _LEDGER(case.ledger, draft.ledger) if draft.ledger and case.ledger is not None else case.ledger,
    )
