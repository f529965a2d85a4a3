"""What was promised reaches people: once, in time, where it should, and out of sight of whoever asked (R15)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve

from msa_recovery.adapters.recording import RecordingMessenger
from msa_recovery.application.errors import InfrastructureError
from msa_recovery.application.intents import UpdateContacts
from msa_recovery.application.messages import Delivered, Delivery, MessageKind, Rejected, TryLater
from msa_recovery.application.records import Change, OutboxState
from msa_recovery.application.relay import Relayed
from msa_recovery.domain.account import Channel
from msa_recovery.domain.audit import FactName
from msa_recovery.domain.contacts import ContactKind, EmailAddress, PhoneNumber
from msa_recovery.domain.events import ConfirmContacts, ResendCode
from msa_recovery.domain.inputs import (
    ChooseChannel,
    ChoosePassword,
    EditContact,
    Identify,
    OrderLetter,
    ProvePassword,
    SubmitCode,
)
from msa_recovery.domain.journey import State
from tests.support.house import HERE, House
from tests.support.people import (
    ADDRESS,
    EMAIL,
    FUND,
    MARIE,
    MOBILE,
    NEW_PASSWORD,
    NIR_OF_MARIE,
    NIR_OF_ROGER,
    START,
    USUAL_PASSWORD,
)
from tests.support.tapped import Call

AGENT = evolve(HERE, agent=True)


def answer(house: House, delivery: Delivery) -> None:
    """From now on every messenger answers so."""
    for inbox in house.inboxes.values():
        inbox.answer_with(delivery)


def rows(house: House) -> list[tuple[OutboxState, int, bytes]]:
    """Where each message is, how often it was tried, and what is left of it."""
    return [(row.state, row.tries, row.sealed) for row in house.store.outbox()]


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
    assert [(OutboxState.DELIVERED, 0, b"")] == rows(house)


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
    assert (0, [(OutboxState.DELIVERED, 0, b"")]) == (house.count("messengers.deliver"), rows(house))


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
    assert ([(OutboxState.DROPPED, 0, b"")], FactName.MESSAGE_DROPPED) == (rows(house), house.facts()[-1])


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


# -- what fails --------------------------------------------------------------------------------------------------------


def test_a_failure_is_tried_again_later_and_later(house: House) -> None:
    """15 seconds after the first, then twice as long each time."""
    house.at_contacts()
    answer(house, TryLater())
    waits = list[timedelta]()
    for _ in range(4):
        before = house.clock.now()
        house.host.relay()
        due = min(row.due for row in house.store.outbox() if row.state is OutboxState.WAITING)
        waits.append(due - before)
        house.clock.set(due)
    assert [timedelta(seconds=seconds) for seconds in (15, 30, 60, 120)] == waits


def test_a_message_that_is_put_off_is_not_tried_before(house: House) -> None:
    house.at_code()
    answer(house, TryLater())
    house.host.relay()
    house.later(seconds=14)
    assert Relayed() == house.host.relay()


def test_a_transport_may_say_when_to_come_back(house: House) -> None:
    house.at_code()
    answer(house, TryLater(START + timedelta(minutes=5)))
    house.host.relay()
    assert [START + timedelta(minutes=5)] == [row.due for row in house.store.outbox()]


def test_a_transport_cannot_make_it_sooner(house: House) -> None:
    house.at_code()
    answer(house, TryLater(START))
    house.host.relay()
    assert [START + timedelta(seconds=15)] == [row.due for row in house.store.outbox()]


def test_a_message_that_was_put_off_is_delivered_in_the_end(house: House) -> None:
    house.at_code()
    answer(house, TryLater())
    assert (Relayed(retried=1), FactName.MESSAGE_POSTPONED) == (house.host.relay(), house.facts()[-1])
    answer(house, Delivered())
    house.later(seconds=15)
    assert (Relayed(delivered=1), 1) == (house.host.relay(), len(house.inboxes[Channel.SMS].messages()))


def until_nothing_waits(house: House) -> list[timedelta]:
    """The relay runs whenever something is due; how long after the beginning each run was."""
    runs = list[timedelta]()
    while waiting := [row.due for row in house.store.outbox() if row.state is OutboxState.WAITING]:
        house.clock.set(max(house.clock.now(), min(waiting)))
        house.host.relay()
        runs.append(house.clock.now() - START)
    return runs


def test_a_failure_is_tried_every_hour_in_the_end(house: House) -> None:
    house.at_sign_in()
    answer(house, TryLater())
    *_, before, last = until_nothing_waits(house)
    assert timedelta(hours=1) == last - before


def test_a_secret_is_tried_until_it_expires(house: House) -> None:
    """Then it is dropped: a day after it was promised, and at most an hour later."""
    house.at_sign_in()
    answer(house, TryLater())
    runs = until_nothing_waits(house)
    assert timedelta(days=1) <= runs[-1] < timedelta(days=1, hours=1)
    assert [OutboxState.DROPPED] * 2 == [row.state for row in house.store.outbox()]


def test_after_three_days_of_a_notice_an_operator_has_to_look(house: House) -> None:
    house.at_contacts()
    answer(house, TryLater())
    runs = until_nothing_waits(house)
    assert timedelta(days=3) <= runs[-1] < timedelta(days=3, hours=1)
    assert [OutboxState.DROPPED] * 2 + [OutboxState.DEAD] * 2 == [row.state for row in house.store.outbox()]
    assert FactName.MESSAGE_FAILED is house.facts()[-1]


def test_a_dead_message_is_scrubbed(house: House) -> None:
    house.at_code()
    answer(house, Rejected("no such number"))
    assert (Relayed(dead=1), [(OutboxState.DEAD, 0, b"")], FactName.MESSAGE_FAILED) == (
        house.host.relay(),
        rows(house),
        house.facts()[-1],
    )


def test_a_messenger_that_raises_is_tried_later(house: House) -> None:
    """It should not, but one does."""

    def raising(call: Call, go: Callable[[], Any]) -> Any:
        if call.port == "messengers":
            raise ConnectionResetError
        return go()

    house.at_code()
    house.tap = raising
    assert (Relayed(retried=1), 1) == (house.host.relay(), rows(house)[0][1])


def test_a_failing_transport_is_nothing_to_whoever_asks(house: House) -> None:
    """R15: the answer is the same."""
    expected = house.at_code().view
    answer(house, Rejected())
    house.host.relay()
    house.later(minutes=31)
    again = house.at_code().view
    assert (expected.state, expected.problem) == (again.state, again.problem)


def test_a_channel_without_a_messenger_waits_for_one(open_house: Callable[..., House]) -> None:
    """As ``compose`` says: it stays in the outbox, untried, until a worker comes that has one."""
    house = open_house(messengers={Channel.SMS: RecordingMessenger(Channel.SMS)})
    house.play(Identify(NIR_OF_ROGER))
    outcomes = list[Relayed]()
    for _ in range(20):
        outcomes.append(house.host.relay())
        house.later(hours=1)
    assert ([Relayed()] * 20, 1) == (outcomes, house.neighbour.relay().delivered)


# -- a letter that can never arrive ------------------------------------------------------------------------------------


def test_a_letter_that_can_never_arrive_makes_room_for_another(house: House) -> None:
    """Otherwise its account would wait three weeks for it."""
    house.play(Identify(NIR_OF_ROGER))
    answer(house, Rejected("no such address"))
    assert Relayed(dead=1) == house.host.relay()
    house.play(Identify(NIR_OF_ROGER))
    assert 2 == len(house.store.outbox())


def test_a_letter_that_can_never_arrive_still_counts(house: House) -> None:
    """R27."""
    answer(house, Rejected("no such address"))
    states = list[State]()
    for _ in range(3):
        states.append(house.play(Identify(NIR_OF_ROGER)).view.state)
        house.host.relay()
    assert [State.AWAITING_SIGN_IN, State.AWAITING_SIGN_IN, State.BLOCKED] == states


def test_a_letter_that_is_only_late_stays_the_one_under_way(house: House) -> None:
    house.play(Identify(NIR_OF_ROGER))
    answer(house, TryLater())
    house.host.relay()
    house.play(Identify(NIR_OF_ROGER))
    assert 1 == len(house.store.outbox())


def test_a_rejected_notice_takes_no_letter_away(house: House) -> None:
    """The message that a letter is under way was not the letter."""
    house.play(OrderLetter(NIR_OF_MARIE), caller=AGENT)
    house.inboxes[Channel.SMS].answer_with(Rejected())
    house.host.relay()
    assert house.ledger(MARIE).ledger.letter_is_live(house.clock.now())


def test_a_letter_that_is_rejected_after_a_new_password_takes_nothing_away(house: House) -> None:
    """It died with the others; there is nothing to free."""
    house.play(OrderLetter(NIR_OF_MARIE), caller=AGENT)
    reply = house.send(house.host.begin_change(MARIE, HERE), ProvePassword(USUAL_PASSWORD))
    house.send(reply, ChoosePassword(NEW_PASSWORD, NEW_PASSWORD))
    before = house.ledger(MARIE)
    house.inboxes[Channel.LETTER].answer_with(Rejected())
    house.host.relay()
    assert before == house.ledger(MARIE)


def test_a_letter_that_is_rejected_after_its_successor_was_posted_does_not_take_that_away(house: House) -> None:
    """The first one's transport answers after three weeks."""
    house.play(OrderLetter(NIR_OF_MARIE), caller=AGENT)

    def slow(call: Call, go: Callable[[], Any]) -> Any:
        if call.port == "messengers" and call.arguments[0].channel is Channel.LETTER:
            house.later(days=21)
            another = house.neighbour.begin(AGENT)
            house.neighbour.send(another.handle, OrderLetter(NIR_OF_MARIE), AGENT)
            return Rejected()
        return go()

    house.tap = slow
    house.host.relay()
    assert house.ledger(MARIE).ledger.letter_is_live(house.clock.now())


