"""OWASP WSTG-INPV-17 (Host header): the link of a reset is built from the header of the request, and leads to whoever
asked for it with a header of their own.

The library sends no link: it reads no header, is told no host, and puts no secret in a URL. What the pages of a web
host do with ``Host`` is tested with them; they come later. Replayed: every place where a host hands something in, and
every message that goes out.
"""

import re
from inspect import signature

import pytest
from attrs import fields

from msa_recovery.application.caller import Caller
from msa_recovery.application.recovery import Recovery
from msa_recovery.domain.account import Channel
from msa_recovery.domain.events import ConfirmContacts
from msa_recovery.domain.inputs import EditContact
from msa_recovery.texts.texts import Texts
from tests.support.house import House, asked

CALLS = ["begin", "send", "resume", "sign_in", "pending", "begin_change"]


def every_message(house: House) -> list[str]:
    """All that goes out in a recovery, by each channel, with a hostile request id."""
    caller = asked("https://thief.example/")
    reply = house.at_code(channel="email", caller=caller)
    house.later(minutes=2)
    reply = house.at_contacts()
    for event in (EditContact("email", "neuve@example.org"), ConfirmContacts()):
        reply = house.send(reply, event, caller)
    rendered = [Texts().message_text(message) for channel in Channel for message in house.delivered(channel)]
    return [f"{each.subject} {each.body}" for each in rendered]


def test_a_caller_has_no_field_for_a_host_or_a_header() -> None:
    """R33, R31: origin, language, request id, agent, and nothing else."""
    assert {"origin", "language", "request_id", "agent"} == {attribute.name for attribute in fields(Caller)}


@pytest.mark.parametrize("call", CALLS)
def test_no_call_takes_a_request(call: str) -> None:
    """R33, R31: nor a URL to come back to."""
    taken = set(signature(getattr(Recovery, call)).parameters) - {"self"}
    assert taken <= {"caller", "handle", "event", "typed", "identifier", "password", "account"}


def test_no_message_holds_a_link_or_what_the_request_said(house: House) -> None:
    """R33: a secret travels in the text, never in a URL."""
    said = every_message(house)
    assert len(said) > 4
    assert [] == [text for text in said if re.search(r"https?://|www\.|thief", text)]
