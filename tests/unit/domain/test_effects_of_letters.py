"""What the rows do with temporary passwords, by code or by letter, and with a block (R18, R23, R27)."""

from datetime import datetime
from typing import Any

import pytest
from attrs import evolve

from msa_recovery.domain import events
from msa_recovery.domain.account import Channel, Profile
from msa_recovery.domain.journey import Code
from msa_recovery.domain.ledger import Ledger, TemporaryPassword
from msa_recovery.domain.machine import Step, step
from msa_recovery.domain.policy import DAY, MONTH
from msa_recovery.domain.problem import Problem, ProblemCode
from msa_recovery.domain.requests import Notice, SendTemporaryPassword
from msa_recovery.domain.situation import Case, Draft, Evidence
from tests.support.cases import (
    BOTH,
    BY_SMS,
    CODE,
    EMAIL_ONLY,
    IDENTIFY,
    LAST_CODE_SENT,
    MINUTE,
    NOW,
    POST_ONLY,
    RIGHT,
    SMS_ONLY,
    STRANGER,
    at,
    case_in,
    code_is_live,
    letter_is_live,
    letters_are_spent,
    password_by,
    password_is_live,
    way,
)
from tests.support.outcomes import drafted, ledger_of, notices
from tests.support.scenarios import CHOOSING, CONFIRMING, IDENTIFYING, PERSONALISING

SMS, EMAIL, LETTER = Channel.SMS, Channel.EMAIL, Channel.LETTER
FRESH = Evidence(fresh_code=b"fresh code", fresh_password=b"fresh password")
RIGHT_CODE = evolve(FRESH, guess=RIGHT.guess)


def submitted(evidence: Evidence, ledger: Ledger | None = None, **journey: Any) -> Step:
    return step(case_in(CONFIRMING, ledger, **journey), CODE, at(evidence=evidence))


# -- temporary passwords -----------------------------------------------------------------------------------------------


def test_the_temporary_password_takes_the_way_of_the_code() -> None:
    by_email = Code(b"digest", EMAIL, way(EMAIL).contact, 1)
    asked = submitted(RIGHT_CODE, channel=EMAIL, code=by_email).requests
    assert (SendTemporaryPassword(way(EMAIL), NOW + DAY),) == asked


def test_the_journey_remembers_which_way_it_went() -> None:
    by_email = Code(b"digest", EMAIL, way(EMAIL).contact, 1)
    assert EMAIL is submitted(RIGHT_CODE, channel=SMS, code=by_email).case.journey.channel


def test_one_sent_after_a_code_replaces_both() -> None:
    """R18"""
    ledger = code_is_live(sent_password=password_by(EMAIL), letter_password=password_by(LETTER))
    after = ledger_of(submitted(RIGHT_CODE, ledger))
    assert (TemporaryPassword(b"fresh password", SMS, NOW + DAY), None) == (after.sent_password, after.letter_password)


def test_the_journey_then_waits_as_long_as_it_lives() -> None:
    assert NOW + DAY == submitted(RIGHT_CODE).case.journey.deadline


GONE = evolve(BOTH, genuine=False)
"""The account that the journey took up is no longer what it was."""


@pytest.mark.parametrize("evidence", [RIGHT_CODE, evolve(RIGHT_CODE, profile=BOTH)], ids=["unasked", "as it was"])
def test_every_temporary_password_of_an_account_has_its_number(evidence: Evidence) -> None:
    after = ledger_of(submitted(evidence, code_is_live(issued=4)))
    assert after.sent_password is not None
    assert (5, 5) == (after.sent_password.issue, after.issued)


def test_where_the_account_is_gone_none_is_issued_and_the_journey_looks_as_if() -> None:
    """R2, R13: the live ones of the account that is there now stay."""
    ledger = code_is_live(letter_password=password_by(LETTER), issued=4)
    outcome = submitted(evolve(RIGHT_CODE, profile=GONE), ledger)
    after = ledger_of(outcome)
    assert (None, password_by(LETTER), 4) == (after.sent_password, after.letter_password, after.issued)
    usual = submitted(RIGHT_CODE, ledger)
    assert (evolve(usual.case.journey, waits_in_vain=True), usual.requests) == (outcome.case.journey, outcome.requests)


