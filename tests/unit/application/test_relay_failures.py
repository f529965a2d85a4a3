"""A transport that fails, for now or for ever: nothing is lost, and nobody else waits for it (R15)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from attrs import evolve

from msa_recovery.adapters.recording import RecordingMessenger
from msa_recovery.application.errors import InfrastructureError
from msa_recovery.application.messages import Delivered, Message, MessageKind, Rejected, TryLater
from msa_recovery.application.ports import Messenger
from msa_recovery.application.records import Change, MessageId, OutboxState
from msa_recovery.application.relay import Relayed
from msa_recovery.domain.account import Channel
from msa_recovery.domain.audit import FactName
from msa_recovery.domain.errors import CallerError
from msa_recovery.domain.inputs import (
    Identify,
    OrderLetter,
)
from msa_recovery.domain.journey import State
from msa_recovery.testing.people import (
    MARIE,
    NIR_OF_MARIE,
    NIR_OF_ROGER,
    START,
)
from msa_recovery.testing.tapped import Call
from tests.support.house import AGENT, MSA, House

OpenHouse = Callable[..., House]

# -- what fails --------------------------------------------------------------------------------------------------------


def with_luck(house: House, drawn: bytes) -> None:
    """From now on chance is this."""
    house.tap = lambda call, go: drawn if str(call) == "secrets.guess_id" else go()


@pytest.mark.parametrize(
    ("drawn", "longer"), [(b"\0" * 16, 1), (b"\x80" + b"\0" * 15, 1.25)], ids=["by nothing", "by a quarter"]
)
def test_a_failure_is_tried_again_later_and_later(house: House, drawn: bytes, longer: float) -> None:
    """15 seconds after the first, then twice as long each time, and each time longer by up to a half, by chance."""
    house.at_contacts()
    house.answer_with(TryLater())
    with_luck(house, drawn)
    waits = list[timedelta]()
    for _ in range(4):
        before = house.clock.now()
        house.host.relay()
        due = min(row.due for row in house.store.outbox() if row.state is OutboxState.WAITING)
        waits.append(due - before)
        house.clock.set(due)
    assert [timedelta(seconds=seconds) * longer for seconds in (15, 30, 60, 120)] == waits


def test_what_failed_together_does_not_come_back_together(house: House) -> None:
    for _ in range(2):
        house.at_code()
        house.later(minutes=2)
    house.play(Identify(NIR_OF_ROGER))
    house.answer_with(TryLater())
    house.host.relay()
    waiting = [row.due for row in house.store.outbox() if row.state is OutboxState.WAITING]
    assert 3 == len(waiting) == len(set(waiting))


def test_a_message_that_is_put_off_is_not_tried_before(house: House) -> None:
    house.at_code()
    house.answer_with(TryLater())
    house.host.relay()
    house.later(seconds=14)
    assert Relayed() == house.host.relay()


def test_a_transport_may_say_when_to_come_back(house: House) -> None:
    house.at_code()
    house.answer_with(TryLater(START + timedelta(minutes=5)))
    house.host.relay()
    assert [START + timedelta(minutes=5)] == [row.due for row in house.store.outbox()]


def test_a_transport_cannot_make_it_sooner(house: House) -> None:
    house.at_code()
    house.answer_with(TryLater(START))
    with_luck(house, bytes(16))
    house.host.relay()
    assert [START + timedelta(seconds=15)] == [row.due for row in house.store.outbox()]


def test_a_transport_is_believed_a_day_at_most(house: House) -> None:
    """One that says to come back in a hundred years is asked again tomorrow."""
    house.at_contacts()
    house.answer_with(TryLater(START + timedelta(days=36_500)))
    house.host.relay()
    assert {START + timedelta(days=1)} == {row.due for row in house.store.outbox() if row.until is None}


def test_what_can_no_longer_be_in_time_is_dropped_when_its_time_is_over(house: House) -> None:
    """Not when the transport would have been ready: a fact says at that moment that nothing came of it."""
    house.at_code()
    house.answer_with(TryLater(START + timedelta(hours=5)))
    house.host.relay()
    house.later(minutes=30)
    house.host.relay()
    (fact,) = [row.fact for row in house.store.audit() if row.fact.name is FactName.MESSAGE_DROPPED]
    assert "expired" == fact.row


def test_a_message_that_was_put_off_is_delivered_in_the_end(house: House) -> None:
    house.at_code()
    house.answer_with(TryLater())
    assert (Relayed(retried=1), FactName.MESSAGE_POSTPONED) == (house.host.relay(), house.facts()[-1])
    house.answer_with(Delivered())
    house.later(seconds=15 * 1.5)
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
    house.answer_with(TryLater())
    with_luck(house, bytes(16))
    *_, before, last, _ = until_nothing_waits(house)
    # The very last one drops it, when it expires.
    assert timedelta(hours=1) == last - before


def test_a_secret_is_tried_until_it_expires(house: House) -> None:
    """Then it is dropped, a day after it was promised."""
    house.at_sign_in()
    house.answer_with(TryLater())
    runs = until_nothing_waits(house)
    assert timedelta(days=1) == runs[-1]
    assert [OutboxState.DROPPED] * 2 == [row.state for row in house.store.outbox()]


def test_after_so_many_tries_an_operator_has_to_look(house: House) -> None:
    house.at_contacts()
    house.answer_with(TryLater())
    runs = until_nothing_waits(house)
    assert timedelta(days=2) < runs[-1] < timedelta(days=4)
    assert [OutboxState.DROPPED] * 2 + [OutboxState.DEAD] * 2 == [row.state for row in house.store.outbox()]
    assert [MSA.delivery_tries] * 2 == [row.tries for row in house.store.outbox() if row.until is None]
    assert FactName.MESSAGE_FAILED is house.facts()[-1]


def test_a_notice_whose_first_try_comes_after_three_days_is_tried_again(house: House) -> None:
    """No relay ran over a long weekend, and then the line was dead for a moment."""
    house.at_contacts()
    house.later(days=4)
    house.answer_with(TryLater())
    house.host.relay()
    house.answer_with(Delivered())
    house.later(minutes=1)
    assert 2 == house.host.relay().delivered


def test_a_rejected_message_waits_for_an_operator(house: House) -> None:
    house.at_code()
    house.answer_with(Rejected("no such number"))
    assert (Relayed(dead=1), Relayed()) == (house.host.relay(), house.host.relay())
    assert (OutboxState.DEAD, FactName.MESSAGE_FAILED) == (house.rows()[0][0], house.facts()[-1])


def test_a_messenger_that_raises_is_tried_later(house: House) -> None:
    """It should not, but one does."""

    def raising(call: Call, go: Callable[[], Any]) -> Any:
        if call.port == "messengers":
            raise ConnectionResetError
        return go()

    house.at_code()
    house.tap = raising
    assert (Relayed(retried=1), 1) == (house.host.relay(), house.rows()[0][1])


def _raising(error: Exception) -> Callable[[Message, MessageId], Any]:
    def deliver(message: Message, key: MessageId) -> Any:
        raise error

    return deliver


async def _awaited(message: Message, key: MessageId) -> None:
    """One that answers nothing."""


def _nothing(message: Message, key: MessageId) -> None:
    """One that forgets to answer."""


@pytest.mark.parametrize(
    ("deliver", "why"),
    [
        (_raising(RuntimeError("+33600000011 0042")), "failed: RuntimeError"),
        (_raising(InfrastructureError("+33600000011", "0042")), "failed: InfrastructureError"),
        (_raising(CallerError("+33600000011 0042")), "failed: CallerError"),
        (lambda message: Delivered(), "failed: TypeError"),
        (lambda message, key: TryLater(datetime(2026, 3, 2)), "failed: ValueError"),  # noqa: DTZ001
        (_nothing, "answered NoneType, not Delivered, TryLater or Rejected"),
        (lambda message, key: "+33600000011", "answered str, not Delivered, TryLater or Rejected"),
    ],
)
def test_an_operator_reads_what_is_wrong_with_a_messenger(
    open_house: OpenHouse, deliver: Callable[..., Any], why: str, caplog: pytest.LogCaptureFixture
) -> None:
    """And neither to whom its message goes nor what it says, which what is raised may repeat (R54)."""
    house = open_house(messengers={Channel.SMS: SimpleNamespace(deliver=deliver)})
    house.at_code()
    assert Relayed(retried=1) == house.host.relay()
    (row,) = house.store.outbox()
    said = [(record.name, record.levelname, record.getMessage()) for record in caplog.records]
    assert [("msa_recovery", "WARNING", f"the messenger of sms {why}; message {row.id} waits")] == said
    assert [None] == [record.exc_info for record in caplog.records]


@pytest.mark.parametrize("lacking", [object(), RecordingMessenger])
def test_an_operator_reads_that_a_messenger_is_none(
    open_house: OpenHouse, lacking: Any, caplog: pytest.LogCaptureFixture
) -> None:
    house = open_house(messengers={Channel.SMS: lacking})
    house.at_code()
    assert Relayed(retried=1) == house.host.relay()
    (said,) = caplog.messages
    assert said.startswith("the messenger of sms failed: ")


def test_an_operator_reads_that_nobody_awaits_a_messenger(caplog: pytest.LogCaptureFixture) -> None:
    """By the log, and not by a warning of the interpreter's."""
    house = House(messengers={Channel.SMS: cast(Messenger, SimpleNamespace(deliver=_awaited))})
    house.at_code()
    assert Relayed(retried=1) == house.host.relay()
    (said,) = caplog.messages
    assert "the messenger of sms answered coroutine, not Delivered, TryLater or Rejected" in said


