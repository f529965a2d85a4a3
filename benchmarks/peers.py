"""The product's charts on three state-machine libraries, each used in the way that costs it least.

A peer keeps its state between two events, so it is brought back to where an event starts before each one, which is not
timed. It cannot say which row fired, so it is told, and need not find out.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, final

from automat._core import Automaton, Transitioner
from statemachine.orderedset import OrderedSet
from transitions import Machine

from msa_recovery.domain.chart import ChangeChart, RecoveryChart
from msa_recovery.domain.compiler import EFFECTS, GUARDS, Chart, Row
from msa_recovery.domain.events import Event
from msa_recovery.domain.journey import ChartName, State
from msa_recovery.domain.machine import CHARTS, Step, concluded, taken_as
from msa_recovery.domain.situation import Case, Context, Draft, Effect, Guard, Situation

from .situations import Given

__all__ = ["AutomatPeer", "BareDict", "RestoredStatemachine", "StatemachinePeer", "TransitionsPeer"]

_CHARTS: Final[Mapping[ChartName, type[Any]]] = {ChartName.RECOVERY: RecoveryChart, ChartName.CHANGE: ChangeChart}


@final
class StatemachinePeer:
    """python-statemachine, running the very charts that the product compiles: one running machine for each."""

    def __init__(self) -> None:
        model = _model()
        self._machines = {name: chart(model()) for name, chart in _CHARTS.items()}

    def restore(self, given: Given) -> None:
        """Back to the state and those around it; running again, if it had come to an end."""
        machine = self._machines[given.case.journey.chart]
        leaf = machine.states_map[given.case.journey.state.value]
        machine.configuration = OrderedSet([*leaf.ancestors(), leaf])
        machine._engine.running = True  # noqa: SLF001 - a new machine each time would cost it more
        self._row = given.row

    def take(self, case: Case, event: Event, context: Context) -> Step:
        """Send the event to the machine, whose model holds situation and draft."""
        event = taken_as(case, event, context.now)
        machine = self._machines[case.journey.chart]
        model = machine.model
        model.situation, model.draft = Situation(case, event, context), Draft()
        machine.send(event.name)
        return concluded(case, self._row, model.draft)

    def kept_state(self, chart: ChartName) -> State:
        """The leaf state that the machine of this chart is in."""
        return _leaf(self._machines[chart])


def _leaf(machine: Any) -> State:
    return next(State(state.id) for state in machine.configuration if state.is_atomic)


@final
class RestoredStatemachine:
    """python-statemachine as a service uses it that keeps its journeys in a store: a new machine for each event."""

    def __init__(self) -> None:
        self._model = _model()
        self._active = {
            (name, state): tuple(each.value for each in (*leaf.ancestors(), leaf))
            for name, chart in _CHARTS.items()
            for state, leaf in chart.states_map.items()
        }

    def take(self, case: Case, event: Event, context: Context, row: Row) -> Step:
        """Build a machine at the stored state, and send it the event.

        A model that has its active states already keeps the machine from entering the first one. All of them are
        needed, and are known beforehand here, as is the row.
        """
        event = taken_as(case, event, context.now)
        model = self._model()
        model.state = OrderedSet(self._active[case.journey.chart, case.journey.state])
        model.situation, model.draft = Situation(case, event, context), Draft()
        self._machine = _CHARTS[case.journey.chart](model)
        self._machine.send(event.name)
        return concluded(case, row, model.draft)

    def kept_state(self) -> State:
        """The leaf state that the machine built last is in."""
        return _leaf(self._machine)


def _model() -> Callable[[], Any]:
    """A class of models with every guard and effect."""
    conditions = {name: _as_guard(guard) for name, guard in GUARDS.items()}
    actions = {name: _as_effect(effect) for name, effect in EFFECTS.items()}
    return type("Model", (), {**conditions, **actions})


def _as_guard(guard: Guard) -> Callable[[Any], bool]:
    return lambda model: guard(model.situation)


def _as_effect(effect: Effect) -> Callable[[Any], None]:
    return lambda model: effect(model.situation, model.draft)


@final
class _Kept:
    """What a machine of ``transitions`` keeps its state in."""

    state: str


@final
class TransitionsPeer:
    """``transitions``, one flat machine for each chart, which is its quickest form: no nesting, queue or event objects,
    no triggers but the chart's own, and every callback handed over as a function."""

    def __init__(self) -> None:
        self._models = {name: _flat(chart) for name, chart in CHARTS.items()}

    def restore(self, given: Given) -> None:
        """Back to the state."""
        self._models[given.case.journey.chart].state = given.case.journey.state.value
        self._row = given.row

    def take(self, case: Case, event: Event, context: Context) -> Step:
        """Call the trigger with situation and draft, which it hands to each callback."""
        event = taken_as(case, event, context.now)
        draft = Draft()
        getattr(self._models[case.journey.chart], event.name)(Situation(case, event, context), draft)
        return concluded(case, self._row, draft)

    def kept_state(self, chart: ChartName) -> State:
        """The state that the machine of this chart is in."""
        return State(self._models[chart].state)


