"""The bare driver of SQLite, used the best way: what an event could cost if nothing had to be decided.

One connection, statements that the driver keeps compiled, and rows that are ready before anything is timed. Each is the
row that the product writes, of the same bytes, in the same tables and indexes, under the same settings of the file.
"""

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, final

from attrs import frozen

from msa_recovery.adapters.codec import Codec, JourneySnapshot
from msa_recovery.adapters.sql_rows import joined
from msa_recovery.adapters.sql_schema import as_number
from msa_recovery.application.records import StoredJourney, StoredLedger

from .recorded import Recorded

__all__ = ["BareFile", "Rows", "contents", "journey_row", "ledger_row", "rows_of"]

_TABLES: Final = ("journeys", "ledgers", "outbox", "intents", "audit", "checkpoints", "marks")
_SETTINGS: Final = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA secure_delete = FAST",
)

_Row = tuple[Any, ...]


@final
@frozen
class Rows:
    """What one event reads by and writes, ready to be bound.

    Attributes:
        handle: what finds the journey.
        account: what finds the ledger and its open intents.
        journey: the journey, its id and version last.
        ledger: the ledger, its account and version last; ``None`` where it is only compared.
        messages: for the outbox.
        intents: effects on the directory.
        facts: for the audit.
    """

    handle: bytes
    account: str
    journey: _Row
    ledger: _Row | None
    messages: tuple[_Row, ...]
    intents: tuple[_Row, ...]
    facts: tuple[_Row, ...]


def rows_of(known: Recorded, codec: Codec) -> Rows:
    """The rows of one event."""
    change = known.change
    assert change.journey is not None
    assert change.ledger is not None
    return Rows(
        handle=known.journey.handle,
        account=known.ledger.account,
        journey=(*journey_row(change.journey, codec), change.journey.version),
        ledger=(*ledger_row(change.ledger, codec), change.ledger.version) if change.write_ledger else None,
        messages=tuple(
            (
                *(row.id, row.account, row.journey, row.channel.value, row.contact),
                *(None if row.until is None else as_number(row.until), row.sealed, joined(row.keys)),
                *(as_number(row.due), row.tries, row.state.value, row.head.count, row.head.mac),
            )
            for row in change.outbox
        ),
        intents=tuple((row.account, row.number, row.journey, row.sealed, joined(row.keys)) for row in change.intents),
        facts=tuple(
            (
                *(as_number(row.at), row.account, row.journey, row.fact.name.value, row.fact.row),
                *(None if row.fact.reason is None else row.fact.reason.value, row.chain, row.number, row.mac),
            )
            for row in change.audit
        ),
    )


def journey_row(stored: StoredJourney, codec: Codec) -> _Row:
    """A journey as it is bound, but for its version."""
    return (
        stored.handle,
        as_number(stored.journey.deadline),
        None if stored.finished_at is None else as_number(stored.finished_at),
        "" if stored.journey.profile is None else stored.journey.profile.pseudonym,
        stored.account,
        codec.journey_text(JourneySnapshot(stored.journey, stored.language, stored.answered)),
        joined(stored.keys),
        stored.head.count,
        stored.head.mac,
        stored.journey.id,
    )


def ledger_row(stored: StoredLedger, codec: Codec) -> _Row:
    """A ledger as it is bound, but for its version."""
    keys_until, until = stored.keys_until, stored.until
    return (
        codec.ledger_text(stored.ledger),
        joined(stored.keys),
        None if keys_until is None else as_number(keys_until),
        0 if until is None else as_number(until),
        stored.account,
    )


@final
class BareFile:
    """A file whose tables are there, on one connection of the driver."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        for setting in _SETTINGS:
            self._connection.execute(setting)
        self._cursor = self._connection.cursor()

    def fill(self, every: Iterable[Recorded], codec: Codec) -> None:
        """Put the journeys and ledgers there that the events begin with, in one transaction."""
        self._cursor.execute("BEGIN IMMEDIATE")
        for known in every:
            self._cursor.execute(
                "INSERT INTO journeys (handle, deadline, finished_at, pseudonym, account, snapshot, keys, facts,"
                " head, id, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*journey_row(known.journey, codec), known.journey.version),
            )
            self._cursor.execute(
                "INSERT INTO ledgers (snapshot, keys, keys_until, until, account, version, facts, head)"
                " VALUES (?, ?, ?, ?, ?, ?, 0, x'')",
                (*ledger_row(known.ledger, codec), known.ledger.version),
            )
        self._cursor.execute("COMMIT")

    def take(self, rows: Rows) -> None:
        """Read what the event needs, and write what it does."""
        cursor = self._cursor
        execute = cursor.execute
        execute(
            "SELECT snapshot, handle, account, finished_at, version, facts, head FROM journeys WHERE handle = ?",
            (rows.handle,),
        )
        cursor.fetchone()
        execute("SELECT snapshot, version, facts, head FROM ledgers WHERE account = ?", (rows.account,))
        cursor.fetchone()
        execute("SELECT account, number, journey, sealed FROM intents WHERE account = ?", (rows.account,))
        cursor.fetchall()
        execute("BEGIN IMMEDIATE")
        execute(
            "UPDATE journeys SET handle = ?, deadline = ?, finished_at = ?, pseudonym = ?, account = ?, snapshot = ?,"
            " keys = ?, facts = ?, head = ?, version = version + 1 WHERE id = ? AND version = ?",
            rows.journey,
        )
        if rows.ledger is None:
            execute("SELECT version FROM ledgers WHERE account = ?", (rows.account,))
            cursor.fetchone()
        else:
            execute(
                "UPDATE ledgers SET snapshot = ?, keys = ?, keys_until = ?, until = ?, version = version + 1"
                " WHERE account = ? AND version = ?",
                rows.ledger,
            )
        for message in rows.messages:
            execute(
                "INSERT INTO outbox (id, account, journey, channel, contact, until, sealed, keys, due, tries, state,"
                " facts, head, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)",
                message,
            )
        for intent in rows.intents:
            execute("INSERT INTO intents (account, number, journey, sealed, keys) VALUES (?, ?, ?, ?, ?)", intent)
        for fact in rows.facts:
            execute(
                "INSERT INTO audit (at, account, journey, name, row, reason, chain, number, mac)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                fact,
            )
        execute("COMMIT")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def contents(path: Path) -> list[list[_Row]]:
    """Every row of every table."""
    connection = sqlite3.connect(path)
    try:
        return [connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in _TABLES]  # noqa: S608
    finally:
        connection.close()
