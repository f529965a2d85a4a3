"""What a PostgreSQL server tells whoever waits for it: that messages were promised.

Each relay listens on a connection of its own beside those of the store. News may be missed while it is cut: then a
relay finds what is due at its next look, as it would without any.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from threading import Event, Thread
from typing import Any, Final, final

import psycopg
from psycopg import sql
from sqlalchemy import URL

from msa_recovery.application.records import Change

from .postgres_engine import options_for

__all__ = ["PROMISED", "Turns", "alistening", "listening"]

PROMISED: Final = "'msa_recovery.' || 'outbox'::regclass::oid"
"""What the news are called: by the table, for those of all schemas of a database go one way."""

_NAME: Final = b"SELECT " + PROMISED.encode()

_EVERY: Final = 0.05
"""Seconds between two commits of a host that tell."""

_LOOK: Final = 0.5
"""Seconds after which a listener looks whether it may end."""

_AGAIN: Final = 1.0
"""Seconds after which a lost connection is opened anew."""

_LISTENER: Final[dict[str, Any]] = {"application_name": "msa-recovery relay"}


@final
class Turns:
    """Says which commits of a host tell: the first, and no more than twenty a second.

    Whoever tells waits, at the commit, for everybody else in the database who does: thousands a second would stand in a
    row. Where so much is promised, relays are at work anyway, and look again when they have delivered.
    """

    def __init__(self) -> None:
        self._next = 0.0

    def tells(self, change: Change) -> bool:
        """Whether this commit, which is made now, tells."""
        now = time.monotonic()
        if now < self._next or all(row.version for row in change.outbox):
            return False
        self._next = now + _EVERY
        return True


@contextmanager
def listening(url: URL, tell: Callable[[], None]) -> Generator[None]:
    """As long as this lasts, ``tell`` is called after each commit that promises messages, from a thread of its own;
    and after each connection, for what was missed before."""
    over = Event()
    thread = Thread(target=_listens, args=(url, tell, over), name="msa-recovery listener", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _listens(url: URL, tell: Callable[[], None], over: Event) -> None:
    while not over.is_set():
        # Whatever it is, the relay that waits looks by itself meanwhile, and says what is wrong.
        with suppress(psycopg.Error), psycopg.connect(_plain(url), **options_for(url) | _LISTENER) as connection:
            connection.execute(_to_hear(connection.execute(_NAME).fetchone()))
            tell()
            while not over.is_set():
                for _ in connection.notifies(timeout=_LOOK, stop_after=1):
                    tell()
        over.wait(_AGAIN)


@asynccontextmanager
async def alistening(url: URL, tell: Callable[[], None]) -> AsyncGenerator[None]:
    """The same in a task of the event loop."""
    task = asyncio.create_task(_alistens(url, tell))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _alistens(url: URL, tell: Callable[[], None]) -> None:
    while True:
        with suppress(psycopg.Error):
            options = options_for(url) | _LISTENER
            async with await psycopg.AsyncConnection.connect(_plain(url), **options) as connection:
                cursor = await connection.execute(_NAME)
                await connection.execute(_to_hear(await cursor.fetchone()))
                tell()
                async for _ in connection.notifies():
                    tell()
        await asyncio.sleep(_AGAIN)


def _plain(url: URL) -> str:
    """As the driver reads it."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _to_hear(row: tuple[Any, ...] | None) -> sql.Composed:
    return sql.SQL("LISTEN {}").format(sql.Identifier("" if row is None else row[0]))
