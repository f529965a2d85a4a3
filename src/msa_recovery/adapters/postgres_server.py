"""A PostgreSQL server as hosts that call use it: its connections, what is tried again, and forks."""

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from threading import Event, Lock
from typing import Any, TypeVar, final

import psycopg
from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from .fork_gate import Crowded
from .lending import Lender
from .postgres_engine import (
    PATIENCE,
    PREPARED,
    Attempts,
    crowded,
    has_rows,
    is_lost,
    is_settled,
    place_of,
    pool_for,
    settings,
    trouble,
    unwrapped,
    url_of,
)
from .postgres_schema import prepared
from .sql_steps import Steps, placed

__all__ = ["PostgresServer"]

_T = TypeVar("_T")

_Cursor = psycopg.Cursor[tuple[Any, ...]]


@final
class PostgresServer:
    """One database, shared by threads; other processes and machines open their own connections.

    Args:
        url: ``postgresql://user@host/database``.
        connections: how many are open at once at most.
    """

    def __init__(self, url: str, connections: int) -> None:
        self._url = url_of(url)
        self._place = place_of(self._url)
        self._most = connections
        self._engine = self._opened()
        self._ready = Event()
        self._preparing = Lock()
        # A cursor remembers how each type of value is sent: to make one costs as much as a small statement.
        self._lender: Lender[_Cursor] = Lender(self._engine, connections, PATIENCE, self._prepare, _settle, again=True)

    @property
    def url(self) -> URL:
        """Where it is."""
        return self._url

    def run(self, make: Callable[[bool], Steps[_T]]) -> _T:
        """What a script answers. It is begun anew as :class:`Attempts` says.

        Args:
            make: makes the script, told whether an earlier run may have been committed without our being told.
        """
        attempts = Attempts(self._place)
        while True:
            try:
                with self._lender.lend() as cursor:
                    return driven(cursor, make(attempts.lost))
            except Crowded as error:
                raise crowded(self._place, self._most) from error
            except (psycopg.Error, DBAPIError) as error:
                own = unwrapped(error)
                if is_lost(own):
                    # The others are of the same server, and most likely gone as well.
                    self._lender.close_all()
                pause = attempts.pause_after(own)
            time.sleep(pause)

    @contextmanager
    def snapshot(self) -> Generator[Callable[[str, tuple[Any, ...]], list[tuple[Any, ...]]]]:
        """What executes statements on everything as it is at this moment."""
        try:
            with self._lender.lend() as cursor:
                cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                yield lambda statement, values: cursor.execute(placed(statement), values).fetchall()
        except Crowded as error:
            raise crowded(self._place, self._most) from error
        except (psycopg.Error, DBAPIError) as error:
            raise trouble(self._place, unwrapped(error)) from error

    def close(self) -> None:
        """Close every connection, when the calls under way are over; the next use opens new ones."""
        self._lender.close(lambda: None)

    def _opened(self) -> Engine:
        engine = create_engine(self._url, poolclass=QueuePool, **pool_for(self._url, self._most))

        def set_up(connection: psycopg.Connection[Any], _: object) -> None:
            connection.prepared_max = PREPARED
            connection.execute(*settings())

        event.listen(engine, "connect", set_up)
        return engine

    def _prepare(self) -> None:
        if self._ready.is_set():
            return
        with self._preparing:
            if not self._ready.is_set():
                with self._engine.connect() as connection:
                    prepared(connection)
                self._ready.set()


def driven(cursor: _Cursor, steps: Steps[_T]) -> _T:
    """Run a script on a cursor."""
    try:
        statement, values = next(steps)
        while True:
            try:
                cursor.execute(placed(statement), values, binary=True)
                rows = cursor.fetchall() if has_rows(cursor) else []
            except psycopg.Error as error:
                statement, values = steps.throw(error)
            else:
                statement, values = steps.send(rows)
    except StopIteration as done:
        answer: _T = done.value
        return answer


def _settle(cursor: _Cursor) -> None:
    connection = cursor.connection
    if not is_settled(connection):
        connection.rollback()
