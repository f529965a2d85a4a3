"""The arithmetic of guessing: the table of the requirements, and what the caps let through."""

from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve

from msa_recovery.domain.odds import any_of, at_least_one, guesses_at_codes, one_code, tries_from_one_origin
from msa_recovery.domain.policy import DAY, Policy
from tests.support.cases import MINUTE, MSA

FOUR_DIGITS = 10**4
SIX_DIGITS = 10**6

# -- the table of the requirements, section 2 --------------------------------------------------------------------------


def as_printed(chance: float) -> str:
    """A probability in per cent, with as many digits as the table gives it."""
    percent = chance * 100
    digits = 1 if percent >= 10 else 2 if percent >= 0.2 else 3 if percent >= 0.01 else 4
    return f"{percent:.{digits}f} %"


@pytest.mark.parametrize(
    ("guesses", "sent", "codes", "days", "printed"),
    [
        (3, 1, FOUR_DIGITS, 1, "0.030 %"),
        (3, 1, FOUR_DIGITS, 30, "0.90 %"),
        (3, 1, FOUR_DIGITS, 365, "10.4 %"),
        (3, 3, FOUR_DIGITS, 1, "0.090 %"),
        (3, 3, FOUR_DIGITS, 30, "2.66 %"),
        (3, 3, FOUR_DIGITS, 365, "28.0 %"),
        (5, 5, FOUR_DIGITS, 1, "0.25 %"),
        (5, 5, FOUR_DIGITS, 30, "7.23 %"),
        (5, 5, FOUR_DIGITS, 365, "59.9 %"),
        (3, 3, SIX_DIGITS, 1, "0.0009 %"),
        (3, 3, SIX_DIGITS, 30, "0.027 %"),
        (3, 3, SIX_DIGITS, 365, "0.33 %"),
    ],
)
def test_so_many_codes_a_day_are_as_likely_guessed_as_the_table_says(
    guesses: int, sent: int, codes: int, days: int, printed: str
) -> None:
    """R60"""
    assert printed == as_printed(any_of(one_code(guesses, codes), sent * days))


@pytest.mark.parametrize(("days", "printed"), [(1, "0.1 %"), (30, "0.1 %"), (365, "1.2 %")])
def test_a_cap_of_ten_in_thirty_days_is_as_the_table_says(days: int, printed: str) -> None:
    """R60: spread over the days, as the table does; the first 365 hold one beginning more, see below."""
    assert printed == f"{any_of(one_code(10, FOUR_DIGITS), max(1, days / 30)):.1%}".replace("%", " %")


@pytest.mark.parametrize(("codes", "right"), [(FOUR_DIGITS, 3), (SIX_DIGITS, 0.03)])
def test_a_spray_over_ten_thousand_accounts_gives_as_many_right_codes_as_the_requirements_say(
    codes: int, right: float
) -> None:
    """R60"""
    assert right == pytest.approx(10_000 * one_code(3, codes))


# -- at least once -----------------------------------------------------------------------------------------------------


def test_as_many_guesses_as_codes_are_right() -> None:
    assert (1.0, 1.0) == (one_code(10, 10), one_code(11, 10))


def test_two_dice_show_a_six_eleven_times_in_thirty_six() -> None:
    assert 11 / 36 == pytest.approx(any_of(1 / 6, 2))


def test_trials_of_several_kinds_add_up() -> None:
    assert 1 - (5 / 6) * (1 / 2) ** 2 == pytest.approx(at_least_one([(1 / 6, 1), (1 / 2, 2)]))


def test_what_is_certain_happens_if_it_is_tried() -> None:
    assert (1.0, 0.0) == (any_of(1.0, 1), any_of(1.0, 0))


def test_a_very_small_chance_is_not_rounded_away() -> None:
    assert 3e-20 == pytest.approx(any_of(1e-20, 3))


# -- what the caps let through -----------------------------------------------------------------------------------------


def guesses(policy: Policy, days: int) -> int:
    return sum(each * codes for each, codes in guesses_at_codes(policy, days).items())


@pytest.mark.parametrize(("days", "expected"), [(1, 10), (30, 10), (31, 20), (60, 20), (365, 130)])
def test_all_guesses_of_thirty_days_can_be_spent_at_once(days: int, expected: int) -> None:
    """So a year holds thirteen times as many, not 365 / 30 times."""
    assert expected == guesses(MSA, days)


def test_the_last_guess_of_a_month_needs_a_code_of_its_own() -> None:
    """Ten are three codes with three guesses each, and one with one."""
    assert {3: 3, 1: 1} == guesses_at_codes(MSA, 30)


def test_where_the_cap_is_a_multiple_no_code_is_left_with_fewer() -> None:
    assert {3: 3} == guesses_at_codes(evolve(MSA, code_guesses_per_month=9), 30)


@pytest.mark.parametrize(
    ("changes", "day", "month", "year"),
    [
        pytest.param({"sends_per_day": 1, "sends_per_origin_and_day": 1}, 3, 10, 130, id="sends of a day"),
        pytest.param({"sends_per_month": 5, "code_guesses_per_month": 100}, 15, 15, 195, id="sends of a month"),
        pytest.param({"send_cooldown": DAY}, 3, 10, 130, id="the cool-down"),
        pytest.param({"code_guesses_per_month": 100}, 15, 45, 12 * 45 + 45, id="no cap on guesses"),
        pytest.param({"guesses_per_code": 1}, 5, 10, 130, id="guesses of a code"),
    ],
)
def test_every_cap_that_is_tighter_is_the_one_that_counts(
    changes: dict[str, Any], day: int, month: int, year: int
) -> None:
    policy = evolve(MSA, **changes)
    assert [day, month, year] == [guesses(policy, days) for days in (1, 30, 365)]


def test_an_origin_that_never_stops_is_compared_twenty_five_times_in_a_day() -> None:
    """R29, CNIL"""
    assert 25 == tries_from_one_origin(MSA)


def test_waits_alone_can_leave_fewer() -> None:
    """One at once, and one more after each wait of eight hours, until the day is over."""
    hours = timedelta(hours=8)
    waiting = evolve(MSA, sign_in_wait_from=1, sign_in_first_wait=hours, sign_in_longest_wait=hours)
    assert 3 == tries_from_one_origin(waiting)


def test_who_may_try_once_waits_for_nothing() -> None:
    once = evolve(MSA, sign_ins_per_day=1, sign_in_first_wait=MINUTE)
    assert 1 == tries_from_one_origin(once)
