"""The product's charts on two state-machine libraries, each used in the way that costs it least.

A peer keeps its state between two events, so it is brought back to where an event starts before each one, which is not
timed. It cannot say which row fired, so it is told, and need not find out.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, final

from statemachine.orderedset import OrderedSet
from transitions import Machine

from msa_recovery.domain import effects, guards
from msa_recovery.domain.chart import ChangeChart, RecoveryChart
from msa_recovery.domain.events import Event
from msa_recovery.domain.journey import FINAL, ChartName
from msa_recovery.domain.machine import CHARTS, Chart, Row, Step, concluded, taken_as
from msa_recovery.domain.situation import Case, Context, Draft, Effect, Guard, Situation

from .situations import Given

__all__ = ["StatemachinePeer", "TransitionsPeer"]


@final
class StatemachinePeer:
    """python-statemachine, running the very charts that the product compiles: one running machine for each."""

    name: Final = "python-statemachine"

    def __init__(self) -> None:
        methods = {name: _as_guard(getattr(guards, name)) for name in guards.__all__}
        methods |= {name: _as_effect(getattr(effects, name)) for name in effects.__all__}
        model: Callable[[], Any] = type("Model", (), methods)
        self._machines: Mapping[ChartName, Any] = {
            ChartName.RECOVERY: RecoveryChart(model()),
            ChartName.CHANGE: ChangeChart(model()),
        }

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
        return _step(self._row, machine.current_state_value, case, model.draft)


def _as_guard(guard: Guard) -> Callable[[Any], bool]:
    return lambda model: guard(model.situation)


def _as_effect(effect: Effect) -> Callable[[Any], None]:
    return lambda model: effect(model.situation, model.draft)
