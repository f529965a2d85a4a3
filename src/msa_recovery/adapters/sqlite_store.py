"""The embedded store: one SQLite file that threads and processes share, and that survives whatever kills them.

What every event runs is written out here, and executed on a pooled connection of the driver: each statement is compiled
once a connection.
"""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import datetime
from operator import attrgetter
from pathlib import Path
from typing import Any, Final, final

from msa_recovery.application.facts import AuditRow, Checkpoint, Ended, Head, Idle, KeptFact
from msa_recovery.application.records import (
    Change,
    HandleHash,
    IntentRow,
    KeyUse,
    OutboxRow,
    StoredJourney,
    StoredLedger,
    Traces,
)
from msa_recovery.domain.account import Channel, Pseudonym
from msa_recovery.domain.audit import Fact, FactName
from msa_recovery.domain.journey import JourneyId
from msa_recovery.domain.ledger import Ledger
from msa_recovery.domain.problem import ProblemCode

from .codec import Codec, SnapshotRefused
from .sql_schema import as_moment, as_number, bring_up_to_date
from .sqlite_audit import (
    ENDED,
    FACTS_AFTER,
    LAST_CHECKPOINT,
    Moved,
    SqliteTrail,
    checkpoint_of,
    whatever_it_holds,
)
from .sqlite_erasing import FACTS_OF, IDLE, JOURNEYS_OF, erased_through, first_version
from .sqlite_file import SqliteFile, Tables
from .sqlite_keys import keys_besides, rows_besides
from .sqlite_listing import DEAD_MESSAGES, FINISHED, NEWEST_MESSAGES, UNDER_WAY, waiting
from .sqlite_rows import INTENT, JOURNEY, MESSAGE, intent_of, joined, journey_of, message_of, write

__all__ = ["SqliteStore"]

_TABLES: Final = Tables("store", frozenset({"alembic_version", "journeys"}), bring_up_to_date)
_PAGE: Final = 1_000
_DUE: Final = (
    f"SELECT id, {JOURNEY.removeprefix('SELECT ')} WHERE finished_at IS NULL AND deadline <= ? ORDER BY deadline"
)
_OPEN: Final = "SELECT DISTINCT account FROM intents WHERE account {} ? ORDER BY account LIMIT ?"
_DUE_OF_CHANNEL: Final = (
    "SELECT sequence, due FROM outbox WHERE state = 'waiting' AND channel = ? AND due <= ? ORDER BY due, sequence"
    " LIMIT ?"
)

_LEDGER_AND_INTENTS: Final = (
    "SELECT snapshot, version, NULL, NULL, facts, head FROM ledgers WHERE account = ?"
    " UNION ALL SELECT NULL, number, journey, sealed, NULL, NULL FROM intents WHERE account = ?"
)
"""In one statement, which sees one state of the file: an intent never shows without the ledger that numbered it."""

_number: Final = attrgetter("number")


