"""Made-up accounts that show every kind of journey: for the demonstration, the examples and the tests.

What each account is for stands in ``accounts.toml``, beside this file.
"""

from pathlib import Path
from typing import Final

from msa_recovery.adapters.accounts_file import read_accounts
from msa_recovery.adapters.clocks import SystemClock
from msa_recovery.adapters.held_account import HeldAccount
from msa_recovery.adapters.memory_directory import MemoryDirectory
from msa_recovery.adapters.password_hashing import Argon2idHasher, Hasher
from msa_recovery.application.ports import Clock

__all__ = ["sample_accounts", "sample_directory"]

_ACCOUNTS: Final = Path(__file__).with_name("accounts.toml")


def sample_accounts(clock: Clock, hasher: Hasher) -> tuple[HeldAccount, ...]:
    """The sample accounts, as they are at this moment of the clock."""
    return read_accounts(_ACCOUNTS, clock=clock, hasher=hasher)


def sample_directory(clock: Clock | None = None, hasher: Hasher | None = None) -> MemoryDirectory:
    """A new directory of the sample accounts, in memory.

    Args:
        clock: of their dates; the system's if there is none.
        hasher: of their passwords; Argon2id if there is none.
    """
    clock, hasher = clock or SystemClock(), hasher or Argon2idHasher()
    return MemoryDirectory(sample_accounts(clock, hasher), hasher, clock)
