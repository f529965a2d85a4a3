"""Answers that are changed on the way (bug bounty reports without number): the page of the code asks the server, is
told *wrong*, the thief's proxy writes *right* into the answer, and the next page believes it.

Replayed: whoever holds a handle goes on as if the last answer had been another one; and looks for a secret in what is
answered.
"""

import pytest
from attrs import asdict, evolve

from msa_recovery.application.errors import EventNotAccepted, UnknownHandle
from msa_recovery.application.reply import Reply
from msa_recovery.domain.events import ConfirmContacts
from msa_recovery.domain.inputs import ChoosePassword, SignIn, SubmitCode
from msa_recovery.domain.journey import State
from msa_recovery.domain.secret import Secret
from msa_recovery.testing.people import EMAIL, MARIE, MOBILE, NEW_PASSWORD, NIR_OF_MARIE, USUAL_PASSWORD
from tests.support.house import HERE, House


def pretended(reply: Reply, state: State) -> Reply:
    """What the thief's browser was made to believe."""
    return evolve(reply, view=evolve(reply.view, state=state, problem=None))


@pytest.mark.parametrize(
    ("state", "event"),
    [
        (State.AWAITING_SIGN_IN, SignIn("Ab3#efghijkn")),
        (State.PERSONALISING_PASSWORD, ChoosePassword(NEW_PASSWORD, NEW_PASSWORD)),
        (State.CONFIRMING_CONTACTS, ConfirmContacts()),
    ],
)
def test_a_page_that_was_never_reached_is_not_gone_on_from(house: House, state: State, event: SignIn) -> None:
    """R1, R2: the state is the store's, whatever an answer was made to say."""
    reply = house.at_code()
    reply = pretended(house.send(reply, SubmitCode(house.wrong_code)), state)
    with pytest.raises(EventNotAccepted):
        house.host.send(reply.handle, event, HERE)
    assert USUAL_PASSWORD == house.held(MARIE).password_hash


def test_no_account_is_named_before_the_journey_is_completed(house: House) -> None:
    """R21: what a host opens a session for is in the last answer alone."""
    at_contacts = house.at_contacts()
    assert at_contacts.account is None
    assert MARIE == house.send(at_contacts, ConfirmContacts()).account


def test_no_answer_holds_what_must_be_proved(house: House) -> None:
    """R54, R21: no code, no temporary password, no address in full, no identifier, before the sign-in."""
    replies = [house.at_code()]
    replies.append(house.send(replies[0], SubmitCode(house.wrong_code)))
    replies.append(house.send(replies[0], SubmitCode(house.code)))
    said = " ".join(str(asdict(reply.view)) for reply in replies)
    assert [] == [text for text in (house.code, house.password, EMAIL, MOBILE, NIR_OF_MARIE) if f"'{text}'" in said]


def test_a_handle_of_another_journey_is_not_reached_from_an_answer(house: House) -> None:
    """R34: a handle that is changed in one character is unknown."""
    text = house.at_code().handle.reveal()
    with pytest.raises(UnknownHandle):
        house.host.resume(Secret(text[:-1] + ("A" if text[-1] != "A" else "B")), HERE)
