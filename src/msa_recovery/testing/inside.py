"""What a test sees of a host on known adapters that no person does: what is kept, and every secret that was drawn."""

from typing import Any

from msa_recovery.adapters.held_account import HeldAccount
from msa_recovery.adapters.memory_directory import MemoryDirectory
from msa_recovery.adapters.memory_store import MemoryStore
from msa_recovery.adapters.vault import Vault
from msa_recovery.application.records import StoredJourney
from msa_recovery.application.reply import Reply
from msa_recovery.application.world import hash_of
from msa_recovery.domain.account import AccountKey, Pseudonym
from msa_recovery.domain.secret import Secret  # noqa: TC001 - beside the other types

from .tapped import Call

__all__ = ["Inside"]


class Inside:
    """One host, looked into.

    Attributes:
        store: in memory.
        directory: in memory.
        vault: of the host.
        codes: every code that was drawn.
        passwords: every temporary password that was drawn.
    """

    def __init__(self, store: MemoryStore, directory: MemoryDirectory, vault: Vault) -> None:
        self.store = store
        self.directory = directory
        self.vault = vault
        self.codes: list[Secret] = []
        self.passwords: list[Secret] = []

    def note(self, call: Call, answer: Any) -> None:
        """What a port answered: a secret that is drawn is kept in mind."""
        if call.method == "code":
            self.codes.append(answer)
        if call.method == "temporary_password":
            self.passwords.append(answer)

    @property
    def code(self) -> str:
        """The code that was drawn last, whoever it was for, and whether or not it was sent."""
        return self.codes[-1].reveal()

    @property
    def password(self) -> str:
        """The temporary password that was drawn last, whoever it was for, and whether or not it was sent."""
        return self.passwords[-1].reveal()

    def journey(self, reply: Reply) -> StoredJourney:
        """The journey as it is kept."""
        stored = self.store.load(hash_of(reply.handle))
        assert stored is not None
        return stored

    def pseudonym(self, name: str) -> Pseudonym:
        """The name of an account's ledger: ``account:marie``; of an unknown identifier's: its canonical form."""
        return Pseudonym(self.vault.pseudonym(name))

    def held(self, key: AccountKey) -> HeldAccount:
        """An account, as the directory holds it."""
        return next(held for held in self.directory.accounts() if held.account.key == key)
