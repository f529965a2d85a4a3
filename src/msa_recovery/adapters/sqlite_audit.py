"""What the SQLite store's tables hold of the audit: how facts, heads and checkpoints are written, and read again."""

import sqlite3
from collections.abc import Callable, Iterator
from typing import Any, Final, final

from msa_recovery.application.auditing import chain_of_account, chain_of_journey, chain_of_message
from msa_recovery.application.facts import AccountHead, AuditRow, Checkpoint, Ended, Head, KeptFact
from msa_recovery.application.records import Change
from msa_recovery.domain.audit import Fact, FactName
from msa_recovery.domain.ledger import Ledger
from msa_recovery.domain.problem import ProblemCode

from .codec import Codec
from .sql_schema import as_moment, as_number

__all__ = [
    "ENDED",
    "FACTS_AFTER",
    "LAST_CHECKPOINT",
    "NO_LEDGER",
    "Moved",
    "SqlTrail",
    "checkpoint_of",
    "write_audit",
]

_FACT: Final = "SELECT sequence, at, account, journey, name, row, reason, chain, number, mac FROM audit"
FACTS_AFTER: Final = f"{_FACT} WHERE sequence > ? ORDER BY sequence LIMIT ?"
ENDED: Final = (
    "SELECT id, facts, head, version FROM journeys WHERE finished_at IS NOT NULL AND finished_at < ?"
    " ORDER BY finished_at LIMIT ?"
)

_CHECKPOINT: Final = "SELECT number, at, through, facts, digest, before, mac FROM checkpoints"
LAST_CHECKPOINT: Final = f"{_CHECKPOINT} WHERE number > 0 ORDER BY number DESC LIMIT 1"

NO_LEDGER: Final = Codec().ledger_text(Ledger())


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
        "INSERT INTO ledgers (account, version, snapshot, keys, facts, head) VALUES (?, 0, ?, '', ?, ?)"
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


def audited(fact: KeptFact) -> AuditRow:
    """A fact as it was committed."""
    why = None if fact.reason is None else ProblemCode(fact.reason)
    told = Fact(FactName(fact.name), fact.row, why)
    return AuditRow(as_moment(fact.at), fact.account, fact.journey, told, fact.chain, fact.number, fact.mac)


_PAGE: Final = 1_000
_LEAST: Final = -(2**63)
"""No store counts from here, but somebody who forges a row may."""

_CHAINS: Final = f"{_FACT} WHERE (chain, number, sequence) > (?, ?, ?) ORDER BY chain, number, sequence LIMIT ?"
_HEADS: Final = (
    # In the order of the names of the chains.
    ("SELECT account, facts, head FROM ledgers WHERE account > ? ORDER BY account LIMIT ?", chain_of_account),
    ("SELECT id, facts, head FROM journeys WHERE id > ? ORDER BY id LIMIT ?", chain_of_journey),
    ("SELECT id, facts, head FROM outbox WHERE id > ? ORDER BY id LIMIT ?", chain_of_message),
)
_POINTS: Final = f"{_CHECKPOINT} WHERE number > ? ORDER BY number LIMIT ?"


@final
class SqlTrail:
    """What an auditor reads (``application/verifying.py``), page by page, in one transaction.

    Args:
        ask: executes a statement, and answers its rows.
    """

    def __init__(self, ask: Callable[[str, tuple[Any, ...]], list[tuple[Any, ...]]]) -> None:
        self._ask = ask

    def by_chain(self) -> Iterator[KeptFact]:
        after: tuple[Any, ...] = ("", _LEAST, _LEAST)
        while page := self._ask(_CHAINS, (*after, _PAGE)):
            yield from (KeptFact(*row) for row in page)
            after = (page[-1][7], page[-1][8], page[-1][0])

    def in_order(self) -> Iterator[KeptFact]:
        after = _LEAST
        while page := self._ask(FACTS_AFTER, (after, _PAGE)):
            yield from (KeptFact(*row) for row in page)
            after = page[-1][0]

    def heads(self) -> Iterator[tuple[str, Head]]:
        for question, chain_of in _HEADS:
            after = ""
            while page := self._ask(question, (after, _PAGE)):
                yield from ((chain_of(name), Head(facts, head)) for name, facts, head in page)
                after = page[-1][0]

    def checkpoints(self) -> Iterator[Checkpoint]:
        after = 0
        while page := self._ask(_POINTS, (after, _PAGE)):
            yield from map(checkpoint_of, page)
            after = page[-1][0]
