"""The page on risk says what the policies say."""

import re

import pytest

from msa_recovery.domain.policy import Policy
from tests.support.cases import MSA
from tests.support.risk_tables import PAGE, with_tables
from tests.support.simulated_risk import Trial, trials

TEXT = PAGE.read_text("utf-8")
TRIALS = [trial for policy in (MSA, Policy.testing()) for trial in trials(policy)]


def test_the_tables_are_what_the_policies_say() -> None:
    """If not: ``python -m tests.support.risk_tables``."""
    assert TEXT == with_tables(TEXT)


def test_the_numbers_in_its_sentences_are_those_of_msa() -> None:
    day, month, year = MSA.assess().account
    assert (10, 10, 130) == (day.guesses, month.guesses, year.guesses)
    assert ("0.1%", "1.3%") == (f"{month.right_code:.1%}", f"{year.right_code:.1%}")
    assert (25, 16, "70.9") == (
        MSA.assess().tries_from_one_origin,
        MSA.sign_in_origins,
        f"{MSA.assess().password_bits:.1f}",
    )


@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: f"{trial.policy.name}: {trial.name}")
def test_what_was_simulated_is_held_against_the_formula_of_today(trial: Trial) -> None:
    """If not, it has to be played again: ``make risk``."""
    played = re.search(rf"^\| {trial.policy.name} \| {trial.name} \| (.*) \| inside \|$", TEXT, re.MULTILINE)
    assert played is not None
    assert f"{trial.expected:.2%}" == played[1].split(" | ")[-1]
