"""What the calls that commit, claim and read facts ask of a PostgreSQL server, as scripts that both stores run."""

from datetime import datetime
from typing import Final

import psycopg

from msa_recovery.application.errors import InfrastructureError
from msa_recovery.application.facts import KeptFact
from msa_recovery.application.records import Change, OutboxRow
from msa_recovery.domain.account import Channel

from .codec import Codec
from .postgres_parts import has_moved
from .postgres_write import EASED, SETTLED, compares, written
from .sql_audit import FACT
from .sql_rows import MESSAGE, message_of
from .sql_schema import as_number
from .sql_steps import Steps

__all__ = ["claim", "commit", "facts_after"]

_FACTS: Final = f"{FACT} WHERE sequence > ? AND sequence <= ? ORDER BY sequence LIMIT ?"

_COLUMNS: Final = MESSAGE.removeprefix("SELECT ").removesuffix(" FROM outbox").replace("due,", "outbox.due,")
_CLAIM: Final = (
    # Channel by channel, so that each is read off the index in its order, whatever waits elsewhere. What another worker
    # is taking at this moment is passed over.
    "WITH free AS (SELECT waiting.* FROM unnest(?::text[]) AS served (channel) CROSS JOIN LATERAL"
    " (SELECT sequence, due, journey, channel FROM outbox AS later"
    " WHERE state = 'waiting' AND channel = served.channel AND due <= ?"
    # Nor one that waits for an earlier one of its journey and channel: a worker has that, or had it and died.
    " AND NOT EXISTS (SELECT FROM outbox WHERE journey = later.journey AND sequence < later.sequence"
    " AND channel = later.channel AND state = 'waiting' AND tries = 0 AND due > later.due)"
    " ORDER BY due, sequence LIMIT ? FOR UPDATE SKIP LOCKED) AS waiting),"
    # Nor one whose earlier one was passed over: while it is being taken elsewhere, it is seen here as it was before.
    # The offset has this asked for each row: joined, it may read all that waits.
    " taken AS (SELECT sequence, due FROM free WHERE NOT EXISTS (SELECT FROM outbox WHERE journey = free.journey"
    " AND sequence < free.sequence AND channel = free.channel AND state = 'waiting' AND tries = 0"
    " AND sequence NOT IN (SELECT sequence FROM free) OFFSET 0) ORDER BY due, sequence LIMIT ?)"
    f" UPDATE outbox SET due = ?, version = version + 1 FROM taken, (SELECT {EASED}) AS eased"
    " WHERE outbox.sequence = taken.sequence"
    f" RETURNING taken.due, outbox.sequence, {_COLUMNS}"
)


def commit(change: Change, codec: Codec, *, lost: bool, tells: bool) -> Steps[bool]:
    """See ``Store.commit``.

    Args:
        change: what is written.
        codec: how.
        lost: whether it may have been committed before, by a connection that broke. Then it is refused here, as the
            versions have moved, and the one who moved them is ourselves if what stands there is what we write. A
            server that still works on what the broken connection sent is waited for, as it has locked these rows.
        tells: whether relays are told.

    Raises:
        InfrastructureError: it was lost, and compares nothing: whether it stands there or not, it is not made twice.
    """
    if lost and not compares(change):
        if (yield from _is_there(change, codec)):
            return True
        raise InfrastructureError("store", "the connection broke, and whether something was written is not known")
    statements = written(change, codec, tells=tells)
    try:
        for statement in statements:  # noqa: UP028 - what is sent would reach no plain iterator
            yield statement
    except psycopg.Error as error:
        if not has_moved(error):
            raise
        if not lost:
            return False
        if len(statements) > 1:
            yield "ROLLBACK", ()
        return (yield from _is_there(change, codec))
    return True


def _is_there(change: Change, codec: Codec) -> Steps[bool]:
    """Whether a change that writes everything or nothing has been committed: one row of it tells, if nobody else may
    have written the very same. A journey alone does not: of two guesses that are reserved at once both would be taken
    for the one that was counted."""
    if change.audit:
        fact = change.audit[0]
        rows = yield (
            "SELECT 1 FROM audit WHERE chain = ? AND number = ? AND mac = ?",
            (fact.chain, fact.number, fact.mac),
        )
    elif change.ledger is not None and change.write_ledger:
        rows = yield (
            "SELECT 1 FROM ledgers WHERE account = ? AND version = ? AND snapshot = ?",
            (change.ledger.account, change.ledger.version + 1, codec.ledger_text(change.ledger.ledger)),
        )
    elif change.checkpoint is not None:
        rows = yield (
            "SELECT 1 FROM checkpoints WHERE number = ? AND mac = ?",
            (change.checkpoint.number, change.checkpoint.mac),
        )
    else:
        rows = []
    return bool(rows)


def facts_after(sequence: int, limit: int) -> Steps[tuple[KeptFact, ...]]:
    """See ``Store.facts_after``.

    Facts have their places before they are committed, and what has the lower one may come later. So a place is looked
    for up to which all are there: while nobody is in between, for which everybody who writes a fact is waited for, and
    those who come meanwhile wait as well.
    """
    yield "BEGIN", ()
    yield f"SELECT pg_advisory_xact_lock({SETTLED})", ()
    ((last,),) = yield "SELECT max(sequence) FROM audit", ()
    yield "COMMIT", ()
    rows = yield _FACTS, (sequence, last or 0, limit)
    return tuple(KeptFact(*row) for row in rows)


def claim(now: datetime, until: datetime, limit: int, channels: frozenset[Channel]) -> Steps[tuple[OutboxRow, ...]]:
    """See ``Store.claim``. Lost with the connection, it is made again: what was claimed then is due again at
    ``until``."""
    served = [channel.value for channel in channels]
    rows = yield _CLAIM, (served, as_number(now), limit, limit, as_number(until))
    return tuple(message_of(tuple(row)) for _, _, *row in sorted(rows))
