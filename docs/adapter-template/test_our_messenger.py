"""Our messenger keeps the contract of a messenger."""

import pytest
from our_messenger import OurMessenger

from msa_recovery import Channel
from msa_recovery.testing.contracts import MessengerContract


class Transport:
    """In place of the real one: it delivers a key once."""

    def __init__(self) -> None:
        self.taken: dict[str, tuple[str, str]] = {}

    def __call__(self, key: str, address: str, text: str) -> None:
        self.taken.setdefault(key, (address, text))


def _down(*_: str) -> None:
    raise ConnectionError


class TestOurMessenger(MessengerContract):
    channel = Channel.SMS

    @pytest.fixture
    def transport(self) -> Transport:
        return Transport()

    @pytest.fixture
    def messenger(self, transport: Transport) -> OurMessenger:
        self._transport = transport
        return OurMessenger(self.channel, transport)

    @pytest.fixture
    def broken(self) -> OurMessenger:
        self._transport = Transport()
        return OurMessenger(self.channel, _down)

    def received(self, messenger: OurMessenger) -> list[tuple[str, str]]:
        return list(self._transport.taken.values())
