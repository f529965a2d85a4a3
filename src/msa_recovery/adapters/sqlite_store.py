"""The embedded store: one SQLite file that threads and processes share, and that survives whatever kills them.

What every event runs is written out here, and executed on a pooled connection of the driver: each statement is compiled
once a connection.
"""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
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

from . import sql_calls as calls
from .codec import Codec
from .sql_audit import FACTS_AFTER, SqlTrail, audited
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
from .sql_rows import MESSAGE, message_of
from .sql_schema import as_number, bring_up_to_date
from .sql_steps import Steps
from .sqlite_audit import Moved, as_it_stands, whatever_it_holds
from .sqlite_file import SqliteFile, Tables, driven
from .sqlite_write import write

__all__ = ["SqliteStore"]

_TABLES: Final = Tables("store", frozenset({"alembic_version", "journeys"}), bring_up_to_date)
_PAGE: Final = 1_000

_T = TypeVar("_T")

_DUE_OF_CHANNEL: Final = (
    "SELECT sequence, due FROM outbox AS later WHERE state = 'waiting' AND channel = :channel AND due <= :now"
    " AND NOT EXISTS (SELECT 1 FROM outbox WHERE journey = later.journey AND sequence < later.sequence"
    " AND channel = :channel AND state = 'waiting' AND tries = 0 AND due > later.due)"
    " ORDER BY due, sequence LIMIT :limit"
)
"""But for those that wait for an earlier one of their journey and channel: one that a worker has, or had and died."""


