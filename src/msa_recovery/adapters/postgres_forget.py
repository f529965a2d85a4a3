"""What the PostgreSQL store forgets: ledgers in which nothing matters, what an account left, and what old facts told.

One statement after the other, in one transaction: each sees what those before it did.
"""

from collections.abc import Iterable
from typing import Final

from msa_recovery.application.auditing import chain_of_account
from msa_recovery.application.facts import Forgotten, Idle
from msa_recovery.application.records import Change

from .postgres_parts import Part, in_one, part, source
from .sql_audit import NO_LEDGER, NOTHING_GOES_ON
from .sql_steps import Statement

__all__ = ["forgetting"]

_GREATEST: Final = " ON CONFLICT (name) DO UPDATE SET value = greatest(marks.value, excluded.value)"


def forgetting(change: Change) -> tuple[Statement, ...]:
    """The statements that delete and erase what a change says; but for journeys, which leave tombstones."""
    return tuple(in_one((each,)) for each in _parts(change))


def _parts(change: Change) -> Iterable[Part]:
    if change.discarded:
        discarded, values = source("text bigint", [(row.id, row.version) for row in change.discarded])
        yield part(
            f"DELETE FROM outbox USING {discarded} AS gone (id, version)"
            " WHERE outbox.id = gone.id AND outbox.version = gone.version RETURNING 1",
            values,
            len(change.discarded),
        )
    if change.erased:
        erased, values = source(
            "bigint text text text text bigint bytea",
            [
                (fact.at, fact.account, fact.journey, fact.row, fact.reason, fact.sequence, fact.mac)
                for fact in change.erased
            ],
        )
        yield part(
            "UPDATE audit SET at = rest.at, account = rest.account, journey = rest.journey, row = rest.row,"
            f" reason = rest.reason FROM {erased} AS rest (at, account, journey, row, reason, sequence, mac)"
            " WHERE audit.sequence = rest.sequence AND audit.mac = rest.mac AND audit.account <> '' RETURNING 1",
            values,
            len(change.erased),
        )
    if change.idle:
        yield from _let_go(change.idle)
    for gone in change.forgotten:
        yield from _forget(gone)
    if change.erased_through is not None:
        before, through = change.erased_through
        yield part(
            "INSERT INTO marks (name, value) SELECT 'erased', ?::bigint"
            " WHERE ? = 0 OR EXISTS (SELECT FROM marks WHERE name = 'erased')"
            f"{_GREATEST} WHERE marks.value = ? RETURNING 1",
            (through, before, before),
        )


def _let_go(rows: tuple[Idle, ...]) -> Iterable[Part]:
    """Delete ledgers; a row with the head of a chain stays, as of an account that has no ledger yet."""
    idle, values = source("text bigint", [(row.account, row.version) for row in rows])
    yield part(
        "UPDATE ledgers SET version = 0, snapshot = ?, keys = '', keys_until = NULL, until = 0"
        f" FROM {idle} AS idle (account, version)"
        f" WHERE ledgers.account = idle.account AND ledgers.version = idle.version AND {NOTHING_GOES_ON} RETURNING 1",
        (NO_LEDGER, *values),
        len(rows),
    )
    yield part(
        "DELETE FROM ledgers WHERE account = ANY (?::text[]) AND version = 0 AND facts = 0",
        ([row.account for row in rows],),
        None,
    )
    yield part(
        f"INSERT INTO marks (name, value) VALUES ('ledgers', ?){_GREATEST}",
        (max(row.version for row in rows) + 1,),
        None,
    )


def _forget(gone: Forgotten) -> Iterable[Part]:
    """Delete the ledger and the head beside it, and rename the chain."""
    # Locked by a statement before the one that compares: so this sees what whoever had it locked has written.
    yield part("SELECT 1 FROM ledgers WHERE account = ? FOR UPDATE", (gone.account,), None)
    yield part(
        "SELECT 1 WHERE NOT EXISTS (SELECT FROM intents WHERE account = ?) AND (?::bigint, ?::bigint) = ("
        " coalesce((SELECT nullif(version, 0) FROM ledgers WHERE account = ?),"
        " (SELECT value FROM marks WHERE name = 'ledgers'), 0),"
        " coalesce((SELECT facts FROM ledgers WHERE account = ?), 0))",
        (gone.account, gone.version, gone.facts, gone.account, gone.account),
    )
    yield part(
        "INSERT INTO marks (name, value) SELECT 'ledgers', version + 1 FROM ledgers"
        f" WHERE account = ? AND version > 0{_GREATEST}",
        (gone.account,),
        None,
    )
    yield part("DELETE FROM ledgers WHERE account = ?", (gone.account,), None)
    yield part("UPDATE audit SET chain = ? WHERE chain = ?", (gone.chain, chain_of_account(gone.account)), None)
