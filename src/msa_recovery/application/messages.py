"""What reaches people, and what a messenger may answer. The words are the messenger's; the facts are here."""

from datetime import datetime
from enum import StrEnum
from typing import Final, final

from attrs import field, frozen

from msa_recovery.domain.account import Channel
from msa_recovery.domain.helpdesk import Helpdesk
from msa_recovery.domain.requests import Notice
from msa_recovery.domain.secret import Secret

from .caller import Language

__all__ = ["Delivered", "Delivery", "Message", "MessageKind", "Rejected", "TryLater", "is_sent"]


@final
class MessageKind(StrEnum):
    """Everything that is ever sent."""

    CODE = "code"
    TEMPORARY_PASSWORD = "temporary_password"  # noqa: S105 - a kind
    PASSWORD_CHANGED = Notice.PASSWORD_CHANGED.value
    CONTACTS_CHANGED = Notice.CONTACTS_CHANGED.value
    LETTER_UNDER_WAY = Notice.LETTER_UNDER_WAY.value
    RECOVERY_BLOCKED = Notice.RECOVERY_BLOCKED.value


_NEVER_BY_LETTER: Final = (MessageKind.CODE, MessageKind.LETTER_UNDER_WAY)


def is_sent(kind: MessageKind, channel: Channel) -> bool:
    """Whether a message of this kind ever goes by this channel: no letter has a code, and none announces another."""
    return channel is not Channel.LETTER or kind not in _NEVER_BY_LETTER


@final
@frozen(kw_only=True)
class Message:
    """One message to one person.

    Attributes:
        kind: what it is for.
        channel: how it goes.
        to: an e-mail address, a number in E.164, or the lines of a postal address.
        language: what the person reads.
        help: whom to call if it was not you.
        written_at: when it was promised (aware, UTC).
        secret: the code or the temporary password; ``None`` for a notice.
        until: until when the secret works (aware, UTC); ``None`` for a notice.
    """

    kind: MessageKind
    channel: Channel
    to: tuple[str, ...] = field(repr=False)
    language: Language
    help: Helpdesk
    written_at: datetime
    secret: Secret | None = None
    until: datetime | None = None


@final
@frozen
class Delivered:
    """It is on its way: the messenger has taken it."""


@final
@frozen
class TryLater:
    """It could not be taken now.

    Attributes:
        retry_at: not before this moment (aware), if the transport said so; but once at least before a secret expires or
            a notice is given up.

    Raises:
        ValueError: a naive moment: the messenger's fault.
    """

    retry_at: datetime | None = None

    def __attrs_post_init__(self) -> None:
        if self.retry_at is not None and self.retry_at.utcoffset() is None:
            raise ValueError("an aware moment, not a naive one")


@final
@frozen
class Rejected:
    """It will never be taken: an address that does not exist, a number that is barred.

    Attributes:
        why: for the operator; no address, no secret.
    """

    why: str = ""


Delivery = Delivered | TryLater | Rejected
"""What a messenger answers."""
