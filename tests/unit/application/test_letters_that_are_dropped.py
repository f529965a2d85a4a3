"""A letter that is not posted after all: nobody has the password in it, and nobody waits for it."""

from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve

from msa_recovery.application.messages import MessageKind, Rejected
from msa_recovery.application.relay import Relayed
from msa_recovery.domain.account import Account, Channel
from msa_recovery.domain.inputs import Identify, SignIn
from msa_recovery.domain.journey import State
from msa_recovery.testing.people import NIR_OF_ROGER, ROGER
from msa_recovery.testing.tapped import Call
from tests.support.house import HERE, House


def moves_to(house: House, street: str) -> None:
    """From now on everybody lives there."""

    def moved(_: Call, go: Callable[[], Any]) -> Any:
        found = go()
        return evolve(found, postal_address=(street,)) if isinstance(found, Account) else found

    house.tap = moved


def test_a_letter_whose_addressee_moved_keeps_no_other_one_away(house: House) -> None:
    """R27: a letter is under way for 21 days, but not one that was dropped before it left."""
    house.play(Identify(NIR_OF_ROGER))
    moves_to(house, "1 RUE NEUVE")
    assert Relayed(dropped=1) == house.host.relay()
    house.play(Identify(NIR_OF_ROGER))
    (letter,) = house.delivered(Channel.LETTER)
    assert (MessageKind.TEMPORARY_PASSWORD, ("1 RUE NEUVE",)) == (letter.kind, letter.to)


def test_letters_that_are_dropped_count_as_posted(house: House) -> None:
    """R27: two in 30 days, whatever becomes of them."""
    for number in range(2):
        house.play(Identify(NIR_OF_ROGER))
        moves_to(house, f"{number} RUE NEUVE")
        house.host.relay()
    assert State.BLOCKED is house.play(Identify(NIR_OF_ROGER)).view.state


def test_a_letter_that_is_dropped_late_leaves_the_next_one_alone(house: House) -> None:
    """Only its own password is taken back."""
    house.play(Identify(NIR_OF_ROGER))
    house.later(days=21)
    house.play(Identify(NIR_OF_ROGER))
    assert Relayed(delivered=1, dropped=1) == house.host.relay()
    assert house.ledger(ROGER).ledger.letter_is_live(house.clock.now())


def dropped(house: House) -> None:
    moves_to(house, "1 RUE NEUVE")
    assert Relayed(dropped=1) == house.host.relay()


def rejected(house: House) -> None:
    house.answer_with(Rejected())
    assert Relayed(dead=1) == house.host.relay()


@pytest.mark.parametrize("lost", [dropped, rejected])
def test_whoever_waits_for_a_letter_that_never_comes_is_not_told(house: House, lost: Callable[[House], None]) -> None:
    """R13: nobody waits for a letter that is always under way; an account that changed would show."""
    reply = house.play(Identify(NIR_OF_ROGER))
    lost(house)
    assert reply.view == house.host.resume(reply.handle, HERE).view


@pytest.mark.parametrize("lost", [dropped, rejected])
def test_the_password_in_a_letter_that_never_comes_opens_nothing(house: House, lost: Callable[[House], None]) -> None:
    """R18: and is counted as any other one (R29)."""
    reply = house.play(Identify(NIR_OF_ROGER))
    lost(house)
    assert house.host.sign_in(NIR_OF_ROGER, house.password, HERE) is None
    assert State.AWAITING_SIGN_IN is house.send(reply, SignIn(house.password)).view.state
    assert 2 == house.ledger(ROGER).ledger.sign_in_count(house.clock.now())
