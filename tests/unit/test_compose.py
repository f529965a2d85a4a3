"""What is plugged in wrongly is refused where it is plugged in, by name: most of it would show in nothing but messages
that wait."""

from collections.abc import Callable
from typing import Any

import pytest

from msa_recovery import CallerError, Channel, Policy, compose, compose_async
from msa_recovery.adapters.clocks import SystemClock
from msa_recovery.adapters.keyring import Keys
from msa_recovery.adapters.memory_directory import MemoryDirectory
from msa_recovery.adapters.memory_store import MemoryStore
from msa_recovery.adapters.recording import RecordingMessenger
from msa_recovery.sample import sample_directory
from msa_recovery.testing.fakes import PlainHasher

SMS = RecordingMessenger(Channel.SMS)


class Awaited:
    """A messenger for hosts that await."""

    async def deliver(self, message: object, key: object) -> None:
        """Answer nothing."""


def composed(by: Callable[..., Any], **changes: Any) -> Any:
    usual = {
        "accounts": sample_directory(SystemClock(), PlainHasher()),
        "keys": Keys.generate(),
        "store": MemoryStore(),
        "messengers": {Channel.SMS: SMS},
    }
    return by(**usual | changes)


@pytest.mark.parametrize("by", [compose, compose_async])
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"messengers": {"pigeon": SMS}}, "messengers: by sms, email, letter"),
        ({"messengers": {None: SMS}}, "messengers: by sms, email, letter"),
        ({"messengers": {Channel.SMS: None}}, "messengers: sms: NoneType has no method deliver"),
        ({"messengers": {Channel.SMS: RecordingMessenger}}, "messengers: sms: an object, not the class Recording"),
        ({"messengers": {Channel.SMS: object()}}, "messengers: sms: object has no method deliver"),
        ({"messengers": SMS}, "messengers: a mapping of channels, not RecordingMessenger"),
        ({"keys": "keys.toml"}, "keys: a Keys, not str"),
        ({"accounts": MemoryDirectory}, "accounts: an object, not the class MemoryDirectory"),
        ({"store": MemoryStore}, "store: an object, not the class MemoryStore"),
        ({"policy": "msa"}, "policy: a Policy, not str"),
        ({"policy": Policy}, "policy: a Policy, not the class Policy"),
        ({"helpdesk": "05 36 49 00 33"}, "helpdesk: a Helpdesk, not str"),
        ({"observer": ()}, "observer: nothing of this name"),
    ],
)
def test_what_cannot_be_plugged_in_is_refused_by_name(
    by: Callable[..., Any], changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(CallerError, match=said):
        composed(by, **changes)


def test_a_messenger_that_is_awaited_is_refused_where_nobody_awaits_it() -> None:
    with pytest.raises(CallerError, match="messengers: sms: its deliver is async, which compose_async is for"):
        composed(compose, messengers={Channel.SMS: Awaited()})
    assert {Channel.SMS} == composed(compose_async, messengers={Channel.SMS: Awaited()}).channels


@pytest.mark.parametrize("by", [compose, compose_async])
def test_a_channel_may_be_said_as_text(by: Callable[..., Any]) -> None:
    (channel,) = composed(by, messengers={"sms": SMS}).channels
    assert Channel.SMS is channel
