"""One chart, two readings: what we compiled and python-statemachine itself fire the same rows, always.

python-statemachine runs the very classes of ``chart.py``. Its guards and effects are the functions of ``guards.py`` and
``effects.py``, called by name on the same situation; the order of rows, what a guard's value must be, rows of parents
and where a row leads is for each of the two to find out alone.
"""

from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve, field, frozen, mutable
from hypothesis import given
from hypothesis import strategies as st
from statemachine.exceptions import TransitionNotAllowed
from statemachine.orderedset import OrderedSet

from msa_recovery.domain.audit import Fact
from msa_recovery.domain.chart import ChangeChart, RecoveryChart
from msa_recovery.domain.compiler import EFFECTS, GUARDS, declared
from msa_recovery.domain.events import Event
from msa_recovery.domain.journey import FINAL, ChartName, State
from msa_recovery.domain.machine import step, taken_as
from msa_recovery.domain.problem import Problem
from msa_recovery.domain.requests import Request
from msa_recovery.domain.situation import Case, Context, Draft, Situation
from tests.support.scenarios import SCENARIOS, Scenario
from tests.support.strategies import cases_of, contexts, events_at

CLASSES: dict[ChartName, Any] = {
    ChartName.RECOVERY: RecoveryChart,
    ChartName.CHANGE: ChangeChart,
}
LABELS = {
    (name, leaf.id, id(transition)): f"{leaf.id}.{event}.{number}"
    for name, chart in CLASSES.items()
    for leaf, event, number, transition in declared(chart)
}


@frozen
class Outcome:
    """What one event did, as either reading tells it."""

    row: str
    effects: tuple[str, ...]
    case: Case
    requests: tuple[Request, ...]
    facts: tuple[Fact, ...]
    problem: Problem | None


@mutable
class Model:
    """What python-statemachine asks about the situation, and tells what it does."""

    state: Any = None
    situation: Situation | None = None
    draft: Draft = field(factory=Draft)
    called: list[str] = field(factory=list)
    fired: Any = None

    def after_transition(self, transition: Any) -> None:
        self.fired = transition


def _guard(name: str) -> Callable[[Model], bool]:
    return lambda model: bool(GUARDS[name](model.situation))


def _effect(name: str) -> Callable[[Model], None]:
    def run(model: Model) -> None:
        model.called.append(name)
        EFFECTS[name](model.situation, model.draft)

    return run


MODEL: type[Model] = type(
    "NamedModel",
    (Model,),
    {name: _guard(name) for name in GUARDS} | {name: _effect(name) for name in EFFECTS},
)


class Library:
    """A journey that python-statemachine runs."""

    def __init__(self, case: Case) -> None:
        self._name = case.journey.chart
        self._model = MODEL()
        self._machine = CLASSES[self._name](self._model)
        self._machine.current_state_value = OrderedSet(["in_progress", case.journey.state.value])

    def take(self, case: Case, event: Event, context: Context) -> Outcome | None:
        """Take one event; ``None`` if the state does not accept it."""
        taken = taken_as(case, event, context.now)
        model = self._model
        model.situation, model.draft, model.called, model.fired = Situation(case, taken, context), Draft(), [], None
        try:
            self._machine.send(taken.name.value)
        except TransitionNotAllowed:
            return None
        (leaf,) = (value for value in self._machine.configuration_values if value != "in_progress")
        journey_changes: dict[str, Any] = {**model.draft.journey, "state": State(leaf)}
        ledger_changes: dict[str, Any] = model.draft.ledger
        return Outcome(
            row=LABELS[self._name, case.journey.state.value, id(model.fired)],
            effects=tuple(model.called),
            case=Case(
                evolve(case.journey, **journey_changes),
                case.ledger and evolve(case.ledger, **ledger_changes),
            ),
            requests=tuple(model.draft.requests),
            facts=tuple(model.draft.facts),
            problem=model.draft.problem,
        )


def ours(case: Case, event: Event, context: Context) -> Outcome | None:
    """The same by the compiled table."""
    done = step(case, event, context)
    if done.row is None:
        return None
    return Outcome(done.row.label, done.row.effects, done.case, done.requests, done.audit[1:], done.problem)


@pytest.mark.parametrize("chart", ChartName)
@given(data=st.data())
def test_both_readings_of_a_chart_fire_the_same_rows_all_along_a_journey(chart: ChartName, data: st.DataObject) -> None:
    """R1; the machine is restored from the stored leaf at the beginning, and then kept."""
    case = data.draw(cases_of(chart))
    library = Library(case)
    for _ in range(data.draw(st.integers(1, 6))):
        event, context = data.draw(events_at(case.journey)), data.draw(contexts)
        assert library.take(case, event, context) == ours(case, event, context)
        case = step(case, event, context).case
        if case.journey.state in FINAL:
            break


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda each: f"{each.case.journey.chart}.{each.label}")
def test_no_row_is_left_out_of_the_comparison(scenario: Scenario) -> None:
    """R1: one situation for each row, the rarest included."""
    outcome = Library(scenario.case).take(scenario.case, scenario.event, scenario.context)
    assert ours(scenario.case, scenario.event, scenario.context) == outcome
