"""An account directory in memory: for tests, demonstrations, and as the example of what a host's own must do."""

import secrets
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from threading import Lock
from typing import Final, assert_never, final

from attrs import evolve, field, frozen

from msa_recovery.application.errors import CallerError, UnknownAccount
from msa_recovery.application.intents import (
    DirectoryIntent,
    ReplacePassword,
    RevokeSessions,
    SetContactsMark,
    UpdateContacts,
)
from msa_recovery.application.ports import Clock
from msa_recovery.domain import events
from msa_recovery.domain.account import MATRIX, Account, AccountKey, Contact, ContactId, VerifiedIdentity
from msa_recovery.domain.challenge import ChallengeKind, Proof
from msa_recovery.domain.contacts import ContactKind, EmailAddress, PhoneNumber
from msa_recovery.domain.identifiers import Identifier
from msa_recovery.domain.inputs import Identify, ProvePassword, read
from msa_recovery.domain.policy import Policy
from msa_recovery.domain.secret import Secret

from .password_hashing import Hasher

__all__ = ["HeldAccount", "MemoryDirectory"]

_CONTACT_ID_BYTES: Final = 32


@final
@frozen
class HeldAccount:
    """Everything that the directory holds of one account.

    Attributes:
        account: what the journey may know of it.
        password_hash: of the usual password; ``None`` where there is none yet.
        proofs: what answers to a knowledge question are checked against.
        identity: as the civil registry has the person, for FranceConnect; its ``subject`` is not looked at.
        sessions_revoked: how often every session of the account was ended.
    """

    account: Account
    password_hash: str | None = field(default=None, repr=False)
    proofs: tuple[Proof, ...] = field(default=(), repr=False)
    identity: VerifiedIdentity | None = field(default=None, repr=False)
    sessions_revoked: int = 0


