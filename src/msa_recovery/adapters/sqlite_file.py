"""An SQLite file: its connections, its settings, its failures by name, and forks.

SQLAlchemy owns the engine, the pool and the schema.
"""

import os
import sqlite3
import time
import weakref
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Condition, Event, Lock
from typing import Final, cast, final

from attrs import frozen
from sqlalchemy import Connection, Engine, PoolProxiedConnection, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from msa_recovery.application.errors import InfrastructureError

__all__ = ["SqliteFile"]

_BUSY_MS: Final = 5_000
"""How long a connection waits for another one's write before it gives up."""

_BUSY_PAUSE: Final = 0.005
_CONNECTIONS: Final = 32
"""How many threads use the file at the same moment; further ones wait."""

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
        self._lock = Lock()
        self._changed = Condition(self._lock)
        # The lock is held for what follows.
        self._at_hand: list[_Lent] = []
        self._in_use = 0
        self._waiting = 0
        self._closed = 0
        self._forking = False
        _survive_forks(self)

    def close(self) -> None:
        """Close every connection, those in use when they are given back; the next use opens new ones."""
        with self._lock:
            self._close_those_at_hand()

    @contextmanager
    def reading(self) -> Generator[sqlite3.Cursor]:
        """A cursor, outside of a transaction unless one is begun; what is left open is rolled back.

        Raises:
            InfrastructureError: what the file's trouble is.
        """
        try:
            lent = self._take()
            try:
                with closing(lent.connection.cursor()) as cursor:
                    yield cursor
            finally:
                self._give_back(lent)
        except sqlite3.Error as error:
            raise self._failure(error) from error
        except DBAPIError as error:
            raise self._failure(error.orig) from error
        except OSError as error:
            raise InfrastructureError(self._port, f"{self._path}: {error.strerror}") from error

    @contextmanager
    def writing(self) -> Generator[sqlite3.Cursor]:
        """A cursor in a transaction that is committed when all went well."""
        with self.reading() as cursor:
            # The write lock from the start: nothing that is compared can move before it is written.
            cursor.execute("BEGIN IMMEDIATE")
            yield cursor
            cursor.execute("COMMIT")

    # -- connections ---------------------------------------------------------------------------------------------------

    def _take(self) -> "_Lent":
        """A connection that nobody else uses: one that is at hand, or else one of the pool."""
        with self._lock:
            if self._forking or self._in_use >= _CONNECTIONS:
                self._wait_for(lambda: not self._forking and self._in_use < _CONNECTIONS)
            self._in_use += 1
            if self._at_hand:
                return self._at_hand.pop()
            closed = self._closed
        try:
            self._prepare()
            pooled = self._engine.raw_connection()
        except BaseException:
            with self._lock:
                self._leave()
            raise
        return _Lent(pooled, cast("sqlite3.Connection", pooled.driver_connection), closed)

    def _give_back(self, lent: "_Lent") -> None:
        """Keep it at hand, unless the file was closed meanwhile, or what it was doing cannot be undone."""
        kept = False
        try:
            if lent.connection.in_transaction:
                lent.connection.rollback()
            with self._lock:
                if lent.closed == self._closed:
                    self._at_hand.append(lent)
                    self._leave()
                    kept = True
        finally:
            if not kept:
                lent.pooled.invalidate()
                with self._lock:
                    self._leave()

    def _leave(self) -> None:
        self._in_use -= 1
        if self._waiting:
            self._changed.notify_all()

    def _wait_for(self, so: Callable[[], bool]) -> None:
        self._waiting += 1
        try:
            self._changed.wait_for(so)
        finally:
            self._waiting -= 1

    def _close_those_at_hand(self) -> None:
        self._closed += 1
        while self._at_hand:
            self._at_hand.pop().pooled.close()
        self._engine.dispose()

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

    def _failure(self, error: BaseException | None) -> InfrastructureError:
        name = getattr(error, "sqlite_errorname", "") or type(error).__name__
        causes = (cause for start, cause in _CAUSES.items() if name.startswith(start))
        return InfrastructureError(self._port, f"{self._path}: {next(causes, 'it failed')} ({name})")

    # -- forks ---------------------------------------------------------------------------------------------------------

    def before_fork(self) -> None:
        """Let what is under way end, and close every connection. The lock is kept, or the child could be born with one
        that a thread holds which it does not have."""
        self._lock.acquire()
        self._forking = True
        self._wait_for(lambda: self._in_use == 0)
        self._close_those_at_hand()

    def after_fork(self) -> None:
        """Go on."""
        self._forking = False
        self._changed.notify_all()
        self._lock.release()


@final
@frozen(eq=False)
class _Lent:
    """A connection that the pool has lent, and that is kept at hand: to ask the pool for one each time costs more than
    what most statements do.

    Attributes:
        pooled: what goes back to the pool when the file is closed.
        connection: the driver's.
        closed: how often the file had been closed before.
    """

    pooled: PoolProxiedConnection
    connection: sqlite3.Connection
    closed: int


def _engine(path: Path) -> Engine:
    engine = create_engine(
        f"sqlite+pysqlite:///{path}",
        poolclass=QueuePool,
        pool_size=_CONNECTIONS,
        max_overflow=0,
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
