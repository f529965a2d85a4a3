"""What failed for good waits for an operator, who has it tried again or drops it, and never sees what it holds."""

from collections.abc import Callable
from typing import Any

import pytest

from msa_recovery.application.errors import Contended, NotADeadLetter, SecretOfNoUse, UnknownMessage
from msa_recovery.application.messages import Delivered, MessageKind, Rejected, TryLater
from msa_recovery.application.records import OutboxState
from msa_recovery.application.relay import Relayed
from msa_recovery.domain.account import Channel
from msa_recovery.domain.audit import FactName
from msa_recovery.domain.events import ResendCode
from msa_recovery.domain.inputs import Identify
from msa_recovery.domain.policy import Policy
from msa_recovery.testing.people import NIR_OF_ROGER
from msa_recovery.testing.tapped import Call
from tests.support.house import House


def dead_letter(house: House) -> str:
    """A code that was rejected."""
    house.at_code()
    house.answer_with(Rejected())
    house.host.relay()
    house.answer_with(Delivered())
    return house.store.outbox()[0].id


def test_a_dead_letter_is_tried_again_as_if_it_had_never_been(house: House) -> None:
    house.host.retry_message(dead_letter(house))
    assert ([(OutboxState.WAITING, 0)], FactName.MESSAGE_RETRIED) == (
        [(row.state, row.tries) for row in house.store.outbox()],
        house.facts()[-1],
    )
    assert [MessageKind.CODE] == [message.kind for message in house.delivered(Channel.SMS)]


def test_a_dropped_dead_letter_holds_nothing_any_more(house: House) -> None:
    name = dead_letter(house)
    house.host.drop_message(name)
    assert ([(OutboxState.DROPPED, 1, b"")], Relayed()) == (house.rows(), house.host.relay())
    last = house.store.audit()[-1].fact
    assert (FactName.MESSAGE_DROPPED, "by_an_operator") == (last.name, last.row)


def test_an_expired_secret_is_not_tried_again(house: House) -> None:
    name = dead_letter(house)
    house.later(minutes=30)
    with pytest.raises(SecretOfNoUse) as refused:
        house.host.retry_message(name)
    assert ("expired", OutboxState.DEAD) == (refused.value.why, house.rows()[0][0])


def test_a_secret_that_was_replaced_is_not_tried_again(house: House) -> None:
    reply = house.at_code()
    house.answer_with(Rejected())
    house.host.relay()
    house.later(minutes=2)
    house.send(reply, ResendCode())
    with pytest.raises(SecretOfNoUse, match="superseded"):
        house.host.retry_message(house.store.outbox()[0].id)


@pytest.mark.parametrize("call", ["retry_message", "drop_message"])
def test_only_a_dead_letter_is_touched(house: House, call: str) -> None:
    house.at_code()
    before = house.store.outbox()
    with pytest.raises(NotADeadLetter, match="waiting"):
        getattr(house.host, call)(before[0].id)
    assert before == house.store.outbox()


@pytest.mark.parametrize("call", ["retry_message", "drop_message"])
def test_a_message_that_is_not_there_is_told(house: House, call: str) -> None:
    with pytest.raises(UnknownMessage):
        getattr(house.host, call)("nothing.1.1")


@pytest.mark.parametrize("call", ["retry_message", "drop_message"])
def test_two_operators_at_the_same_moment_do_not_both(house: House, call: str) -> None:
    name = dead_letter(house)

    def quicker(asked: Call, go: Callable[[], Any]) -> Any:
        if asked.method == "commit":
            house.neighbour.drop_message(name)
        return go()

    house.tap = quicker
    with pytest.raises(Contended):
        getattr(house.host, call)(name)
    assert OutboxState.DROPPED is house.rows()[0][0]


def test_a_letter_that_is_dropped_by_hand_makes_room_for_another(open_house: Callable[..., House]) -> None:
    """It had been tried as often as the policy says, and its account was still waiting for it."""
    house = open_house(policy=Policy(name="one try", delivery_tries=1))
    house.play(Identify(NIR_OF_ROGER))
    house.answer_with(TryLater())
    assert Relayed(dead=1) == house.host.relay()
    house.play(Identify(NIR_OF_ROGER))
    assert 1 == len(house.store.outbox())
    house.host.drop_message(house.store.outbox()[0].id)
    house.play(Identify(NIR_OF_ROGER))
    assert 2 == len(house.store.outbox())
