"""A PostgreSQL server as hosts on asyncio use it: its connections, and what is tried again."""

import asyncio
import os
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar, final

import psycopg
from attrs import define, field
from sqlalchemy import URL, PoolProxiedConnection, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

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
    unwrapped,
    url_of,
)
from .postgres_schema import prepare
from .sql_steps import Steps, placed

__all__ = ["AsyncPostgresServer"]

_T = TypeVar("_T")

_Connection = psycopg.AsyncConnection[tuple[Any, ...]]
_Cursor = psycopg.AsyncCursor[tuple[Any, ...]]
_Lent = tuple[PoolProxiedConnection, _Connection, _Cursor]

_OF_THE_PARENT: Final[list[object]] = []
"""What a parent process had open when its child was forked: used, or only closed, by the child, its connections would
end for the parent."""


@final
@define(eq=False)
class _Home:
    """What belongs to one event loop of one process.

    Attributes:
        loop: the event loop.
        process: the process.
        engine: its pool.
        room: for as many calls as there may be connections.
        preparing: held by the call that looks after the tables.
        ready: whether they are as they should be.
        at_hand: connections that nobody uses.
    """

    loop: asyncio.AbstractEventLoop
    process: int
    engine: AsyncEngine
    room: asyncio.Semaphore
    preparing: asyncio.Lock = field(factory=asyncio.Lock)
    ready: bool = False
    at_hand: list[_Lent] = field(factory=list[_Lent])


@final
class AsyncPostgresServer:
    """One database, shared by the tasks of an event loop. In another loop, or after a fork, it opens itself anew.

    Args:
        url: ``postgresql://user@host/database``.
        connections: how many are open at once at most.
    """

    def __init__(self, url: str, connections: int) -> None:
        self._url = url_of(url)
        self._place = place_of(self._url)
        self._most = connections
        self._home: _Home | None = None

    @property
    def url(self) -> URL:
        """Where it is."""
        return self._url

    async def run(self, make: Callable[[bool], Steps[_T]]) -> _T:
        """What a script answers; see ``PostgresServer.run``. Cancelled, it has done everything or nothing."""
        attempts = Attempts(self._place)
        while True:
            try:
                async with self._cursor() as cursor:
                    return await _driven(cursor, make(attempts.lost))
            except psycopg.Error as error:
                if is_lost(error):
                    await self.aclose()
                pause = attempts.pause_after(error)
            await asyncio.sleep(pause)

    async def aclose(self) -> None:
        """Close the connections at hand now, and those in use when they are given back."""
        home, self._home = self._home, None
        if home is None:
            return
        if home.process != os.getpid():
            _OF_THE_PARENT.append(home)
            return
        for lent in home.at_hand:
            await _discard(lent)
        await home.engine.dispose()

    @asynccontextmanager
    async def _cursor(self) -> AsyncGenerator[_Cursor]:
        home = await self._here()
        try:
            await asyncio.wait_for(home.room.acquire(), PATIENCE)
        except TimeoutError as error:
            raise crowded(self._place, self._most) from error
        try:
            lent = await self._taken(home)
            try:
                yield lent[2]
            finally:
                # What was cancelled in the middle may still be open there.
                if home is self._home and is_settled(lent[1]):
                    home.at_hand.append(lent)
                else:
                    await _discard(lent)
        finally:
            home.room.release()

    async def _taken(self, home: _Home) -> _Lent:
        if home.at_hand:
            return home.at_hand.pop()
        try:
            async with home.preparing:
                if not home.ready:
                    await asyncio.to_thread(prepare, self._url)
                    home.ready = True
            pooled = await home.engine.raw_connection()
        except DBAPIError as error:
            raise unwrapped(error) from error
        connection: Any = pooled.driver_connection
        # Used again by every call, as in a PostgresServer.
        return pooled, connection, connection.cursor()

    async def _here(self) -> _Home:
        loop, process = asyncio.get_running_loop(), os.getpid()
        if self._home is not None and (self._home.loop is not loop or self._home.process != process):
            await self.aclose()
        if self._home is None:
            self._home = _Home(loop, process, self._opened(), asyncio.Semaphore(self._most))
        return self._home

    def _opened(self) -> AsyncEngine:
        url = self._url.set(drivername="postgresql+psycopg_async")
        engine = create_async_engine(url, **pool_for(url, self._most))

        def set_up(connection: Any, _: object) -> None:
            async def settle(own: _Connection) -> None:
                own.prepared_max = PREPARED
                await own.execute(*settings())

            connection.run_async(settle)

        event.listen(engine.sync_engine, "connect", set_up)
        return engine


async def _discard(lent: _Lent) -> None:
    pooled, connection, _ = lent
    # Taken from the pool, which would have to wait for the driver, and closed by the driver, which need not.
    pooled.detach()
    await connection.close()


async def _driven(cursor: _Cursor, steps: Steps[_T]) -> _T:
    """Run a script on a cursor."""
    try:
        statement, values = next(steps)
        while True:
            try:
                await cursor.execute(placed(statement), values, binary=True)
                rows = await cursor.fetchall() if has_rows(cursor) else []
            except psycopg.Error as error:
                statement, values = steps.throw(error)
            else:
                statement, values = steps.send(rows)
    except StopIteration as done:
        answer: _T = done.value
        return answer
