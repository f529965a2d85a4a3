"""What the shipped directories hold of an account, and what an effect makes of it: pure, whatever keeps it."""

import secrets
from datetime import datetime
from typing import Final, assert_never, final

from attrs import evolve, field, frozen

from msa_recovery.application.intents import (
    DirectoryIntent,
    ReplacePassword,
    RevokeSessions,
    SetContactsMark,
    UpdateContacts,
)
from msa_recovery.domain.account import Account, Contact, ContactId, Pivot, VerifiedIdentity
from msa_recovery.domain.challenge import Proof
from msa_recovery.domain.contacts import ContactKind, EmailAddress, PhoneNumber

__all__ = ["HeldAccount"]

_CONTACT_ID_BYTES: Final = 32


@final
@frozen
class HeldAccount:
    """Everything that a directory holds of one account.

    Attributes:
        account: what the journey may know of it.
        password_hash: of the usual password; ``None`` where there is none yet.
        proofs: what answers to a knowledge question are checked against.
        identity: as the civil registry has the person behind the account, for FranceConnect; its ``subject`` is not
            looked at. Where one person has several accounts it stands at the individual's, which FranceConnect opens.
        sessions_revoked: how often every session of the account was ended.
    """

    account: Account
    password_hash: str | None = field(default=None, repr=False)
    proofs: tuple[Proof, ...] = field(default=(), repr=False)
    identity: VerifiedIdentity | None = field(default=None, repr=False)
    sessions_revoked: int = 0

    @property
    def pivot(self) -> Pivot | None:
        """The person behind the account, where one is known."""
        return None if self.identity is None else self.identity.pivot

    def after(self, intent: DirectoryIntent, new_hash: str, now: datetime) -> "HeldAccount":
        """The account once this is done.

        Args:
            intent: what to do.
            new_hash: of the new password, where it is replaced.
            now: when a contact detail changed (aware).
        """
        match intent:
            case ReplacePassword():
                return evolve(self.signed_in(), password_hash=new_hash)
            case RevokeSessions():
                return evolve(self, sessions_revoked=self.sessions_revoked + 1)
            case UpdateContacts(values):
                contacts = self.account.contacts
                for kind, value in values:
                    contacts = _with(contacts, kind, value, now)
                return evolve(self, account=evolve(self.account, contacts=contacts))
            case SetContactsMark(to_confirm):
                return evolve(self, account=evolve(self.account, contacts_to_confirm=to_confirm))
            case _:
                assert_never(intent)

    def signed_in(self) -> "HeldAccount":
        """The account once its holder has signed in before."""
        return evolve(self, account=evolve(self.account, first_sign_in=False))


def _with(
    contacts: tuple[Contact, ...], kind: ContactKind, value: EmailAddress | PhoneNumber | None, now: datetime
) -> tuple[Contact, ...]:
    """The contacts with one line changed. The same value again is no change: it keeps its id and serves as before."""
    if any(contact.kind is kind and contact.value == value for contact in contacts):
        return contacts
    others = tuple(contact for contact in contacts if contact.kind is not kind)
    if value is None:
        return others
    return (*others, Contact(ContactId(secrets.token_hex(_CONTACT_ID_BYTES)), kind, value, changed_at=now))
