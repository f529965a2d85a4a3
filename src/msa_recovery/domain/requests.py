"""What an effect asks of the outside. The domain names it; the application draws, renders, seals and commits it."""

from datetime import datetime
from enum import StrEnum
from typing import final

from attrs import frozen

from .account import Way
from .journey import Edit

__all__ = [
    "Intent",
    "MarkContacts",
    "MintHandle",
    "Notice",
    "Notify",
    "ReplacePassword",
    "Request",
    "RevokeSessions",
    "SendCode",
    "SendTemporaryPassword",
    "UpdateContacts",
]


@final
class Notice(StrEnum):
    """What the holder of an account is told, without any secret (R23, R32)."""

    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a notice
    CONTACTS_CHANGED = "contacts_changed"
    LETTER_UNDER_WAY = "letter_under_way"
    RECOVERY_BLOCKED = "recovery_blocked"


@final
@frozen
class SendCode:
    """Send the fresh code this way; never after ``until``."""

    way: Way
    until: datetime


@final
@frozen
class SendTemporaryPassword:
    """Send the fresh temporary password this way, a letter included; never after ``until``."""

    way: Way
    until: datetime


@final
@frozen
class Notify:
    """Tell the holder, by each of these ways."""

    notice: Notice
    ways: tuple[Way, ...]


@final
@frozen
class MintHandle:
    """Give the person a new handle; the earlier one is unknown from this commit on (R34)."""


@final
@frozen
class ReplacePassword:
    """Make the accepted password the account's own."""


@final
@frozen
class RevokeSessions:
    """End every session of the account (R22)."""


@final
@frozen
class UpdateContacts:
    """Put these corrections on file."""

    edits: tuple[Edit, ...]


@final
@frozen
class MarkContacts:
    """Remember, or forget, that the person must confirm the contact details."""

    to_confirm: bool


Intent = ReplacePassword | RevokeSessions | UpdateContacts | MarkContacts
"""An effect on the directory: committed with the new state, numbered, then applied once in effect (invariant 11)."""

Request = SendCode | SendTemporaryPassword | Notify | MintHandle | Intent
"""Everything that a row may ask for."""
