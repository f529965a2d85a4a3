"""A store that processes share, of each kind, and what stands in it."""

import sqlite3
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, final

from attrs import frozen

from msa_recovery.adapters.memory_store import MemoryStore
from msa_recovery.adapters.postgres_store import PostgresStore
from msa_recovery.adapters.sqlite_store import SqliteStore

from . import postgres, sqlite

__all__ = ["KINDS", "Kept", "kept"]

KINDS: Final = ("file", "server")
"""SQLite, PostgreSQL."""


@final
@frozen(eq=False)
class Kept:
    """A store, and those who get at its rows beside it.

    Attributes:
        store: the store, typed as the one whose insides most tests look at.
        contents: every row of every table.
        altered: executes a statement that both databases understand.
    """

    store: MemoryStore
    contents: Callable[[], dict[str, list[tuple[Any, ...]]]]
    altered: Callable[[str], object]


@contextmanager
def kept(kind: str, folder: Path) -> Generator[Kept]:
    """An empty store of one of the kinds."""
    store: Any
    if kind == "server":
        with postgres.fresh() as url:
            # Fewer for each process than usual: of all processes together the server takes a hundred.
            store = PostgresStore(url, connections=4)
            yield Kept(store, lambda: postgres.contents(url), lambda statement: postgres.executed(url, statement))
            store.close()
        return
    path = sqlite.fresh(folder / "recovery.sqlite")

    def altered(statement: str) -> None:
        with sqlite3.connect(path) as connection:
            connection.execute(statement)
        connection.close()

    store = SqliteStore(path)
    yield Kept(store, lambda: sqlite.contents(path), altered)
    store.close()
