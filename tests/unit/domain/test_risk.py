"""What an assessment says of a policy: probabilities, computed from its fields and nothing else."""

from datetime import timedelta

import pytest
from attrs import evolve

from msa_recovery.domain.policy import Policy
from msa_recovery.domain.risk import CAMPAIGNS, SPANS, Odds
from msa_recovery.domain.temporary import entropy_bits
from tests.support.cases import MSA

STRICT = Policy.strict()
SECONDS_OF_A_DAY = 24 * 60 * 60


def account(policy: Policy, days: int) -> Odds:
    return next(odds for odds in policy.assess().account if odds.days == days)


def campaign(policy: Policy, accounts: int, days: int) -> Odds:
    return next(odds for odds in policy.assess().campaigns if (odds.accounts, odds.days) == (accounts, days))


def test_an_assessment_says_whose_it_is() -> None:
    assert ["msa", "mine"] == [MSA.assess().policy, evolve(MSA, name="mine").assess().policy]


def test_the_name_of_a_policy_changes_nothing_else() -> None:
    """A host's own policy is judged by its fields."""
    assert evolve(MSA.assess(), policy="strict") == evolve(MSA, name="strict").assess()


def test_an_account_is_judged_over_a_day_a_month_and_a_year() -> None:
    assert [(1, days) for days in SPANS] == [(odds.accounts, odds.days) for odds in MSA.assess().account]


def test_a_campaign_is_judged_once_and_kept_up() -> None:
    expected = [(accounts, days) for accounts in CAMPAIGNS for days in (0, *SPANS)]
    assert expected == [(odds.accounts, odds.days) for odds in MSA.assess().campaigns]


# -- codes -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "days", "chance"),
    [
        (MSA, 1, 0.0010),
        (MSA, 30, 0.0010),
        (MSA, 365, 0.0129),
        (STRICT, 1, 0.000_010),
        (STRICT, 30, 0.000_010),
        (STRICT, 365, 0.000_130),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_a_code_of_one_account_is_guessed_as_often_as_ten_in_thirty_days_allow(
    policy: Policy, days: int, chance: float
) -> None:
    """R60: 0.1 % of an account in a month at four digits, a hundredth of that at six."""
    assert chance == pytest.approx(account(policy, days).right_code, rel=1e-2)


def test_no_two_guesses_at_a_code_are_the_same() -> None:
    """Three at each of three codes, and one at a fourth."""
    exact = 1 - (1 - 3e-4) ** 3 * (1 - 1e-4)
    assert exact == pytest.approx(account(MSA, 30).right_code, rel=1e-12)


@pytest.mark.parametrize(("policy", "right"), [(MSA, 3), (STRICT, 0.03)], ids=["msa", "strict"])
def test_ten_thousand_accounts_sprayed_once_give_three_right_codes_at_four_digits(policy: Policy, right: float) -> None:
    """R60, section 2"""
    assert right == pytest.approx(campaign(policy, 10_000, 0).expected)


def test_a_spray_makes_all_guesses_that_a_code_bears() -> None:
    """R60: k/N of each account."""
    five = evolve(MSA, guesses_per_code=5)
    assert (5, 5) == (campaign(five, 10_000, 0).guesses, campaign(five, 10_000, 0).expected)


def test_a_campaign_gets_some_code_right_as_independent_accounts_do() -> None:
    """R60: 1-(1-k/N)^n, and 1-(1-p)^n when it is kept up."""
    once, month = campaign(MSA, 1_000, 0), campaign(MSA, 1_000, 30)
    alone = account(MSA, 30).right_code
    expected = (1 - (1 - 3e-4) ** 1_000, 1 - (1 - alone) ** 1_000)
    assert expected == pytest.approx((once.right_code, month.right_code), rel=1e-9)


def test_a_campaign_that_is_kept_up_is_expected_to_get_every_guess_s_share() -> None:
    assert (130, 1_300.0) == (campaign(MSA, 100_000, 365).guesses, campaign(MSA, 100_000, 365).expected)


def test_a_digit_more_makes_it_ten_times_less_likely() -> None:
    five = evolve(MSA, code_digits=5)
    assert account(MSA, 30).right_code / 10 == pytest.approx(account(five, 30).right_code, rel=1e-3)


# -- temporary passwords -----------------------------------------------------------------------------------------------


def test_after_a_right_code_a_password_out_of_all_has_to_be_guessed() -> None:
    """R60: P(code) x m/R, for m tries while the password lives."""
    tries, passwords = 1_000 * SECONDS_OF_A_DAY, 2 ** entropy_bits(12)
    assert account(MSA, 30).right_code * tries / passwords == pytest.approx(account(MSA, 30).after_code, rel=1e-3)


def test_a_letter_that_anybody_causes_can_be_guessed_at_without_a_code() -> None:
    passwords = 2 ** entropy_bits(12)
    expected = [1_000 * days * SECONDS_OF_A_DAY / passwords for days in SPANS]
    assert expected == pytest.approx([odds.by_letter for odds in MSA.assess().account])


def test_a_takeover_is_by_either() -> None:
    odds = account(MSA, 365)
    assert odds.after_code + odds.by_letter == odds.takeover


def test_a_takeover_of_one_account_by_guessing_is_out_of_reach() -> None:
    """R18, R60: in a year, at a thousand tries a second, less than one in ten thousand million."""
    assert max(odds.takeover for odds in (*MSA.assess().account, *MSA.assess().campaigns)) < 1e-10


def test_a_host_that_answers_more_tries_is_guessed_at_more() -> None:
    slow, fast = MSA.assess(tries_per_second=1), MSA.assess(tries_per_second=10)
    assert 10 == pytest.approx(fast.account[0].takeover / slow.account[0].takeover)
    assert (1, 10) == (slow.tries_per_second, fast.tries_per_second)


def test_a_password_that_lives_shorter_is_guessed_at_less() -> None:
    short = evolve(MSA, temporary_password_lifetime=timedelta(hours=12))
    assert 2 == pytest.approx(account(MSA, 30).after_code / account(short, 30).after_code)


def test_many_right_codes_win_no_more_time_than_there_is() -> None:
    """A host answers the same number of tries, at one account or at a hundred thousand: 30 days, and the last one's."""
    kept_up = campaign(evolve(MSA, code_guesses_per_month=100), 100_000, 30)
    assert 31 / 30 == pytest.approx(kept_up.after_code / kept_up.by_letter)


def test_a_longer_temporary_password_has_more_bits() -> None:
    assert [12, 24] == [
        round(evolve(MSA, temporary_password_length=length).assess().password_bits / 5.93) for length in (12, 24)
    ]


def test_what_one_origin_can_try_is_said() -> None:
    """R29"""
    assert 25 == MSA.assess().tries_from_one_origin
    assert 4 == Policy.testing().assess().tries_from_one_origin


def test_an_assessment_says_among_how_many_codes_one_is_guessed() -> None:
    """R7"""
    assert [10_000, 1_000_000] == [MSA.assess().codes, STRICT.assess().codes]
