"""The embedded store: one SQLite file that threads and processes share, and that survives whatever kills them.

What every event runs is written out here, and executed on a pooled connection of the driver: each statement is compiled
once a connection.
"""

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final, final

from msa_recovery.application.records import (
    AuditRow,
    Change,
    HandleHash,
    IntentRow,
    MessageId,
    OutboxRow,
    OutboxState,
    StoredJourney,
    StoredLedger,
)
from msa_recovery.domain.account import Channel, Pseudonym
from msa_recovery.domain.audit import Fact, FactName
from msa_recovery.domain.journey import JourneyId
from msa_recovery.domain.ledger import Ledger
from msa_recovery.domain.problem import ProblemCode

from .codec import Codec, JourneySnapshot
from .sql_schema import as_moment, as_number
from .sqlite_file import SqliteFile

__all__ = ["SqliteStore"]

_PAGE: Final = 1_000
_JOURNEY: Final = "SELECT snapshot, handle, account, finished_at, version FROM journeys"
_MESSAGE: Final = "SELECT id, account, journey, channel, sealed, due, tries, state, version FROM outbox"
_DUE_OF_CHANNEL: Final = (
    "SELECT sequence, due FROM outbox WHERE state = 'waiting' AND channel = ? AND due <= ? ORDER BY due, sequence"
    " LIMIT ?"
)


class _Moved(Exception):
    """A version is not the one in the change: nothing may be written."""


