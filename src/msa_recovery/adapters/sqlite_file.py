"""The file of the embedded store: its connections, its settings, its failures by name, and forks.

SQLAlchemy owns the engine, the pool and the schema.
"""

import os
import sqlite3
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, RLock
from typing import Final, cast, final

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool

from msa_recovery.application.errors import InfrastructureError
from msa_recovery.domain.errors import CallerError

from .fork_gate import ForkGate
from .sql_schema import bring_up_to_date

__all__ = ["SqliteFile"]

_BUSY_MS: Final = 5_000
"""How long a connection waits for another one's write before it gives up."""

_BUSY_PAUSE: Final = 0.005
_CONNECTIONS: Final = 16
_OVERFLOW: Final = 16
_POOL_WAIT: Final = 30
_STATEMENTS: Final = 128

_OLDEST: Final = (3, 37, 0)
"""The first SQLite that has strict tables."""

_PRAGMAS: Final = (
    f"PRAGMA busy_timeout = {_BUSY_MS}",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    # What is deleted or scrubbed is overwritten in the file.
    "PRAGMA secure_delete = FAST",
)

_LOCKED: Final = f"another process or thread kept it locked for more than {_BUSY_MS // 1_000} s"
_NO_ROOM: Final = "the disk, a quota or the limit on the size of files (ulimit -f) is full"
_DAMAGED: Final = "put a copy back in its place, and take away the -wal and -shm beside it"

_CAUSES: Final = {
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

_PASSING: Final = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL")
"""After these an open connection is as good as before; after anything else the file may be another one next time."""

_PREPARING: Final = RLock()
"""One for all files of the process, which may be the same: see ``_make``."""

_OF_THE_PARENT: Final[list[object]] = []
"""Connections of a parent process that its child got in the middle of a call: used, or only closed, by the child, they
would write into what the parent is writing."""


@final
class SqliteFile:
    """One SQLite file, shared by threads; other processes open their own.

    Args:
        path: where it is; made at the first use, readable by its owner only.

    Raises:
        CallerError: the path names no file.
        InfrastructureError: the SQLite that Python is linked with is too old.
    """

    def __init__(self, path: str | Path) -> None:
        if str(path) in ("", ":memory:"):
            raise CallerError("path: of a file. A store in memory is a MemoryStore")
        if sqlite3.sqlite_version_info < _OLDEST:
            needed = ".".join(map(str, _OLDEST))
            raise InfrastructureError("store", f"SQLite {needed} or newer is needed, this is {sqlite3.sqlite_version}")
        # Whoever changes the working directory later, as daemons do, means the same file.
        self._path = Path(path).absolute()
        self._engine = _engine(self._path)
        self._ready = Event()
        self._gate = ForkGate(self._engine.dispose)

    def close(self) -> None:
        """Close every connection, when the calls under way are over; the next use opens new ones."""
        with self._gate.alone():
            self._forget()

    @contextmanager
    def reading(self) -> Generator[sqlite3.Cursor]:
        """A cursor, outside of a transaction unless one is begun; what is left open is rolled back.

        Raises:
            InfrastructureError: what the file's trouble is.
        """
        with self._gate.inside(), self._named_causes():
            self._prepare()
            process, pool = os.getpid(), self._engine.pool
            pooled = pool.connect()
            cursor = cast("sqlite3.Cursor", pooled.cursor())
            try:
                yield cursor
            finally:
                if os.getpid() != process:
                    _OF_THE_PARENT.append(pooled)
                else:
                    # Not read to its end, it would keep the next user of the connection in the past.
                    cursor.close()
                    # An open transaction is rolled back when the connection goes back to the pool.
                    (pooled.close if self._engine.pool is pool else pooled.invalidate)()

    @contextmanager
    def writing(self) -> Generator[sqlite3.Cursor]:
        """A cursor in a transaction that is committed when all went well."""
        with self.reading() as cursor:
            process = os.getpid()
            # The write lock from the start: nothing that is compared can move before it is written.
            cursor.execute("BEGIN IMMEDIATE")
            yield cursor
            if os.getpid() != process:
                raise InfrastructureError("store", f"{self._path}: the process was forked in the middle of this call")
            cursor.execute("COMMIT")

    def _prepare(self) -> None:
        if self._ready.is_set():
            return
        with _PREPARING:
            if self._ready.is_set():
                return
            self._make()
            with self._engine.connect() as connection:
                # One process makes or lifts the tables, the others wait for it.
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                bring_up_to_date(connection)
                connection.exec_driver_sql("COMMIT")
            self._ready.set()

    def _make(self) -> None:
        """Make the file: SQLite would make it as the umask says, and what is in it is the owner's alone.

        Only where there is none. To close a file, by any descriptor, gives up every lock that the process has on it:
        another process would then take itself for the last one that uses it, and delete the ``-wal`` under us.
        """
        with suppress(FileExistsError):
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))

    def _forget(self) -> None:
        """Look at the file afresh at the next use."""
        self._ready.clear()
        self._engine.dispose()

    @contextmanager
    def _named_causes(self) -> Generator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise self._failure(error) from error
        except DBAPIError as error:
            raise self._failure(error.orig) from error
        except PoolTimeout as error:
            why = f"all {_CONNECTIONS + _OVERFLOW} connections were in use for more than {_POOL_WAIT} s"
            raise InfrastructureError("store", f"{self._path}: {why}") from error
        except OSError as error:
            raise InfrastructureError("store", f"{self._path}: {error.strerror}") from error

    def _failure(self, error: BaseException | None) -> InfrastructureError:
        name = getattr(error, "sqlite_errorname", "") or type(error).__name__
        causes = (cause for start, cause in _CAUSES.items() if name.startswith(start))
        if not name.startswith(_PASSING):
            self._forget()
        # Path.is_dir would raise where this user may not even look.
        cause = "it is a folder" if os.path.isdir(self._path) else next(causes, "it failed")  # noqa: PTH112
        return InfrastructureError("store", f"{self._path}: {cause} ({name})")


def _engine(path: Path) -> Engine:
    engine = create_engine(
        URL.create("sqlite+pysqlite", database=str(path)),
        poolclass=QueuePool,
        pool_size=_CONNECTIONS,
        max_overflow=_OVERFLOW,
        pool_timeout=_POOL_WAIT,
        connect_args={
            "isolation_level": None,
            "check_same_thread": False,
            "cached_statements": _STATEMENTS,
            "timeout": _BUSY_MS / 1_000,
        },
    )

    def prepare(connection: sqlite3.Connection, _: object) -> None:
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        _refuse_another_programs(connection, path)
        _write_ahead(connection, path)

    event.listen(engine, "connect", prepare)
    return engine


def _refuse_another_programs(connection: sqlite3.Connection, path: Path) -> None:
    """Leave a database alone that is neither empty nor ours, before anything is written into it."""
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if tables and not tables >= {"alembic_version", "journeys"}:
        raise InfrastructureError(
            "store", f"{path}: it is the database of another program: give msa-recovery a file of its own"
        )


def _write_ahead(connection: sqlite3.Connection, path: Path) -> None:
    """Use the write-ahead log. Of several processes that open a new file at once one makes it; the others are told
    that the file is busy without the wait that they asked for, and try again."""
    give_up = time.monotonic() + _BUSY_MS / 1_000
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
        raise InfrastructureError("store", f"{path}: its file system has no write-ahead log: put it on a local disk")
