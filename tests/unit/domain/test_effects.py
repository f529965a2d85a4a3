"""What the rows do with accounts and codes: what is taken up, sent, counted and told (R2, R5, R11, R30)."""

from datetime import datetime
from typing import Any

import pytest
from attrs import evolve

from msa_recovery.domain import events
from msa_recovery.domain.account import Channel, Profile
from msa_recovery.domain.contacts import ContactKind
from msa_recovery.domain.events import Event
from msa_recovery.domain.journey import Code, Edit, Journey
from msa_recovery.domain.ledger import CodeSlot, Ledger, Mark, Sent
from msa_recovery.domain.machine import Step, step
from msa_recovery.domain.policy import DAY, MONTH
from msa_recovery.domain.problem import Problem, ProblemCode
from msa_recovery.domain.requests import SendCode
from msa_recovery.domain.situation import Draft, Evidence, Verdict
from tests.support.cases import (
    BOTH,
    BY_EMAIL,
    BY_SMS,
    CODE,
    CODE_SENT,
    GUESS,
    HERE,
    IDENTIFY,
    JOURNEY,
    LAST_CODE_SENT,
    MINUTE,
    MSA,
    NEWCOMER,
    NOW,
    OTHER_JOURNEY,
    POST_ONLY,
    RIGHT,
    SMS_ONLY,
    STRANGER,
    WRONG,
    at,
    case_in,
    code_is_live,
    guessed,
    marks,
    sent,
    slot,
    way,
)
from tests.support.outcomes import drafted, ledger_of
from tests.support.scenarios import CHOOSING, CONFIRMING, IDENTIFYING

SMS, EMAIL, LETTER = Channel.SMS, Channel.EMAIL, Channel.LETTER
FRESH = Evidence(fresh_code=b"fresh code", fresh_password=b"fresh password")
RIGHT_CODE = evolve(FRESH, guess=RIGHT.guess)


# -- taking up an account ----------------------------------------------------------------------------------------------

USED: dict[str, Any] = {
    **CODE_SENT,
    "challenge_passed": True,
    "answers": 1,
    "edits": (Edit(ContactKind.FAX, True, b""),),
}


def identified(account: Profile, ledger: Ledger | None = None, **journey: Any) -> Journey:
    """The journey after somebody gave that account's identifier."""
    case = case_in(IDENTIFYING, ledger, **journey)
    return step(case, IDENTIFY, at(evidence=Evidence(profile=account))).case.journey


def test_taking_up_an_account_keeps_what_it_is_and_its_epoch() -> None:
    """R2"""
    journey = identified(BOTH, Ledger(epoch=4))
    assert (BOTH, 4) == (journey.profile, journey.epoch)


def test_another_account_erases_what_the_earlier_one_left() -> None:
    """R2: no code, no channel and no right answer goes from one account to another."""
    journey = identified(STRANGER, profile=BOTH, **USED)
    left = (journey.challenge_passed, journey.channel, journey.code, journey.edits)
    assert (False, None, None, ()) == left


def test_the_counts_of_the_journey_stay() -> None:
    """R4, R38"""
    journey = identified(STRANGER, profile=BOTH, **USED)
    assert (1, 1) == (journey.answers, journey.codes_sent)


def test_the_same_account_again_erases_nothing() -> None:
    used = case_in(IDENTIFYING, code_is_live(), profile=NEWCOMER, **USED).journey
    assert evolve(used, state=CHOOSING) == identified(NEWCOMER, code_is_live(), profile=NEWCOMER, **USED)


# -- codes -------------------------------------------------------------------------------------------------------------


def resent(ledger: Ledger | None = None, **journey: Any) -> Step:
    return step(case_in(CONFIRMING, ledger, **journey), events.ResendCode(), at(evidence=FRESH))


def test_a_code_goes_to_the_chosen_contact_on_file() -> None:
    """R12"""
    asked = step(case_in(CHOOSING), BY_EMAIL, at(evidence=FRESH)).requests
    assert (SendCode(way(EMAIL), NOW + 30 * MINUTE),) == asked


def test_the_journey_remembers_which_way_it_went() -> None:
    """The next one, and the temporary password, take the same."""
    outcome = step(case_in(CHOOSING, channel=SMS), BY_EMAIL, at(evidence=FRESH))
    assert EMAIL is outcome.case.journey.channel


def test_a_code_by_email_lives_as_long_as_its_policy_says() -> None:
    """R8"""
    context = at(evidence=FRESH, policy=evolve(MSA, code_lifetime_email=DAY))
    assert (SendCode(way(EMAIL), NOW + DAY),) == step(case_in(CHOOSING), BY_EMAIL, context).requests


def test_a_resent_code_kills_the_first() -> None:
    """R11"""
    after = resent().case
    assert Code(b"fresh code", SMS, way(SMS).contact, 2) == after.journey.code
    assert (CodeSlot(JOURNEY, 2, NOW + 30 * MINUTE, 3),) == ledger_of(resent()).codes


def test_it_leaves_the_live_codes_of_other_journeys_alone() -> None:
    """R30"""
    other, expired = slot(2, OTHER_JOURNEY), slot(2, OTHER_JOURNEY, NOW)
    assert other == ledger_of(resent(code_is_live(codes=(slot(), other, expired)))).codes[0]
    assert 2 == len(ledger_of(resent(code_is_live(codes=(slot(), other, expired)))).codes)


