"""What the SQLite store's tables hold of each record: how a record is written as a row, and read from it."""

import sqlite3
from collections.abc import Iterable
from typing import Any, Final, assert_never

from msa_recovery.application.facts import Head
from msa_recovery.application.records import (
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
from msa_recovery.domain.journey import JourneyId

from .codec import Codec, JourneySnapshot
from .sql_schema import as_moment, as_number
from .sqlite_audit import Moved, write_audit
from .sqlite_erasing import first_version, forget

__all__ = ["INTENT", "JOURNEY", "MESSAGE", "intent_of", "joined", "journey_of", "message_of", "write"]

JOURNEY: Final = "SELECT snapshot, handle, account, finished_at, version, facts, head FROM journeys"
MESSAGE: Final = (
    "SELECT id, account, journey, channel, contact, until, sealed, due, tries, state, version, facts, head FROM outbox"
)
INTENT: Final = "SELECT account, number, journey, sealed FROM intents"


# -- reading -----------------------------------------------------------------------------------------------------------


def journey_of(row: tuple[Any, ...], codec: Codec) -> StoredJourney:
    """What a row of ``JOURNEY`` holds."""
    text, handle, account, finished_at, version, facts, head = row
    snapshot = codec.journey(text)
    return StoredJourney(
        journey=snapshot.journey,
        handle=HandleHash(handle),
        language=snapshot.language,
        account=account,
        answered=snapshot.answered,
        finished_at=None if finished_at is None else as_moment(finished_at),
        version=version,
        head=Head(facts, head),
    )


def message_of(row: tuple[Any, ...]) -> OutboxRow:
    """What a row of ``MESSAGE`` holds."""
    name, account, journey, channel, contact, until, sealed, due, tries, state, version, facts, head = row
    return OutboxRow(
        MessageId(name),
        Pseudonym(account),
        JourneyId(journey),
        Channel(channel),
        contact,
        None if until is None else as_moment(until),
        sealed,
        as_moment(due),
        tries,
        OutboxState(state),
        version,
        Head(facts, head),
    )


def intent_of(row: tuple[Any, ...]) -> IntentRow:
    """What a row of ``INTENT`` holds."""
    account, number, journey, sealed = row
    return IntentRow(Pseudonym(account), number, JourneyId(journey), sealed)


# -- writing -----------------------------------------------------------------------------------------------------------


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
            (row.account, row.number, row.journey, row.sealed, joined(row.keys)),
        )
    for row in change.applied:
        cursor.execute("DELETE FROM intents WHERE account = ? AND number = ?", (row.account, row.number))
    if change.discarded or change.erased or change.idle or change.forgotten or change.erased_through:
        forget(cursor, change)
    write_audit(cursor, change)
    for resealed in change.resealed:
        _reseal(cursor, resealed, codec)


def _write_journey(cursor: sqlite3.Cursor, stored: StoredJourney, codec: Codec) -> None:
    profile = stored.journey.profile
    values = (
        stored.handle,
        as_number(stored.journey.deadline),
        None if stored.finished_at is None else as_number(stored.finished_at),
        "" if profile is None else profile.pseudonym,
        stored.account,
        _snapshot(stored, codec),
        joined(stored.keys),
        stored.head.count,
        stored.head.mac,
        stored.journey.id,
    )
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
    keys_until, until = stored.keys_until, stored.until
    values = (
        codec.ledger_text(stored.ledger),
        joined(stored.keys),
        None if keys_until is None else as_number(keys_until),
        0 if until is None else as_number(until),
        stored.account,
    )
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
    keys = joined(row.keys)
    if row.version == 0:
        until = None if row.until is None else as_number(row.until)
        _one(
            cursor,
            "INSERT INTO outbox (id, account, journey, channel, contact, until, sealed, keys, due, tries, state,"
            " facts, head, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT (id) DO NOTHING",
            (
                row.id,
                row.account,
                row.journey,
                row.channel.value,
                row.contact,
                until,
                row.sealed,
                keys,
                as_number(row.due),
                row.tries,
                row.state.value,
                row.head.count,
                row.head.mac,
            ),
        )
    else:
        _one(
            cursor,
            "UPDATE outbox SET sealed = ?, keys = ?, due = ?, tries = ?, state = ?, facts = ?, head = ?,"
            " version = version + 1 WHERE id = ? AND version = ?",
            (
                row.sealed,
                keys,
                as_number(row.due),
                row.tries,
                row.state.value,
                row.head.count,
                row.head.mac,
                row.id,
                row.version,
            ),
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
                (row.account, _snapshot(row, codec), keys, row.journey.id, row.version),
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


def _snapshot(stored: StoredJourney, codec: Codec) -> str:
    return codec.journey_text(JourneySnapshot(stored.journey, stored.language, stored.answered))


def joined(keys: Iterable[str]) -> str:
    """Key ids as one text: they hold no space, and nearly every row names one."""
    return " ".join(sorted(keys))
