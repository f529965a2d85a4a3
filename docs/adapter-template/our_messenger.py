"""A messenger: copy this file and its test, rename both, and put your transport where `_hand_over` is.

The same shape serves every port: a class by itself that inherits from nothing, whose methods are those of the port
(`msa_recovery/application/ports.py`), and a test class that inherits from the port's contract.
"""

from collections.abc import Callable

from msa_recovery import Channel
from msa_recovery.application.messages import Delivered, Delivery, Message, Rejected, TryLater
from msa_recovery.application.records import MessageId
from msa_recovery.texts import message_text

__all__ = ["OurMessenger"]


class OurMessenger:
    """Delivers the messages of one channel.

    Args:
        channel: what it delivers.
        hand_over: takes the key, the address and the text; an `OSError` of it is a transport that fails.
    """

    def __init__(self, channel: Channel, hand_over: Callable[[str, str, str], None]) -> None:
        self._channel = channel
        self._hand_over = hand_over

    def deliver(self, message: Message, key: MessageId) -> Delivery:
        """Hand the message to the transport, which knows by the key whether it had it before."""
        address = message.to[0]
        if message.channel is not self._channel or not address:
            return Rejected("not an address of this channel")  # never the address itself: it is kept
        try:
            self._hand_over(key, address, message_text(message).body)
        except OSError:
            return TryLater()  # the relay asks again; what must not wait for ever is Rejected
        return Delivered()
