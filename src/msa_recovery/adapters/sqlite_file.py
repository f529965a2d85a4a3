"""An SQLite file: its connections, its failures by name, and forks.

SQLAlchemy owns the engine, the pool and the schema.
"""

import os
import sqlite3
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, RLock
from typing import Final, TypeVar, final

from attrs import frozen
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from msa_recovery.application.errors import InfrastructureError
from msa_recovery.domain.errors import CallerError

from .fork_gate import Crowded
from .lending import Lender, Loan
from .sql_steps import Steps
from .sqlite_engine import CAUSES, CONNECTIONS, PASSING, engine_of

__all__ = ["Reading", "SqliteFile", "Tables", "driven"]

_T = TypeVar("_T")

_PATIENCE: Final = 30
"""Seconds that a thread waits for a connection."""

_OLDEST: Final = (3, 37, 0)
"""The first SQLite that has strict tables."""

_TROUBLES: Final = (sqlite3.Error, DBAPIError, Crowded, OSError)
"""What a file, a driver or too many callers bring about; anything else is nobody's trouble with the file."""

_PREPARING: Final = RLock()
"""One for all files of the process, which may be the same: see ``_make``."""


@final
@frozen(eq=False)
class Tables:
    """What a file is for.

    Attributes:
        port: whose file it is, for what is said of a failure.
        names: tables that tell it from another program's.
        prepare: makes them, or lifts them, in a transaction that one process has to itself.
    """

    port: str
    names: frozenset[str]
    prepare: Callable[[Connection], None]


@final
class SqliteFile:
    """One SQLite file, shared by threads; other processes open their own.

    Args:
        path: where it is; made at the first use, readable by its owner only.
        tables: what it is for.

    Raises:
        CallerError: the path names no file.
        InfrastructureError: the SQLite that Python is linked with is too old.
    """

    def __init__(self, path: str | Path, tables: Tables) -> None:
        if str(path) in ("", ":memory:"):
            raise CallerError("path: of a file. A store in memory is a MemoryStore")
        self._tables = tables
        if sqlite3.sqlite_version_info < _OLDEST:
            needed = ".".join(map(str, _OLDEST))
            raise self._trouble(f"SQLite {needed} or newer is needed, this is {sqlite3.sqlite_version}")
        # Whoever changes the working directory later, as daemons do, means the same file.
        self._path = Path(path).absolute()
        self._engine = engine_of(self._path, tables.names, tables.port)
        self._ready = Event()
        self._turn = RLock()
        self._lender = Lender(self._engine, CONNECTIONS, _PATIENCE, self._prepare, _settle)

    def exists(self) -> bool:
        """Whether it was made, by whomever; it is not made by asking.

        Raises:
            InfrastructureError: this user may not look.
        """
        try:
            return self._path.exists()
        except OSError as error:
            raise self._trouble(f"{self._path}: {error.strerror}") from error

    def close(self) -> None:
        """Close every connection, when the calls under way are over; the next use opens new ones."""
        self._lender.close(self._ready.clear)

    def reading(self) -> "Reading":
        """A cursor, outside of a transaction unless one is begun; what is left open is rolled back.

        Raises:
            InfrastructureError: what the file's trouble is.
        """
        return Reading(self, self._lender.lend())

    @contextmanager
    def writing(self, *, durable: bool = True) -> Generator[sqlite3.Cursor]:
        """A cursor in a transaction that is committed when all went well.

        Durable, it is on the disk then, with all that was committed before it; else a power cut may take it back until
        the next one that is durable.
        """
        # SQLite lets waiting writers try again and again, and one of several may wait for seconds: threads take turns.
        # Inside of reading(), so that no fork copies a turn that somebody else has.
        with self.reading() as cursor, self._turn:
            process = os.getpid()
            cursor.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            # The write lock from the start: nothing that is compared can move before it is written.
            cursor.execute("BEGIN IMMEDIATE")
            yield cursor
            if os.getpid() != process:
                raise self._trouble(f"{self._path}: the process was forked in the middle of this call")
            cursor.execute("COMMIT")

    def _forget(self) -> None:
        """Look at the file afresh at the next use."""
        self._ready.clear()
        self._lender.close_all()

    # -- the file itself -----------------------------------------------------------------------------------------------

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
                self._tables.prepare(connection)
                connection.exec_driver_sql("COMMIT")
            self._ready.set()

    def _make(self) -> None:
        """Make the file: SQLite would make it as the umask says, and what is in it is the owner's alone.

        Only where there is none. To close a file, by any descriptor, gives up every lock that the process has on it:
        another process would then take itself for the last one that uses it, and delete the ``-wal`` under us.
        """
        with suppress(FileExistsError):
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))

    # -- failures ------------------------------------------------------------------------------------------------------

    def told(self, error: BaseException) -> InfrastructureError:
        """What a trouble of ``_TROUBLES`` means for whoever called."""
        match error:
            case sqlite3.Error():
                return self._failure(error)
            case DBAPIError():
                return self._failure(error.orig)
            case Crowded():
                why = f"all {CONNECTIONS} connections were in use for more than {_PATIENCE} s"
                return self._trouble(f"{self._path}: {why}")
            case _:
                return self._trouble(f"{self._path}: {getattr(error, 'strerror', error)}")

    def _failure(self, error: BaseException | None) -> InfrastructureError:
        name = getattr(error, "sqlite_errorname", "") or type(error).__name__
        causes = (cause for start, cause in CAUSES.items() if name.startswith(start))
        if not name.startswith(PASSING):
            self._forget()
        # Path.is_dir would raise where this user may not even look.
        cause = "it is a folder" if os.path.isdir(self._path) else next(causes, "it failed")  # noqa: PTH112
        return self._trouble(f"{self._path}: {cause} ({name})")

    def _trouble(self, what: str) -> InfrastructureError:
        return InfrastructureError(self._tables.port, what)


@final
class Reading:
    """A cursor of the file, for as long as the block lasts."""

    __slots__ = ("_file", "_loan")

    def __init__(self, file: SqliteFile, loan: Loan[sqlite3.Cursor]) -> None:
        self._file = file
        self._loan = loan

    def __enter__(self) -> sqlite3.Cursor:
        try:
            return self._loan.__enter__()
        except _TROUBLES as error:
            raise self._file.told(error) from error

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        try:
            self._loan.__exit__()
        except _TROUBLES as own:
            raise self._file.told(own) from own
        if isinstance(error, _TROUBLES):
            raise self._file.told(error) from error


def _settle(cursor: sqlite3.Cursor) -> None:
    # Not read to its end, it would keep the next user of the connection in the past.
    cursor.close()
    if cursor.connection.in_transaction:
        cursor.connection.rollback()


def driven(cursor: sqlite3.Cursor, steps: Steps[_T]) -> _T:
    """What a script answers that asks what this cursor reads."""
    try:
        statement, values = next(steps)
        while True:
            statement, values = steps.send(cursor.execute(statement, values).fetchall())
    except StopIteration as done:
        answer: _T = done.value
        return answer
