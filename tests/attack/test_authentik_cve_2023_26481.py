"""authentik CVE-2023-26481 (2023): the link mailed to one's own address could be used in a recovery that had been begun
for somebody else, whose password was then set.

Replayed: Paul, who may prove that he is Paul, proves it in a journey for Marie; and names Marie once he has proved it.
"""

import pytest

from msa_recovery.application.errors import EventNotAccepted
from msa_recovery.domain.events import GoBack
from msa_recovery.domain.inputs import ChooseChannel, ChoosePassword, Identify, SignIn, SubmitCode
from msa_recovery.domain.journey import State
from msa_recovery.domain.problem import ProblemCode
from msa_recovery.testing.people import (
    LEA,
    MARIE,
    NEW_PASSWORD,
    NIR_OF_LEA,
    NIR_OF_MARIE,
    NIR_OF_PAUL,
    PAUL,
    USUAL_PASSWORD,
)
from tests.support.house import ELSEWHERE, HERE, House


def test_ones_own_code_is_wrong_in_a_journey_for_somebody_else(house: House) -> None:
    """R2."""
    house.at_code(NIR_OF_PAUL, caller=ELSEWHERE)
    mine = house.code
    hers = house.at_code(NIR_OF_MARIE)
    view = house.send(hers, SubmitCode(mine)).view
    assert (State.CONFIRMING_CODE, ProblemCode.CODE_WRONG) == (view.state, view.problem and view.problem.code)


def test_ones_own_temporary_password_is_wrong_for_somebody_else(house: House) -> None:
    """R2, R18: in her journey, and at the door under her identifier."""
    house.at_sign_in(NIR_OF_PAUL, caller=ELSEWHERE)
    mine = house.password
    hers = house.at_sign_in(NIR_OF_MARIE)
    assert State.AWAITING_SIGN_IN is house.send(hers, SignIn(mine)).view.state
    assert house.host.sign_in(NIR_OF_MARIE, mine, HERE) is None


def test_naming_somebody_else_after_the_code_was_sent_forgets_the_code(house: House) -> None:
    """R2: nothing of Paul's proof is left once the journey is Marie's."""
    reply = house.at_code(NIR_OF_PAUL)
    mine = house.code
    for event in (GoBack(), GoBack(), Identify(NIR_OF_MARIE)):
        reply = house.send(reply, event)
    assert (State.CHOOSING_CHANNEL, None) == (reply.view.state, house.journey(reply).journey.code)
    with pytest.raises(EventNotAccepted):
        house.send(reply, SubmitCode(mine))


def test_a_code_that_comes_back_to_its_own_account_is_still_forgotten(house: House) -> None:
    """R2, R11: there and back again, it is another code that counts."""
    reply = house.at_code(NIR_OF_PAUL)
    mine = house.code
    house.later(minutes=2)
    for event in (GoBack(), GoBack(), Identify(NIR_OF_MARIE), GoBack(), Identify(NIR_OF_PAUL), ChooseChannel("sms")):
        reply = house.send(reply, event)
    assert State.CONFIRMING_CODE is house.send(reply, SubmitCode(mine)).view.state


def test_no_account_can_be_named_once_something_was_proved(house: House) -> None:
    """R2, R1: from the temporary password on, the journey is the account's."""
    waiting, signed_in = house.at_sign_in(NIR_OF_PAUL), None
    with pytest.raises(EventNotAccepted):
        house.send(waiting, Identify(NIR_OF_MARIE))
    signed_in = house.send(waiting, SignIn(house.password))
    with pytest.raises(EventNotAccepted):
        house.send(signed_in, Identify(NIR_OF_MARIE))


def test_the_password_that_is_set_is_that_of_the_account_that_was_proved(house: House) -> None:
    """R2, R22."""
    reply = house.at_new_password(NIR_OF_PAUL)
    house.send(reply, ChoosePassword(NEW_PASSWORD, NEW_PASSWORD))
    hashes = [house.held(key).password_hash for key in (PAUL, MARIE, LEA)]
    assert [NEW_PASSWORD, USUAL_PASSWORD, None] == hashes


def test_an_answer_for_one_account_proves_nothing_for_another(house: House) -> None:
    """R2, R24: Lea's question was answered by nobody, whatever the journey proved of Marie."""
    reply = house.at_code(NIR_OF_MARIE)
    for event in (GoBack(), GoBack(), Identify(NIR_OF_LEA)):
        reply = house.send(reply, event)
    assert State.ANSWERING_CHALLENGE is reply.view.state
