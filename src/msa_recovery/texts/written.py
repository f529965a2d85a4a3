"""A message in words: as one text, and as paragraphs of which each has a role on a page."""

import re
from enum import StrEnum
from typing import Final, final

from attrs import field, frozen

__all__ = ["Paragraph", "RenderedMessage", "Role", "WrittenMessage", "kept_together", "role_of"]


@final
@frozen
class RenderedMessage:
    """A message in words.

    Attributes:
        subject: of an e-mail or a letter, never with a secret; empty for an SMS.
        body: plain text; of an SMS one segment of GSM-7 (R51).
    """

    subject: str
    body: str = field(repr=False)


@final
class Role(StrEnum):
    """What a paragraph is for."""

    TEXT = "text"
    SECRET = "secret"  # noqa: S105 - a role
    STEPS = "steps"
    HELP = "help"
    DAY = "day"
    SUBJECT = "subject"
    SIGNATURE = "signature"


@final
@frozen
class Paragraph:
    """One paragraph, filled.

    Attributes:
        role: what it is for.
        text: its words; of ``STEPS`` a line for each.
    """

    role: Role
    text: str = field(repr=False)


@final
@frozen
class WrittenMessage:
    """A message in words, ready to be laid out.

    Attributes:
        subject: as that of a :class:`RenderedMessage`.
        paragraphs: the body, from its first paragraph to its last.
    """

    subject: str
    paragraphs: tuple[Paragraph, ...]


_ROLES: Final = {
    "%(secret)s": Role.SECRET,
    "%(help)s": Role.HELP,
    "%(day)s": Role.DAY,
    "%(subject)s": Role.SUBJECT,
    "%(name)s": Role.SIGNATURE,
}
"""A paragraph is what it is filled with: so it keeps its role in a host's own words."""

_STEP: Final = re.compile(r"\d+\. ")


def role_of(template: str) -> Role:
    """The role of a paragraph that is not filled yet."""
    filled = next((role for placeholder, role in _ROLES.items() if placeholder in template), None)
    return filled or (Role.STEPS if _STEP.match(template) else Role.TEXT)


_INSIDE_A_NUMBER: Final = re.compile(r"(?<=\d) (?=\d|h\b)|(?<=\d\Wh) (?=\d)")


def kept_together(text: str) -> str:
    """The same words, with no line break inside a phone number or a time of day: ``03 20 90 05 00``, ``14 h 30``."""
    return _INSIDE_A_NUMBER.sub("\u00a0", text)
