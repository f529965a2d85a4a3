"""A store that is put back from a copy (any system that numbers what it does): its numbers begin again where the copy
was made, and whoever knows them from before, a transport, a directory, takes what is new for what was done long ago.

Replayed: a copy is made, somebody goes on, the copy is put back, and the same person goes on again, otherwise.
"""

from copy import copy
from typing import Any

import pytest

from msa_recovery.application.errors import InfrastructureError
from msa_recovery.domain.account import Channel
from msa_recovery.domain.events import ConfirmContacts
from msa_recovery.domain.inputs import ChooseChannel, ChoosePassword, EditContact, Identify, SubmitCode
from msa_recovery.domain.journey import State
from msa_recovery.testing.people import MARIE, NEW_PASSWORD, NIR_OF_MARIE
from tests.support.house import House

OTHER_PASSWORD = "Charrette-9-verte-au-bois"


def copied(house: House) -> dict[str, Any]:
    """Everything that the store holds at this moment."""
    kept = {name: value for name, value in vars(house.store).items() if name != "_lock"}
    return {name: copy(value) for name, value in kept.items()}


def put_back(house: House, earlier: dict[str, Any], **after: float) -> None:
    """The store is what it was, and it is later."""
    vars(house.store).update(earlier)
    house.later(**after)


def test_a_code_that_is_sent_after_a_copy_was_put_back_arrives(house: House) -> None:
    """R11: a transport that knows the message's name from before would take it for the first one."""
    reply = house.play(Identify(NIR_OF_MARIE))
    earlier = copied(house)
    house.send(reply, ChooseChannel("sms"))
    house.delivered(Channel.SMS)
    put_back(house, earlier, minutes=3)
    reply = house.send(reply, ChooseChannel("sms"))
    sent = house.delivered(Channel.SMS)[-1].secret
    assert house.code == (sent and sent.reveal())
    assert State.AWAITING_SIGN_IN is house.send(reply, SubmitCode(house.code)).view.state


def test_a_password_that_is_chosen_after_a_copy_was_put_back_is_the_password(house: House) -> None:
    """Invariant 11: a directory that knows the effect's name from before would leave the first one."""
    reply = house.at_new_password()
    earlier = copied(house)
    house.send(reply, ChoosePassword(NEW_PASSWORD, NEW_PASSWORD))
    put_back(house, earlier, minutes=3)
    house.send(reply, ChoosePassword(OTHER_PASSWORD, OTHER_PASSWORD))
    assert OTHER_PASSWORD == house.held(MARIE).password_hash


def test_contact_details_that_are_confirmed_after_a_copy_was_put_back_are_on_file(house: House) -> None:
    """Invariant 11."""
    reply = house.at_contacts()
    earlier = copied(house)
    house.send(house.send(reply, EditContact("fax", "05 36 49 01 11")), ConfirmContacts())
    put_back(house, earlier, minutes=3)
    house.send(house.send(reply, EditContact("fax", "05 36 49 01 22")), ConfirmContacts())
    assert "+33536490122" in {contact.value.text for contact in house.held(MARIE).account.contacts}


@pytest.mark.parametrize("minutes", [0, -3])
def test_effects_are_numbered_upwards_whatever_the_clock_shows(house: House, minutes: int) -> None:
    """They are applied in that order."""
    reply = house.at_contacts()
    first = house.ledger(MARIE).ledger.intents
    house.later(minutes=minutes)
    house.send(house.send(reply, EditContact("fax", "05 36 49 01 11")), ConfirmContacts())
    assert first + 2 == house.ledger(MARIE).ledger.intents


def test_nothing_is_applied_twice_when_a_copy_with_an_open_effect_is_put_back(house: House) -> None:
    """Invariant 11: the same effect has the same name."""
    reply = house.at_new_password()

    def out_of_order(call: Any, go: Any) -> Any:
        if call.method == "apply":
            raise TimeoutError
        return go()

    house.tap = out_of_order
    with pytest.raises(InfrastructureError, match="TimeoutError"):
        house.send(reply, ChoosePassword(NEW_PASSWORD, NEW_PASSWORD))
    earlier = copied(house)
    house.tap = lambda _, go: go()
    house.host.relay()
    put_back(house, earlier, minutes=3)
    held = house.held(MARIE)
    house.host.relay()
    assert held == house.held(MARIE)
