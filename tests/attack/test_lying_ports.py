"""Ports that answer what they do not promise (an async check called without ``await`` is always true): an object
where somebody asks for yes or no, a score for a strength, a date without a time zone. Taken for true because it is not
nothing, an answer opens what is to stay shut; taken for what it is not, it ends in an exception that no host expects.

Replayed: each port answers with something else, for an account and for nobody alike; it is a port that failed.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from msa_recovery.application.errors import InfrastructureError
from msa_recovery.application.messages import Delivered, TryLater
from msa_recovery.application.records import OutboxState
from msa_recovery.application.relay import Relayed
from msa_recovery.domain.account import Channel, Contact, ContactId
from msa_recovery.domain.contacts import ContactKind, PhoneNumber
from msa_recovery.domain.inputs import ChoosePassword, Identify, ProvePassword
from msa_recovery.domain.journey import State
from msa_recovery.testing.people import MARIE, MOBILE, NEW_PASSWORD, NIR_OF_ROGER, USUAL_PASSWORD
from tests.support.house import HERE, House

WEAK = "Aa1!aaaa"


def lies(house: House, method: str, answer: Any) -> None:
    """From now on, this method of a port answers so, and does what it did."""

    def tap(call: Any, go: Any) -> Any:
        honest = go()
        return answer if call.method == method else honest

    house.tap = tap


@pytest.mark.parametrize("answer", [object(), "no", 1, None])
def test_no_password_is_proved_by_an_answer_that_is_not_yes(house: House, answer: Any) -> None:
    """R16."""
    change = house.host.begin_change(MARIE, HERE)
    lies(house, "password_matches", answer)
    with pytest.raises(InfrastructureError, match="accounts: password_matches answered with a"):
        house.send(change, ProvePassword("Not-that-one-7"))
    assert State.PROVING_PASSWORD is house.host.resume(change.handle, HERE).view.state


@pytest.mark.parametrize("answer", [None, "weak", 0])
def test_no_weak_password_passes_a_meter_that_answers_something_else(house: House, answer: Any) -> None:
    """R16, R42."""
    reply = house.at_new_password()
    lies(house, "measure", answer)
    with pytest.raises(InfrastructureError, match="meter: measure answered with a"):
        house.send(reply, ChoosePassword(WEAK, WEAK))
    assert USUAL_PASSWORD == house.held(MARIE).password_hash


def test_an_effect_that_nobody_says_was_done_is_asked_for_again(house: House) -> None:
    """R16: a directory that forgets to answer has refused nothing, and the audit does not say that it has."""
    reply = house.at_new_password()
    lies(house, "apply", None)
    with pytest.raises(InfrastructureError, match="accounts: apply answered with a NoneType"):
        house.send(reply, ChoosePassword(NEW_PASSWORD, NEW_PASSWORD))
    lies(house, "", None)
    assert State.CONFIRMING_CONTACTS is house.host.resume(reply.handle, HERE).view.state
    assert (NEW_PASSWORD, []) == (
        house.held(MARIE).password_hash,
        [name for name in house.facts() if name == "intent_refused"],
    )


@pytest.mark.parametrize(
    ("method", "answer"),
    [
        ("find", {"key": "marie"}),
        ("find", True),
        ("ledger", None),
        ("load", "a journey"),
        ("commit", None),
        ("commit", 1),
        ("code", "1234"),
        ("code", None),
        ("guess_id", "one"),
        ("temporary_password", None),
        ("handle", "handle"),
        ("journey_id", 7),
    ],
)
def test_whatever_a_port_answers_instead_is_a_port_that_failed(house: House, method: str, answer: Any) -> None:
    """R16."""
    lies(house, method, answer)
    with pytest.raises(InfrastructureError, match=f"{method} answered with a {type(answer).__name__}"):
        house.at_sign_in()


@pytest.mark.parametrize("answer", [None, "sent", True, TryLater])
def test_a_messenger_that_answers_something_else_keeps_no_other_message_waiting(house: House, answer: Any) -> None:
    """R15: its message is tried again, and those behind it leave."""
    house.at_code()
    house.later(seconds=1)
    house.play(Identify(NIR_OF_ROGER))
    house.inboxes[Channel.SMS].answer_with(answer)
    assert Relayed(delivered=1, retried=1) == house.host.relay()
    house.inboxes[Channel.SMS].answer_with(Delivered())
    house.later(minutes=2)
    assert Relayed(delivered=1) == house.host.relay()


def test_a_moment_without_a_time_zone_is_refused_where_it_is_made() -> None:
    """It would fail where it is compared: for the one account of which it is."""
    naive = datetime(2026, 3, 2)  # noqa: DTZ001
    with pytest.raises(ValueError, match="aware"):
        TryLater(naive)
    with pytest.raises(ValueError, match="aware"):
        Contact(ContactId("mobile"), ContactKind.MOBILE, PhoneNumber(MOBILE), changed_at=naive)


@pytest.mark.parametrize("moment", [datetime(9999, 12, 31, tzinfo=UTC), "never"])
def test_no_transport_puts_a_secret_off_beyond_its_end(house: House, moment: Any) -> None:
    """R15: then it is dropped, and a fact says so."""
    house.at_code()
    if moment == "never":
        moment = house.clock.now() + timedelta(days=3650)
    house.answer_with(TryLater(moment))
    house.host.relay()
    house.answer_with(Delivered())
    house.later(minutes=30)
    assert (Relayed(dropped=1), OutboxState.DROPPED) == (house.host.relay(), house.rows()[0][0])


def test_no_transport_puts_a_notice_off_for_ever(house: House) -> None:
    """R23: that the password changed is told within days, or an operator has to look."""
    house.at_contacts()
    house.answer_with(TryLater(datetime(9999, 12, 31, tzinfo=UTC)))
    house.host.relay()
    house.answer_with(Delivered())
    house.later(days=3)
    assert 2 == house.host.relay().delivered
