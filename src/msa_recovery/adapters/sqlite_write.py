"""How the SQLite store writes each record of a change."""

import sqlite3
from typing import assert_never

from msa_recovery.application.records import Change, IntentRow, OutboxRow, OutboxState, StoredJourney, StoredLedger

from .codec import Codec
from .sql_rows import (
    intent_values,
    joined,
    journey_values,
    ledger_values,
    message_state,
    message_values,
    snapshot_of,
)
from .sqlite_audit import Moved, write_audit
from .sqlite_erasing import first_version, forget

__all__ = ["write"]


def write(cursor: sqlite3.Cursor, change: Change, codec: Codec) -> None:
    """Write a change, in the transaction that is open.

    Raises:
        Moved: it must be rolled back.
    """
    if change.journey is not None:
        _write_journey(cursor, change.journey, codec)
    if change.ledger is not None:
        _write_ledger(cursor, change.ledger, codec, write=change.write_ledger)
    for message in change.outbox:
        _write_message(cursor, message)
    for row in change.intents:
        cursor.execute(
            "INSERT INTO intents (account, number, journey, sealed, keys) VALUES (?, ?, ?, ?, ?)",
            intent_values(row),
        )
    for row in change.applied:
        cursor.execute("DELETE FROM intents WHERE account = ? AND number = ?", (row.account, row.number))
    if change.discarded or change.erased or change.idle or change.forgotten or change.erased_through:
        forget(cursor, change)
    write_audit(cursor, change)
    for resealed in change.resealed:
        _reseal(cursor, resealed, codec)


def _write_journey(cursor: sqlite3.Cursor, stored: StoredJourney, codec: Codec) -> None:
    values = journey_values(stored, codec)
    if stored.version == 0:
        _one(
            cursor,
            "INSERT INTO journeys (handle, deadline, finished_at, pseudonym, account, snapshot, keys, facts, head, id,"
            " version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT (id) DO NOTHING",
            values,
        )
    else:
        _one(
            cursor,
            "UPDATE journeys SET handle = ?, deadline = ?, finished_at = ?, pseudonym = ?, account = ?, snapshot = ?,"
            " keys = ?, facts = ?, head = ?, version = version + 1 WHERE id = ? AND version = ?",
            (*values, stored.version),
        )


def _write_ledger(cursor: sqlite3.Cursor, stored: StoredLedger, codec: Codec, *, write: bool) -> None:
    if not write:
        found = cursor.execute("SELECT version FROM ledgers WHERE account = ?", (stored.account,)).fetchone()
        known = 0 if found is None else found[0]
        if stored.version != (known or first_version(cursor)):
            raise Moved
        return
    values = ledger_values(stored, codec)
    if stored.version:
        done = cursor.execute(
            "UPDATE ledgers SET snapshot = ?, keys = ?, keys_until = ?, until = ?, version = version + 1"
            " WHERE account = ? AND version = ?",
            (*values, stored.version),
        )
        if done.rowcount == 1:
            return
    if stored.version != first_version(cursor):
        raise Moved
    _one(
        cursor,
        # What stands there in version 0 is the head of the account's chain, and no ledger.
        "INSERT INTO ledgers (snapshot, keys, keys_until, until, account, version, facts, head)"
        " VALUES (?, ?, ?, ?, ?, ?, 0, x'')"
        " ON CONFLICT (account) DO UPDATE SET snapshot = excluded.snapshot, keys = excluded.keys,"
        " keys_until = excluded.keys_until, until = excluded.until, version = excluded.version WHERE version = 0",
        (*values, stored.version + 1),
    )


def _write_message(cursor: sqlite3.Cursor, row: OutboxRow) -> None:
    if row.version == 0:
        _one(
            cursor,
            "INSERT INTO outbox (id, account, journey, channel, contact, until, sealed, keys, due, tries, state,"
            " facts, head, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT (id) DO NOTHING",
            (*message_values(row), *message_state(row)),
        )
        return
    _one(
        cursor,
        "UPDATE outbox SET sealed = ?, keys = ?, due = ?, tries = ?, state = ?, facts = ?, head = ?,"
        " version = version + 1 WHERE id = ? AND version = ?",
        (*message_state(row), row.id, row.version),
    )
    if row.state is not OutboxState.WAITING:
        cursor.execute(
            "DELETE FROM outbox WHERE id = ? AND NOT EXISTS (SELECT 1 FROM journeys WHERE id = outbox.journey)",
            (row.id,),
        )


def _reseal(cursor: sqlite3.Cursor, row: StoredJourney | OutboxRow | IntentRow, codec: Codec) -> None:
    """Write what is sealed anew, where the row is still the same."""
    keys = joined(row.keys)
    match row:
        case StoredJourney():
            cursor.execute(
                "UPDATE journeys SET account = ?, snapshot = ?, keys = ? WHERE id = ? AND version = ?",
                (row.account, snapshot_of(row, codec), keys, row.journey.id, row.version),
            )
        case OutboxRow():
            cursor.execute(
                "UPDATE outbox SET sealed = ?, keys = ? WHERE id = ? AND version = ?",
                (row.sealed, keys, row.id, row.version),
            )
        case IntentRow():
            cursor.execute(
                "UPDATE intents SET sealed = ?, keys = ? WHERE account = ? AND number = ?",
                (row.sealed, keys, row.account, row.number),
            )
        case _:
            assert_never(row)


def _one(cursor: sqlite3.Cursor, statement: str, values: tuple[object, ...]) -> None:
    """Write one row, or raise that it is of another version."""
    if cursor.execute(statement, values).rowcount != 1:
        raise Moved