def test_a_code_that_is_sent_is_counted_for_its_origin_a_day_and_a_month() -> None:
    """R30"""
    old, aged = sent(MINUTE), Sent(HERE, NOW, NOW)
    expected = (old, Sent(HERE, NOW + DAY, NOW + MONTH))
    assert expected == ledger_of(resent(code_is_live(sends=(aged, old)))).sends


def test_it_is_counted_for_its_journey() -> None:
    """R5"""
    assert 2 == resent().case.journey.codes_sent


def test_the_next_one_must_cool_down() -> None:
    """R30"""
    assert NOW + MINUTE == ledger_of(resent()).next_send


@pytest.mark.parametrize(
    ("deadline", "expected"),
    [(NOW + MINUTE, NOW + 30 * MINUTE), (NOW + 60 * MINUTE, NOW + 60 * MINUTE)],
    ids=["extended", "never shortened"],
)
def test_a_journey_lasts_as_long_as_its_code(deadline: datetime, expected: datetime) -> None:
    assert expected == resent(deadline=deadline).case.journey.deadline


@pytest.mark.parametrize(("account", "channel"), [(SMS_ONLY, EMAIL), (POST_ONLY, SMS), (POST_ONLY, LETTER)])
def test_without_its_way_nothing_is_sent_and_nothing_counted(account: Profile, channel: Channel) -> None:
    case = case_in(CHOOSING, profile=account)
    assert Draft() == drafted("send_code", case, events.ChooseChannel(channel), at(evidence=FRESH))


@pytest.mark.parametrize(
    ("ledger", "journey", "event", "problem"),
    [
        pytest.param(
            Ledger(),
            {"profile": SMS_ONLY},
            BY_EMAIL,
            Problem(ProblemCode.CHANNEL_NOT_OFFERED, "channel"),
            id="no such contact",
        ),
        pytest.param(
            code_is_live(),
            LAST_CODE_SENT,
            BY_EMAIL,
            Problem(ProblemCode.CODE_ALREADY_LIVE, "channel"),
            id="the last code is live",
        ),
        pytest.param(
            Ledger(next_send=NOW + MINUTE),
            {},
            BY_SMS,
            Problem(ProblemCode.SEND_TOO_SOON, "channel", NOW + MINUTE),
            id="not cooled down",
        ),
        pytest.param(
            Ledger(sends=(sent(MINUTE),) * 3, next_send=NOW + MINUTE),
            {},
            BY_SMS,
            Problem(ProblemCode.SENDS_SPENT_FOR_NOW, "channel", NOW - MINUTE + DAY),
            id="three of 24 hours are spent",
        ),
    ],
)
def test_whoever_gets_no_code_is_told_why_and_until_when(
    ledger: Ledger, journey: dict[str, Any], event: Event, problem: Problem
) -> None:
    """R56"""
    assert problem == step(case_in(CHOOSING, ledger, **journey), event, at(evidence=FRESH)).problem


# -- guesses at codes --------------------------------------------------------------------------------------------------


def submitted(evidence: Evidence, ledger: Ledger | None = None, **journey: Any) -> Step:
    return step(case_in(CONFIRMING, ledger, **journey), CODE, at(evidence=evidence))


def test_a_right_code_takes_back_its_own_mark_and_is_dead() -> None:
    """R11, invariants 4 and 5"""
    counted = code_is_live(2, code_guesses=(*marks(1), Mark(GUESS, NOW + MONTH)))
    outcome = submitted(RIGHT_CODE, counted)
    assert (marks(1), ()) == (ledger_of(outcome).code_guesses, ledger_of(outcome).codes)
    assert outcome.case.journey.code is None


@pytest.mark.parametrize("left", [1, 2])
def test_after_a_wrong_code_the_guesses_that_are_left_are_said(left: int) -> None:
    assert Problem(ProblemCode.CODE_WRONG, "code", limit=left) == submitted(WRONG, code_is_live(left)).problem


def test_a_wrong_code_changes_nothing_for_it_was_counted_before() -> None:
    """R3"""
    case = case_in(CONFIRMING)
    assert case is step(case, CODE, at(evidence=WRONG)).case


def test_the_last_wrong_guess_kills_the_code() -> None:
    """R5"""
    outcome = submitted(WRONG, code_is_live(0))
    assert (None, ()) == (outcome.case.journey.code, ledger_of(outcome).codes)


@pytest.mark.parametrize(
    ("verdict", "code"),
    [(Verdict.WRONG, ProblemCode.CODE_WRONG_AND_DEAD), (Verdict.NOT_LIVE, ProblemCode.CODE_NOT_LIVE)],
)
@pytest.mark.parametrize("next_send", [NOW, NOW + MINUTE], ids=["now", "in a minute"])
def test_whose_code_is_dead_is_told_when_to_ask_for_another(
    verdict: Verdict, code: ProblemCode, next_send: datetime
) -> None:
    """R56: at once, if it has cooled down."""
    outcome = submitted(guessed(verdict), code_is_live(0, next_send=next_send))
    assert Problem(code, "code", next_send) == outcome.problem


# -- what nobody sees while the chart's guards stand before it ---------------------------------------------------------


def test_a_wrong_code_where_none_is_live_leaves_no_guess() -> None:
    told = drafted("say_code_is_wrong", case_in(CONFIRMING, Ledger()), CODE, at(evidence=WRONG)).problem
    assert Problem(ProblemCode.CODE_WRONG, "code", limit=0) == told
