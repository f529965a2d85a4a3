"""A secret that opens nothing any more is not sent, however long it was delayed (invariant 6)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from msa_recovery.application.messages import Delivered, MessageKind, TryLater
from msa_recovery.application.relay import Relayed
from msa_recovery.domain.account import Channel
from msa_recovery.domain.audit import FactName
from msa_recovery.domain.events import GoBack, ResendCode
from msa_recovery.domain.inputs import ChooseChannel, ChoosePassword, Identify, OrderLetter, ProvePassword
from msa_recovery.domain.policy import Policy
from msa_recovery.testing.people import MARIE, NEW_PASSWORD, NIR_OF_MARIE, USUAL_PASSWORD
from msa_recovery.testing.tapped import Call
from tests.support.house import AGENT, HERE, House


def dropped(house: House) -> list[str]:
    """Why messages were dropped, in turn."""
    return [row.fact.row for row in house.store.audit() if row.fact.name is FactName.MESSAGE_DROPPED]


def test_a_code_that_was_delayed_is_not_sent_once_a_newer_one_is_live(house: House) -> None:
    """R11."""
    reply = house.at_code()
    house.answer_with(TryLater())
    house.host.relay()
    house.answer_with(Delivered())
    house.later(minutes=2)
    house.send(reply, ResendCode())
    secrets = [message.secret.reveal() for message in house.delivered(Channel.SMS) if message.secret]
    assert ([house.code], ["superseded"]) == (secrets, dropped(house))


def test_a_code_by_another_channel_takes_the_place_of_the_first(open_house: Callable[..., House]) -> None:
    """Also where it expires before the first one does."""
    house = open_house(policy=Policy.strict())
    reply = house.at_code(channel="email")
    house.later(minutes=2)
    reply = house.send(reply, GoBack())
    house.send(reply, ChooseChannel("sms"))
    assert (0, 1) == (len(house.delivered(Channel.EMAIL)), len(house.delivered(Channel.SMS)))


def test_a_code_that_was_used_is_no_reason_to_drop_it(house: House) -> None:
    """It may have been delivered by a relay that died before it could say so: the same message, by the same key."""
    house.at_sign_in()
    assert Relayed(delivered=2) == house.host.relay()


def test_a_temporary_password_is_not_sent_once_a_newer_one_took_its_place(house: House) -> None:
    house.at_sign_in()
    house.later(minutes=2)
    house.at_sign_in()
    sent = [m.secret for m in house.delivered(Channel.SMS) if m.kind is MessageKind.TEMPORARY_PASSWORD]
    assert ([house.password], ["superseded"]) == ([secret.reveal() for secret in sent if secret], dropped(house))


def test_a_letter_is_not_printed_once_a_new_password_was_chosen(house: House) -> None:
    """What it holds would open nothing."""
    house.play(OrderLetter(NIR_OF_MARIE), caller=AGENT)
    reply = house.send(house.host.begin_change(MARIE, HERE), ProvePassword(USUAL_PASSWORD))
    house.send(reply, ChoosePassword(NEW_PASSWORD, NEW_PASSWORD))
    assert ((), ["superseded"]) == (house.delivered(Channel.LETTER), dropped(house))


def test_for_nobody_it_is_dropped_as_for_anybody(house: House) -> None:
    """R13: the facts do not tell them apart."""
    for identifier in (NIR_OF_MARIE, house.unknown()):
        reply = house.play(Identify(identifier), ChooseChannel("sms"))
        house.later(minutes=2)
        house.send(reply, ResendCode())
        house.host.relay()
    assert ["superseded"] * 2 == dropped(house)


@pytest.mark.parametrize(("slow", "sent"), [(timedelta(days=1, microseconds=-1), 2), (timedelta(days=1), 1)])
def test_whoever_is_before_it_in_a_batch_makes_no_secret_late(house: House, slow: timedelta, sent: int) -> None:
    """Invariant 6: the messenger of the first one takes its time, and the second one's is over by then."""
    house.at_sign_in()
    after_the_first(house, slow)
    while house.host.relay().total:
        pass
    assert sent == house.count("messengers.deliver")


def test_what_a_slow_batch_does_not_come_to_is_given_back(house: House) -> None:
    """In the second half of its lease nothing is begun any more: another worker would begin it as well."""
    house.at_sign_in()
    after_the_first(house, timedelta(minutes=1))
    assert [Relayed(delivered=1)] * 2 == [house.host.relay(), house.neighbour.relay()]


def after_the_first(house: House, wait: timedelta) -> None:
    """The messenger takes so long over the first message."""

    def slow(call: Call, go: Callable[[], Any]) -> Any:
        if call.port == "messengers" and house.count("messengers.deliver") == 1:
            house.clock.advance(wait)
        return go()

    house.tap = slow
