"""What a messenger must keep to."""

from collections.abc import Sequence

import pytest
from attrs import evolve

from msa_recovery.application.async_ports import AsyncMessenger
from msa_recovery.application.messages import Delivered, Message, Rejected, TryLater
from msa_recovery.application.ports import Messenger
from msa_recovery.application.records import MessageId
from msa_recovery.domain.account import Channel

from .examples import every_message
from .port import PortContract

__all__ = ["MessengerContract"]

_ADDRESSES = {
    Channel.SMS: ("+33600000011",),
    Channel.EMAIL: ("camille@example.org",),
    Channel.LETTER: ("MME CAMILLE LABORDE", "12 CHEMIN DES CHENES", "33000 BORDEAUX"),
}
_KEY = MessageId("journey.1.1")


class MessengerContract(PortContract):
    """Override the attribute ``channel``, the fixtures ``messenger`` and ``broken``, and :meth:`received`."""

    channel: Channel

    @pytest.fixture
    def messenger(self) -> Messenger | AsyncMessenger:
        """A messenger whose transport works, to which nothing was given yet."""
        raise NotImplementedError("override the fixture `messenger`")

    @pytest.fixture
    def broken(self) -> Messenger | AsyncMessenger:
        """A messenger whose transport fails."""
        raise NotImplementedError("override the fixture `broken`")

    def received(self, messenger: Messenger) -> Sequence[object]:
        """What reached people, one item a message, so far as the transport can tell."""
        raise NotImplementedError("override the method `received`")

    def messages(self) -> tuple[Message, ...]:
        """One message of each kind that goes by the channel, in each language."""
        return every_message(self.channel, _ADDRESSES[self.channel])

    def test_every_kind_of_message_is_delivered_in_every_language(self, messenger: Messenger) -> None:
        """``deliver``: hand the message to the transport."""
        answers = [
            self.call(messenger.deliver, message, MessageId(f"journey.1.{number}"))
            for number, message in enumerate(self.messages())
        ]
        assert [Delivered()] * len(answers) == answers
        assert len(answers) == len(self.received(messenger))

    def test_the_same_message_again_reaches_the_person_once(self, messenger: Messenger) -> None:
        """``deliver``: called again with the same key, the person gets it once."""
        message = self.messages()[0]
        assert [Delivered()] * 2 == [self.call(messenger.deliver, message, _KEY) for _ in range(2)]
        assert 1 == len(self.received(messenger))

    def test_another_key_is_another_message(self, messenger: Messenger) -> None:
        """``deliver``: once for a key, even where two messages say the same."""
        message = self.messages()[0]
        for key in (_KEY, MessageId("journey.2.1")):
            self.call(messenger.deliver, message, key)
        assert 2 == len(self.received(messenger))

    def test_a_transport_that_fails_is_an_answer(self, broken: Messenger) -> None:
        """``deliver``: it never raises for a transport that fails (R15)."""
        assert isinstance(self.call(broken.deliver, self.messages()[0], _KEY), TryLater | Rejected)

    def test_what_failed_reached_nobody(self, broken: Messenger) -> None:
        """``deliver``: that is an answer, and the answer is true."""
        self.call(broken.deliver, self.messages()[0], _KEY)
        assert [] == list(self.received(broken))

    def test_an_address_that_leads_nowhere_is_an_answer(self, messenger: Messenger) -> None:
        """``deliver``: it never raises for an address."""
        nowhere = evolve(self.messages()[0], to=("",))
        assert isinstance(self.call(messenger.deliver, nowhere, _KEY), Delivered | TryLater | Rejected)

    def test_the_answer_shows_no_secret(self, messenger: Messenger, broken: Messenger) -> None:
        """``Rejected.why``: no address, no secret (R54)."""
        message = self.messages()[0]
        assert message.secret is not None
        hidden = (message.secret.reveal(), *message.to)
        answers = [repr(self.call(one.deliver, message, _KEY)) for one in (messenger, broken)]
        assert [] == [text for text in hidden for answer in answers if text in answer]
