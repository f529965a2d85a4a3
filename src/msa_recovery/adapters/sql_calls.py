"""What each call of a store asks of its database, as scripts that every store runs."""

from collections.abc import Callable
from datetime import datetime
from typing import Final, TypeVar

from msa_recovery.application.facts import Checkpoint, Ended, Idle, KeptFact
from msa_recovery.application.records import (
    HandleHash,
    IntentRow,
    MessageId,
    OutboxRow,
    StoredJourney,
    StoredLedger,
    Traces,
)
from msa_recovery.domain.account import Pseudonym

from .codec import Codec, SnapshotRefused
from .sql_audit import ENDED, FACTS_OF, IDLE, JOURNEYS_OF, LAST_CHECKPOINT, MARK, checkpoint_of
from .sql_keys import rows_besides
from .sql_rows import (
    INTENT,
    JOURNEY,
    LEDGER_AND_INTENTS,
    MESSAGE,
    ended_of,
    intent_of,
    joined,
    journey_of,
    ledger_of,
    message_of,
)
from .sql_schema import as_number
from .sql_steps import Row, Steps

__all__ = [
    "due",
    "ended",
    "erased_through",
    "idle",
    "intents_to_reseal",
    "journeys",
    "journeys_to_reseal",
    "last_checkpoint",
    "ledger",
    "load",
    "message",
    "messages",
    "messages_to_reseal",
    "traces",
]

_T = TypeVar("_T")

_LOAD: Final = f"{JOURNEY} WHERE handle = ?"
_DUE: Final = (
    f"SELECT id, {JOURNEY.removeprefix('SELECT ')} WHERE finished_at IS NULL AND deadline <= ? ORDER BY deadline"
    " LIMIT ?"
)
_MESSAGE: Final = f"{MESSAGE} WHERE id = ?"
_MESSAGES_OF: Final = f"{MESSAGE} WHERE account = ? LIMIT ?"


def load(handle: HandleHash, codec: Codec) -> Steps[StoredJourney | None]:
    """See ``Store.load``."""
    rows = yield _LOAD, (handle,)
    return journey_of(rows[0], codec) if rows else None


def ledger(account: Pseudonym, codec: Codec) -> Steps[StoredLedger]:
    """See ``Store.ledger``."""
    rows = yield LEDGER_AND_INTENTS, (account, account)
    return ledger_of(rows, account, codec)


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
        # As many as it takes: those that cannot be read take nobody's place.
        if len(found) >= limit or len(rows) < wanted:
            if refused and not found:
                raise refused[0]
            return tuple(found[:limit])
        wanted += 2 * len(refused)


def ended(finished_before: datetime, limit: int) -> Steps[tuple[Ended, ...]]:
    """See ``Store.ended``."""
    rows = yield ENDED, (as_number(finished_before), limit)
    return tuple(map(ended_of, rows))


def idle(since: datetime, limit: int) -> Steps[tuple[Idle, ...]]:
    """See ``Store.idle``."""
    rows = yield IDLE, (as_number(since), limit)
    return tuple(Idle(Pseudonym(account), version) for account, version in rows)


def traces(account: Pseudonym, limit: int) -> Steps[Traces]:
    """See ``Store.traces``."""
    journeys = yield JOURNEYS_OF, (account, limit)
    messages = yield _MESSAGES_OF, (account, limit)
    facts = yield FACTS_OF, (account, limit)
    return Traces(
        tuple(map(ended_of, journeys)), tuple(map(message_of, messages)), tuple(KeptFact(*row) for row in facts)
    )


def erased_through() -> Steps[int]:
    """See ``Store.erased_through``."""
    rows = yield MARK, ("erased",)
    return int(rows[0][0]) if rows else 0


def last_checkpoint() -> Steps[Checkpoint | None]:
    """See ``Store.last_checkpoint``."""
    rows = yield LAST_CHECKPOINT, ()
    return checkpoint_of(rows[0]) if rows else None


def message(name: MessageId) -> Steps[OutboxRow | None]:
    """See ``Store.message``."""
    rows = yield _MESSAGE, (name,)
    return message_of(rows[0]) if rows else None


def journeys(question: str, limit: int, codec: Codec) -> Steps[tuple[StoredJourney, ...]]:
    """A page of journeys."""
    rows = yield question, (limit,)
    return tuple(journey_of(row, codec) for row in rows)


def messages(question: str, limit: int) -> Steps[tuple[OutboxRow, ...]]:
    """A page of messages."""
    rows = yield question, (limit,)
    return tuple(map(message_of, rows))


def journeys_to_reseal(
    signer: str, after: StoredJourney | None, limit: int, codec: Codec
) -> Steps[tuple[StoredJourney, ...]]:
    """See ``Store.journeys_to_reseal``."""
    last = None if after is None else (joined(after.keys), (after.journey.id,))
    return _each((yield from rows_besides(JOURNEY, signer, last, limit)), lambda row: journey_of(row, codec))


def messages_to_reseal(signer: str, after: OutboxRow | None, limit: int) -> Steps[tuple[OutboxRow, ...]]:
    """See ``Store.messages_to_reseal``."""
    last = None if after is None else (joined(after.keys), (after.id,))
    return _each((yield from rows_besides(MESSAGE, signer, last, limit)), message_of)


def intents_to_reseal(signer: str, after: IntentRow | None, limit: int) -> Steps[tuple[IntentRow, ...]]:
    """See ``Store.intents_to_reseal``."""
    last = None if after is None else (joined(after.keys), (after.account, after.number))
    return _each((yield from rows_besides(INTENT, signer, last, limit)), intent_of)


def _each(rows: list[Row], read: Callable[[Row], _T]) -> tuple[_T, ...]:
    return tuple(map(read, rows))
