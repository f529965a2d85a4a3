"""The phone, the mailbox and the letter-box, with what arrived in them."""

from typing import TYPE_CHECKING, Final

from msa_recovery.application.caller import Language
from msa_recovery.application.messages import Message
from msa_recovery.domain.account import Channel
from msa_recovery.domain.contacts import PhoneNumber, pretty
from msa_recovery.texts import message_text, moment_text

from .words import Words

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["box"]

_EARLIER_SHOWN: Final = 3


def box(channel: Channel, messages: tuple[Message, ...], words: Words, language: Language) -> "RenderableType":
    """One box: the newest message whole, those before it in a line each, the latest of them at most."""
    from rich.panel import Panel
    from rich.text import Text

    title = words.boxes[channel]
    if not messages:
        return Text(f"{title}{words.colon}{words.empty}", style="dim")
    *before, newest = messages
    text = Text()
    for message in before[-_EARLIER_SHOWN:]:
        text.append(f"{words.earlier}{words.colon}{_in_a_line(message)}\n", style="dim")
    rendered = message_text(newest)
    text.append(f"{moment_text(newest.written_at, language)}\n", style="dim")
    text.append(f"{words.addressed.format(to=_address(newest))}\n\n", style="dim")
    if channel is Channel.EMAIL:
        text.append(f"{rendered.subject}\n\n", style="bold")
    text.append(rendered.body)
    return Panel(text, title=title, title_align="left", border_style="green")


def _address(message: Message) -> str:
    return pretty(PhoneNumber(message.to[0])) if message.channel is Channel.SMS else ", ".join(message.to)


def _in_a_line(message: Message) -> str:
    rendered = message_text(message)
    return rendered.subject or rendered.body.partition("\n")[0]
