"""What the SQLite store's tables hold of the audit: how facts, heads and checkpoints are written, and read again."""

import sqlite3
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any, Final, final

from msa_recovery.application.auditing import chain_of_account, chain_of_journey, chain_of_message
from msa_recovery.application.facts import AccountHead, Checkpoint, Ended, Head, KeptFact
from msa_recovery.application.records import Change
from msa_recovery.domain.ledger import Ledger

from .codec import Codec
from .sql_schema import as_moment, as_number

__all__ = [
    "ENDED",
    "FACT",
    "FACTS_AFTER",
    "LAST_CHECKPOINT",
    "NO_LEDGER",
    "Moved",
    "SqliteTrail",
    "checkpoint_of",
    "whatever_it_holds",
    "write_audit",
]

FACT: Final = "SELECT sequence, at, account, journey, name, row, reason, chain, number, mac FROM audit"
FACTS_AFTER: Final = f"{FACT} WHERE sequence > ? ORDER BY sequence LIMIT ?"
ENDED: Final = (
    "SELECT id, facts, head, version FROM journeys WHERE finished_at IS NOT NULL AND finished_at < ?"
    " ORDER BY finished_at LIMIT ?"
)

_CHECKPOINT: Final = "SELECT number, at, through, facts, digest, before, mac FROM checkpoints"
LAST_CHECKPOINT: Final = f"{_CHECKPOINT} WHERE number > 0 ORDER BY number DESC LIMIT 1"

NO_LEDGER: Final = Codec().ledger_text(Ledger())
"""What stands in a row of the ledgers, in version 0, that only holds the head of a chain."""


class Moved(Exception):
    """A version is not the one in the change: nothing may be written."""


# -- writing -----------------------------------------------------------------------------------------------------------


def write_audit(cursor: sqlite3.Cursor, change: Change) -> None:
    """Write what a change adds to the audit, and delete the journeys whose tombstones are among it.

    Raises:
        Moved: it must be rolled back.
    """
    for row in change.audit:
        fact, why = row.fact, row.fact.reason
        cursor.execute(
            "INSERT INTO audit (at, account, journey, name, row, reason, chain, number, mac)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                as_number(row.at),
                row.account,
                row.journey,
                # A member of an enumeration costs the driver a search for an adapter; its text does not.
                fact.name.value,
                fact.row,
                why and why.value,
                row.chain,
                row.number,
                row.mac,
            ),
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
    done = cursor.execute(
        "INSERT INTO ledgers (account, version, snapshot, keys, until, facts, head) VALUES (?, 0, ?, '', 0, ?, ?)"
        " ON CONFLICT (account) DO UPDATE SET facts = excluded.facts, head = excluded.head WHERE facts = ?",
        (moved.account, NO_LEDGER, moved.head.count, moved.head.mac, moved.before),
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
        (point.number, as_number(point.at), point.through, point.facts, point.digest, point.before, point.mac),
    )
    if done.rowcount != 1:
        raise Moved


# -- reading -----------------------------------------------------------------------------------------------------------


def checkpoint_of(row: tuple[Any, ...]) -> Checkpoint:
    """What a row of ``LAST_CHECKPOINT`` holds."""
    number, at, *rest = row
    return Checkpoint(number, as_moment(at), *rest)


_PAGE: Final = 1_000
_LEAST: Final = -(2**63)
"""No store counts from here, but somebody who forges a row may."""

_CHAINS: Final = (
    f"{FACT} WHERE (chain, number, sequence) > (CAST(? AS TEXT), ?, ?) ORDER BY chain, number, sequence LIMIT ?"
)
_HEADS: Final = (
    # In the order of the names of the chains.
    (
        "SELECT account, facts, head FROM ledgers WHERE account > CAST(? AS TEXT) ORDER BY account LIMIT ?",
        chain_of_account,
    ),
    ("SELECT id, facts, head FROM journeys WHERE id > CAST(? AS TEXT) ORDER BY id LIMIT ?", chain_of_journey),
    ("SELECT id, facts, head FROM outbox WHERE id > CAST(? AS TEXT) ORDER BY id LIMIT ?", chain_of_message),
)
_POINTS: Final = f"{_CHECKPOINT} WHERE number > ? ORDER BY number LIMIT ?"


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


def _bytes(text: str) -> bytes:
    """A text that was read so, as it stands in the file."""
    return text.encode("utf-8", "surrogateescape")


@final
class SqliteTrail:
    """What an auditor reads (``application/verifying.py``), page by page, over one cursor in one transaction."""

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self._cursor = cursor

    def by_chain(self) -> Iterator[KeptFact]:
        after: tuple[object, ...] = (b"", _LEAST, _LEAST)
        while page := self._cursor.execute(_CHAINS, (*after, _PAGE)).fetchall():
            yield from (KeptFact(*row) for row in page)
            after = (_bytes(page[-1][7]), page[-1][8], page[-1][0])

    def in_order(self) -> Iterator[KeptFact]:
        after = _LEAST
        while page := self._cursor.execute(FACTS_AFTER, (after, _PAGE)).fetchall():
            yield from (KeptFact(*row) for row in page)
            after = page[-1][0]

    def heads(self) -> Iterator[tuple[str, Head]]:
        for question, chain_of in _HEADS:
            after = b""
            while page := self._cursor.execute(question, (after, _PAGE)).fetchall():
                yield from ((chain_of(name), Head(facts, head)) for name, facts, head in page)
                after = _bytes(page[-1][0])

    def checkpoints(self) -> Iterator[Checkpoint]:
        after = 0
        while page := self._cursor.execute(_POINTS, (after, _PAGE)).fetchall():
            yield from map(checkpoint_of, page)
            after = page[-1][0]