@final
class SqliteStore:
    """Journeys, ledgers, messages, intents and audit facts in one file.

    Every commit is on the disk when it returns (WAL, ``synchronous=FULL``). Threads share a store; processes each open
    their own on the same file, or go on with the one that they had before a fork: around it its connections are closed.
    The file is made at the first use, readable by its owner only, and lifted to the schema of this release.

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
        with self._file.reading() as cursor:
            row = cursor.execute(f"{JOURNEY} WHERE handle = ?", (handle,)).fetchone()
        return None if row is None else journey_of(row, self._codec)

    def ledger(self, account: Pseudonym) -> StoredLedger:
        with self._file.reading() as cursor:
            rows = cursor.execute(_LEDGER_AND_INTENTS, (account, account)).fetchall()
            kept = any(snapshot is not None and number for snapshot, number, *_ in rows)
            first = 0 if kept else first_version(cursor)
        ledger, version, head = Ledger(), first, Head()
        intents: list[IntentRow] = []
        for snapshot, number, journey, sealed, facts, mac in rows:
            if snapshot is None:
                intents.append(IntentRow(account, number, journey, sealed))
            else:
                ledger, version, head = self._codec.ledger(snapshot), number or first, Head(facts, mac)
        return StoredLedger(account, ledger, tuple(sorted(intents, key=_number)) if intents else (), version, head)

    def commit(self, change: Change) -> bool:
        try:
            with self._file.writing() as cursor:
                write(cursor, change, self._codec)
        except Moved:
            return False
        return True

    def due(self, now: datetime, limit: int) -> tuple[StoredJourney, ...]:
        due: list[StoredJourney] = []
        refused: list[SnapshotRefused] = []
        with self._file.reading() as cursor:
            # Row by row, as many as it takes: those that cannot be read take nobody's place.
            for name, *row in cursor.execute(_DUE, (as_number(now),)):
                try:
                    due.append(journey_of(tuple(row), self._codec))
                except SnapshotRefused as why:
                    refused.append(SnapshotRefused(f"journey {name}: {why.why}"))
                if len(due) == limit:
                    break
        if refused and not due:
            raise refused[0]
        return tuple(due)

    def ended(self, finished_before: datetime, limit: int) -> tuple[Ended, ...]:
        with self._file.reading() as cursor:
            rows = cursor.execute(ENDED, (as_number(finished_before), limit)).fetchall()
        return tuple(map(_ended, rows))

    def idle(self, since: datetime, limit: int) -> tuple[Idle, ...]:
        with self._file.reading() as cursor:
            rows = cursor.execute(IDLE, (as_number(since), limit)).fetchall()
        return tuple(Idle(Pseudonym(account), version) for account, version in rows)

    def traces(self, account: Pseudonym, limit: int) -> Traces:
        with self._file.reading() as cursor:
            journeys = cursor.execute(JOURNEYS_OF, (account, limit)).fetchall()
            messages = cursor.execute(f"{MESSAGE} WHERE account = ? LIMIT ?", (account, limit)).fetchall()
            facts = cursor.execute(FACTS_OF, (account, limit)).fetchall()
        return Traces(
            tuple(map(_ended, journeys)), tuple(map(message_of, messages)), tuple(KeptFact(*row) for row in facts)
        )

    def erased_through(self) -> int:
        with self._file.reading() as cursor:
            return erased_through(cursor)

    def facts_after(self, sequence: int, limit: int) -> tuple[KeptFact, ...]:
        with self._file.reading() as cursor:
            return tuple(KeptFact(*row) for row in cursor.execute(FACTS_AFTER, (sequence, limit)).fetchall())

    def last_checkpoint(self) -> Checkpoint | None:
        with self._file.reading() as cursor:
            row = cursor.execute(LAST_CHECKPOINT).fetchone()
        return None if row is None else checkpoint_of(row)

    def claim(self, now: datetime, until: datetime, limit: int, channels: frozenset[Channel]) -> tuple[OutboxRow, ...]:
        with self._file.writing() as cursor:
            # Channel by channel, so that each is read off the index in its order, whatever waits elsewhere.
            waiting = [
                (due, sequence)
                for channel in channels
                for sequence, due in cursor.execute(_DUE_OF_CHANNEL, (channel, as_number(now), limit)).fetchall()
            ]
            claimed: list[OutboxRow] = []
            for _, sequence in sorted(waiting)[:limit]:
                cursor.execute(
                    "UPDATE outbox SET due = ?, version = version + 1 WHERE sequence = ?", (as_number(until), sequence)
                )
                claimed.append(message_of(cursor.execute(f"{MESSAGE} WHERE sequence = ?", (sequence,)).fetchone()))
        return tuple(claimed)

    def open_intents(self, limit: int) -> tuple[Pseudonym, ...]:
        after = self._listed_last
        with self._file.reading() as cursor:
            rows = cursor.execute(_OPEN.format(">"), (after, limit)).fetchall()
            rows += cursor.execute(_OPEN.format("<="), (after, limit - len(rows))).fetchall()
        self._listed_last = rows[-1][0] if rows else ""
        return tuple(Pseudonym(account) for (account,) in rows)

    def keys_besides(self, signer: str, now: datetime) -> tuple[KeyUse, ...]:
        with self._file.reading() as cursor:
            return keys_besides(cursor, signer, now)

    def journeys_to_reseal(self, signer: str, after: StoredJourney | None, limit: int) -> tuple[StoredJourney, ...]:
        last = None if after is None else (joined(after.keys), (after.journey.id,))
        with self._file.reading() as cursor:
            rows = rows_besides(cursor, JOURNEY, signer, last, limit)
        return tuple(journey_of(row, self._codec) for row in rows)

    def messages_to_reseal(self, signer: str, after: OutboxRow | None, limit: int) -> tuple[OutboxRow, ...]:
        last = None if after is None else (joined(after.keys), (after.id,))
        with self._file.reading() as cursor:
            return tuple(map(message_of, rows_besides(cursor, MESSAGE, signer, last, limit)))

    def intents_to_reseal(self, signer: str, after: IntentRow | None, limit: int) -> tuple[IntentRow, ...]:
        last = None if after is None else (joined(after.keys), (after.account, after.number))
        with self._file.reading() as cursor:
            return tuple(map(intent_of, rows_besides(cursor, INTENT, signer, last, limit)))

    # -- beside the port: what an operator sees ------------------------------------------------------------------------

    def under_way(self, limit: int) -> tuple[StoredJourney, ...]:
        """Journeys that are not finished, the next deadline first."""
        return self._journeys(UNDER_WAY, limit)

    def finished(self, limit: int) -> tuple[StoredJourney, ...]:
        """Journeys that are over, the latest first."""
        return self._journeys(FINISHED, limit)

    def waiting_messages(self, limit: int) -> tuple[OutboxRow, ...]:
        """Messages that wait, the longest due first."""
        with self._file.reading() as cursor:
            return tuple(map(message_of, waiting(cursor, limit)))

    def dead_messages(self, limit: int) -> tuple[OutboxRow, ...]:
        """Messages that an operator has to look at, the newest first."""
        return self._messages(DEAD_MESSAGES, limit)

    def newest_messages(self, limit: int) -> tuple[OutboxRow, ...]:
        """Messages as they were promised, the newest first."""
        return self._messages(NEWEST_MESSAGES, limit)

    def _journeys(self, question: str, limit: int) -> tuple[StoredJourney, ...]:
        with self._file.reading() as cursor:
            rows = cursor.execute(question, (limit,)).fetchall()
        return tuple(journey_of(row, self._codec) for row in rows)

    def _messages(self, question: str, limit: int) -> tuple[OutboxRow, ...]:
        with self._file.reading() as cursor:
            return tuple(map(message_of, cursor.execute(question, (limit,)).fetchall()))

    def audit(self) -> Iterator[AuditRow]:
        """Every fact that was kept, oldest first, read page by page: nothing is held open between two of them."""
        last = 0
        while True:
            with self._file.reading() as cursor:
                page = cursor.execute(FACTS_AFTER, (last, _PAGE)).fetchall()
            for last, at, account, journey, name, row, reason, *link in page:  # noqa: B007 - where the next page begins
                why = None if reason is None else ProblemCode(reason)
                yield AuditRow(as_moment(at), account, journey, Fact(FactName(name), row, why), *link)
            if len(page) < _PAGE:
                return

    @contextmanager
    def trail(self) -> Generator[SqliteTrail]:
        """All of the audit as it is at this moment, to be verified. Hosts go on writing; what they write stays in the
        ``-wal`` beside the file until this is over."""
        with self._file.reading() as cursor:
            cursor.execute("BEGIN")
            with whatever_it_holds(cursor.connection):
                yield SqliteTrail(cursor)

    def close(self) -> None:
        """Close every connection; the next call opens new ones."""
        self._file.close()


def _ended(row: tuple[Any, ...]) -> Ended:
    name, facts, head, version = row
    return Ended(JourneyId(name), Head(facts, head), version)
