"""Resets that poison each other (many; *forgot password* begun twice): a later request replaces the token of the first
one, so that whoever asks again and again keeps the owner's link dead; or a proof of one of them serves the other.

Replayed: many journeys for one account, whose secrets are mixed up.
"""

from itertools import permutations

import pytest

from msa_recovery.application.caller import Caller, Origin
from msa_recovery.domain.account import Channel
from msa_recovery.domain.events import Abandon
from msa_recovery.domain.inputs import ChooseChannel, Identify, SignIn, SubmitCode
from msa_recovery.domain.journey import State
from msa_recovery.domain.secret import Secret
from msa_recovery.testing.people import MARIE, NIR_OF_MARIE
from tests.support.house import ELSEWHERE, HERE, House

AWAY = Caller(origin=Origin("192.0.2.44"))


def three(house: House) -> list[tuple[Secret, str]]:
    """Three journeys of one account, each with its own code."""
    journeys = []
    for caller in (HERE, ELSEWHERE, AWAY):
        journeys.append((house.at_code(caller=caller).handle, house.code))
        house.later(minutes=2)
    return journeys


@pytest.mark.parametrize(("one", "other"), list(permutations(range(3), 2)))
def test_the_code_of_one_journey_is_wrong_in_every_other(house: House, one: int, other: int) -> None:
    """R2, R10."""
    journeys = three(house)
    (handle, _), (_, code) = journeys[one], journeys[other]
    assert State.CONFIRMING_CODE is house.host.send(handle, SubmitCode(code), HERE).view.state


@pytest.mark.parametrize("number", range(3))
def test_each_journey_goes_on_with_its_own_code_however_many_were_asked_for(house: House, number: int) -> None:
    """R30: a later one kills no earlier one."""
    handle, code = three(house)[number]
    assert State.AWAITING_SIGN_IN is house.host.send(handle, SubmitCode(code), HERE).view.state


def test_asking_again_and_again_keeps_nobody_from_going_on(house: House) -> None:
    """R30: until nothing more is sent."""
    mine = house.at_code()
    code = house.code
    for number in range(20):
        house.later(minutes=1)
        house.play(Identify(NIR_OF_MARIE), ChooseChannel("sms"), caller=Caller(origin=Origin(f"192.0.2.{number}")))
    assert State.AWAITING_SIGN_IN is house.send(mine, SubmitCode(code)).view.state


def test_a_journey_that_is_abandoned_takes_no_secret_of_another_with_it(house: House) -> None:
    """R30, R18."""
    mine = house.at_sign_in()
    password = house.password
    house.later(minutes=2)
    other = house.at_code(caller=ELSEWHERE)
    house.send(other, Abandon(), ELSEWHERE)
    assert State.PERSONALISING_PASSWORD is house.send(mine, SignIn(password)).view.state


def test_wrong_codes_of_one_journey_take_no_guess_of_another(house: House) -> None:
    """R30: the account's count stops what is sent, not what was sent."""
    (mine, code), *others = three(house)
    for handle, _ in others:
        for text in ("x", *(f"{(int(code) + 1 + step) % 10_000:04}" for step in range(3))):
            house.host.send(handle, SubmitCode(text), ELSEWHERE)
    assert 3 == house.host.resume(mine, HERE).view.attempts_left


def test_two_journeys_that_are_both_right_leave_one_password(house: House) -> None:
    """R18: the later one; who holds the earlier one is not let in by it."""
    journeys = three(house)
    for handle, code in journeys:
        house.host.send(handle, SubmitCode(code), HERE)
    first, second, third = (password.reveal() for password in house.passwords[-3:])
    opened = [house.host.sign_in(NIR_OF_MARIE, text, HERE) is not None for text in (first, second, third)]
    assert [False, False, True] == opened


def test_the_messages_of_all_journeys_are_capped_together(house: House) -> None:
    """R30: a day's five, whoever asked."""
    three(house)
    assert (3, 3) == (len(house.delivered(Channel.SMS)), len(house.ledger(MARIE).ledger.sends))
