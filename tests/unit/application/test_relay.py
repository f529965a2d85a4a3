"""What was promised reaches people: once, in time, where it should, and out of sight of whoever asked (R15)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve

from msa_recovery.application.intents import UpdateContacts
from msa_recovery.application.messages import MessageKind
from msa_recovery.application.records import OutboxState
from msa_recovery.application.relay import Relayed
from msa_recovery.domain.account import Channel
from msa_recovery.domain.audit import FactName
from msa_recovery.domain.contacts import ContactKind, EmailAddress, PhoneNumber
from msa_recovery.domain.events import ConfirmContacts
from msa_recovery.domain.inputs import (
    ChooseChannel,
    EditContact,
    Identify,
    OrderLetter,
)
from msa_recovery.testing.people import (
    ADDRESS,
    EMAIL,
    FUND,
    MARIE,
    MOBILE,
    NIR_OF_MARIE,
    NIR_OF_ROGER,
    START,
)
from msa_recovery.testing.tapped import Call
from tests.support.house import AGENT, HERE, House

# -- what is delivered -------------------------------------------------------------------------------------------------


def test_nothing_is_delivered_where_it_was_asked_for(house: House) -> None:
    """R15."""
    house.at_code()
    assert 0 == house.count("messengers.deliver")


def test_a_code_reaches_the_contact_on_file(house: House) -> None:
    house.at_code()
    (message,) = house.delivered(Channel.SMS)
    assert (MessageKind.CODE, (MOBILE,), house.code) == (
        message.kind,
        message.to,
        message.secret and message.secret.reveal(),
    )


def test_a_code_goes_the_way_that_was_chosen(house: House) -> None:
    house.at_code(channel="email")
    assert [(EMAIL,)] == [message.to for message in house.delivered(Channel.EMAIL)]
    assert () == house.delivered(Channel.SMS)


def test_a_code_says_until_when_it_works(house: House) -> None:
    """R52."""
    house.at_code()
    (message,) = house.delivered(Channel.SMS)
    assert (START, START + timedelta(minutes=30)) == (message.written_at, message.until)


def test_a_temporary_password_goes_the_way_of_the_code(house: House) -> None:
    house.at_sign_in(channel="email")
    assert [MessageKind.CODE, MessageKind.TEMPORARY_PASSWORD] == [m.kind for m in house.delivered(Channel.EMAIL)]


def test_the_temporary_password_that_is_delivered_is_the_one_that_works(house: House) -> None:
    house.at_sign_in()
    secret = house.delivered(Channel.SMS)[-1].secret
    assert secret is not None
    assert house.host.sign_in(NIR_OF_MARIE, secret.reveal(), HERE) is not None


def test_a_letter_goes_to_the_address_on_file(house: House) -> None:
    house.play(Identify(NIR_OF_ROGER))
    (letter,) = house.delivered(Channel.LETTER)
    assert (ADDRESS, house.password) == (letter.to, letter.secret and letter.secret.reveal())


def test_whoever_can_be_told_that_a_letter_is_under_way_is_told(house: House) -> None:
    house.play(OrderLetter(NIR_OF_MARIE), caller=AGENT)
    house.host.relay()
    assert [[MessageKind.LETTER_UNDER_WAY]] * 2 == [
        [message.kind for message in house.inboxes[channel].messages()] for channel in (Channel.SMS, Channel.EMAIL)
    ]


def test_a_message_names_the_fund_of_the_account(house: House) -> None:
    """R52: whom to call if it was not you."""
    house.at_code()
    assert [FUND] == [message.help for message in house.delivered(Channel.SMS)]


def test_a_new_password_is_told_to_every_contact_held_before(house: House) -> None:
    """R23."""
    house.at_contacts()
    house.host.relay()
    assert [True, True] == [
        MessageKind.PASSWORD_CHANGED in [message.kind for message in house.inboxes[channel].messages()]
        for channel in (Channel.SMS, Channel.EMAIL)
    ]


def test_corrected_contacts_are_told_to_the_contacts_held_before(house: House) -> None:
    """R32: at the old address, although it is off file by the time of delivery."""
    reply = house.send(house.at_contacts(), EditContact("email", "marie2@example.org"))
    house.send(reply, ConfirmContacts())
    told = [m.to for m in house.delivered(Channel.EMAIL) if m.kind is MessageKind.CONTACTS_CHANGED]
    assert [(EMAIL,)] == told


def test_messages_are_delivered_in_the_order_in_which_they_were_promised(house: House) -> None:
    house.at_sign_in()
    house.host.relay()
    assert [MessageKind.CODE, MessageKind.TEMPORARY_PASSWORD] == [m.kind for m in house.inboxes[Channel.SMS].messages()]


def test_a_delivered_message_is_scrubbed(house: House) -> None:
    house.at_code()
    house.host.relay()
    assert [(OutboxState.DELIVERED, 0, b"")] == house.rows()


def test_a_delivered_message_is_not_delivered_again(house: House) -> None:
    house.at_code()
    assert [Relayed(delivered=1), Relayed()] == [house.host.relay() for _ in range(2)]


def test_a_delivery_leaves_a_fact(house: House) -> None:
    """R53."""
    house.at_code()
    house.host.relay()
    row = house.store.audit()[-1]
    assert (FactName.MESSAGE_DELIVERED, house.pseudonym("account:marie")) == (row.fact.name, row.account)


def test_no_more_messages_are_taken_than_were_asked_for(house: House) -> None:
    house.at_contacts()
    assert [2, 2, 0] == [house.host.relay(2).total for _ in range(3)]


# -- decoys ------------------------------------------------------------------------------------------------------------


def test_a_message_for_nobody_is_discarded_without_asking_a_messenger(house: House) -> None:
    """R13: as if it had been delivered."""
    house.play(Identify(house.unknown()), ChooseChannel("sms"))
    assert 1 == len(house.store.outbox())
    assert Relayed(delivered=1) == house.host.relay()
    assert (0, [(OutboxState.DELIVERED, 0, b"")]) == (house.count("messengers.deliver"), house.rows())


def test_a_message_for_nobody_leaves_the_fact_of_any_other(house: House) -> None:
    house.play(Identify(house.unknown()), ChooseChannel("sms"))
    house.host.relay()
    assert FactName.MESSAGE_DELIVERED is house.facts()[-1]


# -- what is dropped ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "outcome"),
    [
        (timedelta(minutes=30, microseconds=-1), Relayed(delivered=1)),
        (timedelta(minutes=30), Relayed(dropped=1)),
    ],
    ids=["in time", "too late"],
)
def test_a_secret_is_never_delivered_too_late(house: House, after: timedelta, outcome: Relayed) -> None:
    """Invariant 6: at the deadline itself it is expired."""
    house.at_code()
    house.clock.advance(after)
    assert outcome == house.host.relay()


def test_a_dropped_message_is_scrubbed_and_leaves_a_fact(house: House) -> None:
    house.at_code()
    house.later(minutes=30)
    house.host.relay()
    assert ([(OutboxState.DROPPED, 0, b"")], FactName.MESSAGE_DROPPED) == (house.rows(), house.facts()[-1])


@pytest.mark.parametrize("value", [PhoneNumber("+33600000099"), None], ids=["changed", "taken off file"])
def test_a_secret_is_not_delivered_to_a_contact_that_changed(house: House, value: PhoneNumber | None) -> None:
    """Invariant 7: neither to the old number nor to the new one."""
    house.at_code()
    house.directory.apply(MARIE, UpdateContacts(((ContactKind.MOBILE, value),)), "by the host")
    assert (Relayed(dropped=1), 0) == (house.host.relay(), house.count("messengers.deliver"))


def test_a_secret_is_not_delivered_to_another_address_under_the_same_id(house: House) -> None:
    """Invariant 7: the id and the fingerprint."""
    house.at_code()

    def same_id_other_number(call: Call, go: Callable[[], Any]) -> Any:
        found = go()
        if str(call) != "accounts.get":
            return found
        moved = tuple(evolve(contact, value=PhoneNumber("+33600000099")) for contact in found.contacts)
        return evolve(found, contacts=moved)

    house.tap = same_id_other_number
    assert Relayed(dropped=1) == house.host.relay()


def test_a_letter_is_not_delivered_to_another_address(house: House) -> None:
    house.play(Identify(NIR_OF_ROGER))

    def moved(call: Call, go: Callable[[], Any]) -> Any:
        found = go()
        return evolve(found, postal_address=("ailleurs",)) if str(call) == "accounts.get" else found

    house.tap = moved
    assert Relayed(dropped=1) == house.host.relay()


def test_a_secret_of_an_account_that_was_closed_is_dropped(house: House) -> None:
    house.at_code()
    house.closed.add(MARIE)
    assert Relayed(dropped=1) == house.host.relay()


def test_a_notice_goes_to_the_address_that_it_was_sealed_with(house: House) -> None:
    """R23: whatever is on file by then."""
    house.at_contacts()
    house.directory.apply(
        MARIE, UpdateContacts(((ContactKind.EMAIL, EmailAddress("intruder@example.org")),)), "by an intruder"
    )
    assert {(EMAIL,)} == {message.to for message in house.delivered(Channel.EMAIL)}


def test_a_notice_outlives_its_account(house: House) -> None:
    house.at_contacts()
    house.closed.add(MARIE)
    house.host.relay()
    (notice,) = house.inboxes[Channel.EMAIL].messages()
    assert (MessageKind.PASSWORD_CHANGED, house.ports.helpdesk) == (notice.kind, notice.help)


def test_a_notice_is_never_too_late(house: House) -> None:
    house.at_contacts()
    house.later(days=40)
    assert [MessageKind.PASSWORD_CHANGED] == [message.kind for message in house.delivered(Channel.EMAIL)]
