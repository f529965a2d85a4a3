"""Where a host keeps what outlives it, and how it is looked into: by plain SQL, beside the library."""

import sqlite3
import time
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Protocol, final

import psycopg
from attrs import frozen

from msa_recovery.adapters.postgres_store import PostgresStore
from msa_recovery.adapters.sqlite_store import SqliteStore

__all__ = ["Files", "Rows", "opened"]

_BUSY: Final = 10.0
_PAUSE: Final = 0.001


class Answer(Protocol):
    """The rows that a question has."""

    def fetchone(self) -> Any: ...

    def fetchall(self) -> list[Any]: ...

    def __iter__(self) -> Iterator[Any]: ...


class Rows(Protocol):
    """Tables that can be asked, in SQL that every database understands, with ``?`` for values."""

    def execute(self, question: str, values: tuple[Any, ...] = ()) -> Answer: ...

    def has(self, table: str) -> bool: ...


@final
@frozen
class Files:
    """What a host keeps: everything in one folder; or the library's store on a server, and the rest there.

    Attributes:
        folder: its folder.
        server: the URL of its schema; empty where the store is a file of the folder.
    """

    folder: Path
    server: str = ""

    def open_store(self) -> SqliteStore | PostgresStore:
        """The store, for a host."""
        if self.server:
            return PostgresStore(f"{self.server}&application_name={self._host}")
        return SqliteStore(self._store)

    @property
    def _host(self) -> str:
        """What the server knows the host's sessions as."""
        return f"host-that-dies-{sha256(self.server.encode()).hexdigest()[:16]}"

    @property
    def accounts(self) -> Path:
        """The file of the directory."""
        return self.folder / "accounts.sqlite"

    @property
    def inbox(self) -> Path:
        """The file of what arrived."""
        return self.folder / "inbox.sqlite"

    @property
    def _store(self) -> Path:
        return self.folder / "recovery.sqlite"

    @contextmanager
    def store_rows(self) -> Generator[Rows]:
        """What the store holds now."""
        if not self.server:
            with opened(self._store) as rows:
                yield rows
            return
        with psycopg.connect(self.server, autocommit=True) as connection:
            yield _OnServer(connection)

    def has_ended(self) -> None:
        """Wait until the server has done what a dead host had asked of it last, and knows that it is dead."""
        if not self.server:
            return
        living = "SELECT 1 FROM pg_stat_activity WHERE application_name = %s"
        with psycopg.connect(self.server, autocommit=True) as connection:
            give_up = time.monotonic() + _BUSY
            while connection.execute(living, (self._host,)).fetchone() and time.monotonic() < give_up:
                time.sleep(_PAUSE)

    def damage(self) -> list[str]:
        """What SQLite itself finds wrong with its files."""
        found: list[str] = []
        for path in (self._store, self.accounts, self.inbox):
            with opened(path) as rows:
                said = (line for (line,) in rows.execute("PRAGMA integrity_check"))
                found += (f"{path.name}: {line}" for line in said if line != "ok")
        return found


@final
@frozen
class _InFile:
    """A connection to SQLite."""

    connection: sqlite3.Connection

    def execute(self, question: str, values: tuple[Any, ...] = ()) -> sqlite3.Cursor:
        return self.connection.execute(question, values)

    def has(self, table: str) -> bool:
        return self.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone() is not None


@final
@frozen
class _OnServer:
    """A connection to PostgreSQL that is asked as one to SQLite is."""

    connection: "psycopg.Connection[Any]"

    def execute(self, question: str, values: tuple[Any, ...] = ()) -> "psycopg.Cursor[Any]":
        return self.connection.execute(question.replace("?", "%s").encode(), values or None)

    def has(self, table: str) -> bool:
        return self.execute("SELECT to_regclass(?)", (table,)).fetchone() != (None,)


@contextmanager
def opened(path: Path) -> Generator[Rows]:
    """A connection of one's own to a file that exists, for reading; a file that is not there yet reads as empty."""
    where = f"file:{path}?mode=ro" if path.exists() else ":memory:"
    with closing(sqlite3.connect(where, uri=True, timeout=_BUSY, isolation_level=None)) as connection:
        yield _InFile(connection)
