"""Resets whose token is bound to a session and not to an account (many; the *password reset poisoning by swapping* of
bug bounties): ask for a token for oneself, change the identifier in a second window of the same session, and use the
token.

Replayed: two windows under one handle, one of which names another account at every moment of what the other one does.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from msa_recovery.application.errors import CallerError
from msa_recovery.domain.account import Channel
from msa_recovery.domain.events import GoBack
from msa_recovery.domain.inputs import ChooseChannel, ChoosePassword, Identify, SignIn, SubmitCode
from msa_recovery.domain.journey import State
from msa_recovery.testing.people import EMAIL, MARIE, NEW_PASSWORD, NIR_OF_MARIE, NIR_OF_PAUL, PAUL, USUAL_PASSWORD
from msa_recovery.testing.tapped import Call
from tests.support.house import HERE, House


def during(house: House, number: int, act: Callable[[], object]) -> None:
    """The other window acts just before the so-manieth call of the store or the directory."""
    made = 0

    def tap(call: Call, go: Callable[[], Any]) -> Any:
        nonlocal made
        if call.port in ("store", "accounts"):
            made += 1
            if made == number:
                act()
        return go()

    house.tap = tap


@pytest.mark.parametrize("number", range(1, 8))
def test_a_code_that_is_asked_for_while_the_account_is_swapped_goes_to_its_own_account(
    house: House, number: int
) -> None:
    """R2, R12: whoever's the journey is when it is committed, and its code proves nothing of the other one."""
    reply = house.play(Identify(NIR_OF_PAUL))

    def swap() -> None:
        for event in (GoBack(), Identify(NIR_OF_MARIE)):
            house.neighbour.send(reply.handle, event, HERE)

    during(house, number, swap)
    with suppress(CallerError):
        house.send(reply, ChooseChannel("sms"))
    profile = house.journey(reply).journey.profile
    owner, other = (PAUL, MARIE) if profile and profile.pseudonym == house.pseudonym("account:paul") else (MARIE, PAUL)
    slots = [len(house.ledger(key).ledger.codes) for key in (owner, other)]
    code = house.journey(reply).journey.code
    assert [0 if code is None else 1, 0] == slots


@pytest.mark.parametrize("number", range(1, 10))
def test_a_right_code_while_the_account_is_swapped_issues_nothing_for_the_other_one(house: House, number: int) -> None:
    """R2."""
    reply = house.at_code(NIR_OF_PAUL)

    def swap() -> None:
        for event in (GoBack(), GoBack(), Identify(NIR_OF_MARIE)):
            house.neighbour.send(reply.handle, event, HERE)

    during(house, number, swap)
    with suppress(CallerError):
        house.send(reply, SubmitCode(house.code))
    assert () == house.ledger(MARIE).ledger.temporary_passwords(house.clock.now())


def test_a_temporary_password_at_the_door_is_good_under_its_own_accounts_identifiers_alone(house: House) -> None:
    """R2, R18."""
    house.at_sign_in(NIR_OF_PAUL)
    assert house.host.sign_in(NIR_OF_MARIE, house.password, HERE) is None


def test_everything_after_a_swap_is_the_second_accounts(house: House) -> None:
    """R2, R12: begun for Paul, gone on for Marie, it is Marie's phone and Marie's password."""
    reply = house.at_code(NIR_OF_PAUL)
    house.later(minutes=2)
    for event in (GoBack(), GoBack(), Identify(NIR_OF_MARIE), ChooseChannel("email")):
        reply = house.send(reply, event)
    reply = house.send(reply, SubmitCode(house.code))
    reply = house.send(reply, SignIn(house.password))
    house.send(reply, ChoosePassword(NEW_PASSWORD, NEW_PASSWORD))
    assert [NEW_PASSWORD, USUAL_PASSWORD] == [house.held(key).password_hash for key in (MARIE, PAUL)]
    assert {(EMAIL,)} == {message.to for message in house.delivered(Channel.EMAIL)}
    assert State.CONFIRMING_CONTACTS is house.journey(reply).journey.state
