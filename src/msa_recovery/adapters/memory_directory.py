"""An account directory in memory: for tests, and for whoever tries the library."""

from collections.abc import Callable, Iterable
from threading import Lock
from typing import final

from msa_recovery.application.errors import CallerError
from msa_recovery.application.ports import Clock
from msa_recovery.domain.account import AccountKey, Pivot
from msa_recovery.domain.challenge import Proof
from msa_recovery.domain.identifiers import Identifier

from .held_account import HeldAccount
from .kept_directory import KeptDirectory
from .password_hashing import Hasher

__all__ = ["MemoryDirectory"]


@final
class MemoryDirectory(KeptDirectory):
    """Keeps accounts in dictionaries, behind one lock that is never held while a password is hashed.

    What it holds is gone with the process, and not shared by a fork.

    Args:
        accounts: whom it knows from the start.
        hasher: keeps and compares the passwords.
        clock: says when a contact detail changed.

    Raises:
        CallerError: a key, an identifier or a civil identity stands for two accounts.
    """

    def __init__(self, accounts: Iterable[HeldAccount], hasher: Hasher, clock: Clock) -> None:
        super().__init__(hasher, clock)
        self._lock = Lock()
        self._accounts: dict[AccountKey, HeldAccount] = {}
        self._keys: dict[Identifier, AccountKey] = {}
        self._persons: dict[Pivot, AccountKey] = {}
        self._done: set[tuple[AccountKey, str]] = set()
        for held in accounts:
            self._add(held)

    def _add(self, held: HeldAccount) -> None:
        account = held.account
        if account.key in self._accounts:
            raise CallerError("two accounts have the same key")
        self._accounts[account.key] = held
        for identifier in account.identifiers:
            if self._keys.setdefault(identifier, account.key) != account.key:
                raise CallerError("two accounts have the same identifier")
        pivot = held.pivot
        if pivot is not None and self._persons.setdefault(pivot, account.key) != account.key:
            raise CallerError("two accounts have the same civil identity")

    def accounts(self) -> tuple[HeldAccount, ...]:
        """Every account, as it is now."""
        with self._lock:
            return tuple(self._accounts.values())

    def _held(self, key: AccountKey | None) -> HeldAccount | None:
        with self._lock:
            return None if key is None else self._accounts.get(key)

    def _known_as(self, identifier: Identifier) -> HeldAccount | None:
        return self._held(self._keys.get(identifier))

    def _person(self, pivot: Pivot) -> HeldAccount | None:
        return self._held(self._persons.get(pivot))

    def _proofs(self, key: AccountKey) -> tuple[Proof, ...]:
        held = self._held(key)
        return () if held is None else held.proofs

    def _change(self, key: AccountKey, change: Callable[[HeldAccount], HeldAccount], once: str | None) -> bool:
        with self._lock:
            held = self._accounts.get(key)
            if held is None:
                return False
            if once is not None:
                if (key, once) in self._done:
                    return True
                self._done.add((key, once))
            self._accounts[key] = change(held)
            return True
