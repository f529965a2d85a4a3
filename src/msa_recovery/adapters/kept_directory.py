"""An account directory over whatever keeps the accounts: the port's methods, once for memory and for a file."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import date
from typing import final

from attrs import evolve

from msa_recovery.application.errors import UnknownAccount
from msa_recovery.application.intents import DirectoryIntent, ReplacePassword
from msa_recovery.application.ports import Clock
from msa_recovery.domain import events
from msa_recovery.domain.account import Account, AccountKey, Pivot, VerifiedIdentity
from msa_recovery.domain.challenge import ChallengeKind, Proof
from msa_recovery.domain.identifiers import Identifier
from msa_recovery.domain.inputs import Identify, ProvePassword, read
from msa_recovery.domain.policy import Policy
from msa_recovery.domain.secret import Secret

from .held_account import HeldAccount
from .password_hashing import Hasher

__all__ = ["KeptDirectory"]


class KeptDirectory(ABC):
    """The accounts of a demonstration, a test or a small host.

    Args:
        hasher: keeps and compares the passwords.
        clock: says when a contact detail changed.
    """

    def __init__(self, hasher: Hasher, clock: Clock) -> None:
        self._hasher = hasher
        self._clock = clock

    # -- what keeps them -----------------------------------------------------------------------------------------------

    @abstractmethod
    def accounts(self) -> tuple[HeldAccount, ...]:
        """Every account, as it is now."""

    @abstractmethod
    def _held(self, key: AccountKey) -> HeldAccount | None:
        """The account of a key, with or without its proofs."""

    @abstractmethod
    def _known_as(self, identifier: Identifier) -> HeldAccount | None:
        """The account known under an identifier, with or without its proofs."""

    @abstractmethod
    def _person(self, pivot: Pivot) -> HeldAccount | None:
        """The account of a person, with or without its proofs."""

    @abstractmethod
    def _proofs(self, key: AccountKey) -> tuple[Proof, ...]:
        """All proofs of an account; none for an unknown key, at the same cost."""

    @abstractmethod
    def _change(self, key: AccountKey, change: Callable[[HeldAccount], HeldAccount], once: str | None) -> bool:
        """Put what ``change`` makes of an account in its place, all at once; not at all if something was done under the
        same ``once`` before. Whether there is such an account."""

    # -- the port ------------------------------------------------------------------------------------------------------

    @final
    def find(self, identifier: Identifier) -> Account | None:
        """The account known under this identifier."""
        return _account_of(self._known_as(identifier))

    @final
    def find_by_identity(self, identity: VerifiedIdentity) -> Account | None:
        """The account of the person with the same pivot identity (:attr:`VerifiedIdentity.pivot`)."""
        return _account_of(self._person(identity.pivot))

    @final
    def get(self, key: AccountKey) -> Account | None:
        """The account of this key, as it is now."""
        return _account_of(self._held(key))

    @final
    def proofs(self, key: AccountKey, kind: ChallengeKind, since: date | None) -> tuple[Proof, ...]:
        """The proofs of this kind; of payments, those made on or after ``since``."""
        return tuple(
            proof
            for proof in self._proofs(key)
            if proof.kind is kind and (since is None or proof.on is None or proof.on >= since)
        )

    @final
    def password_matches(self, key: AccountKey, password: Secret) -> bool:
        """Whether this is the account's password; one hash, whoever is asked for (R14)."""
        return self._matches(self._held(key), password)

    @final
    def apply(self, key: AccountKey, intent: DirectoryIntent, once: str) -> bool:
        """Do this, unless it was done under the same ``once``. An unknown key costs the same and answers ``False``."""
        new_hash = self._hasher.hash(intent.password) if isinstance(intent, ReplacePassword) else ""
        now = self._clock.now()
        return self._change(key, lambda held: held.after(intent, new_hash, now), once)

    # -- what a host does besides --------------------------------------------------------------------------------------

    @final
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
        held = self._known_as(named.identifier)
        if not self._matches(held, typed.password) or held is None or held.password_hash is None:
            return None
        self._welcome(held.account.key, held.password_hash, typed.password)
        return held.account.key

    @final
    def sessions_revoked(self, key: AccountKey) -> int:
        """How often every session of the account was ended.

        Raises:
            UnknownAccount: there is no account of this key.
        """
        held = self._held(key)
        if held is None:
            raise UnknownAccount
        return held.sessions_revoked

    def _matches(self, held: HeldAccount | None, password: Secret) -> bool:
        if held is None or held.password_hash is None:
            self._hasher.verify_nothing(password)
            return False
        return self._hasher.verify(held.password_hash, password)

    def _welcome(self, key: AccountKey, verified: str, password: Secret) -> None:
        kept = self._hasher.hash(password) if self._hasher.needs_rehash(verified) else verified

        def welcomed(held: HeldAccount) -> HeldAccount:
            # Meanwhile a journey may have replaced the password: then that one stays.
            return evolve(held.signed_in(), password_hash=kept) if held.password_hash == verified else held

        self._change(key, welcomed, None)


def _account_of(held: HeldAccount | None) -> Account | None:
    return None if held is None else held.account
