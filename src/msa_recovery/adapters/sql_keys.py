"""Which keys the rows of a store name besides the one that seals now, and those rows, page by page.

A table's rows that name keys stand in an index in the order of these keys (``keys``, one text a row: see
``sql_rows.joined``). From one such text to the next it is one step in that index, so that nothing here ever looks
at the rows that name the present key alone, however many there are.
"""

from datetime import datetime
from typing import Final

from msa_recovery.application.records import KeyUse, Place, key_uses
from msa_recovery.application.sealed import keys_named_by

from .sql_audit import LAST_CHECKPOINT, checkpoint_of
from .sql_schema import as_moment, as_number
from .sql_steps import Row, Statement, Steps

__all__ = ["keys_besides", "rows_besides"]

_TABLES: Final = {
    Place.JOURNEYS: "journeys",
    Place.LEDGERS: "ledgers",
    Place.MESSAGES: "outbox",
    Place.INTENTS: "intents",
}

_COUNTED: Final = "SELECT count(*), NULL FROM {} WHERE keys <> '' AND keys = ?"
_FOLLOWING: Final = "SELECT keys FROM {} WHERE keys <> '' AND keys {} ? ORDER BY keys LIMIT 1"


def keys_besides(signer: str, now: datetime) -> Steps[tuple[KeyUse, ...]]:
    """What ``Store.keys_besides`` says."""
    last = yield LAST_CHECKPOINT, ()
    signers = keys_named_by((checkpoint_of(last[0]).mac,)) - {signer} if last else frozenset[str]()
    found: list[tuple[Place, frozenset[str], int, datetime | None]] = [(Place.CHECKPOINTS, signers, 1, None)]
    for place, table in _TABLES.items():
        keys = yield from _following(table, signer, ">", "")
        while keys is not None:
            ((rows, until),) = yield _counted(place, keys, now)
            if rows:
                found.append(
                    (place, frozenset(keys.split()) - {signer}, rows, None if until is None else as_moment(until))
                )
            keys = yield from _following(table, signer, ">", keys)
    return key_uses(found)


def _counted(place: Place, keys: str, now: datetime) -> Statement:
    if place is Place.LEDGERS:
        question = "SELECT count(*), max(keys_until) FROM ledgers WHERE keys <> '' AND keys = ? AND keys_until > ?"
        return question, (keys, as_number(now))
    return _COUNTED.format(_TABLES[place]), (keys,)


def _following(table: str, signer: str, sign: str, keys: str) -> Steps[str | None]:
    """The first text of keys behind this one, or from it on, that rows of a table have; the present key alone is
    passed over."""
    while True:
        rows = yield _FOLLOWING.format(table, sign), (keys,)
        if not rows:
            return None
        keys, sign = rows[0][0], ">"
        if keys != signer:
            return keys


def rows_besides(select: str, signer: str, after: tuple[str, Row] | None, limit: int) -> Steps[list[Row]]:
    """A page of the rows that name another key than this one.

    Args:
        select: one of ``sql_rows``' ``JOURNEY``, ``MESSAGE`` and ``INTENT``.
        signer: the key that seals now.
        after: the keys of the last row of the page before, and its primary key; ``None`` for the first page.
        limit: how many at most.
    """
    table = select.rpartition(" ")[2]
    order = "account, number" if table == "intents" else "id"
    within, last = after or ("", ())
    rows: list[Row] = []
    keys = yield from _following(table, signer, ">=" if within else ">", within)
    while keys is not None and len(rows) < limit:
        # As a range of that very index: for one text of keys, a planner may think that it meets these rows soon enough
        # in the order of their names.
        where, values = "keys >= ?", (keys,)
        if keys == within:
            where, values = f"(keys, {order}) > (?, {', '.join('?' * len(last))})", (keys, *last)
        page = f"{select} WHERE keys <> '' AND {where} AND keys <= ? ORDER BY keys, {order} LIMIT ?"
        rows += yield page, (*values, keys, limit - len(rows))
        keys = yield from _following(table, signer, ">", keys)
    return rows
