"""The phone, the mailbox and the letter-box, with what arrived in them."""

from typing import TYPE_CHECKING, Final, final

from msa_recovery.application.caller import Language
from msa_recovery.application.messages import Message
from msa_recovery.domain.account import Channel
from msa_recovery.domain.contacts import PhoneNumber, pretty
from msa_recovery.domain.journey import passed
from msa_recovery.texts import message_text, moment_text

from .stage import Stage
from .words import Words

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["Boxes", "address_of", "in_a_line"]

_EARLIER_SHOWN: Final = 3


@final
class Boxes:
    """Shows the newest message of each box whole while it can be used, and once if it only tells something.

    Args:
        stage: where messages arrive.
        words: the demonstration's.
        language: what the person reads.
    """

    def __init__(self, stage: Stage, words: Words, language: Language) -> None:
        self._stage = stage
        self._words = words
        self._language = language
        self._read = dict.fromkeys(Channel, 0)

    def drawn(self) -> "tuple[RenderableType, ...]":
        """Every box as it is now."""
        return tuple(self._box(channel, self._stage.delivered(channel)) for channel in Channel)

    def _box(self, channel: Channel, messages: tuple[Message, ...]) -> "RenderableType":
        from rich.text import Text

        title, words = self._words.boxes[channel], self._words
        if not messages:
            return Text(f"{title}{words.colon}{words.empty}", style="dim")
        newest = messages[-1]
        live = newest.until is not None and not passed(newest.until, self._stage.clock.now())
        if not live and self._read[channel] == len(messages):
            said = words.nothing_new.format(message=in_a_line(newest))
            return Text(f"{title}{words.colon}{said}", style="dim", no_wrap=True, overflow="ellipsis")
        self._read[channel] = len(messages)
        return self._opened(title, messages)

    def _opened(self, title: str, messages: tuple[Message, ...]) -> "RenderableType":
        from rich.console import Group
        from rich.panel import Panel
        from rich.text import Text

        *before, newest = messages
        earlier = [
            Text(
                f"{self._words.earlier}{self._words.colon}{in_a_line(message)}",
                style="dim",
                no_wrap=True,
                overflow="ellipsis",
            )
            for message in before[-_EARLIER_SHOWN:]
        ]
        rendered, text = message_text(newest), Text()
        text.append(f"{moment_text(newest.written_at, self._language)}\n", style="dim")
        text.append(f"{self._words.addressed.format(to=address_of(newest))}\n\n", style="dim")
        if newest.channel is Channel.EMAIL:
            text.append(f"{rendered.subject}\n\n", style="bold")
        text.append(rendered.body)
        parts = [*earlier, Text(), text] if earlier else [text]
        return Panel(Group(*parts), title=title, title_align="left", border_style="green")


def address_of(message: Message) -> str:
    """Where it was delivered, as people write it."""
    return pretty(PhoneNumber(message.to[0])) if message.channel is Channel.SMS else ", ".join(message.to)


def in_a_line(message: Message) -> str:
    """A message in one line: its subject, or all of it."""
    rendered = message_text(message)
    return rendered.subject or " ".join(rendered.body.split())
