"""The store on a PostgreSQL server for hosts on asyncio: psycopg's own async connections."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import TypeVar, final

from msa_recovery.application.facts import Checkpoint, Ended, Idle, KeptFact
from msa_recovery.application.records import (
    Change,
    HandleHash,
    IntentRow,
    KeyUse,
    MessageId,
    OutboxRow,
    StoredJourney,
    StoredLedger,
    Traces,
)
from msa_recovery.domain.account import Channel, Pseudonym
from msa_recovery.domain.errors import CallerError

from . import postgres_calls, sql_calls
from .codec import Codec
from .postgres_async_server import AsyncPostgresServer
from .postgres_engine import CONNECTIONS
from .postgres_news import Turns, alistening
from .sql_keys import keys_besides
from .sql_listing import open_intents
from .sql_steps import Steps

__all__ = ["AsyncPostgresStore"]

_T = TypeVar("_T")


@final
class AsyncPostgresStore:
    """A :class:`PostgresStore` whose calls are awaited, on asyncio. The tasks of one event loop share its connections;
    in another loop, and after a fork, it opens new ones. On trio, give ``compose_async`` a ``PostgresStore``.

    Cancelled at any await, a commit has written everything or nothing.

    Args:
        url: see :class:`PostgresStore`.
        codec: how journeys and ledgers are written.
        connections: how many are open at once at most; further calls wait for one.

    Raises:
        CallerError: the URL names no database; or, at a call, this is not asyncio.
    """

    def __init__(self, url: str, codec: Codec | None = None, connections: int = CONNECTIONS) -> None:
        self._server = AsyncPostgresServer(url, connections)
        self._codec = codec or Codec()
        self._listed_last = ""
        self._turns = Turns()

    async def load(self, handle: HandleHash) -> StoredJourney | None:
        return await self._read(lambda: sql_calls.load(handle, self._codec))

    async def ledger(self, account: Pseudonym) -> StoredLedger:
        return await self._read(lambda: sql_calls.ledger(account, self._codec))

    async def commit(self, change: Change) -> bool:
        tells = self._turns.tells(change)
        return await self._run(lambda lost: postgres_calls.commit(change, self._codec, lost=lost, tells=tells))

    async def due(self, now: datetime, limit: int) -> tuple[StoredJourney, ...]:
        return await self._read(lambda: sql_calls.due(now, limit, self._codec))

    async def ended(self, finished_before: datetime, limit: int) -> tuple[Ended, ...]:
        return await self._read(lambda: sql_calls.ended(finished_before, limit))

    async def idle(self, since: datetime, limit: int) -> tuple[Idle, ...]:
        return await self._read(lambda: sql_calls.idle(since, limit))

    async def traces(self, account: Pseudonym, limit: int) -> Traces:
        return await self._read(lambda: sql_calls.traces(account, limit))

    async def erased_through(self) -> int:
        return await self._read(sql_calls.erased_through)

    async def facts_after(self, sequence: int, limit: int) -> tuple[KeptFact, ...]:
        return await self._read(lambda: postgres_calls.facts_after(sequence, limit))

    async def last_checkpoint(self) -> Checkpoint | None:
        return await self._read(sql_calls.last_checkpoint)

    async def claim(
        self, now: datetime, until: datetime, limit: int, channels: frozenset[Channel]
    ) -> tuple[OutboxRow, ...]:
        return await self._read(lambda: postgres_calls.claim(now, until, limit, channels))

    async def message(self, name: MessageId) -> OutboxRow | None:
        return await self._read(lambda: sql_calls.message(name))

    async def open_intents(self, limit: int) -> tuple[Pseudonym, ...]:
        accounts = await self._read(lambda: open_intents(self._listed_last, limit))
        self._listed_last = accounts[-1] if accounts else ""
        return accounts

    async def keys_besides(self, signer: str, now: datetime) -> tuple[KeyUse, ...]:
        return await self._read(lambda: keys_besides(signer, now))

    async def journeys_to_reseal(
        self, signer: str, after: StoredJourney | None, limit: int
    ) -> tuple[StoredJourney, ...]:
        return await self._read(lambda: sql_calls.journeys_to_reseal(signer, after, limit, self._codec))

    async def messages_to_reseal(self, signer: str, after: OutboxRow | None, limit: int) -> tuple[OutboxRow, ...]:
        return await self._read(lambda: sql_calls.messages_to_reseal(signer, after, limit))

    async def intents_to_reseal(self, signer: str, after: IntentRow | None, limit: int) -> tuple[IntentRow, ...]:
        return await self._read(lambda: sql_calls.intents_to_reseal(signer, after, limit))

    async def _read(self, make: Callable[[], Steps[_T]]) -> _T:
        return await self._run(lambda _: make())

    async def _run(self, make: Callable[[bool], Steps[_T]]) -> _T:
        _on_asyncio()
        return await self._server.run(make)

    def alistening(self, tell: Callable[[], None]) -> AbstractAsyncContextManager[None]:
        """As long as it lasts, ``tell`` is called after each commit of anybody that promises messages, in a task, which
        has a connection beside the others."""
        _on_asyncio()
        return alistening(self._server.url, tell)

    async def aclose(self) -> None:
        """Close every connection; the next call opens new ones."""
        await self._server.aclose()


def _on_asyncio() -> None:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        raise CallerError(
            "store: postgresql://... is for asyncio: elsewhere, as on trio, give a PostgresStore"
        ) from None
