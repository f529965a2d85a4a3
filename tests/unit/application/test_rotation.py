"""Keys are rotated while journeys are under way (R10)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from msa_recovery.adapters.keyring import Keys, RootKey
from msa_recovery.application.errors import InfrastructureError, KeysMissing
from msa_recovery.application.records import KeyUse, Place
from msa_recovery.application.rotation import Resealed
from msa_recovery.domain.account import Channel
from msa_recovery.domain.events import Abandon, ConfirmContacts
from msa_recovery.domain.inputs import ChooseChannel, ChoosePassword, EditContact, Identify, SignIn, SubmitCode
from msa_recovery.domain.journey import State
from msa_recovery.domain.secret import Secret
from msa_recovery.testing.people import MARIE, NEW_PASSWORD, NIR_OF_MARIE, START
from msa_recovery.testing.tapped import Call, through
from tests.support.house import HERE, KEYS, House

ROTATED = KEYS.rotated(RootKey("new", b"n" * 32))
ONLY_NEW = Keys(ROTATED.ring[:1], ROTATED.identity)


# -- a key is missing --------------------------------------------------------------------------------------------------


def test_a_ring_that_lacks_a_needed_key_is_refused_at_start(house: House) -> None:
    house.at_code()
    house.restart_with(ONLY_NEW)
    with pytest.raises(KeysMissing, match=r"2 rows .* need keys that are not in the ring: test$") as refused:
        house.host.start()
    assert frozenset({"test"}) == refused.value.key_ids


def test_without_a_needed_key_no_call_is_taken(house: House) -> None:
    house.at_code()
    house.restart_with(ONLY_NEW)
    with pytest.raises(KeysMissing):
        house.host.begin(HERE)
    assert 1 == len(house.store.due(START + timedelta(days=1), 10))


def test_once_the_key_is_back_the_journey_goes_on(house: House) -> None:
    reply = house.at_code()
    house.restart_with(ONLY_NEW)
    with pytest.raises(KeysMissing):
        house.send(reply, SubmitCode(house.code))
    house.restart_with(ROTATED)
    assert State.AWAITING_SIGN_IN is house.send(reply, SubmitCode(house.code)).view.state


def test_the_keys_are_judged_once(house: House) -> None:
    """What a request costs does not grow by it."""
    house.host.begin(HERE)
    house.host.begin(HERE)
    assert 1 == house.count("store.keys_besides")


def test_a_store_that_failed_at_start_is_asked_again(house: House) -> None:
    def down(call: Call, go: Callable[[], Any]) -> Any:
        if call.method == "keys_besides":
            raise TimeoutError
        return go()

    house.tap = down
    with pytest.raises(InfrastructureError, match="store: TimeoutError"):
        house.host.begin(HERE)
    house.tap = through
    assert State.IDENTIFYING is house.host.begin(HERE).view.state


# -- sealed anew -------------------------------------------------------------------------------------------------------


def test_a_whole_journey_survives_a_rotation_at_every_step(house: House) -> None:
    reply = house.host.begin(HERE)
    keys = KEYS

    def rotated() -> None:
        nonlocal keys
        keys = keys.rotated(RootKey(f"key-{len(keys.ring)}", bytes([len(keys.ring)]) * 32))
        house.restart_with(keys)
        house.host.reseal()

    rotated()
    reply = house.send(reply, Identify(NIR_OF_MARIE))
    rotated()
    reply = house.send(reply, ChooseChannel("sms"))
    rotated()
    assert 1 == len(house.delivered(Channel.SMS))
    reply = house.send(reply, SubmitCode(house.code))
    rotated()
    assert 2 == len(house.delivered(Channel.SMS))
    reply = house.send(reply, SignIn(house.password))
    rotated()
    reply = house.send(reply, ChoosePassword(NEW_PASSWORD, NEW_PASSWORD))
    rotated()
    reply = house.send(reply, EditContact("email", "marie.nouvelle@example.org"))
    rotated()
    reply = house.send(reply, ConfirmContacts())
    assert State.COMPLETED is reply.view.state
    assert "marie.nouvelle@example.org" in {each.value.text for each in house.held(MARIE).account.contacts}


def test_what_can_be_sealed_anew_is_and_what_cannot_says_until_when(house: House) -> None:
    house.at_code()
    house.later(minutes=1)
    house.at_sign_in(channel="email")
    house.restart_with(ROTATED)
    assert (
        Resealed(
            journeys=2,
            messages=3,
            intents=0,
            still=(
                KeyUse("test", Place.JOURNEYS, 1),
                KeyUse("test", Place.LEDGERS, 1, START + timedelta(hours=24, minutes=1)),
            ),
        )
        == house.host.reseal()
    )


def test_what_was_sealed_anew_is_not_again(house: House) -> None:
    house.at_code()
    house.restart_with(ROTATED)
    house.host.reseal()
    again = house.host.reseal()
    assert (0, 0, 0) == (again.journeys, again.messages, again.intents)


def test_an_intent_that_is_open_is_sealed_anew_and_applied(house: House) -> None:
    reply = house.at_new_password()

    def down(call: Call, go: Callable[[], Any]) -> Any:
        if str(call) == "accounts.apply":
            raise TimeoutError
        return go()

    house.tap = down
    with pytest.raises(InfrastructureError):
        house.send(reply, ChoosePassword(NEW_PASSWORD, NEW_PASSWORD))
    house.tap = through
    house.restart_with(ROTATED)
    assert 3 == house.host.reseal().intents
    house.restart_with(ONLY_NEW)
    assert 1 == house.host.relay().applied
    assert house.directory.password_matches(MARIE, Secret(NEW_PASSWORD))


def test_the_old_key_can_go_when_nothing_needs_it(house: House) -> None:
    reply = house.at_code()
    house.restart_with(ROTATED)
    house.host.reseal()
    house.send(reply, Abandon())
    assert () == house.host.reseal().still
    house.restart_with(ONLY_NEW)
    assert State.ABANDONED is house.host.resume(reply.handle, HERE).view.state


def test_a_decoy_is_sealed_anew_like_an_account(house: House) -> None:
    """R13: as many rows, as long."""
    house.at_code(house.unknown())
    house.at_code()
    before = [len(row.sealed) for row in house.store.outbox()]
    house.restart_with(ROTATED)
    resealed = house.host.reseal()
    assert (2, 2) == (resealed.journeys, resealed.messages)
    assert [size - len("test") + len("new") for size in before] == [len(row.sealed) for row in house.store.outbox()]


def test_a_journey_that_moves_meanwhile_is_left_as_it_is(house: House) -> None:
    """It is sealed by the next run."""
    reply = house.at_code()
    house.restart_with(ROTATED)

    def moves(call: Call, go: Callable[[], Any]) -> Any:
        if str(call) == "store.commit":
            house.tap = through
            house.neighbour.send(reply.handle, SubmitCode(house.wrong_code), HERE)
        return go()

    house.tap = moves
    house.host.reseal()
    assert 2 == house.host.resume(reply.handle, HERE).view.attempts_left
    assert 1 == house.host.reseal().journeys
    assert State.AWAITING_SIGN_IN is house.send(reply, SubmitCode(house.code)).view.state
