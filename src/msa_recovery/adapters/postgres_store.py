"""The store on a PostgreSQL server, which any number of hosts and relays share."""

from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Final, TypeVar, final

from msa_recovery.application.facts import AuditRow, Checkpoint, Ended, Idle, KeptFact
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

from . import postgres_calls, sql_calls
from .codec import Codec
from .postgres_engine import CONNECTIONS
from .postgres_news import Turns, listening
from .postgres_schema import are_there
from .postgres_server import PostgresServer
from .sql_audit import SqlTrail, audited
from .sql_keys import keys_besides
from .sql_listing import (
    DEAD_MESSAGES,
    FINISHED,
    LOST_MESSAGES,
    NEWEST_MESSAGES,
    UNDER_WAY,
    named,
    open_intents,
    waiting,
)
from .sql_steps import Steps

__all__ = ["PostgresStore"]

_T = TypeVar("_T")

_PAGE: Final = 1_000


@final
class PostgresStore:
    """Journeys, ledgers, messages, intents and audit facts in one database.

    Every commit is one statement in one round trip, and durable when it returns, but for one that need not be: that is
    taken back if the server breaks down within the second. Threads share a store; processes each open their own, or go
    on with the one that they had before a fork: around it its connections are closed. The tables are made at the first
    use, and lifted to the schema of this release.

    Args:
        url: ``postgresql://user@host:port/database``, with what the driver takes behind a ``?``, such as
            ``sslmode=verify-full``. A connection stays one session: before the server may stand a pooler of sessions,
            and none of transactions.
        codec: how journeys and ledgers are written.
        connections: how many are open at once at most; further calls wait for one.

    Raises:
        CallerError: the URL names no database.

    Every method may raise an ``InfrastructureError``, which names the server and the cause. Nothing is half done. What
    failed because the connection broke or because others were in the way was tried again by then.
    """

    def __init__(self, url: str, codec: Codec | None = None, connections: int = CONNECTIONS) -> None:
        self._server = PostgresServer(url, connections)
        self._codec = codec or Codec()
        self._listed_last = ""
        self._turns = Turns()

    # -- the port ------------------------------------------------------------------------------------------------------

    def load(self, handle: HandleHash) -> StoredJourney | None:
        return self._read(lambda: sql_calls.load(handle, self._codec))

    def ledger(self, account: Pseudonym) -> StoredLedger:
        return self._read(lambda: sql_calls.ledger(account, self._codec))

    def commit(self, change: Change) -> bool:
        tells = self._turns.tells(change)
        return self._server.run(lambda lost: postgres_calls.commit(change, self._codec, lost=lost, tells=tells))

    def due(self, now: datetime, limit: int) -> tuple[StoredJourney, ...]:
        return self._read(lambda: sql_calls.due(now, limit, self._codec))

    def ended(self, finished_before: datetime, limit: int) -> tuple[Ended, ...]:
        return self._read(lambda: sql_calls.ended(finished_before, limit))

    def idle(self, since: datetime, limit: int) -> tuple[Idle, ...]:
        return self._read(lambda: sql_calls.idle(since, limit))

    def traces(self, account: Pseudonym, limit: int) -> Traces:
        return self._read(lambda: sql_calls.traces(account, limit))

    def erased_through(self) -> int:
        return self._read(sql_calls.erased_through)

    def facts_after(self, sequence: int, limit: int) -> tuple[KeptFact, ...]:
        return self._read(lambda: postgres_calls.facts_after(sequence, limit))

    def last_checkpoint(self) -> Checkpoint | None:
        return self._read(sql_calls.last_checkpoint)

    def claim(self, now: datetime, until: datetime, limit: int, channels: frozenset[Channel]) -> tuple[OutboxRow, ...]:
        return self._read(lambda: postgres_calls.claim(now, until, limit, channels))

    def message(self, name: MessageId) -> OutboxRow | None:
        return self._read(lambda: sql_calls.message(name))

    def open_intents(self, limit: int) -> tuple[Pseudonym, ...]:
        accounts = self._read(lambda: open_intents(self._listed_last, limit))
        self._listed_last = accounts[-1] if accounts else ""
        return accounts

    def keys_besides(self, signer: str, now: datetime) -> tuple[KeyUse, ...]:
        return self._read(lambda: keys_besides(signer, now))

    def journeys_to_reseal(self, signer: str, after: StoredJourney | None, limit: int) -> tuple[StoredJourney, ...]:
        return self._read(lambda: sql_calls.journeys_to_reseal(signer, after, limit, self._codec))

    def messages_to_reseal(self, signer: str, after: OutboxRow | None, limit: int) -> tuple[OutboxRow, ...]:
        return self._read(lambda: sql_calls.messages_to_reseal(signer, after, limit))

    def intents_to_reseal(self, signer: str, after: IntentRow | None, limit: int) -> tuple[IntentRow, ...]:
        return self._read(lambda: sql_calls.intents_to_reseal(signer, after, limit))

    def _read(self, make: Callable[[], Steps[_T]]) -> _T:
        return self._server.run(lambda _: make())

    # -- beside the port: what an operator sees ------------------------------------------------------------------------

    def exists(self) -> bool:
        """Whether the tables are there, of whatever release; they are not made by asking."""
        return are_there(self._server.url)

    def under_way(self, limit: int) -> tuple[StoredJourney, ...]:
        """Journeys that are not finished, the next deadline first, at most ``limit``."""
        return self._read(lambda: sql_calls.journeys(UNDER_WAY, limit, self._codec))

    def finished(self, limit: int) -> tuple[StoredJourney, ...]:
        """Journeys that are over, the latest first, at most ``limit``."""
        return self._read(lambda: sql_calls.journeys(FINISHED, limit, self._codec))

    def waiting_messages(self, limit: int) -> tuple[OutboxRow, ...]:
        """Messages that wait, the longest due first, at most ``limit``."""
        return self._read(lambda: waiting(limit))

    def dead_messages(self, limit: int) -> tuple[OutboxRow, ...]:
        """Messages that an operator has to look at, the newest first, at most ``limit``."""
        return self._read(lambda: sql_calls.messages(DEAD_MESSAGES, limit))

    def lost_messages(self, limit: int) -> tuple[OutboxRow, ...]:
        """Messages that were taken and never arrived, as somebody said, the newest first, at most ``limit``."""
        return self._read(lambda: sql_calls.messages(LOST_MESSAGES, limit))

    def newest_messages(self, limit: int) -> tuple[OutboxRow, ...]:
        """Messages as they were promised, the newest first, at most ``limit``."""
        return self._read(lambda: sql_calls.messages(NEWEST_MESSAGES, limit))

    def messages_named(self, name: str) -> tuple[OutboxRow, ...]:
        """Messages of this name, of which what stands before the first dot may be cut short."""
        return self._read(lambda: named(name))

    def audit(self) -> Iterator[AuditRow]:
        """Every fact that was kept, oldest first, read page by page: nothing is held open between two of them."""
        last = 0
        while page := self.facts_after(last, _PAGE):
            yield from map(audited, page)
            last = page[-1].sequence

    @contextmanager
    def trail(self) -> Generator[SqlTrail]:
        """All of the audit as it is at this moment, to be verified, while hosts go on writing."""
        with self._server.snapshot() as ask:
            yield SqlTrail(ask)

    def listening(self, tell: Callable[[], None]) -> AbstractContextManager[None]:
        """As long as it lasts, ``tell`` is called after each commit of anybody that promises messages, from a thread of
        its own, which has a connection beside the others."""
        return listening(self._server.url, tell)

    def close(self) -> None:
        """Close every connection; the next call opens new ones."""
        self._server.close()
