"""What the directory is asked to do, with the values that the domain never sees."""

from typing import final

from attrs import field, frozen

from msa_recovery.domain.contacts import ContactKind, EmailAddress, PhoneNumber
from msa_recovery.domain.secret import Secret

__all__ = ["DirectoryIntent", "ReplacePassword", "RevokeSessions", "SetContactsMark", "UpdateContacts"]


@final
@frozen
class ReplacePassword:
    """Make this the account's password, hashed as the directory hashes; the account has signed in from now on.

    Attributes:
        password: in NFC (R41), of ``password_min`` to ``password_max`` code points of the policy.
    """

    password: Secret


@final
@frozen
class RevokeSessions:
    """End every session of the account, on every device (R22)."""


@final
@frozen
class UpdateContacts:
    """Put these contact details on file: one that differs gets a new id; ``None`` takes the line off file.

    Attributes:
        values: each line that was corrected, with its new value.
    """

    values: tuple[tuple[ContactKind, EmailAddress | PhoneNumber | None], ...] = field(repr=False)


@final
@frozen
class SetContactsMark:
    """Remember, or forget, that the person must confirm the contact details at the next sign-in.

    Attributes:
        to_confirm: whether to remember it.
    """

    to_confirm: bool


DirectoryIntent = ReplacePassword | RevokeSessions | UpdateContacts | SetContactsMark
"""Every effect that the library has on the directory."""
