"""What holds of every step, whatever the case, the event and the context (invariants 2, 6, 12)."""

from typing import Any

import pytest
from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

from msa_recovery.domain.account import Profile
from msa_recovery.domain.audit import FactName
from msa_recovery.domain.events import Abandon, Event, Guessing, Naming, UseFranceConnect
from msa_recovery.domain.guessing import Reserved, reserve
from msa_recovery.domain.journey import ChartName, State
from msa_recovery.domain.ledger import GuessId, Ledger, Mark, OriginTag, Sent
from msa_recovery.domain.machine import CHARTS, Step, accepted, step
from msa_recovery.domain.policy import DAY, MONTH
from msa_recovery.domain.requests import SendCode, SendTemporaryPassword
from msa_recovery.domain.screens import view_of
from msa_recovery.domain.situation import Case, Guess, Verdict
from tests.support.cases import CODE, HELPDESK, PROVE, SERIAL, SIGN_IN
from tests.support.scenarios import SCENARIOS, Scenario
from tests.support.strategies import cases_of, contexts, events_at

NEW = GuessId("a new guess")
GUESSES: st.SearchStrategy[Guessing] = st.sampled_from((SERIAL, CODE, SIGN_IN, PROVE))
COMPARED: tuple[tuple[Event, ChartName, State, str], ...] = (
    (SERIAL, ChartName.RECOVERY, State.ANSWERING_CHALLENGE, "answers"),
    (CODE, ChartName.RECOVERY, State.CONFIRMING_CODE, "code_guesses"),
    (PROVE, ChartName.CHANGE, State.PROVING_PASSWORD, "current_password_guesses"),
)
"""What is compared with a secret, where, and by which tally it is counted. Temporary passwords are counted by origin, a
new password is told from the current one in the journey alone."""

SENDING = [each for each in SCENARIOS if {SendCode, SendTemporaryPassword} & set(each.requests)]

CHARTS_BY_NAME = pytest.mark.parametrize("chart", ChartName)


def drawn(data: st.DataObject, chart: ChartName) -> tuple[Case, Step]:
    """Any case, and what any event did to it."""
    case = data.draw(cases_of(chart))
    return case, step(case, data.draw(events_at(case.journey)), data.draw(contexts))


@CHARTS_BY_NAME
@given(data=st.data())
def test_the_same_arguments_give_the_same_step(chart: ChartName, data: st.DataObject) -> None:
    """Invariant 12: it never raises either."""
    case = data.draw(cases_of(chart))
    event, context = data.draw(events_at(case.journey)), data.draw(contexts)
    assert step(case, event, context) == step(case, event, context)


@CHARTS_BY_NAME
@given(data=st.data())
def test_exactly_one_row_fires_for_an_accepted_event_and_none_for_another(
    chart: ChartName, data: st.DataObject
) -> None:
    """R1, invariant 2"""
    case = data.draw(cases_of(chart))
    event = data.draw(events_at(case.journey))
    done = step(case, event, data.draw(contexts))
    if event.name not in accepted(case.journey):
        assert (None, ()) == (done.row, done.audit)
        assert case is done.case
    else:
        assert done.row in CHARTS[chart].rows
        assert done.row is not None
        assert done.row.target is done.case.journey.state
        assert [done.row.label] == [fact.row for fact in done.audit if fact.name is FactName.ROW_FIRED]


@CHARTS_BY_NAME
@given(data=st.data())
def test_no_step_takes_back_a_count(chart: ChartName, data: st.DataObject) -> None:
    """R4, R38: of the journey, but for comparisons, which begin anew after a right password."""
    case, done = drawn(data, chart)
    before, after = case.journey, done.case.journey
    assert before.answers <= after.answers
    assert before.codes_sent <= after.codes_sent
    assert before.current_password_tries <= after.current_password_tries


@CHARTS_BY_NAME
@given(data=st.data())
def test_a_step_takes_back_no_mark_but_that_of_a_right_guess(chart: ChartName, data: st.DataObject) -> None:
    """R4, invariant 4"""
    case = data.draw(cases_of(chart))
    event, context = data.draw(events_at(case.journey)), data.draw(contexts)
    before, after = case.ledger or Ledger(), step(case, event, context).case.ledger or Ledger()
    for name in ("code_guesses", "answers", "current_password_guesses"):
        gone = set(getattr(before, name)) - set(getattr(after, name))
        assert {mark.guess for mark in gone} <= {context.evidence.guess.id}


