"""Every row of both charts fires in a situation of its own, and does there what the design says and no more."""

import pytest

from msa_recovery.domain.audit import Fact, FactName
from msa_recovery.domain.journey import State
from msa_recovery.domain.ledger import Ledger
from msa_recovery.domain.machine import CHARTS, step
from msa_recovery.domain.policy import MONTH
from msa_recovery.domain.situation import Evidence
from tests.support.cases import IDENTIFY, MSA, NEWCOMER, NOW, at, case_in, marks
from tests.support.scenarios import SCENARIOS, Scenario


def of_each_row(scenario: Scenario) -> str:
    return f"{scenario.case.journey.chart}.{scenario.label}"


@pytest.mark.parametrize("scenario", SCENARIOS, ids=of_each_row)
def test_in_this_situation_this_row_fires(scenario: Scenario) -> None:
    """R1"""
    row = step(scenario.case, scenario.event, scenario.context).row
    assert row is not None
    assert scenario.label == row.label


@pytest.mark.parametrize("scenario", SCENARIOS, ids=of_each_row)
def test_it_leads_where_the_design_says(scenario: Scenario) -> None:
    """R1"""
    assert scenario.target is step(scenario.case, scenario.event, scenario.context).case.journey.state


@pytest.mark.parametrize("scenario", SCENARIOS, ids=of_each_row)
def test_it_asks_the_outside_for_this_and_nothing_else(scenario: Scenario) -> None:
    asked = step(scenario.case, scenario.event, scenario.context).requests
    assert scenario.requests == tuple(type(request) for request in asked)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=of_each_row)
def test_it_tells_the_person_what_went_wrong(scenario: Scenario) -> None:
    problem = step(scenario.case, scenario.event, scenario.context).problem
    assert scenario.problem == (problem.code if problem else None)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=of_each_row)
def test_it_leaves_one_fact_with_its_name_and_the_reason(scenario: Scenario) -> None:
    audit = step(scenario.case, scenario.event, scenario.context).audit
    assert (Fact(FactName.ROW_FIRED, scenario.label, scenario.problem),) == audit


def test_every_row_of_both_charts_has_its_scenario() -> None:
    shown = {(scenario.case.journey.chart, scenario.label) for scenario in SCENARIOS}
    assert shown == {(chart.name, row.label) for chart in CHARTS.values() for row in chart.rows}


def test_a_newcomer_with_no_answer_left_gets_no_code() -> None:
    """R25"""
    spent = Ledger(answers=marks(MSA.answers_per_month, NOW + MONTH))
    before = case_in(State.IDENTIFYING, spent, profile=None)
    assert State.AWAITING_SIGN_IN is step(before, IDENTIFY, at(evidence=Evidence(profile=NEWCOMER))).case.journey.state
