"""Whoever guesses by the rules of the real step gets what the formulas say: no more, and no less."""

from random import Random

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from msa_recovery.domain.odds import guesses_at_codes, tries_from_one_origin
from msa_recovery.domain.policy import DAY, MONTH, Policy
from tests.support.attacker import erratic, gets_in, hoarding, most_tries, thrifty
from tests.support.cases import MSA
from tests.support.simulated_risk import Trial, between, seen, trials

TESTING = Policy.testing()
NEVER = 10**9
"""So many codes that no guess is right by chance."""

POLICIES = [
    MSA,
    Policy.strict(),
    TESTING,
    evolve(MSA, name="one guess and one code a day", guesses_per_code=1, sends_per_day=1, sends_per_origin_and_day=1),
    evolve(MSA, name="few codes a month", sends_per_day=3, sends_per_month=3, code_guesses_per_month=50),
    evolve(MSA, name="two guesses over", code_guesses_per_month=11),
    evolve(MSA, name="one guess over", code_guesses_per_month=4),
    evolve(MSA, name="one code a journey", codes_per_journey=1),
]
SLOW = evolve(MSA, name="one code a day", send_cooldown=DAY)
named = pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)


def allowed(policy: Policy, days: int) -> int:
    return sum(guesses * codes for guesses, codes in guesses_at_codes(policy, days).items())


# -- how many guesses are compared -------------------------------------------------------------------------------------


@pytest.mark.parametrize("days", [1, 2, 30, 31, 45, 365])
@named
def test_the_best_attacker_gets_every_guess_that_the_formula_counts(policy: Policy, days: int) -> None:
    """R5, R60: the number is exact, not only a bound."""
    assert allowed(policy, days) == len(gets_in(policy, days, NEVER, Random(1)).compared)


def test_where_a_month_s_guesses_take_days_the_formula_may_be_a_few_too_many() -> None:
    """A code for the last guess of ten has to wait until three are forgotten: a day is lost every month."""
    assert (126, 130) == (len(gets_in(SLOW, 365, NEVER, Random(1)).compared), allowed(SLOW, 365))


@pytest.mark.parametrize("days", [1, 30, 100])
@named
def test_nobody_gets_more_whatever_they_do(policy: Policy, days: int) -> None:
    """R5, R60"""
    plans = (hoarding, *[erratic] * 20)
    most = max(len(gets_in(policy, days, NEVER, Random(seed), plan).compared) for seed, plan in enumerate(plans))
    assert most <= allowed(policy, days)


@named
def test_no_thirty_days_bear_more_wrong_codes_than_the_cap(policy: Policy) -> None:
    """R5: wherever the thirty days begin."""
    for seed in range(20):
        compared = gets_in(policy, 100, NEVER, Random(seed), erratic).compared
        assert [] == [
            at for at in compared if sum(at <= other < at + MONTH for other in compared) > policy.code_guesses_per_month
        ]


@given(
    st.integers(1, 5), st.integers(0, 12), st.integers(1, 6), st.integers(1, 20), st.integers(1, 90), st.integers(0, 99)
)
def test_the_caps_of_any_policy_hold(guesses: int, more: int, day: int, month: int, days: int, seed: int) -> None:
    """R5, R60"""
    policy = evolve(
        MSA,
        guesses_per_code=guesses,
        code_guesses_per_month=guesses + more,
        sends_per_origin_and_day=1,
        sends_per_day=day,
        sends_per_month=max(day, month),
    )
    for plan in (thrifty, hoarding, erratic):
        assert len(gets_in(policy, days, NEVER, Random(seed), plan).compared) <= allowed(policy, days)


@given(st.integers(1, 10), st.integers(0, 20), st.integers(1, 90))
def test_where_codes_are_many_every_guess_can_be_spent(guesses: int, more: int, days: int) -> None:
    """R5, R60"""
    policy = evolve(
        MSA, guesses_per_code=guesses, code_guesses_per_month=guesses + more, sends_per_day=100, sends_per_month=100
    )
    assert allowed(policy, days) == len(gets_in(policy, days, NEVER, Random(1)).compared)


# -- how often one is right --------------------------------------------------------------------------------------------

TRIALS = [trial for policy in (MSA, TESTING) for trial in trials(policy)]


@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: f"{trial.policy.name}: {trial.name}")
def test_codes_are_guessed_as_often_as_the_formula_says(trial: Trial) -> None:
    """R60: by hand a hundred thousand times, ``make risk``."""
    runs = 1_000 if trial.expected < 0.2 else 200
    low, high = between(seen(trial, runs), runs)
    assert low <= trial.expected <= high


def test_the_interval_holds_what_is_so() -> None:
    """Half of many throws: within two per cent, and not at either end."""
    low, high = between(5_000, 10_000)
    assert (True, True) == (0.48 < low < 0.5, 0.5 < high < 0.52)


def test_who_never_saw_it_happen_knows_little() -> None:
    assert (0.0, 0.073) == pytest.approx(between(0, 100), abs=1e-3)


# -- temporary passwords -----------------------------------------------------------------------------------------------


@named
def test_an_origin_gets_as_many_tries_in_a_day_as_is_said(policy: Policy) -> None:
    """R29"""
    assert tries_from_one_origin(policy) == most_tries(policy, 1, origins=1, enough=1_000)


def test_every_origin_that_is_counted_apart_gets_as_many() -> None:
    assert 16 * 25 == most_tries(MSA, 1, origins=16, enough=1_000)


def test_nothing_stops_an_origin_beyond_those() -> None:
    """So the odds of a takeover are counted by what the host answers: decision 1."""
    assert most_tries(MSA, 1, origins=17, enough=500) >= 500
