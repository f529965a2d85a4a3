"""Codes that work twice (many one-time codes; ASVS 6.5.1 asks for the contrary): a code that was used, or replaced by a
later one, was accepted again, by whoever had read it over a shoulder or in a mailbox.

Replayed: every code and every password that was good once.
"""

import pytest

from msa_recovery.application.errors import CallerError
from msa_recovery.application.reply import Reply
from msa_recovery.domain.account import Channel
from msa_recovery.domain.events import ConfirmContacts, GoBack, ResendCode
from msa_recovery.domain.inputs import ChooseChannel, SubmitCode
from msa_recovery.domain.journey import State
from msa_recovery.testing.people import NEW_PASSWORD, NIR_OF_MARIE
from tests.support.house import ELSEWHERE, HERE, House, asked


def test_a_code_that_was_used_is_good_in_no_other_journey(house: House) -> None:
    """R11, R2."""
    house.at_sign_in()
    used = house.code
    house.later(minutes=2)
    other = house.at_code(caller=ELSEWHERE)
    assert State.CONFIRMING_CODE is house.send(other, SubmitCode(used), ELSEWHERE).view.state


def test_a_code_is_not_accepted_again_in_its_own_journey(house: House) -> None:
    """R11: nor does its request, sent again, send a second password."""
    reply = house.at_code()
    for _ in range(2):
        house.send(reply, SubmitCode(house.code), asked("once"))
    with pytest.raises(CallerError):
        house.send(reply, SubmitCode(house.code), asked("twice"))
    assert 2 == len(house.delivered(Channel.SMS))


def test_a_code_that_was_replaced_is_dead(house: House) -> None:
    """R11: by a resend, or by the other channel."""
    reply = house.at_code()
    first = house.code
    house.later(minutes=2)
    house.send(reply, ResendCode())
    second = house.code
    house.later(minutes=2)
    for event in (GoBack(), ChooseChannel("email")):
        reply = house.send(reply, event)
    for dead in {first, second} - {house.code}:
        reply = house.send(reply, SubmitCode(dead))
        assert State.CONFIRMING_CODE is reply.view.state


def test_a_temporary_password_that_was_replaced_is_dead(house: House) -> None:
    """R18."""
    house.at_sign_in()
    first = house.password
    house.later(minutes=2)
    house.at_sign_in(caller=ELSEWHERE)
    assert house.host.sign_in(NIR_OF_MARIE, first, HERE) is None


def test_a_temporary_password_is_dead_once_a_new_one_was_chosen(house: House) -> None:
    """R18, R22: at the door, before and after the contacts are confirmed."""
    reply = house.at_contacts()
    assert house.host.sign_in(NIR_OF_MARIE, house.password, HERE) is None
    house.send(reply, ConfirmContacts())
    assert house.host.sign_in(NIR_OF_MARIE, house.password, HERE) is None


def test_a_temporary_password_used_twice_opens_the_same_step_and_no_other(house: House) -> None:
    """R19: whoever closed the browser may use it again; it opens no private space."""
    house.at_new_password()
    again = house.host.sign_in(NIR_OF_MARIE, house.password, ELSEWHERE)
    assert isinstance(again, Reply)
    assert (State.PERSONALISING_PASSWORD, None) == (again.view.state, again.account)


def test_a_code_dies_at_its_deadline_and_not_after_it(house: House) -> None:
    """R8, invariant 6."""
    reply = house.at_code()
    house.later(minutes=30)
    assert State.CONFIRMING_CODE is house.send(reply, SubmitCode(house.code)).view.state


def test_the_new_password_is_not_a_temporary_one(house: House) -> None:
    """R18: once chosen it opens no recovery."""
    house.at_contacts()
    assert house.host.sign_in(NIR_OF_MARIE, NEW_PASSWORD, HERE) is None
