"""How the connections to an SQLite file are opened and set up, and what SQLite's names for failures mean."""

import sqlite3
import time
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from msa_recovery.application.errors import InfrastructureError

__all__ = ["BUSY_MS", "CAUSES", "CONNECTIONS", "PASSING", "PRAGMAS", "engine_of"]

BUSY_MS: Final = 5_000
"""How long a connection waits for another one's write before it gives up."""

_BUSY_PAUSE: Final = 0.005
CONNECTIONS: Final = 32
"""How many threads use the file at the same moment; further ones wait."""

_STATEMENTS: Final = 128

PRAGMAS: Final = (
    f"PRAGMA busy_timeout = {BUSY_MS}",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    # What is deleted or scrubbed is overwritten in the file.
    "PRAGMA secure_delete = FAST",
)

_LOCKED: Final = f"another process or thread kept it locked for more than {BUSY_MS // 1_000} s"
_NO_ROOM: Final = "the disk, a quota or the limit on the size of files (ulimit -f) is full"
_DAMAGED: Final = "put a copy back in its place, and take away the -wal and -shm beside it"

CAUSES: Final = {
    "SQLITE_FULL": "the disk is full",
    "SQLITE_BUSY": _LOCKED,
    "SQLITE_LOCKED": _LOCKED,
    "SQLITE_READONLY": "it may not be written: it, its folder or its file system is read-only",
    "SQLITE_PERM": "this user may not open it",
    "SQLITE_CANTOPEN": "it, or the -wal and -shm beside it, cannot be opened by this user, or are on a read-only disk",
    "SQLITE_CORRUPT": f"it is damaged: {_DAMAGED}",
    "SQLITE_NOTADB": f"it is no SQLite database, or is damaged: {_DAMAGED}",
    "SQLITE_IOERR_WRITE": f"it cannot be written: {_NO_ROOM}, or the disk fails",
    "SQLITE_IOERR_SHM": f"its -shm file cannot be written: {_NO_ROOM}, or the disk fails",
    "SQLITE_IOERR": "reading or writing it failed: look at the disk",
}
"""What is wrong, by the beginning of SQLite's name for it: the first that fits."""

PASSING: Final = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL")
"""After these an open connection is as good as before; after anything else the file may be another one next time."""


def engine_of(path: Path, tables: frozenset[str], port: str) -> Engine:
    engine = create_engine(
        URL.create("sqlite+pysqlite", database=str(path)),
        poolclass=QueuePool,
        pool_size=CONNECTIONS,
        max_overflow=0,
        connect_args={
            "isolation_level": None,
            "check_same_thread": False,
            "cached_statements": _STATEMENTS,
            "timeout": BUSY_MS / 1_000,
        },
    )

    def prepare(connection: sqlite3.Connection, _: object) -> None:
        for pragma in PRAGMAS:
            connection.execute(pragma)
        _refuse_another_programs(connection, path, tables, port)
        _write_ahead(connection, path, port)

    event.listen(engine, "connect", prepare)
    return engine


def _refuse_another_programs(connection: sqlite3.Connection, path: Path, ours: frozenset[str], port: str) -> None:
    """Leave a database alone that is neither empty nor ours, before anything is written into it."""
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if tables and not tables >= ours:
        raise InfrastructureError(
            port, f"{path}: it is the database of another program: give msa-recovery a file of its own"
        )


def _write_ahead(connection: sqlite3.Connection, path: Path, port: str) -> None:
    """Use the write-ahead log. Of several processes that open a new file at once one makes it; the others are told
    that the file is busy without the wait that they asked for, and try again."""
    give_up = time.monotonic() + BUSY_MS / 1_000
    while True:
        try:
            (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
            time.sleep(_BUSY_PAUSE)
        else:
            break
    if mode != "wal":
        raise InfrastructureError(port, f"{path}: its file system has no write-ahead log: put it on a local disk")
