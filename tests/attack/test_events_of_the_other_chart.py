"""Steps of one flow that serve in another (many flow engines): what a signed-in person may do, or what ends one flow,
is sent to the other one, which shares its code and its store.

Replayed: every event of each chart, in every state of the other one.
"""

from collections.abc import Callable

import pytest

from msa_recovery.application.errors import EventNotAccepted
from msa_recovery.application.reply import Reply
from msa_recovery.domain import events, inputs
from msa_recovery.domain.inputs import Input, ProvePassword
from msa_recovery.domain.journey import State
from msa_recovery.testing.people import IDENTITY_OF_MARIE, MARIE, NEW_PASSWORD, NIR_OF_MARIE, USUAL_PASSWORD
from tests.support.house import AGENT, HERE, House

OF_THE_RECOVERY: list[Input] = [
    inputs.Identify(NIR_OF_MARIE),
    inputs.OrderLetter(NIR_OF_MARIE),
    inputs.AnswerChallenge("vitale_serial", "0123456789"),
    inputs.ChooseChannel("sms"),
    inputs.SubmitCode("0000"),
    inputs.SignIn("Ab3#efghijkn"),
    inputs.EditContact("email", "thief@example.net"),
    events.UseFranceConnect(IDENTITY_OF_MARIE),
    events.ResendCode(),
    events.ConfirmContacts(),
    events.GoBack(),
]
There = Callable[[House], Reply]


def proving(house: House) -> Reply:
    return house.host.begin_change(MARIE, AGENT)


def changing(house: House) -> Reply:
    return house.send(proving(house), ProvePassword(USUAL_PASSWORD))


RECOVERY: list[There] = [House.play, House.at_code, House.at_sign_in, House.at_new_password, House.at_contacts]


@pytest.mark.parametrize("event", OF_THE_RECOVERY, ids=lambda event: event.name)
@pytest.mark.parametrize("there", [proving, changing])
def test_no_event_of_a_recovery_is_accepted_in_a_change(house: House, there: There, event: Input) -> None:
    """R1, R2: not even of an agent, who types no secret of the person anywhere."""
    reply = there(house)
    before = house.journey(reply)
    with pytest.raises(EventNotAccepted):
        house.host.send(reply.handle, event, HERE if isinstance(event, inputs.SubmitCode | inputs.SignIn) else AGENT)
    assert before == house.journey(reply)


@pytest.mark.parametrize("there", RECOVERY)
def test_the_current_password_proves_nothing_in_a_recovery(house: House, there: There) -> None:
    """R1, R2: nor is it compared."""
    reply = there(house)
    before = house.count("accounts.password_matches")
    with pytest.raises(EventNotAccepted):
        house.host.send(reply.handle, ProvePassword(USUAL_PASSWORD), HERE)
    assert before == house.count("accounts.password_matches")


def test_a_change_never_gets_to_the_contacts(house: House) -> None:
    """R2, R32: it ends with the new password."""
    reply = changing(house)
    assert State.COMPLETED is house.send(reply, inputs.ChoosePassword(NEW_PASSWORD, NEW_PASSWORD)).view.state


def test_a_change_needs_no_recovery_and_a_recovery_no_change(house: House) -> None:
    """R2: the proof of one is not the proof of the other, at the same time either."""
    change, recovery = proving(house), house.at_sign_in()
    house.send(recovery, inputs.SignIn(house.password))
    with pytest.raises(EventNotAccepted):
        house.send(change, inputs.ChoosePassword(NEW_PASSWORD, NEW_PASSWORD))


def test_a_journey_after_a_usual_sign_in_confirms_contacts_and_sets_no_password(house: House) -> None:
    """R2, R19."""
    house.at_contacts()
    pending = house.host.pending(MARIE, HERE)
    assert pending is not None
    with pytest.raises(EventNotAccepted):
        house.host.send(pending.handle, inputs.ChoosePassword(USUAL_PASSWORD, USUAL_PASSWORD), HERE)
