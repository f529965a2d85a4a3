"""Each guard and effect declares what of the outside it reads: no more and no less, each for itself (R14).

The charts' tests see only what a whole state and event need together: one that forgot its declaration stands there
beside another one, and would be wrong in the next chart that uses it alone.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache

import pytest

from msa_recovery.domain import effects, explanations, guards
from msa_recovery.domain.compiler import Cell
from msa_recovery.domain.events import Event, Naming
from msa_recovery.domain.machine import CHARTS
from msa_recovery.domain.situation import Case, Context, Draft, Need, Situation, needs_of
from tests.support.scenarios import SCENARIOS, Scenario

Function = Callable[..., object]

OF_EVIDENCE = {
    "guess": Need.GUESS,
    "fresh_code": Need.FRESH_CODE,
    "fresh_password": Need.FRESH_PASSWORD,
    "broken_rules": Need.NEW_PASSWORD,
    "held": Need.EDIT,
    "sealed_edit": Need.EDIT,
}
"""Who is told of something asks for the profile too, but makes do with the journey's where none was gathered."""

OF_A_NAMED_ACCOUNT = {"subject", "same_account", "ledger"}
"""These speak of the account that the event names, if it names one; else they are the journey's own."""


class Watched(Situation):  # type: ignore[misc]  # pyright: ignore[reportGeneralTypeIssues] - a situation is final
    """A situation that remembers what it was asked for."""

    def __init__(self, case: Case, event: Event, context: Context) -> None:
        self.seen = set[Need]()
        super().__init__(case, event, context)

    def __getattribute__(self, name: str) -> object:
        value: object = super().__getattribute__(name)
        if name == "evidence":
            return WatchedEvidence(value, self.seen)
        if name == "account_changed" or (name in OF_A_NAMED_ACCOUNT and isinstance(super().event, Naming)):
            self.seen.add(Need.PROFILE)
        return value


class WatchedEvidence:
    """The evidence of a watched situation."""

    def __init__(self, evidence: object, seen: set[Need]) -> None:
        self._evidence = evidence
        self._seen = seen

    def __getattr__(self, name: str) -> object:
        if name in OF_EVIDENCE:
            self._seen.add(OF_EVIDENCE[name])
        return getattr(self._evidence, name)


def cell_of(scenario: Scenario) -> Cell:
    journey = scenario.case.journey
    return CHARTS[journey.chart].cells[journey.state, scenario.event.name]


def functions_of(cell: Cell) -> Iterator[Function]:
    for row in cell.rows:
        yield from (guard for guard, _ in row.conditions)
        yield from row.actions


def read_by(function: Function, scenario: Scenario) -> set[Need]:
    """What one of them reads in one situation."""
    situation = Watched(scenario.case, scenario.event, scenario.context)
    situation.seen.clear()
    if function.__module__ == guards.__name__:
        function(situation)
    else:
        function(situation, Draft())
    return situation.seen


@cache
def everything_read() -> tuple[dict[Function, set[Need]], set[Function]]:
    """What each of them reads in all the situations, and which also stand where no profile is gathered."""
    read, without_profile = defaultdict[Function, set[Need]](set), set[Function]()
    for scenario in SCENARIOS:
        cell = cell_of(scenario)
        for function in functions_of(cell):
            read[function] |= read_by(function, scenario)
            if Need.PROFILE not in cell.needs:
                without_profile.add(function)
    return read, without_profile


FUNCTIONS: list[Function] = [
    getattr(module, name) for module in (guards, effects, explanations) for name in module.__all__
]


def of_name(value: Function | Scenario) -> str:
    return f"{value.case.journey.chart}.{value.label}" if isinstance(value, Scenario) else value.__name__


@pytest.mark.parametrize("function", FUNCTIONS, ids=of_name)
def test_it_declares_what_it_reads_and_nothing_else(function: Function) -> None:
    """What also stands where no profile is gathered speaks there of the one in the journey, and cannot need another."""
    read, without_profile = everything_read()
    expected = read[function] - ({Need.PROFILE} if function in without_profile else set())
    assert expected == set(needs_of(function))


@pytest.mark.parametrize("scenario", SCENARIOS, ids=of_name)
def test_nothing_reads_what_was_not_gathered(scenario: Scenario) -> None:
    cell = cell_of(scenario)
    read = set[Need]().union(*(read_by(function, scenario) for function in functions_of(cell)))
    assert read - {Need.PROFILE} <= cell.needs
