"""Django CVE-2024-45231 (2024): when the mail could not be sent, the reset answered with an error, and only those who
have an account could have a mail that fails.

Replayed: messengers that raise, refuse and ask for patience, while somebody asks.
"""

from collections.abc import Callable
from typing import Any

import pytest

from msa_recovery.application.messages import Rejected, TryLater
from msa_recovery.domain.events import ResendCode
from msa_recovery.domain.inputs import ChooseChannel, Identify, SubmitCode
from msa_recovery.domain.view import View
from msa_recovery.testing.people import NIR_OF_MARIE
from msa_recovery.testing.tapped import Call
from tests.support.house import HERE, House


def raises(call: Call, go: Callable[[], Any]) -> Any:
    if call.port == "messengers":
        raise ConnectionError("550 no such mailbox: marie@example.org")
    return go()


def rejects(call: Call, go: Callable[[], Any]) -> Any:
    return Rejected("unknown address") if call.port == "messengers" else go()


def try_later(call: Call, go: Callable[[], Any]) -> Any:
    return TryLater() if call.port == "messengers" else go()


def seen(trouble: Callable[[Call, Callable[[], Any]], Any] | None) -> list[View]:
    """Every page, with a relay that works all the time."""
    house = House()
    if trouble is not None:
        house.tap = trouble
    reply, views = house.play(Identify(NIR_OF_MARIE)), list[View]()
    for event in (ChooseChannel("email"), ResendCode(), SubmitCode("0000"), ResendCode()):
        reply = house.send(reply, event)
        views.append(reply.view)
        house.host.relay()
        house.later(minutes=2)
        views.append(house.host.resume(reply.handle, HERE).view)
    return views


@pytest.mark.parametrize("trouble", [raises, rejects, try_later])
def test_whoever_asks_never_sees_that_a_message_failed(trouble: Callable[[Call, Callable[[], Any]], Any]) -> None:
    """R15."""
    assert seen(None) == seen(trouble)


def test_nobody_is_asked_to_deliver_while_the_person_waits(house: House) -> None:
    """R15: the message is kept with the state that promises it, and goes out by the relay."""
    house.at_sign_in()
    assert (0, 2) == (house.count("messengers.deliver"), len(house.rows()))


def test_for_an_unknown_identifier_no_messenger_is_asked_at_all(house: House) -> None:
    """R15, R13: so none can fail, and nothing shows it."""
    house.at_code(house.unknown())
    house.host.relay()
    assert 0 == house.count("messengers.deliver")
