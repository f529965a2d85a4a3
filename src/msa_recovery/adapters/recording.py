"""A messenger that delivers to nobody and remembers everything: for tests and demonstrations."""

from threading import Lock
from typing import Final, final

from msa_recovery.application.messages import Delivered, Delivery, Message, Rejected
from msa_recovery.application.records import MessageId
from msa_recovery.domain.account import Channel

__all__ = ["RecordingMessenger"]

_DELIVERED: Final = Delivered()


@final
class RecordingMessenger:
    """Keeps the messages of one channel, each once, secrets included; threads may share it.

    Args:
        channel: what it delivers; a message of another channel is rejected.
    """

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._lock = Lock()
        self._answer: Delivery = _DELIVERED
        self._messages: dict[MessageId, Message] = {}

    def deliver(self, message: Message, key: MessageId) -> Delivery:
        """Keep the message, unless told to fail. One that was kept already stays delivered."""
        if message.channel is not self._channel:
            return Rejected(f"this messenger delivers by {self._channel}, not by {message.channel}")
        with self._lock:
            if key in self._messages:
                return _DELIVERED
            if isinstance(self._answer, Delivered):
                self._messages[key] = message
            return self._answer

    def answer_with(self, delivery: Delivery) -> None:
        """What to answer to every new message from now on; ``Delivered()`` puts an end to a failure."""
        with self._lock:
            self._answer = delivery

    def messages(self) -> tuple[Message, ...]:
        """What was delivered, oldest first."""
        with self._lock:
            return tuple(self._messages.values())