@final
class SqliteStore:
    """Journeys, ledgers, messages, intents and audit facts in one file.

    Every commit is on the disk when it returns (WAL, ``synchronous=FULL``). Threads share a store; processes each open
    their own on the same file. Around a fork its connections are closed, so that parent and child both go on. The file
    is made at the first use, readable by its owner only, and lifted to the schema of this release.

    Args:
        path: the file; beside it SQLite keeps ``-wal`` and ``-shm``. Its folder must exist, on a local disk.
        codec: how journeys and ledgers are written.

    Every method may raise an ``InfrastructureError``, which names the cause; nothing is half done, and the same call
    works once the cause is gone.
    """

    def __init__(self, path: Path, codec: Codec | None = None) -> None:
        self._file = SqliteFile(path)
        self._codec = codec or Codec()

    # -- the port ------------------------------------------------------------------------------------------------------

    def load(self, handle: HandleHash) -> StoredJourney | None:
        with self._file.reading() as cursor:
            row = cursor.execute(f"{_JOURNEY} WHERE handle = ?", (handle,)).fetchone()
        return None if row is None else self._journey(row)

    def ledger(self, account: Pseudonym) -> StoredLedger:
        with self._file.reading() as cursor:
            # One snapshot of the file for both, or an intent could be read without the ledger that numbered it.
            cursor.execute("BEGIN")
            row = cursor.execute("SELECT snapshot, version FROM ledgers WHERE account = ?", (account,)).fetchone()
            intents = cursor.execute(
                "SELECT number, journey, sealed FROM intents WHERE account = ? ORDER BY number", (account,)
            ).fetchall()
            cursor.execute("COMMIT")
        ledger, version = (Ledger(), 0) if row is None else (self._codec.ledger(row[0]), row[1])
        opened = tuple(IntentRow(account, number, JourneyId(journey), sealed) for number, journey, sealed in intents)
        return StoredLedger(account, ledger, opened, version)

    def commit(self, change: Change) -> bool:
        try:
            with self._file.writing() as cursor:
                self._write(cursor, change)
        except _Moved:
            return False
        return True

    def due(self, now: datetime, limit: int) -> tuple[StoredJourney, ...]:
        with self._file.reading() as cursor:
            rows = cursor.execute(
                f"{_JOURNEY} WHERE finished_at IS NULL AND deadline <= ? ORDER BY deadline LIMIT ?",
                (as_number(now), limit),
            ).fetchall()
        return tuple(map(self._journey, rows))

    def purge(self, finished_before: datetime, limit: int) -> int:
        with self._file.writing() as cursor:
            old = cursor.execute(
                "SELECT id FROM journeys WHERE finished_at IS NOT NULL AND finished_at < ? ORDER BY finished_at"
                " LIMIT ?",
                (as_number(finished_before), limit),
            ).fetchall()
            cursor.executemany("DELETE FROM outbox WHERE journey = ? AND state <> 'waiting'", old)
            cursor.executemany("DELETE FROM journeys WHERE id = ?", old)
        return len(old)

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
                claimed.append(_message(cursor.execute(f"{_MESSAGE} WHERE sequence = ?", (sequence,)).fetchone()))
        return tuple(claimed)

    def open_intents(self, limit: int) -> tuple[Pseudonym, ...]:
        with self._file.reading() as cursor:
            rows = cursor.execute("SELECT DISTINCT account FROM intents LIMIT ?", (limit,)).fetchall()
        return tuple(Pseudonym(account) for (account,) in rows)

    # -- beside the port -----------------------------------------------------------------------------------------------

    def audit(self) -> Iterator[AuditRow]:
        """Every fact that was kept, oldest first, read page by page: nothing is held open between two of them."""
        last = 0
        while True:
            with self._file.reading() as cursor:
                page = cursor.execute(
                    "SELECT at, account, journey, name, row, reason, sequence FROM audit WHERE sequence > ?"
                    " ORDER BY sequence LIMIT ?",
                    (last, _PAGE),
                ).fetchall()
            for at, account, journey, name, row, reason, last in page:  # noqa: B007 - where the next page begins
                why = None if reason is None else ProblemCode(reason)
                yield AuditRow(as_moment(at), account, journey, Fact(FactName(name), row, why))
            if len(page) < _PAGE:
                return

    def close(self) -> None:
        """Close every connection; the next call opens new ones."""
        self._file.close()

    # -- writing -------------------------------------------------------------------------------------------------------

    def _write(self, cursor: sqlite3.Cursor, change: Change) -> None:
        if change.journey is not None:
            self._write_journey(cursor, change.journey)
        if change.ledger is not None:
            self._write_ledger(cursor, change.ledger, write=change.write_ledger)
        for message in change.outbox:
            _write_message(cursor, message)
        cursor.executemany(
            "INSERT INTO intents (account, number, journey, sealed) VALUES (?, ?, ?, ?)",
            [(row.account, row.number, row.journey, row.sealed) for row in change.intents],
        )
        cursor.executemany(
            "DELETE FROM intents WHERE account = ? AND number = ?",
            [(row.account, row.number) for row in change.applied],
        )
        cursor.executemany(
            "INSERT INTO audit (at, account, journey, name, row, reason) VALUES (?, ?, ?, ?, ?, ?)",
            [
                (as_number(row.at), row.account, row.journey, row.fact.name, row.fact.row, row.fact.reason)
                for row in change.audit
            ],
        )

    def _write_journey(self, cursor: sqlite3.Cursor, stored: StoredJourney) -> None:
        text = self._codec.journey_text(JourneySnapshot(stored.journey, stored.language, stored.answered))
        values = (
            stored.handle,
            as_number(stored.journey.deadline),
            None if stored.finished_at is None else as_number(stored.finished_at),
            stored.account,
            text,
            stored.journey.id,
        )
        if stored.version == 0:
            _one(
                cursor,
                "INSERT INTO journeys (handle, deadline, finished_at, account, snapshot, id, version)"
                " VALUES (?, ?, ?, ?, ?, ?, 1) ON CONFLICT (id) DO NOTHING",
                values,
            )
        else:
            _one(
                cursor,
                "UPDATE journeys SET handle = ?, deadline = ?, finished_at = ?, account = ?, snapshot = ?,"
                " version = version + 1 WHERE id = ? AND version = ?",
                (*values, stored.version),
            )

    def _write_ledger(self, cursor: sqlite3.Cursor, stored: StoredLedger, *, write: bool) -> None:
        if not write:
            found = cursor.execute("SELECT version FROM ledgers WHERE account = ?", (stored.account,)).fetchone()
            if stored.version != (0 if found is None else found[0]):
                raise _Moved
            return
        values = (self._codec.ledger_text(stored.ledger), stored.account)
        if stored.version == 0:
            _one(
                cursor,
                "INSERT INTO ledgers (snapshot, account, version) VALUES (?, ?, 1) ON CONFLICT (account) DO NOTHING",
                values,
            )
        else:
            _one(
                cursor,
                "UPDATE ledgers SET snapshot = ?, version = version + 1 WHERE account = ? AND version = ?",
                (*values, stored.version),
            )

    def _journey(self, row: tuple[Any, ...]) -> StoredJourney:
        text, handle, account, finished_at, version = row
        snapshot = self._codec.journey(text)
        return StoredJourney(
            journey=snapshot.journey,
            handle=HandleHash(handle),
            language=snapshot.language,
            account=account,
            answered=snapshot.answered,
            finished_at=None if finished_at is None else as_moment(finished_at),
            version=version,
        )


def _one(cursor: sqlite3.Cursor, statement: str, values: tuple[object, ...]) -> None:
    """Write one row, or raise that it is of another version."""
    if cursor.execute(statement, values).rowcount != 1:
        raise _Moved


def _write_message(cursor: sqlite3.Cursor, row: OutboxRow) -> None:
    if row.version == 0:
        _one(
            cursor,
            "INSERT INTO outbox (id, account, journey, channel, sealed, due, tries, state, version)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT (id) DO NOTHING",
            (row.id, row.account, row.journey, row.channel, row.sealed, as_number(row.due), row.tries, row.state),
        )
    else:
        _one(
            cursor,
            "UPDATE outbox SET sealed = ?, due = ?, tries = ?, state = ?, version = version + 1"
            " WHERE id = ? AND version = ?",
            (row.sealed, as_number(row.due), row.tries, row.state, row.id, row.version),
        )


def _message(row: tuple[Any, ...]) -> OutboxRow:
    name, account, journey, channel, sealed, due, tries, state, version = row
    return OutboxRow(
        MessageId(name),
        Pseudonym(account),
        JourneyId(journey),
        Channel(channel),
        sealed,
        as_moment(due),
        tries,
        OutboxState(state),
        version,
    )