@pytest.mark.parametrize(
    "case", [case_in(CHOOSING), case_in(CONFIRMING, profile=EMAIL_ONLY)], ids=["no code", "no such contact"]
)
def test_without_a_code_or_its_way_no_password_is_issued(case: Case) -> None:
    """Invariant 1"""
    assert Draft() == drafted("issue_temporary_password", case, CODE, at(evidence=RIGHT_CODE))


def posted(account: Profile = BOTH, ledger: Ledger | None = None) -> Step:
    """A letter instead of a code: those of the journey are spent."""
    case = case_in(CHOOSING, ledger, profile=account, codes_sent=3)
    return step(case, BY_SMS, at(evidence=FRESH))


def test_a_letter_goes_to_the_postal_address() -> None:
    """R12"""
    assert SendTemporaryPassword(way(LETTER), NOW + 21 * DAY) == posted().requests[0]


def test_a_letter_replaces_no_other_temporary_password() -> None:
    """R18, R30: nobody can spoil the one that is under way."""
    after = ledger_of(posted(ledger=password_is_live()))
    expected = (password_by(SMS), TemporaryPassword(b"fresh password", LETTER, NOW + 21 * DAY))
    assert expected == (after.sent_password, after.letter_password)


def test_a_letter_counts_for_thirty_days() -> None:
    """R27; what aged out is forgotten."""
    assert (NOW + DAY, NOW + MONTH) == ledger_of(posted(ledger=Ledger(letters=(NOW, NOW + DAY)))).letters


def test_the_journey_waits_for_the_letter_as_long_as_it_lives() -> None:
    journey = posted().case.journey
    assert (LETTER, NOW + 21 * DAY) == (journey.channel, journey.deadline)


def test_a_letter_s_password_has_its_number() -> None:
    after = ledger_of(posted(ledger=Ledger(issued=4)))
    assert after.letter_password is not None
    assert (5, 5) == (after.letter_password.issue, after.issued)


def test_where_the_account_is_gone_no_letter_is_counted_and_the_journey_looks_as_if() -> None:
    """R2, R13"""
    case = case_in(CHOOSING, codes_sent=3)
    outcome = step(case, BY_SMS, at(evidence=evolve(FRESH, profile=GONE)))
    assert (Ledger(), evolve(posted().case.journey, waits_in_vain=True), posted().requests) == (
        outcome.case.ledger,
        outcome.case.journey,
        outcome.requests,
    )


@pytest.mark.parametrize(("account", "channels"), [(BOTH, (SMS, EMAIL)), (SMS_ONLY, (SMS,)), (EMAIL_ONLY, (EMAIL,))])
def test_whoever_gets_a_letter_is_told_electronically(account: Profile, channels: tuple[Channel, ...]) -> None:
    """R23"""
    assert [(Notice.LETTER_UNDER_WAY, channels)] == notices(posted(account))


def test_who_has_no_electronic_contact_gets_the_letter_alone() -> None:
    assert [] == notices(posted(POST_ONLY))


def test_an_account_without_a_postal_address_gets_no_letter() -> None:
    nowhere = evolve(BOTH, ways=(way(SMS),))
    assert Draft() == drafted("post_letter", case_in(CHOOSING, profile=nowhere), BY_SMS, at(evidence=FRESH))


@pytest.mark.parametrize(
    ("ledger", "expected"),
    [
        pytest.param(letter_is_live(), NOW + 21 * DAY, id="the letter"),
        pytest.param(
            letter_is_live(sent_password=password_by(SMS, NOW + 25 * DAY)), NOW + 25 * DAY, id="the later one"
        ),
        pytest.param(letter_is_live(sent_password=password_by(SMS, NOW)), NOW + 21 * DAY, id="not one that expired"),
    ],
)
def test_who_waits_for_a_letter_under_way_waits_as_long_as_anything_lives(ledger: Ledger, expected: datetime) -> None:
    journey = posted(ledger=ledger).case.journey
    assert (LETTER, expected) == (journey.channel, journey.deadline)


