"""What the tables hold of each record, in every database: how a record is bound, and read from a row."""

from collections.abc import Iterable
from operator import attrgetter
from typing import Final

from msa_recovery.application.facts import AuditRow, Checkpoint, Ended, Head
from msa_recovery.application.records import (
    HandleHash,
    IntentRow,
    MessageId,
    OutboxRow,
    OutboxState,
    StoredJourney,
    StoredLedger,
)
from msa_recovery.domain.account import Channel, Pseudonym
from msa_recovery.domain.journey import JourneyId
from msa_recovery.domain.ledger import Ledger

from .codec import Codec, JourneySnapshot
from .sql_schema import as_moment, as_number
from .sql_steps import Row

__all__ = [
    "INTENT",
    "JOURNEY",
    "LEDGER_AND_INTENTS",
    "MESSAGE",
    "checkpoint_values",
    "ended_of",
    "fact_values",
    "intent_of",
    "intent_values",
    "joined",
    "journey_of",
    "journey_values",
    "ledger_of",
    "ledger_values",
    "message_of",
    "message_state",
    "message_values",
    "snapshot_of",
]

JOURNEY: Final = "SELECT snapshot, handle, account, finished_at, version, facts, head FROM journeys"
MESSAGE: Final = (
    "SELECT id, account, journey, channel, contact, until, sealed, due, tries, state, version, facts, head FROM outbox"
)
_number: Final = attrgetter("number")

_LEDGER, _INTENT = range(2)

LEDGER_AND_INTENTS: Final = (
    "SELECT 0, snapshot, version, NULL, NULL, facts, head FROM ledgers WHERE account = ?"
    " UNION ALL SELECT 1, NULL, number, journey, sealed, NULL, NULL FROM intents WHERE account = ?"
    " UNION ALL SELECT 2, NULL, value, NULL, NULL, NULL, NULL FROM marks WHERE name = 'ledgers'"
)
"""In one statement, which sees one state of the store: an intent never shows without the ledger that numbered it. The
mark is the version of a ledger that is not kept: one that no deleted ledger had."""

INTENT: Final = "SELECT account, number, journey, sealed FROM intents"


def journey_of(row: Row, codec: Codec) -> StoredJourney:
    """What a row of ``JOURNEY`` holds."""
    text, handle, account, finished_at, version, facts, head = row
    snapshot = codec.journey(text)
    return StoredJourney(
        journey=snapshot.journey,
        handle=HandleHash(handle),
        language=snapshot.language,
        account=account,
        answered=snapshot.answered,
        finished_at=None if finished_at is None else as_moment(finished_at),
        version=version,
        head=Head(facts, head),
    )


def message_of(row: Row) -> OutboxRow:
    """What a row of ``MESSAGE`` holds."""
    name, account, journey, channel, contact, until, sealed, due, tries, state, version, facts, head = row
    return OutboxRow(
        MessageId(name),
        Pseudonym(account),
        JourneyId(journey),
        Channel(channel),
        contact,
        None if until is None else as_moment(until),
        sealed,
        as_moment(due),
        tries,
        OutboxState(state),
        version,
        Head(facts, head),
    )


def intent_of(row: Row) -> IntentRow:
    """What a row of ``INTENT`` holds."""
    account, number, journey, sealed = row
    return IntentRow(Pseudonym(account), number, JourneyId(journey), sealed)


def ledger_of(rows: Iterable[Row], account: Pseudonym, codec: Codec) -> StoredLedger:
    """What rows of ``LEDGER_AND_INTENTS`` hold."""
    ledger, version, first, head = Ledger(), 0, 0, Head()
    intents: list[IntentRow] = []
    for kind, snapshot, number, journey, sealed, facts, mac in rows:
        if kind == _LEDGER:
            ledger, version, head = codec.ledger(snapshot), number, Head(facts, mac)
        elif kind == _INTENT:
            intents.append(IntentRow(account, number, journey, sealed))
        else:
            first = number
    ordered = tuple(sorted(intents, key=_number)) if intents else ()
    return StoredLedger(account, ledger, ordered, version or first, head, kept=version > 0)


def ended_of(row: Row) -> Ended:
    """What a row of ``ENDED`` or ``JOURNEYS_OF`` holds."""
    name, facts, head, version = row
    return Ended(JourneyId(name), Head(facts, head), version)


# -- as it is bound ----------------------------------------------------------------------------------------------------


def journey_values(stored: StoredJourney, codec: Codec) -> Row:
    """Handle, deadline, finished_at, pseudonym, account, snapshot, keys, facts, head and id."""
    profile = stored.journey.profile
    return (
        stored.handle,
        as_number(stored.journey.deadline),
        None if stored.finished_at is None else as_number(stored.finished_at),
        "" if profile is None else profile.pseudonym,
        stored.account,
        snapshot_of(stored, codec),
        joined(stored.keys),
        stored.head.count,
        stored.head.mac,
        stored.journey.id,
    )


def ledger_values(stored: StoredLedger, codec: Codec) -> Row:
    """Snapshot, keys, keys_until, until and account."""
    keys_until, until = stored.keys_until, stored.until
    return (
        codec.ledger_text(stored.ledger),
        joined(stored.keys),
        None if keys_until is None else as_number(keys_until),
        0 if until is None else as_number(until),
        stored.account,
    )


def message_values(row: OutboxRow) -> Row:
    """What never changes of a message: id, account, journey, channel, contact and until."""
    until = None if row.until is None else as_number(row.until)
    return row.id, row.account, row.journey, row.channel.value, row.contact, until


def message_state(row: OutboxRow) -> Row:
    """What changes: sealed, keys, due, tries, state, facts and head."""
    return (
        row.sealed,
        joined(row.keys),
        as_number(row.due),
        row.tries,
        row.state.value,
        row.head.count,
        row.head.mac,
    )


def intent_values(row: IntentRow) -> Row:
    """Account, number, journey, sealed and keys."""
    return row.account, row.number, row.journey, row.sealed, joined(row.keys)


def fact_values(row: AuditRow) -> Row:
    """At, account, journey, name, row, reason, chain, number and mac."""
    fact, why = row.fact, row.fact.reason
    return (
        as_number(row.at),
        row.account,
        row.journey,
        # A member of an enumeration costs a driver a search for an adapter; its text does not.
        fact.name.value,
        fact.row,
        why and why.value,
        row.chain,
        row.number,
        row.mac,
    )


def checkpoint_values(point: Checkpoint) -> Row:
    """Number, at, through, facts, digest, before and mac."""
    return point.number, as_number(point.at), point.through, point.facts, point.digest, point.before, point.mac


def snapshot_of(stored: StoredJourney, codec: Codec) -> str:
    """What stands in the column of that name."""
    return codec.journey_text(JourneySnapshot(stored.journey, stored.language, stored.answered))


def joined(keys: Iterable[str]) -> str:
    """Key ids as one text: they hold no space, and nearly every row names one."""
    return " ".join(sorted(keys))
