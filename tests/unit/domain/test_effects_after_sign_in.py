"""What the rows do from the sign-in on: settle, accept the new password, put contact details on file (R19 to R23)."""

from datetime import datetime
from typing import Any

import pytest
from attrs import evolve

from msa_recovery.domain import events
from msa_recovery.domain.account import Channel, Profile
from msa_recovery.domain.audit import Fact, FactName
from msa_recovery.domain.journey import ChartName
from msa_recovery.domain.ledger import Ledger, Mark, SignInTries
from msa_recovery.domain.machine import Step, step
from msa_recovery.domain.passwords import PasswordRule
from msa_recovery.domain.policy import DAY
from msa_recovery.domain.problem import Problem, ProblemCode
from msa_recovery.domain.requests import (
    MarkContacts,
    MintHandle,
    Notice,
    ReplacePassword,
    Request,
    RevokeSessions,
)
from msa_recovery.domain.situation import Evidence, Verdict
from tests.support.cases import (
    BOTH,
    CODE_SENT,
    EMAIL_ONLY,
    GUESS,
    HERE,
    MINUTE,
    NEW_PASSWORD,
    NEWCOMER_BY_POST,
    NOW,
    POST_ONLY,
    PROVE,
    RIGHT,
    SERIAL,
    SIGN_IN,
    SMS_ONLY,
    WRONG,
    at,
    case_in,
    code_is_live,
    guessed,
    letter_is_live,
    marks,
    password_by,
    password_is_live,
    tries,
)
from tests.support.outcomes import ledger_of, notices
from tests.support.scenarios import ANSWERING, AWAITING, CHANGE, PERSONALISING, PROVING

SMS, EMAIL, LETTER = Channel.SMS, Channel.EMAIL, Channel.LETTER


# -- right guesses settle ----------------------------------------------------------------------------------------------


def test_a_right_answer_takes_back_its_own_mark_and_is_remembered() -> None:
    """R24, invariant 4: no password comes of it, only the choice of a channel."""
    ledger = Ledger(answers=(*marks(1), Mark(GUESS, NOW + DAY)))
    outcome = step(case_in(ANSWERING, ledger, answers=1), SERIAL, at(evidence=RIGHT))
    assert (marks(1), True, ()) == (ledger_of(outcome).answers, outcome.case.journey.challenge_passed, outcome.requests)


@pytest.mark.parametrize(("evidence", "left"), [(RIGHT, 1), (WRONG, 2)], ids=["right", "wrong"])
def test_it_does_so_where_only_a_letter_can_be_sent_as_well(evidence: Evidence, left: int) -> None:
    """Invariant 4: a wrong one stays."""
    ledger = Ledger(answers=(*marks(1), Mark(GUESS, NOW + DAY)))
    case = case_in(ANSWERING, ledger, profile=NEWCOMER_BY_POST, answers=1)
    outcome = step(case, SERIAL, at(evidence=evidence))
    assert (AWAITING, left) == (outcome.case.journey.state, len(ledger_of(outcome).answers))


def test_a_right_sign_in_takes_back_its_own_mark() -> None:
    """Invariant 4"""
    ledger = password_is_live(sign_ins=(SignInTries(HERE, (*marks(2), Mark(GUESS, NOW + DAY)), NOW),))
    assert (tries(2),) == ledger_of(step(case_in(AWAITING, ledger), SIGN_IN, at(evidence=RIGHT))).sign_ins


def test_a_right_current_password_takes_back_its_own_mark() -> None:
    """Invariant 4"""
    ledger = Ledger(current_password_guesses=(*marks(2), Mark(GUESS, NOW + DAY)))
    outcome = step(case_in(PROVING, ledger, chart=CHANGE), PROVE, at(evidence=RIGHT))
    assert marks(2) == ledger_of(outcome).current_password_guesses


# -- signing in --------------------------------------------------------------------------------------------------------


def test_a_right_temporary_password_opens_the_new_password_step_for_thirty_minutes() -> None:
    """R19"""
    journey = step(case_in(AWAITING), SIGN_IN, at(evidence=RIGHT)).case.journey
    assert (PERSONALISING, NOW + 30 * MINUTE) == (journey.state, journey.deadline)


@pytest.mark.parametrize("channel", Channel)
def test_how_it_had_travelled_is_remembered(channel: Channel) -> None:
    """R23: a notice that only went the same way would tell a thief."""
    evidence = evolve(RIGHT, guess=evolve(RIGHT.guess, channel=channel))
    assert channel is step(case_in(AWAITING), SIGN_IN, at(evidence=evidence)).case.journey.channel