@final
class MemoryDirectory:
    """Keeps accounts in dictionaries, behind one lock that is never held while a password is hashed.

    What it holds is gone with the process, and not shared by a fork.

    Args:
        accounts: whom it knows from the start.
        hasher: keeps and compares the passwords.
        clock: says when a contact detail changed.

    Raises:
        CallerError: a key, an identifier or a civil identity stands for two accounts, or an account of a type that
            FranceConnect does not open has an identity.
    """

    def __init__(self, accounts: Iterable[HeldAccount], hasher: Hasher, clock: Clock) -> None:
        self._lock = Lock()
        self._hasher = hasher
        self._clock = clock
        self._accounts: dict[AccountKey, HeldAccount] = {}
        self._known_as: dict[Identifier, AccountKey] = {}
        self._persons: dict[tuple[str, ...], AccountKey] = {}
        self._applied: set[tuple[AccountKey, str]] = set()
        for held in accounts:
            self._add(held)

    def _add(self, held: HeldAccount) -> None:
        account = held.account
        if account.key in self._accounts:
            raise CallerError("two accounts have the same key")
        self._accounts[account.key] = held
        for identifier in account.identifiers:
            if self._known_as.setdefault(identifier, account.key) != account.key:
                raise CallerError("two accounts have the same identifier")
        if held.identity is not None:
            if not MATRIX[account.type].franceconnect:
                raise CallerError(f"an account of type {account.type} is not opened by FranceConnect")
            if self._persons.setdefault(_pivot(held.identity), account.key) != account.key:
                raise CallerError("two accounts have the same civil identity")

    # -- the port ------------------------------------------------------------------------------------------------------

    def find(self, identifier: Identifier) -> Account | None:
        """The account known under this identifier."""
        held = self._found(self._known_as.get(identifier))
        return None if held is None else held.account

    def find_by_identity(self, identity: VerifiedIdentity) -> Account | None:
        """The account of the person with the same pivot identity: all given names, the name at birth, date and place of
        birth, gender. Letter case, accents, hyphens and apostrophes make no difference."""
        held = self._found(self._persons.get(_pivot(identity)))
        return None if held is None else held.account

    def get(self, key: AccountKey) -> Account | None:
        """The account of this key, as it is now."""
        held = self._found(key)
        return None if held is None else held.account

    def proofs(self, key: AccountKey, kind: ChallengeKind, since: date | None) -> tuple[Proof, ...]:
        """The proofs of this kind; of payments, those made on or after ``since``."""
        held = self._found(key)
        every = () if held is None else held.proofs
        return tuple(
            proof for proof in every if proof.kind is kind and (since is None or proof.on is None or proof.on >= since)
        )

    def password_matches(self, key: AccountKey, password: Secret) -> bool:
        """Whether this is the account's password; one hash, whoever is asked for (R14)."""
        return self._matches(self._found(key), password)

    def apply(self, key: AccountKey, intent: DirectoryIntent, once: str) -> bool:
        """Do this, unless it was done under the same ``once``. An unknown key costs the same and answers ``False``."""
        new_hash = self._hasher.hash(intent.password) if isinstance(intent, ReplacePassword) else ""
        now = self._clock.now()
        with self._lock:
            held = self._accounts.get(key)
            if held is None or (key, once) in self._applied:
                return held is not None
            match intent:
                case ReplacePassword():
                    account = evolve(held.account, first_sign_in=False)
                    held = evolve(held, account=account, password_hash=new_hash)
                case RevokeSessions():
                    held = evolve(held, sessions_revoked=held.sessions_revoked + 1)
                case UpdateContacts(values):
                    contacts = held.account.contacts
                    for kind, value in values:
                        contacts = _with(contacts, kind, value, now)
                    held = evolve(held, account=evolve(held.account, contacts=contacts))
                case SetContactsMark(to_confirm):
                    held = evolve(held, account=evolve(held.account, contacts_to_confirm=to_confirm))
                case _:
                    assert_never(intent)
            self._accounts[key] = held
            self._applied.add((key, once))
            return True

    # -- what a host does besides --------------------------------------------------------------------------------------

    def sign_in(self, identifier: str | Identifier, password: Secret) -> AccountKey | None:
        """A usual sign-in, which belongs to the host: the account, if this is its password.

        Whoever signs in has signed in before from now on, and a password that was kept at an earlier cost is kept at
        today's (R45). An unknown identifier costs the same hash (R14); a text that nobody can have costs nothing.

        Args:
            identifier: as typed, or as read.
            password: as typed.
        """
        policy = Policy.msa()
        named = (
            events.Identify(identifier) if isinstance(identifier, Identifier) else read(Identify(identifier), policy)
        )
        typed = read(ProvePassword(password.reveal()), policy)
        if not isinstance(named, events.Identify) or not isinstance(typed, events.ProvePassword):
            return None
        held = self._found(self._known_as.get(named.identifier))
        if not self._matches(held, typed.password) or held is None or held.password_hash is None:
            return None
        self._welcome(held.account.key, held.password_hash, typed.password)
        return held.account.key

    def sessions_revoked(self, key: AccountKey) -> int:
        """How often every session of the account was ended.

        Raises:
            UnknownAccount: there is no account of this key.
        """
        held = self._found(key)
        if held is None:
            raise UnknownAccount
        return held.sessions_revoked

    def accounts(self) -> tuple[HeldAccount, ...]:
        """Every account, as it is now."""
        with self._lock:
            return tuple(self._accounts.values())

    def _found(self, key: AccountKey | None) -> HeldAccount | None:
        with self._lock:
            return None if key is None else self._accounts.get(key)

    def _matches(self, held: HeldAccount | None, password: Secret) -> bool:
        if held is None or held.password_hash is None:
            self._hasher.verify_nothing(password)
            return False
        return self._hasher.verify(held.password_hash, password)

    def _welcome(self, key: AccountKey, verified: str, password: Secret) -> None:
        kept = self._hasher.hash(password) if self._hasher.needs_rehash(verified) else verified
        with self._lock:
            held = self._accounts[key]
            # Meanwhile a journey may have replaced the password: then that one stays.
            if held.password_hash == verified:
                account = evolve(held.account, first_sign_in=False)
                self._accounts[key] = evolve(held, account=account, password_hash=kept)


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


_LIGATURES: Final = str.maketrans({"œ": "oe", "æ": "ae"})


def _pivot(identity: VerifiedIdentity) -> tuple[str, ...]:
    """What tells one person from another in every civil registry."""
    return (
        _folded(identity.family_name),
        _folded(" ".join(identity.given_names)),
        identity.birthdate,
        identity.gender,
        identity.birthplace,
        identity.birthcountry,
    )


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).casefold().translate(_LIGATURES)
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join("".join(letter if letter.isalnum() else " " for letter in bare).split())
