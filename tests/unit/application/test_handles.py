"""The handle is the person's key to the journey: new after a sign-in, and never said twice."""

import pytest

from msa_recovery.application.errors import UnknownHandle
from msa_recovery.domain.inputs import ChoosePassword, Input, ProvePassword, SignIn, SubmitCode
from msa_recovery.testing.people import MARIE, NEW_PASSWORD, USUAL_PASSWORD
from tests.support.house import HERE, House, asked


def test_a_right_temporary_password_mints_a_new_handle(house: House) -> None:
    """R34."""
    before = house.at_sign_in()
    assert before.handle != house.send(before, SignIn(house.password)).handle


def test_every_other_event_keeps_the_handle(house: House) -> None:
    reply = house.at_code()
    assert reply.handle == house.send(reply, SubmitCode(house.wrong_code)).handle


def test_after_the_sign_in_the_earlier_handle_is_unknown(house: House) -> None:
    """R34, invariant 13: also to whoever fixed it before the person came."""
    before = house.at_sign_in()
    house.send(before, SignIn(house.password))
    for call in (house.host.resume, lambda handle, caller: house.host.send(handle, SignIn("x"), caller)):
        with pytest.raises(UnknownHandle):
            call(before.handle, HERE)


def test_a_replay_under_the_earlier_handle_never_learns_the_new_one(house: House) -> None:
    """R34, R39: not by the same request id either."""
    before = house.at_sign_in()
    house.send(before, SignIn(house.password), asked("once"))
    with pytest.raises(UnknownHandle):
        house.send(before, SignIn(house.password), asked("once"))


def test_a_wrong_temporary_password_keeps_the_handle(house: House) -> None:
    before = house.at_sign_in()
    assert before.handle == house.send(before, SignIn(house.wrong_password)).handle


def test_the_change_of_a_password_keeps_its_handle(house: House) -> None:
    """Whoever began it was signed in already."""
    reply = house.host.begin_change(MARIE, HERE)
    assert reply.handle == house.send(reply, ProvePassword(USUAL_PASSWORD)).handle


def test_the_store_never_sees_a_handle(house: House) -> None:
    """R34: its hash alone."""
    reply = house.at_contacts()
    seen = [call.arguments for call in house.calls if call.port == "store"]
    assert reply.handle.reveal().encode() not in repr(seen).encode()


@pytest.mark.parametrize("event", [ChoosePassword(NEW_PASSWORD, NEW_PASSWORD)])
def test_the_handle_of_one_journey_is_nothing_to_another(house: House, event: Input) -> None:
    """R2: swapped handles."""
    mine, other = house.at_new_password(), house.host.begin(HERE)
    house.send(mine, event)
    assert house.host.resume(other.handle, HERE).view == other.view
