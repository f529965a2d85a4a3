"""A race of *send me another one* and *here it is* (Instagram 2019 among others): the guess is counted against the code
that is replaced, or against none, and compared with the one that replaces it.

Replayed: a resend comes before and after each commit and comparison of a guess, by threads as well.
"""

from collections.abc import Callable
from typing import Any

import pytest

from msa_recovery.application.ports import Purpose
from msa_recovery.domain.events import ResendCode
from msa_recovery.domain.inputs import SubmitCode
from msa_recovery.domain.journey import State
from msa_recovery.testing.people import MARIE
from msa_recovery.testing.tapped import Call
from tests.support.house import HERE, House


def between(house: House, number: int, act: Callable[[], object]) -> list[bytes]:
    """Somebody acts just before the so-manieth call of the store or comparison of a code; with which codes something is
    compared: what stands in for a refused guess is nobody's."""
    made, compared, nothing = [0], list[bytes](), house.vault.digest(Purpose.CODE)

    def tap(call: Call, go: Callable[[], Any]) -> Any:
        compares = str(call) == "vault.verify" and call.arguments[0] is Purpose.CODE
        if call.port == "store" or compares:
            made[0] += 1
            if made[0] == number:
                act()
        if compares and call.arguments[1] != nothing:
            compared.append(call.arguments[1])
        return go()

    house.tap = tap
    return compared


@pytest.mark.parametrize("number", range(1, 9))
@pytest.mark.parametrize("right", [True, False])
def test_every_comparison_is_counted_whenever_the_code_is_replaced(house: House, number: int, right: bool) -> None:
    """R3, R11: as many marks as comparisons, less the one that was right."""
    reply = house.at_code()
    house.later(minutes=2)
    typed = SubmitCode(house.code if right else house.wrong_code)
    compared = between(house, number, lambda: house.neighbour.send(reply.handle, ResendCode(), HERE))
    view = house.send(reply, typed).view
    passed = view.state is State.AWAITING_SIGN_IN
    assert len(compared) == len(house.ledger(MARIE).ledger.code_guesses) + passed


@pytest.mark.parametrize("number", range(1, 7))
def test_a_code_that_was_replaced_in_time_opens_nothing(house: House, number: int) -> None:
    """R11: what counts is the code that is live when the step is committed."""
    reply = house.at_code()
    house.later(minutes=2)
    resent: list[object] = []

    def resend() -> None:
        resent.append(house.neighbour.send(reply.handle, ResendCode(), HERE))

    between(house, number, resend)
    view = house.send(reply, SubmitCode(house.code)).view
    assert (State.CONFIRMING_CODE if resent else State.AWAITING_SIGN_IN) is view.state


def test_threads_that_resend_and_guess_at_once_send_one_code_and_get_three_guesses_each(house: House) -> None:
    """R3, R30, R11."""
    reply = house.at_code()
    house.later(minutes=2)
    wrong = SubmitCode(house.wrong_code)
    calls = [("send", (reply.handle, ResendCode() if number % 3 else wrong, HERE)) for number in range(30)]
    house.host.together(calls)
    ledger = house.ledger(MARIE).ledger
    assert 2 == len(ledger.sends)
    assert len(ledger.code_guesses) <= 6
