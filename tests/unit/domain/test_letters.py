"""Letters and temporary passwords in the account's memory: how many, how long, and when the next (R8, R18, R27)."""

from datetime import datetime, timedelta

import pytest

from msa_recovery.domain.account import Channel
from msa_recovery.domain.ledger import Ledger
from msa_recovery.domain.policy import DAY, MONTH
from tests.support.cases import (
    AROUND,
    MSA,
    NOW,
    letter_is_live,
    password_by,
)


@pytest.mark.parametrize(("after", "over"), AROUND)
def test_a_letter_is_live_until_its_password_expires(after: timedelta, over: bool) -> None:
    """R8, R27"""
    assert over is not letter_is_live().letter_is_live(NOW + 21 * DAY + after)


def test_without_a_letter_none_is_live() -> None:
    assert not Ledger(sent_password=password_by(Channel.SMS)).letter_is_live(NOW)


@pytest.mark.parametrize(("posted", "may"), [(0, True), (1, True), (2, False)])
def test_two_letters_an_account_and_thirty_days(posted: int, may: bool) -> None:
    """R27"""
    assert may is Ledger(letters=(NOW + DAY,) * posted).may_post_letter(NOW, MSA)


def test_one_letter_at_a_time() -> None:
    """R27"""
    assert not letter_is_live(letters=()).may_post_letter(NOW, MSA)


@pytest.mark.parametrize(("after", "may"), AROUND)
def test_a_letter_stops_counting_after_thirty_days_to_the_instant(after: timedelta, may: bool) -> None:
    """R27"""
    assert may is Ledger(letters=(NOW, NOW + DAY)).may_post_letter(NOW + after, MSA)


@pytest.mark.parametrize(
    ("ledger", "expected"),
    [
        pytest.param(Ledger(), NOW, id="none was posted"),
        pytest.param(letter_is_live(), NOW + 21 * DAY, id="the live one expires"),
        pytest.param(Ledger(letters=(NOW + 2 * DAY, NOW + DAY)), NOW + DAY, id="of two the first stops counting"),
        pytest.param(
            letter_is_live(letters=(NOW + 25 * DAY, NOW + MONTH)), NOW + 25 * DAY, id="both, the later of the two"
        ),
    ],
)
def test_the_next_letter_may_be_posted_exactly_then(ledger: Ledger, expected: datetime) -> None:
    """R27"""
    assert expected == ledger.next_letter_at(NOW, MSA)


@pytest.mark.parametrize(("after", "dead"), AROUND)
def test_a_temporary_password_opens_nothing_from_its_deadline_on(after: timedelta, dead: bool) -> None:
    """R8, R18"""
    ledger = Ledger(sent_password=password_by(Channel.SMS, NOW))
    assert dead is (ledger.temporary_passwords(NOW + after) == ())


def test_one_after_a_code_and_one_by_letter_can_live_together() -> None:
    """R18"""
    both = (password_by(Channel.SMS), password_by(Channel.LETTER))
    assert both == Ledger(sent_password=both[0], letter_password=both[1]).temporary_passwords(NOW)