def test_a_message_that_cannot_be_opened_keeps_no_other_one_waiting(house: House) -> None:
    """One row that was tampered with: the others go out, and the operator is told."""
    house.at_sign_in()
    first = house.store.outbox()[0]
    house.store.commit(Change(outbox=(evolve(first, sealed=first.sealed[:-1] + b"\0"),)))
    with pytest.raises(InfrastructureError, match="a sealed row was changed or moved"):
        house.host.relay()
    assert [MessageKind.TEMPORARY_PASSWORD] == [m.kind for m in house.inboxes[Channel.SMS].messages()]


def test_a_worker_that_was_too_slow_writes_nothing(house: House) -> None:
    """Another one took the message over: it is delivered under the same key, and settled once."""
    house.at_code()

    def slow(call: Call, go: Callable[[], Any]) -> Any:
        delivered = go()
        if call.port == "messengers":
            house.later(minutes=2)
            house.neighbour.relay()
        return delivered

    house.tap = slow
    house.host.relay()
    assert [FactName.MESSAGE_DELIVERED] == [name for name in house.facts() if name is FactName.MESSAGE_DELIVERED]
    assert 1 == len(house.inboxes[Channel.SMS].messages())


def test_a_code_that_was_replaced_is_still_delivered_in_its_turn(house: House) -> None:
    """It is dead, and says nothing that anybody could use."""
    reply = house.at_code()
    first = house.code
    house.later(minutes=2)
    house.send(reply, ResendCode())
    assert 2 == len(house.delivered(Channel.SMS))
    problem = house.send(reply, SubmitCode(first)).view.problem
    assert problem is not None
