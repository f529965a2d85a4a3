"""Django CVE-2019-19844 (2019): a reset for a look-alike of an address found the account, for case was folded in
Unicode, and the link went to the address that had been *typed*.

Replayed: look-alikes of an identifier, and of an address that is put on file.
"""

import pytest

from msa_recovery.domain.account import Channel
from msa_recovery.domain.events import ConfirmContacts
from msa_recovery.domain.inputs import EditContact, Identify
from msa_recovery.domain.journey import State
from msa_recovery.domain.problem import ProblemCode
from msa_recovery.testing.people import EMAIL, MARIE, NIR_OF_MARIE
from tests.support.house import House

DIGITS = str.maketrans("0123456789", "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19")
LOOK_ALIKES = [
    NIR_OF_MARIE.translate(DIGITS),
    NIR_OF_MARIE.replace("0", "\u0966"),
    NIR_OF_MARIE.replace("0", "O"),
    NIR_OF_MARIE.replace("1", "l"),
    NIR_OF_MARIE.replace("1", "\u00b9"),
    "184032\uff21900001",
    "1840\u0131",
    f"{NIR_OF_MARIE}\u200b",
    f"\u202e{NIR_OF_MARIE[::-1]}",
    f"{NIR_OF_MARIE}\u0301",
]


@pytest.mark.parametrize("text", LOOK_ALIKES, ids=range(len(LOOK_ALIKES)))
def test_a_look_alike_of_an_identifier_names_nobody(house: House, text: str) -> None:
    """R12, R46: nothing is folded."""
    assert State.IDENTIFYING is house.play(Identify(text)).view.state
    assert 0 == house.count("accounts.find")


def test_what_is_typed_is_never_where_something_is_sent(house: House) -> None:
    """R12: the account's own address, as the directory has it."""
    house.at_code("2 84 03 33 900 001", channel="email")
    assert [(EMAIL,)] == [message.to for message in house.delivered(Channel.EMAIL)]


@pytest.mark.parametrize("text", ["mar\u0131e@example.org", "marie@\u0435xample.org", "marie@example\uff0eorg"])
def test_a_look_alike_that_is_put_on_file_is_told_to_the_address_that_was_held(house: House, text: str) -> None:
    """R23, R32: it is refused, or it is another address and the one held before is told."""
    reply = house.send(house.at_contacts(), EditContact("email", text))
    if reply.view.problem is not None:
        assert ProblemCode.EMAIL_FORM is reply.view.problem.code
        return
    house.send(reply, ConfirmContacts())
    assert EMAIL in {to for message in house.delivered(Channel.EMAIL) for to in message.to}


def test_a_new_address_does_not_serve_recovery_for_a_week(house: House) -> None:
    """R32: a thief's own address is of no use to the next recovery."""
    reply = house.at_contacts()
    for event in (EditContact("email", "thief@example.net"), ConfirmContacts()):
        reply = house.send(reply, event)
    offered = house.play(Identify(NIR_OF_MARIE)).view.choices
    assert (MARIE, [Channel.SMS]) == (reply.account, [choice.channel for choice in offered])
