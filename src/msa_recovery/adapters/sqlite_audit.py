"""How the SQLite store writes what a change adds to the audit."""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager

from msa_recovery.application.facts import AccountHead, Checkpoint, Ended
from msa_recovery.application.records import Change

from .sql_audit import NO_LEDGER
from .sql_rows import checkpoint_values, fact_values

__all__ = ["Moved", "as_it_stands", "whatever_it_holds", "write_audit"]


class Moved(Exception):
    """A version is not the one in the change: nothing may be written."""


def write_audit(cursor: sqlite3.Cursor, change: Change) -> None:
    """Write what a change adds to the audit, and delete the journeys whose tombstones are among it.

    Raises:
        Moved: it must be rolled back.
    """
    for row in change.audit:
        cursor.execute(
            "INSERT INTO audit (at, account, journey, name, row, reason, chain, number, mac)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            fact_values(row),
        )
    if change.account_head is not None:
        _write_head(cursor, change.account_head)
    for ended in change.purged:
        _delete(cursor, ended)
    if change.checkpoint is not None:
        _write_checkpoint(cursor, change.checkpoint)


def _write_head(cursor: sqlite3.Cursor, moved: AccountHead) -> None:
    """Write the head of an account's chain; the ledger beside it keeps its version, and is of version 0 if there is
    none yet."""
    head = (moved.head.count, moved.head.mac)
    if moved.before:
        # Not there, it was forgotten meanwhile.
        done = cursor.execute(
            "UPDATE ledgers SET facts = ?, head = ? WHERE account = ? AND facts = ?",
            (*head, moved.account, moved.before),
        )
    else:
        done = cursor.execute(
            "INSERT INTO ledgers (facts, head, account, version, snapshot, keys, until) VALUES (?, ?, ?, 0, ?, '', 0)"
            " ON CONFLICT (account) DO UPDATE SET facts = excluded.facts, head = excluded.head WHERE facts = 0",
            (*head, moved.account, NO_LEDGER),
        )
    if done.rowcount != 1:
        raise Moved


def _delete(cursor: sqlite3.Cursor, ended: Ended) -> None:
    done = cursor.execute("DELETE FROM journeys WHERE id = ? AND version = ?", (ended.journey, ended.version))
    if done.rowcount != 1:
        raise Moved
    cursor.execute("DELETE FROM outbox WHERE journey = ? AND state <> 'waiting'", (ended.journey,))


def _write_checkpoint(cursor: sqlite3.Cursor, point: Checkpoint) -> None:
    done = cursor.execute(
        "INSERT INTO checkpoints (number, at, through, facts, digest, before, mac) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (number) DO NOTHING",
        checkpoint_values(point),
    )
    if done.rowcount != 1:
        raise Moved


# -- what an auditor reads ---------------------------------------------------------------------------------------------


@contextmanager
def whatever_it_holds(connection: sqlite3.Connection) -> Generator[None]:
    """A connection that reads every text as it is. SQLite takes any bytes for one, and the driver stops at those that
    are no UTF-8: one forged byte would keep everything else from being verified."""
    connection.text_factory = _text
    try:
        yield
    finally:
        connection.text_factory = str


def _text(stored: bytes) -> str:
    return stored.decode("utf-8", "surrogateescape")


def as_it_stands(text: str) -> bytes:
    """A text that was read so, as it stands in the file."""
    return text.encode("utf-8", "surrogateescape")
