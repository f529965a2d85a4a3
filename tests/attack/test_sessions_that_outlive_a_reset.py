"""Sessions and tokens that outlive a reset (ASVS 7.4.3; reports against most large sites): the thief who was in stays
in, for the owner's new password ends nothing.

Replayed: everything that somebody else may have begun before the owner chooses a new password.
"""

from collections.abc import Callable

import pytest

from msa_recovery.application.errors import CallerError
from msa_recovery.application.intents import RevokeSessions
from msa_recovery.application.reply import Reply
from msa_recovery.domain.contacts import EmailAddress
from msa_recovery.domain.events import ConfirmContacts, Lapse
from msa_recovery.domain.inputs import ChoosePassword, EditContact, ProvePassword, SignIn, SubmitCode
from msa_recovery.domain.journey import State
from msa_recovery.testing.people import EMAIL, MARIE, NEW_PASSWORD, NIR_OF_MARIE, USUAL_PASSWORD
from tests.support.house import ELSEWHERE, HERE, House

THIEFS = "Voleur-7-rouge-au-bois"
Thief = Callable[[House], Reply]


def at_the_code(house: House) -> Reply:
    return house.at_code(caller=ELSEWHERE)


def at_the_temporary_password(house: House) -> Reply:
    return house.at_sign_in(caller=ELSEWHERE)


def at_the_new_password(house: House) -> Reply:
    return house.at_new_password(caller=ELSEWHERE)


def at_a_change(house: House) -> Reply:
    return house.host.begin_change(MARIE, ELSEWHERE)


def at_the_end_of_a_change(house: House) -> Reply:
    return house.send(at_a_change(house), ProvePassword(USUAL_PASSWORD), ELSEWHERE)


def at_the_contacts(house: House) -> Reply:
    return house.send(at_the_new_password(house), ChoosePassword(THIEFS, THIEFS), ELSEWHERE)


THIEVES: list[Thief] = [
    at_the_code,
    at_the_temporary_password,
    at_the_new_password,
    at_a_change,
    at_the_end_of_a_change,
    at_the_contacts,
]


@pytest.mark.parametrize("thief", THIEVES)
def test_whatever_a_thief_has_begun_is_over_once_the_owner_has_chosen(house: House, thief: Thief) -> None:
    """R22."""
    theirs = thief(house)
    house.later(minutes=2)
    house.at_contacts()
    assert State.LAPSED is house.host.resume(theirs.handle, ELSEWHERE).view.state


@pytest.mark.parametrize("thief", THIEVES)
def test_nothing_that_a_thief_sends_afterwards_changes_the_account(house: House, thief: Thief) -> None:
    """R22, R2: with every secret from before it."""
    theirs = thief(house)
    code, password = house.code if house.codes else "0000", house.password if house.passwords else "Ab3#efghijkn"
    house.later(minutes=2)
    house.at_contacts()
    for event in (
        SubmitCode(code),
        SignIn(password),
        ProvePassword(USUAL_PASSWORD),
        ChoosePassword(THIEFS, THIEFS),
        EditContact("email", "thief@example.net"),
        ConfirmContacts(),
    ):
        try:
            theirs = house.send(theirs, event, ELSEWHERE)
        except CallerError:
            continue
    held = house.held(MARIE)
    assert NEW_PASSWORD == held.password_hash
    assert EmailAddress(EMAIL) in [contact.value for contact in held.account.contacts]


def test_a_thiefs_temporary_password_is_dead_at_the_door(house: House) -> None:
    """R18, R22."""
    house.at_sign_in(caller=ELSEWHERE)
    theirs = house.password
    house.later(minutes=2)
    house.at_contacts()
    assert house.host.sign_in(NIR_OF_MARIE, theirs, ELSEWHERE) is None


@pytest.mark.parametrize("driver", ["recovery", "change"])
def test_the_directory_is_told_to_end_every_session(house: House, driver: str) -> None:
    """R22: once, after the password was replaced, by either chart."""
    if driver == "recovery":
        house.at_contacts()
    else:
        reply = house.send(house.host.begin_change(MARIE, HERE), ProvePassword(USUAL_PASSWORD))
        house.send(reply, ChoosePassword(NEW_PASSWORD, NEW_PASSWORD))
    told = [call.arguments[1] for call in house.calls if str(call) == "accounts.apply"]
    names = [type(intent).__name__ for intent in told]
    assert (1, 1) == (house.held(MARIE).sessions_revoked, sum(isinstance(one, RevokeSessions) for one in told))
    assert names.index("ReplacePassword") < names.index("RevokeSessions")


def test_the_password_from_before_is_wrong_from_then_on(house: House) -> None:
    """R22, R17."""
    house.at_contacts()
    reply = house.host.begin_change(MARIE, HERE)
    assert State.PROVING_PASSWORD is house.send(reply, ProvePassword(USUAL_PASSWORD)).view.state


def test_a_journey_begun_before_cannot_name_the_account_into_a_second_life(house: House) -> None:
    """R22, R2: a journey that was ended takes no account up again."""
    theirs = at_the_code(house)
    house.later(minutes=2)
    house.at_contacts()
    assert State.LAPSED is house.send(theirs, Lapse()).view.state
