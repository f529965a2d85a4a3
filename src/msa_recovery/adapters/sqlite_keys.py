"""Which keys the rows of the SQLite store name besides the one that seals now, and those rows, page by page.

A table's rows that name keys stand in an index in the order of these keys (``keys``, one text a row: see
``sqlite_rows.joined``). From one such text to the next it is one step in that index, so that nothing here ever looks
at the rows that name the present key alone, however many there are.
"""

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from msa_recovery.application.records import KeyUse, Place, key_uses
from msa_recovery.application.sealed import keys_named_by

from .sql_schema import as_moment, as_number
from .sqlite_audit import LAST_CHECKPOINT, checkpoint_of

__all__ = ["keys_besides", "rows_besides"]

_TABLES: Final = {
    Place.JOURNEYS: "journeys",
    Place.LEDGERS: "ledgers",
    Place.MESSAGES: "outbox",
    Place.INTENTS: "intents",
}

_COUNTED: Final = "SELECT count(*) FROM {} WHERE keys <> '' AND keys = ?"
_FOLLOWING: Final = "SELECT keys FROM {} WHERE keys <> '' AND keys {} ? ORDER BY keys LIMIT 1"


def keys_besides(cursor: sqlite3.Cursor, signer: str, now: datetime) -> tuple[KeyUse, ...]:
    """What ``Store.keys_besides`` says."""
    last = cursor.execute(LAST_CHECKPOINT).fetchone()
    signers = set[str]() if last is None else keys_named_by((checkpoint_of(last).mac,)) - {signer}
    found = (
        (place, set(keys.split()) - {signer}, rows, None if until is None else as_moment(until))
        for place in _TABLES
        for keys in _texts(cursor, _TABLES[place], signer)
        for rows, until in (_counted(cursor, place, keys, now),)
        if rows
    )
    return key_uses((*found, (Place.CHECKPOINTS, signers, 1, None)))


def _counted(cursor: sqlite3.Cursor, place: Place, keys: str, now: datetime) -> tuple[int, int | None]:
    if place is Place.LEDGERS:
        question = "SELECT count(*), max(keys_until) FROM ledgers WHERE keys <> '' AND keys = ? AND keys_until > ?"
        rows, until = cursor.execute(question, (keys, as_number(now))).fetchone()
        return rows, until
    return cursor.execute(_COUNTED.format(_TABLES[place]), (keys,)).fetchone()[0], None


def _texts(cursor: sqlite3.Cursor, table: str, signer: str, first: str = "") -> Iterator[str]:
    """Each text of keys that rows of a table have, in order, from ``first`` on, but the present key alone."""
    sign = ">=" if first else ">"
    keys = first
    while True:
        found = cursor.execute(_FOLLOWING.format(table, sign), (keys,)).fetchone()
        if found is None:
            return
        keys, sign = found[0], ">"
        if keys != signer:
            yield keys


def rows_besides(
    cursor: sqlite3.Cursor,
    select: str,
    signer: str,
    after: tuple[str, tuple[Any, ...]] | None,
    limit: int,
) -> list[tuple[Any, ...]]:
    """A page of the rows that name another key than this one.

    Args:
        cursor: of a connection.
        select: one of ``sqlite_rows``' ``JOURNEY``, ``MESSAGE`` and ``INTENT``.
        signer: the key that seals now.
        after: the keys of the last row of the page before, and its primary key; ``None`` for the first page.
        limit: how many at most.
    """
    table = select.rpartition(" ")[2]
    order = "account, number" if table == "intents" else "id"
    within, last = after or ("", ())
    rows: list[tuple[Any, ...]] = []
    for keys in _texts(cursor, table, signer, within):
        where, values = "", ()
        if keys == within:
            where, values = f" AND ({order}) > ({', '.join('?' * len(last))})", last
        page = f"{select} WHERE keys <> '' AND keys = ?{where} ORDER BY {order} LIMIT ?"
        rows += cursor.execute(page, (keys, *values, limit - len(rows))).fetchall()
        if len(rows) == limit:
            break
    return rows