def test_waiting_for_a_letter_posts_none() -> None:
    """R27"""
    assert () == posted(ledger=letter_is_live()).requests


@pytest.mark.parametrize(
    ("ledger", "problem"),
    [
        (letter_is_live(), Problem(ProblemCode.LETTER_UNDER_WAY, "identifier", NOW + 21 * DAY)),
        (letters_are_spent(), Problem(ProblemCode.LETTERS_SPENT, "identifier", NOW + DAY)),
    ],
    ids=["one is under way", "two were posted"],
)
def test_an_agent_is_told_why_no_letter_is_posted_and_until_when(ledger: Ledger, problem: Problem) -> None:
    """R27, R58"""
    order = events.OrderLetter(IDENTIFY.identifier)
    assert problem == step(case_in(IDENTIFYING, ledger), order, at(evidence=Evidence(BOTH), agent=True)).problem


def test_who_is_no_agent_orders_no_letter() -> None:
    """R58"""
    order = events.OrderLetter(IDENTIFY.identifier)
    assert () == step(case_in(IDENTIFYING), order, at(evidence=Evidence(BOTH))).requests


# -- blocked -----------------------------------------------------------------------------------------------------------


def blocked(ledger: Ledger | None = None, account: Profile = BOTH, channel: Channel | None = None) -> Step:
    case = case_in(CHOOSING, ledger or letters_are_spent(), profile=account, codes_sent=3, channel=channel)
    return step(case, BY_SMS, at())


@pytest.mark.parametrize(
    ("next_notice", "told"),
    [(None, True), (NOW + MINUTE, False), (NOW, True)],
    ids=["the first time", "before thirty days", "after thirty days"],
)
def test_the_holder_is_told_of_a_block_at_most_once_in_thirty_days(next_notice: datetime | None, told: bool) -> None:
    """R30: nobody is flooded."""
    outcome = blocked(letters_are_spent(next_block_notice=next_notice))
    assert told is (notices(outcome) == [(Notice.RECOVERY_BLOCKED, (SMS, EMAIL))])
    assert (NOW + MONTH if told else next_notice) == ledger_of(outcome).next_block_notice


@pytest.mark.parametrize(
    ("account", "used", "channels"),
    [
        pytest.param(BOTH, SMS, (SMS, EMAIL), id="two contacts"),
        pytest.param(SMS_ONLY, SMS, (SMS, LETTER), id="the only one was used: by post too"),
        pytest.param(SMS_ONLY, None, (SMS,), id="the only one was not used"),
        pytest.param(SMS_ONLY, EMAIL, (SMS,), id="another way was used"),
        pytest.param(POST_ONLY, None, (LETTER,), id="no electronic contact: by post"),
    ],
)
def test_every_contact_held_before_is_told_and_the_post_if_the_only_one_was_used(
    account: Profile, used: Channel | None, channels: tuple[Channel, ...]
) -> None:
    """R23, NIST SP 800-63B-4 4.6"""
    assert [(Notice.RECOVERY_BLOCKED, channels)] == notices(blocked(account=account, channel=used))


def test_contacts_of_today_are_told_not_those_that_were_frozen() -> None:
    """R23: one that was added since the journey took up its account is told as well."""
    case = case_in(CHOOSING, letters_are_spent(), profile=SMS_ONLY, codes_sent=3)
    outcome = step(case, BY_SMS, at(evidence=Evidence(profile=BOTH)))
    assert [(Notice.RECOVERY_BLOCKED, (SMS, EMAIL))] == notices(outcome)


def test_a_way_that_another_account_used_is_not_one_that_this_one_used() -> None:
    """R23: the journey went from one account to the other."""
    case = case_in(IDENTIFYING, letters_are_spent(), profile=BOTH, **LAST_CODE_SENT)
    outcome = step(case, IDENTIFY, at(evidence=Evidence(profile=STRANGER)))
    assert [(Notice.RECOVERY_BLOCKED, (SMS,))] == notices(outcome)


def test_nobody_is_told_of_a_block_where_there_is_no_account() -> None:
    """And the notice is not spent: it is still due when there is."""
    assert Draft() == drafted("tell_of_block", case_in(PERSONALISING, profile=None), BY_SMS, at())