@given(scenario=st.sampled_from(SENDING), ages=st.lists(st.integers(1, 29), min_size=1, max_size=4))
def test_what_was_sent_is_counted_for_its_month_whatever_is_sent_after_it(scenario: Scenario, ages: list[int]) -> None:
    """R27, R30, invariant 4"""
    now, policy = scenario.context.now, scenario.context.policy
    ends = [now + MONTH - age * DAY for age in ages]
    sends = tuple(Sent(OriginTag("elsewhere"), end - MONTH + DAY, end) for end in ends)
    letters = tuple(ends[: policy.letters_per_month - 1])
    ledger = evolve(scenario.case.ledger or Ledger(), sends=sends, letters=letters)
    done = step(evolve(scenario.case, ledger=ledger), scenario.event, scenario.context)
    assume(done.requests)
    after = done.case.ledger
    assert after is not None
    assert set(sends) <= set(after.sends)
    assert set(letters) <= set(after.letters)


@given(data=st.data())
def test_a_right_guess_no_longer_counts(data: st.DataObject) -> None:
    """Invariant 4: who knows the code does not use up the wrong ones of the month."""
    event, chart, state, tally = data.draw(st.sampled_from(COMPARED))
    case, context = data.draw(cases_of(chart)), data.draw(contexts)
    ledger, reserved = case.ledger or Ledger(), Mark(NEW, context.now + DAY)
    counted: dict[str, Any] = {tally: (*getattr(ledger, tally), reserved)}
    ledger = evolve(ledger, **counted)
    here = evolve(case.journey, state=state, epoch=ledger.epoch, deadline=context.now + DAY)
    right = evolve(context, evidence=evolve(context.evidence, guess=Guess(Verdict.RIGHT, NEW)))
    after = step(Case(here, ledger), event, right).case.ledger
    assert after is not None
    assert not after.holds(NEW)


@CHARTS_BY_NAME
@given(data=st.data())
def test_an_account_is_only_taken_up_by_an_event_that_names_it(chart: ChartName, data: st.DataObject) -> None:
    """R2"""
    case = data.draw(cases_of(chart))
    event, context = data.draw(events_at(case.journey)), data.draw(contexts)
    assume(not isinstance(event, Naming) or context.evidence.profile)
    after = step(case, event, context).case.journey.profile
    assert after in (case.journey.profile, context.evidence.profile)


@given(data=st.data())
def test_abandon_leads_out_of_anywhere_at_any_time(data: st.DataObject) -> None:
    """Invariant 3"""
    case = data.draw(cases_of(ChartName.RECOVERY))
    assert "abandoned" == step(case, Abandon(), data.draw(contexts)).case.journey.state


@CHARTS_BY_NAME
@given(data=st.data())
def test_nothing_that_is_seen_tells_a_decoy_from_an_account(chart: ChartName, data: st.DataObject) -> None:
    """R13, invariant 9: the two in lockstep; but for FranceConnect, which vouches for the person."""
    case = data.draw(cases_of(chart))
    event, context = data.draw(events_at(case.journey)), data.draw(contexts)
    if isinstance(event, UseFranceConnect):
        return
    seen = []
    for genuine in (True, False):
        twin = evolve(case, journey=evolve(case.journey, profile=real_or_not(case.journey.profile, genuine)))
        evidence = evolve(context.evidence, profile=real_or_not(context.evidence.profile, genuine))
        done = step(twin, event, evolve(context, evidence=evidence))
        view = view_of(done.case, context, help=HELPDESK, problem=done.problem)
        seen.append((view, done.audit, [type(each) for each in done.requests], done.case.ledger))
    assert seen[0] == seen[1]


def real_or_not(profile: Profile | None, genuine: bool) -> Profile | None:
    return profile and evolve(profile, genuine=genuine)


@CHARTS_BY_NAME
@given(data=st.data())
def test_what_is_reserved_is_counted_once_and_for_all(chart: ChartName, data: st.DataObject) -> None:
    """R3, invariant 14"""
    case, context = data.draw(cases_of(chart)), data.draw(contexts)
    event = data.draw(GUESSES)
    outcome = reserve(case, event, NEW, context)
    if isinstance(outcome, Reserved):
        assert outcome.case.ledger is not None
        assert outcome.case.ledger.holds(NEW)
        assert outcome == reserve(outcome.case, event, NEW, context)