def _flat(chart: Chart) -> _Kept:
    model = _Kept()
    machine = Machine(
        model, states=[state.value for state in chart.titles], initial=chart.initial.value, auto_transitions=False
    )
    for row in chart.rows:
        machine.add_transition(
            row.event.value,
            row.state.value,
            None if row.target is row.state else row.target.value,
            conditions=[_of_two(guard) for guard, expected in row.conditions if expected],
            unless=[_of_two(guard) for guard, expected in row.conditions if not expected],
            before=list(row.actions),
        )
    return model


def _of_two(guard: Guard) -> Callable[[Situation, Draft], bool]:
    """A guard that is handed the draft as well, as every callback of one trigger is."""
    return lambda situation, _: guard(situation)


@final
class AutomatPeer:
    """Automat, by its core alone, which is its quickest form. It knows no guards: which row fires is found by the
    guards one after the other, and named to it; it answers with what is to be done."""

    def __init__(self) -> None:
        self._machines = {name: _automaton(chart) for name, chart in CHARTS.items()}

    def restore(self, given: Given) -> None:
        """Back to the state."""
        self._machines[given.case.journey.chart]._state = given.case.journey.state  # noqa: SLF001 - it offers no way

    def take(self, case: Case, event: Event, context: Context) -> Step:
        """Find the row, name it, and do what comes out."""
        event = taken_as(case, event, context.now)
        situation, draft = Situation(case, event, context), Draft()
        row = CHARTS[case.journey.chart].cells[case.journey.state, event.name].first(situation)
        effects, _ = self._machines[case.journey.chart].transition(row.label)
        for effect in effects:
            effect(situation, draft)
        return concluded(case, row, draft)

    def kept_state(self, chart: ChartName) -> State:
        """The state that the machine of this chart is in."""
        kept: State = self._machines[chart]._state  # noqa: SLF001 - it offers no way
        return kept


def _automaton(chart: Chart) -> "Transitioner[State, str, Effect]":
    automaton = Automaton[State, str, Effect](chart.initial)
    for row in chart.rows:
        automaton.addTransition(row.state, row.label, row.target, row.actions)
    return Transitioner(automaton, chart.initial)


@final
class BareDict:
    """A dict from state and event to rows, and nothing else: what a table costs by itself."""

    def __init__(self) -> None:
        self._rows = {
            (chart.name, *place): tuple((row, row.conditions, row.actions) for row in cell.rows)
            for chart in CHARTS.values()
            for place, cell in chart.cells.items()
        }

    def restore(self, given: Given) -> None:
        """Nothing to do: it keeps nothing."""

    def take(self, case: Case, event: Event, context: Context) -> Step:
        """The first row whose guards hold."""
        event = taken_as(case, event, context.now)
        situation, draft = Situation(case, event, context), Draft()
        for row, conditions, actions in self._rows[case.journey.chart, case.journey.state, event.name]:
            if all(guard(situation) is expected for guard, expected in conditions):
                for effect in actions:
                    effect(situation, draft)
                return concluded(case, row, draft)
        raise AssertionError("the table is total")