def test_it_stays_live_until_a_new_password_is_accepted() -> None:
    """R17, R18: who is interrupted signs in again."""
    assert password_is_live() == ledger_of(step(case_in(AWAITING), SIGN_IN, at(evidence=RIGHT)))


def test_comparisons_begin_anew_after_each_sign_in() -> None:
    assert 0 == step(case_in(AWAITING, comparisons=7), SIGN_IN, at(evidence=RIGHT)).case.journey.comparisons


@pytest.mark.parametrize(
    ("chart", "expected"), [(ChartName.RECOVERY, (MintHandle(),)), (ChartName.CHANGE, ())], ids=str
)
def test_a_handle_from_before_the_sign_in_is_replaced(chart: ChartName, expected: tuple[Request, ...]) -> None:
    """R34; who begins a change has signed in before."""
    case = case_in(AWAITING) if chart is ChartName.RECOVERY else case_in(PROVING, chart=CHANGE)
    assert expected == step(case, SIGN_IN if chart is ChartName.RECOVERY else PROVE, at(evidence=RIGHT)).requests


@pytest.mark.parametrize(("wrong", "retry_at"), [(4, None), (5, NOW + 2 * MINUTE)])
def test_after_a_wrong_one_the_wait_is_said_if_there_is_one(wrong: int, retry_at: datetime | None) -> None:
    """R29"""
    ledger = password_is_live(sign_ins=(tries(wrong, HERE, retry_at or NOW),))
    outcome = step(case_in(AWAITING, ledger), SIGN_IN, at(evidence=WRONG))
    assert Problem(ProblemCode.SIGN_IN_WRONG, "password", retry_at) == outcome.problem


@pytest.mark.parametrize(("wrong", "alarm"), [(99, False), (100, True), (101, True)])
def test_a_hundred_wrong_ones_of_an_account_raise_the_alarm(wrong: int, alarm: bool) -> None:
    """R6"""
    ledger = password_is_live(sign_ins=(tries(wrong),))
    outcome = step(case_in(AWAITING, ledger), SIGN_IN, at(evidence=WRONG))
    assert alarm is (Fact(FactName.SIGN_IN_ALARM) in outcome.audit)


@pytest.mark.parametrize(
    ("case", "event", "code"),
    [
        (case_in(AWAITING), SIGN_IN, ProblemCode.SIGN_IN_MUST_WAIT),
        (case_in(PROVING, chart=CHANGE), PROVE, ProblemCode.CURRENT_PASSWORD_MUST_WAIT),
    ],
    ids=["sign-in", "current password"],
)
def test_who_must_wait_is_told_until_when(case: Any, event: Any, code: ProblemCode) -> None:
    """R29, R56"""
    outcome = step(case, event, at(evidence=guessed(Verdict.MUST_WAIT, NOW + MINUTE)))
    assert Problem(code, "password", NOW + MINUTE) == outcome.problem


@pytest.mark.parametrize(("tried", "left"), [(1, 4), (4, 1)])
def test_after_a_wrong_current_password_the_tries_that_are_left_are_said(tried: int, left: int) -> None:
    case = case_in(PROVING, chart=CHANGE, current_password_tries=tried)
    expected = Problem(ProblemCode.CURRENT_PASSWORD_WRONG, "password", limit=left)
    assert expected == step(case, PROVE, at(evidence=WRONG)).problem


# -- the new password --------------------------------------------------------------------------------------------------


def accepted(account: Profile = BOTH, *, chart: ChartName = ChartName.RECOVERY, **journey: Any) -> Step:
    ledger = code_is_live(
        epoch=3, sent_password=password_by(SMS), letter_password=password_by(LETTER), sign_ins=(tries(3),)
    )
    case = case_in(PERSONALISING, ledger, chart=chart, profile=account, epoch=3, **journey)
    return step(case, NEW_PASSWORD, at(evidence=WRONG))


@pytest.mark.parametrize("chart", ChartName)
def test_live_codes_and_temporary_passwords_die(chart: ChartName) -> None:
    """R22"""
    after = ledger_of(accepted(chart=chart))
    assert ((), None, None) == (after.codes, after.sent_password, after.letter_password)


