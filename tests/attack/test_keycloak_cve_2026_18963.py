"""Keycloak CVE-2026-18963 (2026): "try another way" at the step that waits for the link in the e-mail noted a bare
*yes*, which that step then took for the proof, and anybody set anybody's password.

Replayed: whoever knows an identifier looks for another way round the proof, at every step that waits for one.
"""

import pytest

from msa_recovery.application.errors import CallerError
from msa_recovery.domain.events import Abandon, ConfirmContacts, GoBack, Lapse, ResendCode
from msa_recovery.domain.inputs import (
    ChooseChannel,
    ChoosePassword,
    Identify,
    Input,
    ProvePassword,
    SignIn,
    SubmitCode,
)
from msa_recovery.domain.journey import State
from msa_recovery.testing.people import MARIE, NEW_PASSWORD, NIR_OF_MARIE, USUAL_PASSWORD
from tests.support.house import HERE, House

OTHER_WAYS: list[tuple[Input, ...]] = [
    (GoBack(),),
    (GoBack(), ChooseChannel("email")),
    (GoBack(), GoBack(), Identify(NIR_OF_MARIE)),
    (GoBack(), ChooseChannel("sms")),
    (ResendCode(),),
    (Lapse(),),
    (SubmitCode(""),),
    (SubmitCode("true"),),
]
NOT_THE_PROOF: list[Input] = [
    ChoosePassword(NEW_PASSWORD, NEW_PASSWORD),
    ConfirmContacts(),
    ProvePassword(USUAL_PASSWORD),
    SignIn("Ab3#efghijkn"),
]


@pytest.mark.parametrize("first", OTHER_WAYS, ids=range(len(OTHER_WAYS)))
@pytest.mark.parametrize("then", NOT_THE_PROOF, ids=lambda event: event.name)
def test_no_other_way_stands_for_the_code(house: House, first: tuple[Input, ...], then: Input) -> None:
    """R2, R1: the step after it is not accepted, and no temporary password is issued."""
    reply = house.at_code()
    house.later(minutes=2)
    for event in first:
        reply = house.send(reply, event)
    with pytest.raises(CallerError):
        house.send(reply, then)
    issued = house.ledger(MARIE).ledger.issued
    assert (0, USUAL_PASSWORD) == (issued, house.held(MARIE).password_hash)


@pytest.mark.parametrize("event", [event for event in NOT_THE_PROOF if event.name != "sign_in"], ids=lambda e: e.name)
def test_nothing_stands_for_the_temporary_password(house: House, event: Input) -> None:
    """R2, R19: the journey waits for it and for nothing else."""
    reply = house.at_sign_in()
    with pytest.raises(CallerError):
        house.send(reply, event)
    assert State.AWAITING_SIGN_IN is house.host.resume(reply.handle, HERE).view.state


def test_a_sign_in_opens_the_new_password_and_not_what_comes_after(house: House) -> None:
    """R2, R19: what was proved counts for its own step."""
    reply = house.at_new_password()
    for event in (ConfirmContacts(), GoBack(), SubmitCode(house.code), ProvePassword(USUAL_PASSWORD)):
        with pytest.raises(CallerError):
            house.send(reply, event)
    assert State.PERSONALISING_PASSWORD is house.host.resume(reply.handle, HERE).view.state


def test_a_journey_that_is_over_proves_nothing(house: House) -> None:
    """R2, R1."""
    reply = house.at_code()
    house.send(reply, Abandon())
    with pytest.raises(CallerError):
        house.send(reply, SubmitCode(house.code))