@final
class SqliteStore:
    """Journeys, ledgers, messages, intents and audit facts in one file.

    A commit is on the disk when it returns (WAL, ``synchronous=FULL``), but for one that need not be: no killed process
    takes that back either, only a power cut before the next one that must be. Threads share a store; processes each
    open their own on the same file, or go on with the one that they had before a fork: around it its connections are
    closed. The file is made at the first use, readable by its owner only, and lifted to the schema of this release.

    Args:
        path: the file; beside it SQLite keeps ``-wal`` and ``-shm``, and may write in its folder. On a local disk: over
            a network, locks and the shared memory of the log do not work, and commits may be lost. Close every store
            before it is moved or replaced: who has it open goes on with the file that was opened.
        codec: how journeys and ledgers are written.

    Raises:
        CallerError: the path names no file.
        InfrastructureError: the SQLite that Python is linked with is older than 3.37.

    Every method may raise an ``InfrastructureError``, which names the file and the cause; nothing is half done, and the
    same call works once the cause is gone, without a restart.
    """

    def __init__(self, path: str | Path, codec: Codec | None = None) -> None:
        self._file = SqliteFile(path, _TABLES)
        self._codec = codec or Codec()
        self._listed_last = ""

    # -- the port ------------------------------------------------------------------------------------------------------

    def load(self, handle: HandleHash) -> StoredJourney | None:
        return self._read(calls.load(handle, self._codec))

    def ledger(self, account: Pseudonym) -> StoredLedger:
        return self._read(calls.ledger(account, self._codec))

    def commit(self, change: Change) -> bool:
        try:
            with self._file.writing(durable=change.durable) as cursor:
                write(cursor, change, self._codec)
        except Moved:
            return False
        return True

    def due(self, now: datetime, limit: int) -> tuple[StoredJourney, ...]:
        return self._read(calls.due(now, limit, self._codec))

    def ended(self, finished_before: datetime, limit: int) -> tuple[Ended, ...]:
        return self._read(calls.ended(finished_before, limit))

    def idle(self, since: datetime, limit: int) -> tuple[Idle, ...]:
        return self._read(calls.idle(since, limit))

    def traces(self, account: Pseudonym, limit: int) -> Traces:
        return self._read(calls.traces(account, limit))

    def erased_through(self) -> int:
        return self._read(calls.erased_through())

    def facts_after(self, sequence: int, limit: int) -> tuple[KeptFact, ...]:
        with self._file.reading() as cursor:
            return tuple(KeptFact(*row) for row in cursor.execute(FACTS_AFTER, (sequence, limit)).fetchall())

    def last_checkpoint(self) -> Checkpoint | None:
        return self._read(calls.last_checkpoint())

    def claim(self, now: datetime, until: datetime, limit: int, channels: frozenset[Channel]) -> tuple[OutboxRow, ...]:
        with self._file.writing(durable=False) as cursor:
            # Channel by channel, so that each is read off the index in its order, whatever waits elsewhere.
            waiting = [
                (due, sequence)
                for channel in channels
                for sequence, due in cursor.execute(
                    _DUE_OF_CHANNEL, {"channel": channel, "now": as_number(now), "limit": limit}
                ).fetchall()
            ]
            claimed: list[OutboxRow] = []
            for _, sequence in sorted(waiting)[:limit]:
                cursor.execute(
                    "UPDATE outbox SET due = ?, version = version + 1 WHERE sequence = ?", (as_number(until), sequence)
                )
                claimed.append(message_of(cursor.execute(f"{MESSAGE} WHERE sequence = ?", (sequence,)).fetchone()))
        return tuple(claimed)

    def message(self, name: MessageId) -> OutboxRow | None:
        return self._read(calls.message(name))

    def open_intents(self, limit: int) -> tuple[Pseudonym, ...]:
        accounts = self._read(open_intents(self._listed_last, limit))
        self._listed_last = accounts[-1] if accounts else ""
        return accounts

    def keys_besides(self, signer: str, now: datetime) -> tuple[KeyUse, ...]:
        return self._read(keys_besides(signer, now))

    def journeys_to_reseal(self, signer: str, after: StoredJourney | None, limit: int) -> tuple[StoredJourney, ...]:
        return self._read(calls.journeys_to_reseal(signer, after, limit, self._codec))

    def messages_to_reseal(self, signer: str, after: OutboxRow | None, limit: int) -> tuple[OutboxRow, ...]:
        return self._read(calls.messages_to_reseal(signer, after, limit))

    def intents_to_reseal(self, signer: str, after: IntentRow | None, limit: int) -> tuple[IntentRow, ...]:
        return self._read(calls.intents_to_reseal(signer, after, limit))

    def _read(self, steps: Steps[_T]) -> _T:
        with self._file.reading() as cursor:
            return driven(cursor, steps)

    # -- beside the port: what an operator sees ------------------------------------------------------------------------

    def exists(self) -> bool:
        """Whether the file is there; it is not made by asking."""
        return self._file.exists()

    def under_way(self, limit: int) -> tuple[StoredJourney, ...]:
        """Journeys that are not finished, the next deadline first, at most ``limit``."""
        return self._read(calls.journeys(UNDER_WAY, limit, self._codec))

    def finished(self, limit: int) -> tuple[StoredJourney, ...]:
        """Journeys that are over, the latest first, at most ``limit``."""
        return self._read(calls.journeys(FINISHED, limit, self._codec))

    def waiting_messages(self, limit: int) -> tuple[OutboxRow, ...]:
        """Messages that wait, the longest due first, at most ``limit``."""
        return self._read(waiting(limit))

    def dead_messages(self, limit: int) -> tuple[OutboxRow, ...]:
        """Messages that an operator has to look at, the newest first, at most ``limit``."""
        return self._read(calls.messages(DEAD_MESSAGES, limit))

    def lost_messages(self, limit: int) -> tuple[OutboxRow, ...]:
        """Messages that were taken and never arrived, as somebody said, the newest first, at most ``limit``."""
        return self._read(calls.messages(LOST_MESSAGES, limit))

    def newest_messages(self, limit: int) -> tuple[OutboxRow, ...]:
        """Messages as they were promised, the newest first, at most ``limit``."""
        return self._read(calls.messages(NEWEST_MESSAGES, limit))

    def messages_named(self, name: str) -> tuple[OutboxRow, ...]:
        """Messages of this name, of which what stands before the first dot may be cut short."""
        return self._read(named(name))

    def audit(self) -> Iterator[AuditRow]:
        """Every fact that was kept, oldest first, read page by page: nothing is held open between two of them."""
        last = 0
        while True:
            with self._file.reading() as cursor:
                page = cursor.execute(FACTS_AFTER, (last, _PAGE)).fetchall()
            for row in page:
                fact = KeptFact(*row)
                last = fact.sequence
                yield audited(fact)
            if len(page) < _PAGE:
                return

    @contextmanager
    def trail(self) -> Generator[SqlTrail]:
        """All of the audit as it is at this moment, to be verified. Hosts go on writing; what they write stays in the
        ``-wal`` beside the file until this is over."""
        with self._file.reading() as cursor:
            cursor.execute("BEGIN")
            with whatever_it_holds(cursor.connection):
                yield SqlTrail(lambda statement, values: cursor.execute(statement, values).fetchall(), as_it_stands)

    def close(self) -> None:
        """Close every connection; the next call opens new ones."""
        self._file.close()
