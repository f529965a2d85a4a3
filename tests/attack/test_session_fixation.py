"""Session fixation (Kolšek, 2002; in password resets ever since): somebody gives the victim a session of theirs, waits
until the victim has proved who they are in it, and goes on in the victim's place.

Replayed: a handle that somebody else began, kept or guessed.
"""

import pytest

from msa_recovery.application.errors import UnknownHandle
from msa_recovery.application.reply import Reply
from msa_recovery.domain.events import Abandon
from msa_recovery.domain.inputs import ChoosePassword, SignIn, SubmitCode
from msa_recovery.domain.journey import State
from msa_recovery.domain.secret import Secret
from msa_recovery.testing.people import NEW_PASSWORD
from tests.support.house import ELSEWHERE, HERE, House, asked


def fixed(house: House) -> tuple[Secret, Reply]:
    """The thief's handle, under which the victim did everything; and what the victim has now."""
    reply = house.at_code(caller=ELSEWHERE)
    house.host.send(reply.handle, SubmitCode(house.code), HERE)
    return reply.handle, house.host.send(reply.handle, SignIn(house.password), asked("once"))


def test_the_handle_that_was_given_opens_nothing_after_the_sign_in(house: House) -> None:
    """R34, R2: neither a look, nor an event."""
    given, _ = fixed(house)
    for event in (ChoosePassword(NEW_PASSWORD, NEW_PASSWORD), Abandon()):
        with pytest.raises(UnknownHandle):
            house.host.send(given, event, ELSEWHERE)
    with pytest.raises(UnknownHandle):
        house.host.resume(given, ELSEWHERE)


def test_the_request_that_signed_in_tells_the_new_handle_to_nobody_else(house: House) -> None:
    """R34, R39: not by its request id either, with the right password."""
    given, _ = fixed(house)
    with pytest.raises(UnknownHandle):
        house.host.send(given, SignIn(house.password), asked("once"))


def test_the_victim_goes_on(house: House) -> None:
    """R34."""
    _, victims = fixed(house)
    view = house.send(victims, ChoosePassword(NEW_PASSWORD, NEW_PASSWORD)).view
    assert State.CONFIRMING_CONTACTS is view.state


def test_nobody_chooses_a_handle(house: House) -> None:
    """R34: one that was made up begins nothing, now or later."""
    for text in ("", "0" * 43, "a handle of mine", "\ud800", "../" * 20):
        with pytest.raises(UnknownHandle):
            house.host.resume(Secret(text), HERE)


def test_a_handle_has_more_than_128_bits() -> None:
    """R34: by its length in an alphabet of 64, and no two alike."""
    house = House()
    handles = {house.host.begin(HERE).handle.reveal() for _ in range(200)}
    assert (200, True) == (len(handles), all(len(text) * 6 >= 128 for text in handles))


def test_what_the_store_keeps_is_no_handle(house: House) -> None:
    """R34, R10: whoever reads the store cannot go on in anybody's journey."""
    reply = house.host.begin(HERE)
    kept = house.journey(reply).handle
    for text in (kept.hex(), kept.decode("latin-1")):
        with pytest.raises(UnknownHandle):
            house.host.resume(Secret(text), HERE)