@pytest.mark.parametrize("chart", ChartName)
def test_other_journeys_die_and_this_one_goes_on(chart: ChartName) -> None:
    """R22: the epoch moves, and this journey takes the new one."""
    outcome = accepted(chart=chart)
    assert (4, 4) == (ledger_of(outcome).epoch, outcome.case.journey.epoch)


def test_no_count_of_wrong_guesses_goes_down() -> None:
    """R4, invariant 4: nor one of answers, codes and letters that were sent."""
    counted = Ledger(
        code_guesses=marks(2),
        answers=marks(1),
        current_password_guesses=marks(3),
        sign_ins=(tries(3),),
        sends=code_is_live().sends,
        letters=(NOW + DAY,),
    )
    assert counted == evolve(
        ledger_of(step(case_in(PERSONALISING, counted), NEW_PASSWORD, at(evidence=WRONG))), epoch=0
    )


def test_the_account_is_first_marked_then_given_the_password_then_signed_out() -> None:
    """R22: in this order, so that a crash in between never loses the mark."""
    expected: tuple[Request, ...] = (MarkContacts(to_confirm=True), ReplacePassword(), RevokeSessions())
    assert expected == accepted().requests[:3]


def test_a_voluntary_change_marks_nothing() -> None:
    expected: tuple[Request, ...] = (ReplacePassword(), RevokeSessions())
    assert expected == accepted(chart=CHANGE).requests[:2]


@pytest.mark.parametrize(
    ("account", "used", "channels"),
    [
        pytest.param(BOTH, SMS, (SMS, EMAIL), id="both"),
        pytest.param(SMS_ONLY, SMS, (SMS, LETTER), id="the one that was used, and the post"),
        pytest.param(EMAIL_ONLY, LETTER, (EMAIL,), id="the one that was not used"),
        pytest.param(POST_ONLY, LETTER, (LETTER,), id="the post"),
    ],
)
def test_all_contacts_held_before_are_told_of_the_new_password(
    account: Profile, used: Channel, channels: tuple[Channel, ...]
) -> None:
    """R23"""
    assert [(Notice.PASSWORD_CHANGED, channels)] == notices(accepted(account, channel=used))


def test_a_new_password_is_told_to_nobody_who_cannot_be_reached() -> None:
    nowhere = evolve(BOTH, ways=())
    assert [] == notices(accepted(nowhere))


def test_a_password_that_is_refused_changes_nothing() -> None:
    """R17, invariant 8"""
    case = case_in(PERSONALISING)
    outcome = step(case, NEW_PASSWORD, at(evidence=evolve(WRONG, broken_rules=(PasswordRule.TOO_WEAK,))))
    assert (case, ()) == (outcome.case, outcome.requests)


@pytest.mark.parametrize(
    ("verdict", "broken", "reasons"),
    [
        (Verdict.RULES_FAIL, ("too_short", "no_digit"), ("too_short", "no_digit")),
        (Verdict.RIGHT, (), ("is_current",)),
        (Verdict.WRONG, ("not_repeated",), ("not_repeated",)),
    ],
)
def test_every_reason_is_said_at_once(verdict: Verdict, broken: tuple[str, ...], reasons: tuple[str, ...]) -> None:
    """R42, R43"""
    evidence = evolve(guessed(verdict), broken_rules=tuple(map(PasswordRule, broken)))
    outcome = step(case_in(PERSONALISING), NEW_PASSWORD, at(evidence=evidence))
    assert Problem(ProblemCode.PASSWORD_REFUSED, "password", reasons=reasons) == outcome.problem


# -- going back and giving up ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("event", [events.GoBack(), events.Abandon()], ids=["back", "abandon"])
def test_going_back_and_giving_up_refund_nothing(event: events.Event) -> None:
    """R38: but for the state, the case is what it was."""
    case = case_in(ANSWERING, letter_is_live(answers=marks(2)), answers=1, **CODE_SENT)
    outcome = step(case, event, at())
    assert case == evolve(outcome.case, journey=evolve(outcome.case.journey, state=ANSWERING))


@pytest.mark.parametrize("event", [events.Abandon(), events.Lapse()], ids=["abandon", "lapse"])
def test_nobody_spoils_a_temporary_password_that_is_under_way(event: events.Event) -> None:
    """R18, R30: not even the journey that asked for it."""
    waiting = case_in(AWAITING)
    assert password_is_live() == ledger_of(step(waiting, event, at(waiting.journey.deadline)))
