"""A guess that is refused costs the work of one that is compared: the time of an answer does not say which it was."""

from collections import Counter

import pytest

from msa_recovery.application.reply import Reply
from msa_recovery.domain.inputs import AnswerChallenge, Identify, Input, ProvePassword, SignIn, SubmitCode
from msa_recovery.domain.problem import ProblemCode
from msa_recovery.testing.people import MARIE, NIR_OF_LEA
from tests.support.house import HERE, MSA, House

COMPARISONS = ("accounts.proofs", "accounts.password_matches", "vault.verify")


def guessed(house: House, reply: Reply, guess: Input) -> tuple[ProblemCode | None, Counter[str]]:
    """What is wrong with a guess, and what was compared, with whatever it was compared with."""
    before = len(house.calls)
    problem = house.send(reply, guess).view.problem
    work = Counter(str(call) for call in house.calls[before:] if str(call) in COMPARISONS)
    return (None if problem is None else problem.code), work


def test_a_code_that_expired_costs_a_comparison(house: House) -> None:
    """R14."""
    reply = house.at_code()
    problem, compared = guessed(house, reply, SubmitCode(house.wrong_code))
    assert (ProblemCode.CODE_WRONG, {"vault.verify"}) == (problem, set(compared))
    house.clock.advance(MSA.code_lifetime_sms)
    assert (ProblemCode.CODE_NOT_LIVE, compared) == guessed(house, reply, SubmitCode(house.wrong_code))


@pytest.mark.parametrize("known", [True, False], ids=["an account", "nobody"])
def test_an_answer_of_a_kind_that_was_not_asked_for_costs_a_comparison(house: House, known: bool) -> None:
    """R14."""
    reply = house.play(Identify(NIR_OF_LEA if known else house.unknown(first_sign_in=True)))
    problem, refused = guessed(house, reply, AnswerChallenge("payroll_contributions", "12,00"))
    assert (ProblemCode.CHALLENGE_NOT_OFFERED, {"accounts.proofs": 1}) == (problem, refused)
    assert refused == guessed(house, reply, AnswerChallenge("vitale_serial", "0123456789"))[1]


def test_a_temporary_password_that_must_wait_costs_a_comparison(house: House) -> None:
    """R14, R29."""
    reply = house.at_sign_in()
    problem, compared = guessed(house, reply, SignIn(house.wrong_password))
    assert (ProblemCode.SIGN_IN_WRONG, {"vault.verify"}) == (problem, set(compared))
    for _ in range(MSA.sign_in_wait_from - 1):
        house.send(reply, SignIn(house.wrong_password))
    assert (ProblemCode.SIGN_IN_MUST_WAIT, compared) == guessed(house, reply, SignIn(house.wrong_password))


def test_a_current_password_that_is_tried_too_often_costs_a_comparison(house: House) -> None:
    """R14, R29."""
    for _ in range(MSA.current_passwords_per_day // MSA.current_password_tries):
        change = house.host.begin_change(MARIE, HERE)
        for _ in range(MSA.current_password_tries):
            assert {"accounts.password_matches": 1} == guessed(house, change, ProvePassword("faux"))[1]
    problem, refused = guessed(house, house.host.begin_change(MARIE, HERE), ProvePassword("faux"))
    assert (ProblemCode.CURRENT_PASSWORD_MUST_WAIT, {"accounts.password_matches": 1}) == (problem, refused)
