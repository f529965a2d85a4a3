"""What the SQLite store forgets: ledgers in which nothing matters, what an account left, and what old facts told."""

import sqlite3
from typing import Final

from msa_recovery.application.auditing import chain_of_account
from msa_recovery.application.facts import Forgotten, Idle, KeptFact
from msa_recovery.application.records import Change, OutboxRow

from .sql_audit import MARK, NO_LEDGER, NOTHING_GOES_ON
from .sqlite_audit import Moved

__all__ = ["first_version", "forget"]

_LEDGERS: Final = "ledgers"
_ERASED: Final = "erased"


def first_version(cursor: sqlite3.Cursor) -> int:
    """The version of a ledger that is not kept: one that no deleted ledger had."""
    return _mark(cursor, _LEDGERS)


def _mark(cursor: sqlite3.Cursor, name: str) -> int:
    found = cursor.execute(MARK, (name,)).fetchone()
    return 0 if found is None else found[0]


def _move_mark(cursor: sqlite3.Cursor, name: str, value: int) -> None:
    cursor.execute(
        "INSERT INTO marks (name, value) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)",
        (name, value),
    )


def forget(cursor: sqlite3.Cursor, change: Change) -> None:
    """Delete and erase what a change says, in the transaction that is open; but for journeys, which leave tombstones.

    Raises:
        Moved: it must be rolled back.
    """
    for message in change.discarded:
        _discard(cursor, message)
    for fact in change.erased:
        _erase(cursor, fact)
    for idle in change.idle:
        _let_go(cursor, idle)
    for gone in change.forgotten:
        _forget(cursor, gone)
    if change.erased_through is not None:
        before, through = change.erased_through
        if _mark(cursor, _ERASED) != before:
            raise Moved
        _move_mark(cursor, _ERASED, through)


def _discard(cursor: sqlite3.Cursor, message: OutboxRow) -> None:
    done = cursor.execute("DELETE FROM outbox WHERE id = ? AND version = ?", (message.id, message.version))
    if done.rowcount != 1:
        raise Moved


def _erase(cursor: sqlite3.Cursor, fact: KeptFact) -> None:
    done = cursor.execute(
        "UPDATE audit SET at = ?, account = ?, journey = ?, row = ?, reason = ?"
        " WHERE sequence = ? AND mac = ? AND account <> ''",
        (fact.at, fact.account, fact.journey, fact.row, fact.reason, fact.sequence, fact.mac),
    )
    if done.rowcount != 1:
        raise Moved


def _let_go(cursor: sqlite3.Cursor, idle: Idle) -> None:
    """Delete a ledger; a row with the head of a chain stays, as of an account that has no ledger yet."""
    where = f"WHERE account = ? AND version = ? AND {NOTHING_GOES_ON}"
    named = (idle.account, idle.version)
    if cursor.execute(f"DELETE FROM ledgers {where} AND facts = 0", named).rowcount != 1:  # noqa: S608 - ours
        emptied = f"UPDATE ledgers SET version = 0, snapshot = ?, keys = '', keys_until = NULL, until = 0 {where}"  # noqa: S608 - ours
        if cursor.execute(emptied, (NO_LEDGER, *named)).rowcount != 1:
            raise Moved
    _move_mark(cursor, _LEDGERS, idle.version + 1)


def _forget(cursor: sqlite3.Cursor, gone: Forgotten) -> None:
    """Delete the ledger and the head beside it, and rename the chain."""
    found = cursor.execute("SELECT version, facts FROM ledgers WHERE account = ?", (gone.account,)).fetchone()
    version, facts = (0, 0) if found is None else found
    if (version or first_version(cursor), facts) != (gone.version, gone.facts):
        raise Moved
    if cursor.execute("SELECT 1 FROM intents WHERE account = ?", (gone.account,)).fetchone() is not None:
        raise Moved
    cursor.execute("DELETE FROM ledgers WHERE account = ?", (gone.account,))
    cursor.execute("UPDATE audit SET chain = ? WHERE chain = ?", (gone.chain, chain_of_account(gone.account)))
    if version:
        _move_mark(cursor, _LEDGERS, version + 1)
