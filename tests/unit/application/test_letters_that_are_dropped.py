"""A letter that is not posted after all: nobody has the password in it, and nobody waits for it."""

from collections.abc import Callable
from typing import Any

from attrs import evolve

from msa_recovery.application.messages import MessageKind
from msa_recovery.application.relay import Relayed
from msa_recovery.domain.account import Account, Channel
from msa_recovery.domain.inputs import Identify
from msa_recovery.domain.journey import State
from tests.support.house import House
from tests.support.people import NIR_OF_ROGER, ROGER
from tests.support.tapped import Call


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
