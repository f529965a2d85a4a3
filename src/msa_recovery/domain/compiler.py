"""From a chart to an immutable table: (state, event) -> rows.

The compiler refuses a chart that could surprise: see :func:`compile_chart`.
"""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType, ModuleType
from typing import Any, Final, final

from attrs import frozen

from . import effects, explanations, guards
from .audit import Fact, FactName
from .errors import ChartError
from .events import EventName
from .journey import ChartName, State
from .notation import statemachine
from .situation import Effect, Guard, Need, Situation, needs_of

__all__ = ["EFFECTS", "GUARDS", "Cell", "Chart", "Row", "compile_chart", "declared"]


@final
@frozen
class Row:
    """One row of a compiled chart.

    Attributes:
        label: its stable name, ``state.event.number``, as audit facts and diagrams carry it.
        state: the leaf state that it belongs to.
        event: the event that it belongs to.
        target: the leaf state that it leads to; ``state`` itself when it stays.
        guards: the conditions by name, each with the value that it must have.
        effects: what it does, by name.
        conditions: the same as functions.
        actions: the same as functions.
        fact: what is kept when it fires and the person is told no problem.
    """

    label: str
    state: State
    event: EventName
    target: State
    guards: tuple[tuple[str, bool], ...]
    effects: tuple[str, ...]
    conditions: tuple[tuple[Guard, bool], ...]
    actions: tuple[Effect, ...]
    fact: Fact


@final
@frozen
class Cell:
    """All rows of one state and event, in order, and what of the outside any of them reads."""

    rows: tuple[Row, ...]
    needs: frozenset[Need]

    def first(self, situation: Situation) -> Row:
        """The first row that holds; the compiler has made sure that there is one."""
        for row in self.rows[:-1]:
            for guard, expected in row.conditions:
                if guard(situation) is not expected:
                    break
            else:
                return row
        return self.rows[-1]


@final
@frozen
class Chart:
    """A compiled chart.

    Attributes:
        name: which one.
        initial: the state that its first door opens into.
        titles: what the person sees in each leaf state, in the order of the chart.
        cells: the table.
    """

    name: ChartName
    initial: State
    titles: Mapping[State, str]
    cells: Mapping[tuple[State, EventName], Cell]

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every row, in the order of the chart."""
        return tuple(row for cell in self.cells.values() for row in cell.rows)


def _leaves(chart: type[statemachine.StateChart[None]]) -> Iterator[statemachine.State]:
    return (state for state in chart.states_map.values() if state.is_atomic)


def _initial(chart: type[statemachine.StateChart[None]]) -> State:
    return next(State(leaf.id) for leaf in _leaves(chart) if all(each.initial for each in (leaf, *leaf.ancestors())))


def _events(chart: type[statemachine.StateChart[None]]) -> Iterator[statemachine.Event]:
    """The chart's events, in its order."""
    return (event for name in vars(chart) if isinstance(event := getattr(chart, name), statemachine.Event))


def declared(
    chart: type[statemachine.StateChart[None]],
) -> Iterator[tuple[statemachine.State, str, int, Any]]:
    """Every (leaf state, event, number, transition) of a chart: a leaf's own rows first, then those of its parents."""
    for leaf in _leaves(chart):
        levels = [leaf, *leaf.ancestors()]
        for event in _events(chart):
            rows = [t for level in levels for t in level.transitions if not t.initial and event.id in t.event.split()]
            for number, transition in enumerate(rows, start=1):
                yield leaf, event.id, number, transition


def _functions(module: ModuleType) -> dict[str, Callable[..., Any]]:
    return {name: getattr(module, name) for name in module.__all__}


def _find(name: object, known: Mapping[str, Callable[..., Any]], taken: frozenset[str], row: str, what: str) -> Any:
    if name not in known:
        raise ChartError(f"row {row}: unknown {what} {name!r}")
    if name in taken:
        raise ChartError(f"row {row}: {what} {name!r} is also a state, an event or an attribute of StateChart")
    return known[str(name)]


