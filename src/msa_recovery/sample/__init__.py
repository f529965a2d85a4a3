"""Made-up accounts that show every kind of journey: for the demonstration, the examples and the tests.

What each account is for stands in ``accounts.toml``, beside this file.
"""

from pathlib import Path
from typing import Final

from msa_recovery.adapters.accounts_file import read_accounts
from msa_recovery.adapters.memory_directory import MemoryDirectory
from msa_recovery.adapters.password_hashing import Hasher
from msa_recovery.application.ports import Clock

__all__ = ["sample_directory"]

_ACCOUNTS: Final = Path(__file__).with_name("accounts.toml")


def sample_directory(clock: Clock, hasher: Hasher) -> MemoryDirectory:
    """A new directory of the sample accounts, as they are at this moment of the clock."""
    return MemoryDirectory(read_accounts(_ACCOUNTS, clock=clock, hasher=hasher), hasher, clock)
