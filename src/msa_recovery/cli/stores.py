"""The keys and the store that a command is given. A store is a file, or on a server; none is made by looking at it."""

import re
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from msa_recovery.domain.policy import Policy

from .complaints import complaint, told_in_one_line

if TYPE_CHECKING:
    from collections.abc import Generator

    from msa_recovery.adapters.postgres_store import PostgresStore
    from msa_recovery.adapters.sqlite_store import SqliteStore
    from msa_recovery.application.ports import AccountDirectory
    from msa_recovery.application.recovery import Recovery

__all__ = ["STORE", "KeysPath", "StorePlace", "opened_store", "recovering"]

STORE: Final = "an SQLite file, or postgresql://user@host/database"
"""What a store is called by, in the help of a command."""

_WITH_PASSWORD: Final = re.compile(r"\w[\w+]*://([^:/]*:[^@]*@|.*[?&](ssl)?password=)")
"""Arguments stand in the list of processes and in the history of the shell."""

KeysPath = Annotated[Path, typer.Argument(help="The file that holds the keys.", metavar="KEYS", show_default=False)]
StorePlace = Annotated[str, typer.Argument(help=f"The store: {STORE}.", metavar="STORE", show_default=False)]


@contextmanager
def opened_store(place: str) -> "Generator[SqliteStore | PostgresStore]":
    """A store that is there already; what goes wrong with it ends the command with one line."""
    from msa_recovery.compose import store_at

    if _WITH_PASSWORD.match(place):
        raise complaint("the URL holds a password, which others see here: leave it to PGPASSWORD, or to ~/.pgpass")
    with told_in_one_line(place), closing(store_at(place)) as opened:
        if not opened.exists():
            raise complaint(f"{place}: there is no store")
        yield opened


@contextmanager
def recovering(
    keys: Path, place: str, policy: Policy | None = None, accounts: "AccountDirectory | None" = None
) -> "Generator[Recovery]":
    """A host of a store that is there already, with nobody in its directory when none is given."""
    from msa_recovery.adapters.clocks import SystemClock
    from msa_recovery.adapters.keyring import read_keys
    from msa_recovery.adapters.memory_directory import MemoryDirectory
    from msa_recovery.adapters.password_hashing import Argon2idHasher
    from msa_recovery.compose import compose

    with told_in_one_line(keys):
        ring = read_keys(keys)
    nobody = MemoryDirectory((), Argon2idHasher(), SystemClock())
    with opened_store(place) as store:
        yield compose(accounts=accounts or nobody, keys=ring, store=store, policy=policy or Policy.msa())
