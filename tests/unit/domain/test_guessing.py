"""A guess is counted before it is compared, or it is not compared at all (R3, R5, R25, R29)."""

from datetime import datetime

import pytest
from attrs import evolve

from msa_recovery.domain.account import AccountType
from msa_recovery.domain.events import AnswerChallenge, Guessing
from msa_recovery.domain.guessing import Refused, Reserved, reserve
from msa_recovery.domain.journey import ChartName, State
from msa_recovery.domain.ledger import Ledger, Mark, SignInTries
from msa_recovery.domain.passwords import PasswordRule
from msa_recovery.domain.policy import DAY, MONTH
from msa_recovery.domain.situation import Case, Evidence, Guess, Verdict
from tests.support.cases import (
    CODE,
    ELSEWHERE,
    GUESS,
    HERE,
    MINUTE,
    NEW_PASSWORD,
    NOW,
    OTHER_JOURNEY,
    PAYROLL,
    PROVE,
    SERIAL,
    SIGN_IN,
    at,
    case_in,
    code_is_live,
    marks,
    password_is_live,
    profile,
    slot,
    tries,
)
from tests.support.scenarios import ANSWERING, AWAITING, CHANGE, CONFIRMING, PERSONALISING, PROVING

BREAKS_A_RULE = at(evidence=Evidence(broken_rules=(PasswordRule.TOO_SHORT,)))


def proving(ledger: Ledger | None = None, tried: int = 0) -> Case:
    """A voluntary change before the current password was given."""
    return case_in(PROVING, ledger, chart=CHANGE, current_password_tries=tried)


def waits_until(moment: datetime) -> Refused:
    return Refused(Guess(Verdict.MUST_WAIT, retry_at=moment))


def refused(verdict: Verdict) -> Refused:
    return Refused(Guess(verdict))


# -- refused: nothing is compared, nothing is counted ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "event", "expected"),
    [
        pytest.param(case_in(ANSWERING), PAYROLL, refused(Verdict.NOT_OFFERED), id="another type's question"),
        pytest.param(case_in(ANSWERING, profile=None), SERIAL, refused(Verdict.NOT_OFFERED), id="nobody's question"),
        pytest.param(case_in(ANSWERING, answers=1), SERIAL, refused(Verdict.NONE_LEFT), id="second of a journey"),
        pytest.param(
            case_in(ANSWERING, Ledger(answers=marks(3))), SERIAL, refused(Verdict.NONE_LEFT), id="fourth in 30 days"
        ),
        pytest.param(case_in(CONFIRMING, Ledger()), CODE, refused(Verdict.NOT_LIVE), id="no code"),
        pytest.param(case_in(CONFIRMING, code_is_live(0)), CODE, refused(Verdict.NOT_LIVE), id="fourth guess"),
        pytest.param(
            case_in(CONFIRMING, code_is_live(codes=(slot(until=NOW),))),
            CODE,
            refused(Verdict.NOT_LIVE),
            id="expired code",
        ),
        pytest.param(case_in(AWAITING, Ledger()), SIGN_IN, refused(Verdict.NOT_LIVE), id="no temporary password"),
        pytest.param(
            case_in(AWAITING, password_is_live(sign_ins=(tries(5, HERE, NOW + MINUTE),))),
            SIGN_IN,
            waits_until(NOW + MINUTE),
            id="before the wait is over",
        ),
        pytest.param(
            case_in(AWAITING, password_is_live(sign_ins=(tries(25),))),
            SIGN_IN,
            waits_until(NOW + DAY),
            id="26th from here in 24 hours",
        ),
        pytest.param(proving(tried=5), PROVE, refused(Verdict.NONE_LEFT), id="sixth of a journey"),
        pytest.param(
            proving(Ledger(current_password_guesses=marks(25))), PROVE, waits_until(NOW + DAY), id="26th in 24 hours"
        ),
        pytest.param(
            case_in(PERSONALISING, comparisons=10), NEW_PASSWORD, refused(Verdict.NONE_LEFT), id="eleventh comparison"
        ),
    ],
)
def test_a_guess_that_is_not_left_is_refused(case: Case, event: Guessing, expected: Refused) -> None:
    """R3, R5: nothing is counted, for nothing is compared."""
    assert expected == reserve(case, event, GUESS, at())


@pytest.mark.parametrize("chart", ChartName)
def test_a_new_password_that_breaks_a_rule_is_not_compared_with_the_current_one(chart: ChartName) -> None:
    """R43: else it would tell which rules the current one breaks."""
    case = case_in(PERSONALISING, chart=chart)
    assert refused(Verdict.RULES_FAIL) == reserve(case, NEW_PASSWORD, GUESS, BREAKS_A_RULE)


def test_a_rule_that_fails_is_said_before_spent_comparisons() -> None:
    """Only a password that could be accepted tells anything about the current one."""
    spent = case_in(PERSONALISING, comparisons=10)
    assert refused(Verdict.RULES_FAIL) == reserve(spent, NEW_PASSWORD, GUESS, BREAKS_A_RULE)


# -- reserved: counted as wrong ----------------------------------------------------------------------------------------


def reserved(case: Case, event: Guessing) -> Case:
    """The case as it is committed before the comparison."""
    outcome = reserve(case, event, GUESS, at())
    assert isinstance(outcome, Reserved)
    return outcome.case


@pytest.mark.parametrize(("given", "kept"), [(marks(2), marks(2)), (marks(3, NOW), ())])
def test_an_answer_counts_for_its_journey_and_for_thirty_days(given: tuple[Mark, ...], kept: tuple[Mark, ...]) -> None:
    """R25; what aged out is forgotten."""
    case = case_in(ANSWERING, Ledger(answers=given))
    expected = Case(evolve(case.journey, answers=1), Ledger(answers=(*kept, Mark(GUESS, NOW + MONTH))))
    assert expected == reserved(case, SERIAL)


