"""GitLab CVE-2023-7028 (2023): whoever asked for a reset with a *list* of addresses, the account's and their own, got
the link at both.

Replayed: lists, dicts and addresses wherever a request says something.
"""

from typing import Any

import pytest

from msa_recovery.domain import inputs
from msa_recovery.domain.account import Channel
from msa_recovery.domain.errors import NotText
from msa_recovery.domain.inputs import ChooseChannel, Identify
from msa_recovery.domain.journey import State
from msa_recovery.testing.people import EMAIL, MOBILE, NIR_OF_MARIE
from tests.support.house import HERE, House

MINE = "thief@example.net"
MORE_THAN_ONE: list[Any] = [
    [EMAIL, MINE],
    (NIR_OF_MARIE, MINE),
    {NIR_OF_MARIE: MINE},
    {"email": MINE},
    [NIR_OF_MARIE],
    iter([NIR_OF_MARIE, MINE]),
]
TAKES_ONE = [inputs.Identify, inputs.ChooseChannel, inputs.SubmitCode, inputs.SignIn, inputs.OrderLetter]
MORE_ADDRESSES = [f"{NIR_OF_MARIE},{MINE}", f"{NIR_OF_MARIE} {MINE}", f"{EMAIL}%0acc:{MINE}", f"{NIR_OF_MARIE}\n{MINE}"]


@pytest.mark.parametrize("given", MORE_THAN_ONE, ids=range(len(MORE_THAN_ONE)))
@pytest.mark.parametrize("typed", TAKES_ONE)
def test_more_than_one_text_is_no_input(typed: Any, given: Any) -> None:
    """R12, R35: refused where it is made, before any work."""
    with pytest.raises(NotText):
        typed(given)


@pytest.mark.parametrize("text", MORE_ADDRESSES)
def test_an_identifier_with_an_address_beside_it_names_nobody(house: House, text: str) -> None:
    """R12."""
    assert State.IDENTIFYING is house.play(Identify(text)).view.state


@pytest.mark.parametrize("text", [MINE, f"email,{MINE}", "letter", f"email:{MINE}", "email\x00", "EMAIL"])
def test_a_channel_is_one_of_two_words_and_never_an_address(house: House, text: str) -> None:
    """R12."""
    reply = house.play(Identify(NIR_OF_MARIE))
    assert State.CHOOSING_CHANNEL is house.send(reply, ChooseChannel(text)).view.state
    assert [] == house.rows()


def test_the_code_goes_to_the_contact_on_file_alone(house: House) -> None:
    """R12: one message to one address."""
    house.at_code(channel="email")
    assert [(EMAIL,)] == [message.to for message in house.delivered(Channel.EMAIL)]


def test_the_temporary_password_goes_where_the_code_went(house: House) -> None:
    """R12, R2."""
    house.at_sign_in()
    assert [(MOBILE,)] * 2 == [message.to for message in house.delivered(Channel.SMS)]
    assert () == house.delivered(Channel.EMAIL)


@pytest.mark.parametrize("given", [[NIR_OF_MARIE, MINE], None, b"2840333900001"])
def test_the_door_takes_no_list_either(house: House, given: Any) -> None:
    """R12, R35."""
    with pytest.raises(TypeError):
        house.host.sign_in(given, "Ab3#efghijkn", HERE)
