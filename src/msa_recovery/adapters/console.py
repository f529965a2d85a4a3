"""A messenger that shows each message where the developer looks: on the terminal, in a log window, in a test."""

from collections.abc import Callable
from threading import Lock
from typing import final

from msa_recovery.application.messages import Delivered, Delivery, Message, TryLater
from msa_recovery.application.records import MessageId
from msa_recovery.texts import RenderedMessage, message_text

__all__ = ["ConsoleMessenger"]


@final
class ConsoleMessenger:
    """Shows messages of any channel, each once; threads may share it.

    What it shows holds secrets: it is for development, never for a log that is kept.

    Args:
        write: takes one whole message, without a line break at its end, such as ``print``. An ``OSError`` of it is a
            transport that fails.
        render: finds the words; the shipped ones when nothing is said.
    """

    def __init__(
        self, write: Callable[[str], None], render: Callable[[Message], RenderedMessage] = message_text
    ) -> None:
        self._write = write
        self._render = render
        self._lock = Lock()
        self._shown: set[MessageId] = set()

    def deliver(self, message: Message, key: MessageId) -> Delivery:
        """Show the message under a line that says by which channel and to whom it goes."""
        rendered = self._render(message)
        parts = (f"[{message.channel}] {', '.join(message.to)}", rendered.subject, rendered.body)
        with self._lock:
            if key not in self._shown:
                try:
                    self._write("\n".join(part for part in parts if part))
                except OSError:
                    return TryLater()
                self._shown.add(key)
        return Delivered()
