"""An SQLite file: its connections, its settings, its failures by name, and forks.

SQLAlchemy owns the engine, the pool and the schema.
"""

import os
import sqlite3
import time
import weakref
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from threading import Condition, Event, Lock
from typing import Final, cast, final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from msa_recovery.application.errors import InfrastructureError

__all__ = ["SqliteFile"]

_BUSY_MS: Final = 5_000
"""How long a connection waits for another one's write before it gives up."""

_BUSY_PAUSE: Final = 0.005
_CONNECTIONS: Final = 16
_OVERFLOW: Final = 16
_STATEMENTS: Final = 128

_PRAGMAS: Final = (
    f"PRAGMA busy_timeout = {_BUSY_MS}",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    # What is deleted or scrubbed is overwritten in the file.
    "PRAGMA secure_delete = FAST",
)

_CAUSES: Final = {
    "SQLITE_FULL": "the disk is full",
    "SQLITE_BUSY": f"another process kept it locked for more than {_BUSY_MS // 1_000} s",
    "SQLITE_LOCKED": "another connection keeps it locked",
    "SQLITE_READONLY": "it may not be written",
    "SQLITE_PERM": "it may not be opened",
    "SQLITE_CANTOPEN": "it cannot be opened",
    "SQLITE_CORRUPT": "it is damaged: put a copy back in its place",
    "SQLITE_NOTADB": "it is no SQLite database, or is damaged: put a copy back in its place",
    "SQLITE_IOERR": "reading or writing it failed",
}


@final
class SqliteFile:
    """One SQLite file, shared by threads; other processes open their own.

    Args:
        path: where it is; made at the first use, readable by its owner only.
        prepare: makes its tables, or lifts them, in a transaction that one process has to itself.
        port: whose file it is, for what is said of a failure.
    """

    def __init__(self, path: Path, prepare: Callable[[Connection], None], port: str) -> None:
        self._path = path
        self._prepare_tables = prepare
        self._port = port
        self._engine = _engine(path)
        self._ready = Event()
        self._preparing = Lock()
        self._gate = Condition(Lock())
        self._in_use = 0
        self._forking = False
        _survive_forks(self)

    def close(self) -> None:
        """Close every connection; the next use opens new ones."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Generator[sqlite3.Cursor]:
        """A cursor, outside of a transaction unless one is begun; what is left open is rolled back.

        Raises:
            InfrastructureError: what the file's trouble is.
        """
        with self._entered(), self._named_causes():
            self._prepare()
            pooled = self._engine.raw_connection()
            try:
                yield cast("sqlite3.Cursor", pooled.cursor())
            finally:
                # An open transaction is rolled back when the connection goes back to the pool.
                pooled.close()

    @contextmanager
    def writing(self) -> Generator[sqlite3.Cursor]:
        """A cursor in a transaction that is committed when all went well."""
        with self.reading() as cursor:
            # The write lock from the start: nothing that is compared can move before it is written.
            cursor.execute("BEGIN IMMEDIATE")
            yield cursor
            cursor.execute("COMMIT")

    def _prepare(self) -> None:
        if self._ready.is_set():
            return
        with self._preparing:
            if self._ready.is_set():
                return
            # SQLite makes the file as the umask says; what is in it is the owner's alone.
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
            with self._engine.connect() as connection:
                # One process makes or lifts the tables, the others wait for it.
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                self._prepare_tables(connection)
                connection.exec_driver_sql("COMMIT")
            self._ready.set()

    @contextmanager
    def _named_causes(self) -> Generator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise self._failure(error) from error
        except DBAPIError as error:
            raise self._failure(error.orig) from error
        except OSError as error:
            raise InfrastructureError(self._port, f"{self._path}: {error.strerror}") from error

    def _failure(self, error: BaseException | None) -> InfrastructureError:
        name = getattr(error, "sqlite_errorname", "") or type(error).__name__
        causes = (cause for start, cause in _CAUSES.items() if name.startswith(start))
        return InfrastructureError(self._port, f"{self._path}: {next(causes, 'it failed')} ({name})")

    # -- forks ---------------------------------------------------------------------------------------------------------

    @contextmanager
    def _entered(self) -> Generator[None]:
        with self._gate:
            self._gate.wait_for(lambda: not self._forking)
            self._in_use += 1
        try:
            yield
        finally:
            with self._gate:
                self._in_use -= 1
                self._gate.notify_all()

    def before_fork(self) -> None:
        """Let what is under way end, and close every connection."""
        with self._gate:
            self._forking = True
            self._gate.wait_for(lambda: self._in_use == 0)
        self._engine.dispose()

    def after_fork(self) -> None:
        """Go on."""
        with self._gate:
            self._forking = False
            self._gate.notify_all()


def _engine(path: Path) -> Engine:
    engine = create_engine(
        f"sqlite+pysqlite:///{path}",
        poolclass=QueuePool,
        pool_size=_CONNECTIONS,
        max_overflow=_OVERFLOW,
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
        _write_ahead(connection)

    event.listen(engine, "connect", prepare)
    return engine


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Use the write-ahead log. Of several processes that open a new file at once one makes it; the others are told
    that the file is busy without the wait that they asked for, and try again."""
    give_up = time.monotonic() + _BUSY_MS / 1_000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
            time.sleep(_BUSY_PAUSE)
        else:
            return


def _survive_forks(file: SqliteFile) -> None:
    """Close the connections before a fork: SQLite's locks belong to a process, and what it keeps of them does not."""
    known = weakref.ref(file)

    def told(what: Callable[[SqliteFile], None]) -> Callable[[], None]:
        def tell() -> None:
            still = known()
            if still is not None:
                what(still)

        return tell

    os.register_at_fork(
        before=told(SqliteFile.before_fork),
        after_in_parent=told(SqliteFile.after_fork),
        after_in_child=told(SqliteFile.after_fork),
    )