def test_a_messenger_that_raises_keeps_no_other_message_waiting(open_house: OpenHouse) -> None:
    """Whatever it is: one of the library's own, too."""
    house = open_house(
        messengers={
            Channel.EMAIL: SimpleNamespace(deliver=_raising(CallerError("texts"))),
            Channel.SMS: RecordingMessenger(Channel.SMS),
        }
    )
    house.at_code(channel="email")
    house.later(minutes=2)
    house.at_code()
    assert Relayed(delivered=1, retried=1) == house.host.relay()


def test_a_failing_transport_is_nothing_to_whoever_asks(house: House) -> None:
    """R15: the answer is the same."""
    expected = house.at_code().view
    house.answer_with(Rejected())
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
    house.answer_with(Rejected("no such address"))
    assert Relayed(dead=1) == house.host.relay()
    house.play(Identify(NIR_OF_ROGER))
    assert 2 == len(house.store.outbox())


def test_a_letter_that_can_never_arrive_still_counts(house: House) -> None:
    """R27."""
    house.answer_with(Rejected("no such address"))
    states = list[State]()
    for _ in range(3):
        states.append(house.play(Identify(NIR_OF_ROGER)).view.state)
        house.host.relay()
    assert [State.AWAITING_SIGN_IN, State.AWAITING_SIGN_IN, State.BLOCKED] == states


def test_a_letter_that_is_only_late_stays_the_one_under_way(house: House) -> None:
    house.play(Identify(NIR_OF_ROGER))
    house.answer_with(TryLater())
    house.host.relay()
    house.play(Identify(NIR_OF_ROGER))
    assert 1 == len(house.store.outbox())


def test_a_rejected_notice_takes_no_letter_away(house: House) -> None:
    """The message that a letter is under way was not the letter."""
    house.play(OrderLetter(NIR_OF_MARIE), caller=AGENT)
    house.inboxes[Channel.SMS].answer_with(Rejected())
    house.host.relay()
    assert house.ledger(MARIE).ledger.letter_is_live(house.clock.now())


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
    house.store.commit(Change(outbox=(evolve(first, sealed=first.sealed + b"\0"),)))
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
