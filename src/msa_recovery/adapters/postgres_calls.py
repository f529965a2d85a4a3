"""What each call of a store asks of a PostgreSQL server, as a script that both stores run."""

from collections.abc import Callable
from datetime import datetime
from typing import Final, TypeVar

import psycopg

from msa_recovery.application.errors import InfrastructureError
from msa_recovery.application.facts import Checkpoint, Ended, Head, KeptFact
from msa_recovery.application.records import Change, HandleHash, OutboxRow, StoredJourney, StoredLedger
from msa_recovery.domain.account import Channel, Pseudonym
from msa_recovery.domain.journey import JourneyId

from .codec import Codec, SnapshotRefused
from .postgres_write import SETTLED, has_moved, versioned, written
from .sql_schema import as_number
from .sql_steps import Row, Steps
from .sqlite_audit import ENDED, LAST_CHECKPOINT, checkpoint_of
from .sqlite_rows import JOURNEY, LEDGER_AND_INTENTS, MESSAGE, journey_of, ledger_of, message_of, snapshot_of

__all__ = [
    "claim",
    "commit",
    "due",
    "ended",
    "facts_after",
    "journeys",
    "last_checkpoint",
    "ledger",
    "load",
    "messages",
    "rows_of",
]

_T = TypeVar("_T")

_LOAD: Final = f"{JOURNEY} WHERE handle = ?"
_DUE: Final = (
    f"SELECT id, {JOURNEY.removeprefix('SELECT ')} WHERE finished_at IS NULL AND deadline <= ? ORDER BY deadline"
    " LIMIT ?"
)
_FACTS: Final = (
    "SELECT sequence, at, account, journey, name, row, reason, chain, number, mac FROM audit"
    " WHERE sequence > ? AND sequence <= ? ORDER BY sequence LIMIT ?"
)

_COLUMNS: Final = MESSAGE.removeprefix("SELECT ").removesuffix(" FROM outbox").replace("id,", "outbox.id,", 1)
_CLAIM: Final = (
    # Channel by channel, so that each is read off the index in its order, whatever waits elsewhere. What another worker
    # is taking at this moment is passed over.
    "WITH taken AS (SELECT waiting.sequence, waiting.due FROM unnest(?::text[]) AS served (channel) CROSS JOIN LATERAL"  # noqa: S608
    " (SELECT sequence, due FROM outbox WHERE state = 'waiting' AND channel = served.channel AND due <= ?"
    " ORDER BY due, sequence LIMIT ? FOR UPDATE SKIP LOCKED) AS waiting ORDER BY 2, 1 LIMIT ?)"
    " UPDATE outbox SET due = ?, version = version + 1 FROM taken WHERE outbox.sequence = taken.sequence"
    f" RETURNING taken.due, outbox.sequence, {_COLUMNS.replace(' due,', ' outbox.due,')}"
)


def load(handle: HandleHash, codec: Codec) -> Steps[StoredJourney | None]:
    """See ``Store.load``."""
    rows = yield _LOAD, (handle,)
    return journey_of(rows[0], codec) if rows else None


def ledger(account: Pseudonym, codec: Codec) -> Steps[StoredLedger]:
    """See ``Store.ledger``."""
    rows = yield LEDGER_AND_INTENTS, (account, account)
    return ledger_of(rows, account, codec)


def commit(change: Change, codec: Codec, *, lost: bool) -> Steps[bool]:
    """See ``Store.commit``.

    Args:
        change: what is written.
        codec: how.
        lost: whether it may have been committed before, by a connection that broke. Then it is refused here, as the
            versions have moved, and the one who moved them is ourselves if what stands there is what we write. A
            server that still works on what the broken connection sent is waited for, as it has locked these rows.

    Raises:
        InfrastructureError: it was lost, and compares nothing: whether it stands there or not, it is not made twice.
    """
    if lost and not versioned(change):
        if (yield from _is_there(change, codec)):
            return True
        raise InfrastructureError("store", "the connection broke, and whether something was written is not known")
    statement = written(change, codec)
    if statement is None:
        return True
    try:
        yield statement
    except psycopg.Error as error:
        if not has_moved(error):
            raise
        return lost and (yield from _is_there(change, codec))
    return True


def _is_there(change: Change, codec: Codec) -> Steps[bool]:
    """Whether a change that writes everything or nothing has been committed: one row of it tells."""
    if change.audit:
        fact = change.audit[0]
        rows = yield (
            "SELECT 1 FROM audit WHERE chain = ? AND number = ? AND mac = ?",
            (fact.chain, fact.number, fact.mac),
        )
    elif change.journey is not None:
        stored = change.journey
        rows = yield (
            "SELECT 1 FROM journeys WHERE id = ? AND version = ? AND handle = ? AND snapshot = ?",
            (stored.journey.id, stored.version + 1, stored.handle, snapshot_of(stored, codec)),
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


def due(now: datetime, limit: int, codec: Codec) -> Steps[tuple[StoredJourney, ...]]:
    """See ``Store.due``."""
    wanted = limit
    while True:
        rows = yield _DUE, (as_number(now), wanted)
        found: list[StoredJourney] = []
        refused: list[SnapshotRefused] = []
        for name, *row in rows:
            try:
                found.append(journey_of(tuple(row), codec))
            except SnapshotRefused as why:
                refused.append(SnapshotRefused(f"journey {name}: {why.why}"))
        # Those that cannot be read take nobody's place.
        if len(found) >= limit or len(rows) < wanted:
            if refused and not found:
                raise refused[0]
            return tuple(found[:limit])
        wanted += 2 * len(refused)


def ended(finished_before: datetime, limit: int) -> Steps[tuple[Ended, ...]]:
    """See ``Store.ended``."""
    rows = yield ENDED, (as_number(finished_before), limit)
    return tuple(Ended(JourneyId(name), Head(facts, head), version) for name, facts, head, version in rows)


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


def last_checkpoint() -> Steps[Checkpoint | None]:
    """See ``Store.last_checkpoint``."""
    rows = yield LAST_CHECKPOINT, ()
    return checkpoint_of(rows[0]) if rows else None


def claim(now: datetime, until: datetime, limit: int, channels: frozenset[Channel]) -> Steps[tuple[OutboxRow, ...]]:
    """See ``Store.claim``. Lost with the connection, it is made again: what was claimed then is due again at
    ``until``."""
    served = [channel.value for channel in channels]
    rows = yield _CLAIM, (served, as_number(now), limit, limit, as_number(until))
    return tuple(message_of(tuple(row)) for _, _, *row in sorted(rows))


def journeys(question: str, limit: int, codec: Codec) -> Steps[tuple[StoredJourney, ...]]:
    """A page of journeys."""
    rows = yield question, (limit,)
    return tuple(journey_of(row, codec) for row in rows)


def messages(question: str, limit: int) -> Steps[tuple[OutboxRow, ...]]:
    """A page of messages."""
    rows = yield question, (limit,)
    return tuple(map(message_of, rows))


def rows_of(steps: Steps[list[Row]], read: Callable[[Row], _T]) -> Steps[tuple[_T, ...]]:
    """What the rows hold that a script answers."""
    rows = yield from steps
    return tuple(map(read, rows))