@pytest.mark.parametrize("type_", [AccountType.COMPANY, AccountType.GARDENER_EMPLOYER])
def test_each_type_answers_its_own_question(type_: AccountType) -> None:
    """R25, R48"""
    case = case_in(ANSWERING, profile=profile(type_=type_, first_sign_in=True))
    assert 1 == reserved(case, PAYROLL).journey.answers


def test_a_code_guess_takes_one_from_its_code_and_counts_for_thirty_days() -> None:
    """R5"""
    others = slot(3, OTHER_JOURNEY)
    case = case_in(CONFIRMING, code_is_live(codes=(others, slot(3)), code_guesses=(*marks(1), *marks(1, NOW))))
    expected = code_is_live(codes=(others, slot(2)), code_guesses=(*marks(1), Mark(GUESS, NOW + MONTH)))
    assert Case(case.journey, expected) == reserved(case, CODE)


def test_a_sign_in_counts_for_its_origin_and_for_24_hours() -> None:
    """R29"""
    case = case_in(AWAITING, password_is_live(sign_ins=(tries(4), tries(9, ELSEWHERE))))
    counted = SignInTries(HERE, (*marks(4), Mark(GUESS, NOW + DAY)), NOW + 2 * MINUTE)
    expected = password_is_live(sign_ins=(tries(9, ELSEWHERE), counted))
    assert Case(case.journey, expected) == reserved(case, SIGN_IN)


def test_a_current_password_counts_for_its_journey_and_for_24_hours() -> None:
    """R29"""
    case = proving(Ledger(current_password_guesses=(*marks(1), *marks(1, NOW))), tried=2)
    expected = Case(
        evolve(case.journey, current_password_tries=3),
        Ledger(current_password_guesses=(*marks(1), Mark(GUESS, NOW + DAY))),
    )
    assert expected == reserved(case, PROVE)


def test_a_comparison_counts_for_its_journey() -> None:
    """R43"""
    case = case_in(PERSONALISING, comparisons=9)
    assert Case(evolve(case.journey, comparisons=10, comparison=GUESS), case.ledger) == reserved(case, NEW_PASSWORD)


def test_a_comparison_that_is_made_again_after_a_crash_is_the_same_one() -> None:
    """R43: the tenth, too."""
    case = case_in(PERSONALISING, comparisons=10, comparison=GUESS)
    assert case is reserved(case, NEW_PASSWORD)


def test_who_has_just_proved_the_current_password_is_not_counted() -> None:
    """There is nothing left to guess."""
    case = case_in(PERSONALISING, chart=CHANGE, comparisons=10)
    assert case is reserved(case, NEW_PASSWORD)


def test_a_journey_without_a_ledger_is_counted_in_a_new_one() -> None:
    case = Case(case_in(ANSWERING).journey)
    assert Ledger(answers=(Mark(GUESS, NOW + MONTH),)) == reserved(case, SERIAL).ledger


# -- once --------------------------------------------------------------------------------------------------------------

GUESSES = [
    pytest.param(case_in(ANSWERING), SERIAL, id="answer"),
    pytest.param(case_in(CONFIRMING), CODE, id="code"),
    pytest.param(case_in(AWAITING), SIGN_IN, id="sign-in"),
    pytest.param(proving(), PROVE, id="current password"),
]


@pytest.mark.parametrize(("case", "event"), GUESSES)
def test_the_same_guess_is_never_counted_twice(case: Case, event: AnswerChallenge) -> None:
    """R3: however often its event is decided again."""
    once = reserved(case, event)
    assert once is reserved(once, event)


@pytest.mark.parametrize(
    ("case", "event", "allowed"),
    [
        pytest.param(case_in(ANSWERING), SERIAL, 1, id="answers of a journey"),
        pytest.param(case_in(CONFIRMING), CODE, 3, id="guesses of a code"),
        pytest.param(case_in(AWAITING), SIGN_IN, 5, id="sign-ins before the first wait"),
        pytest.param(proving(), PROVE, 5, id="current passwords of a journey"),
        pytest.param(case_in(PERSONALISING), NEW_PASSWORD, 10, id="comparisons after a sign-in"),
    ],
)
def test_of_two_hundred_guesses_at_one_moment_only_the_allowed_number_is_compared(
    case: Case, event: Guessing, allowed: int
) -> None:
    """R3"""
    compared = 0
    for number in range(200):
        outcome = reserve(case, event, type(GUESS)(f"guess {number}"), at())
        if isinstance(outcome, Reserved):
            case, compared = outcome.case, compared + 1
    assert allowed == compared


def test_a_lost_ledger_entry_cannot_be_bought_with_a_new_journey() -> None:
    """R4: the journey's count begins anew, the account's does not."""
    first = reserved(case_in(ANSWERING, Ledger(answers=marks(2))), SERIAL)
    again = Case(case_in(State.ANSWERING_CHALLENGE).journey, first.ledger)
    assert refused(Verdict.NONE_LEFT) == reserve(again, SERIAL, type(GUESS)("another"), at())


def test_a_sign_in_is_compared_while_any_temporary_password_lives() -> None:
    """R18: the one by letter alone as well."""
    by_letter = case_in(AWAITING, Ledger(letter_password=password_is_live().sent_password))
    assert isinstance(reserve(by_letter, SIGN_IN, GUESS, at()), Reserved)