def _compile_row(leaf: State, event: EventName, number: int, transition: Any, taken: frozenset[str]) -> Row:
    label = f"{leaf}.{event}.{number}"
    conditions = tuple((spec.func, spec.expected_value is not False) for spec in transition.cond)
    actions = tuple(spec.func for spec in transition.on if not spec.is_convention)
    for part in ("validators", "before", "after"):
        if any(not spec.is_convention for spec in getattr(transition, part)):
            raise ChartError(f"row {label}: {part!r} is not used in these charts, only cond, unless and on")
    if transition.source is transition.target and not transition.internal:
        raise ChartError(f"row {label}: it stays, so internal=True, or else it would leave its state and enter it anew")
    return Row(
        label=label,
        state=leaf,
        event=event,
        target=State(transition.target.id) if transition.target is not None else leaf,
        guards=conditions,
        effects=actions,
        conditions=tuple((_find(name, GUARDS, taken, label, "guard"), value) for name, value in conditions),
        actions=tuple(_find(name, EFFECTS, taken, label, "effect") for name in actions),
        fact=Fact(FactName.ROW_FIRED, label),
    )


def _check_cell(rows: list[Row]) -> None:
    """Total, and no row behind one that always fires first."""
    for index, row in enumerate(rows):
        for earlier in rows[:index]:
            if set(earlier.guards) <= set(row.guards):
                raise ChartError(f"row {row.label}: never fires, row {earlier.label} comes first")
    if rows[-1].guards:
        raise ChartError(
            f"row {rows[-1].label}: the last row of a state and event has no guard, so that one always fires"
        )


def _check_ways_out(name: ChartName, rows: list[Row], finals: set[State], states: list[State]) -> None:
    out = set(finals)
    while grown := {row.state for row in rows if row.target in out} - out:
        out |= grown
    if lost := [state for state in states if state not in out]:
        raise ChartError(f"chart {name}: no way from {lost[0]} to a final state")


def compile_chart(name: ChartName, chart: type[statemachine.StateChart[None]]) -> Chart:
    """Compile a chart into an immutable table.

    Raises:
        ChartError: naming the row, for an unknown guard or effect, code in place of a name included; for a name that
            equals a state, an event or an attribute of ``StateChart``; for a row that stays and is not internal; for a
            row that an earlier one shadows; for a state and event whose last row is guarded; for a state without a way
            to a final state. A name that stands twice in a row was refused when the row was written (``notation.py``).
    """
    taken = frozenset(dir(statemachine.StateChart)) | set(chart.states_map) | {event.id for event in _events(chart)}
    cells: dict[tuple[State, EventName], list[Row]] = {}
    for leaf, event, number, transition in declared(chart):
        row = _compile_row(State(leaf.id), EventName(event), number, transition, taken)
        cells.setdefault((row.state, row.event), []).append(row)
    for rows in cells.values():
        _check_cell(rows)
    leaves = list(_leaves(chart))
    states = [State(leaf.id) for leaf in leaves]
    finals = {State(leaf.id) for leaf in leaves if leaf.final}
    _check_ways_out(name, [row for rows in cells.values() for row in rows], finals, states)
    return Chart(
        name=name,
        initial=_initial(chart),
        titles=MappingProxyType({State(leaf.id): str(leaf.name) for leaf in leaves}),
        cells=MappingProxyType(
            {
                key: Cell(
                    tuple(rows),
                    frozenset(need for row in rows for function in _used(row) for need in needs_of(function)),
                )
                for key, rows in cells.items()
            }
        ),
    )


def _used(row: Row) -> Iterator[Callable[..., Any]]:
    yield from (guard for guard, _ in row.conditions)
    yield from row.actions


GUARDS: Final = _functions(guards)
"""Every guard by its name."""

EFFECTS: Final = _functions(effects) | _functions(explanations)
"""Every effect by its name."""
