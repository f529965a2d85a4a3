"""Devise CVE-2019-5421 (2019): failed sign-ins were counted by reading a number and writing it back, so that many at
the same time were counted as one, and the lock came late or never.

Replayed: every guess reads what is counted before any of them writes. ``test_guessing_at_once`` does it by force.
"""

from collections.abc import Callable
from typing import Any

from msa_recovery.domain.inputs import SignIn, SubmitCode
from msa_recovery.testing.people import MARIE, NIR_OF_MARIE
from msa_recovery.testing.tapped import Call
from tests.support.house import ELSEWHERE, HERE, House


def meanwhile(house: House, act: Callable[[], object]) -> None:
    """Somebody acts between what the next call reads and what it writes."""
    pending = [act]

    def tap(call: Call, go: Callable[[], Any]) -> Any:
        if str(call) == "store.commit" and pending:
            pending.pop()()
        return go()

    house.tap = tap


def test_two_guesses_at_a_code_that_read_the_same_count_are_two(house: House) -> None:
    """R3."""
    reply, wrong = house.at_code(), SubmitCode(house.wrong_code)
    meanwhile(house, lambda: house.neighbour.send(reply.handle, wrong, HERE))
    house.send(reply, wrong)
    assert 2 == len(house.ledger(MARIE).ledger.code_guesses)


def test_two_guesses_at_the_door_that_read_the_same_count_are_two(house: House) -> None:
    """R3, R29."""
    house.at_sign_in()
    wrong = house.wrong_password
    meanwhile(house, lambda: house.neighbour.sign_in(NIR_OF_MARIE, wrong, HERE))
    house.host.sign_in(NIR_OF_MARIE, wrong, HERE)
    assert 2 == house.ledger(MARIE).ledger.sign_in_count(house.clock.now())


def test_a_guess_in_a_journey_and_one_at_the_door_are_two(house: House) -> None:
    """R3."""
    reply, wrong = house.at_sign_in(), house.wrong_password
    meanwhile(house, lambda: house.neighbour.sign_in(NIR_OF_MARIE, wrong, ELSEWHERE))
    house.send(reply, SignIn(wrong))
    assert 2 == house.ledger(MARIE).ledger.sign_in_count(house.clock.now())


def test_the_last_guess_is_compared_once_when_two_find_it_left(house: House) -> None:
    """R3, R5: the other one finds no code."""
    reply, wrong = house.at_code(), SubmitCode(house.wrong_code)
    for _ in range(2):
        house.send(reply, wrong)
    meanwhile(house, lambda: house.neighbour.send(reply.handle, wrong, HERE))
    house.send(reply, wrong)
    assert 3 == len(house.ledger(MARIE).ledger.code_guesses)
