"""A change as one statement: every row that it writes, and every version that it compares.

The parts stand in the same order in every change, so that two changes seldom wait for each other crosswise; and a part
is the same text in every change of its kind, so that a connection prepares few statements.
"""

from collections.abc import Iterable, Sequence
from typing import Final, assert_never

from msa_recovery.application.facts import AccountHead, Ended
from msa_recovery.application.records import (
    AuditRow,
    Change,
    IntentRow,
    OutboxRow,
    OutboxState,
    StoredJourney,
    StoredLedger,
)

from .codec import Codec
from .postgres_forget import forgetting
from .postgres_news import PROMISED
from .postgres_parts import PRIOR, Part, in_one, part, source, two_parts
from .sql_audit import NO_LEDGER
from .sql_rows import (
    checkpoint_values,
    fact_values,
    intent_values,
    joined,
    journey_values,
    ledger_values,
    message_state,
    message_values,
    snapshot_of,
)
from .sql_steps import Row, Statement

__all__ = ["EASED", "SETTLED", "compares", "written"]

SETTLED: Final = "hashtext('msa_recovery.audit'), 'audit'::regclass::oid::int"
"""The advisory lock, of this table of this database, that a commit shares while its facts have their places and are not
yet there for all to see."""

EASED: Final = "set_config('synchronous_commit', 'off', true)"
"""Lets the transaction that selects it be committed before it is on the disk."""

_FIRST: Final = "coalesce((SELECT value FROM marks WHERE name = 'ledgers'), 0)"
"""The version of a ledger that is not kept."""


def written(change: Change, codec: Codec, *, tells: bool) -> tuple[Statement, ...]:
    """The statement that commits a change; several in a transaction if something is forgotten, which is rare and looks
    at the same rows again and again; none where there is nothing to do.

    Args:
        change: what is written.
        codec: how.
        tells: whether relays are told, once it is there for all to see.
    """
    first, whole = forgetting(change), tuple(_parts(change, codec))
    if whole and not change.durable:
        whole = (*whole, part(f"SELECT {EASED}", ()))
    if tells:
        whole = (*whole, part(f"SELECT pg_notify({PROMISED}, '')", ()))
    last = (in_one(whole),) if whole else ()
    return (("BEGIN", ()), *first, *last, ("COMMIT", ())) if first else last


def compares(change: Change) -> bool:
    """Whether a change that is committed twice is refused the second time, or changes nothing then."""
    compared = (
        change.journey is not None
        or change.write_ledger
        or change.account_head is not None
        or change.checkpoint is not None
        or change.erased_through is not None
        or bool(change.outbox or change.purged or change.discarded or change.idle or change.forgotten or change.erased)
    )
    return compared or not (change.intents or change.audit)


def _parts(change: Change, codec: Codec) -> Iterable[Part]:
    if change.journey is not None:
        yield _journey(change.journey, codec)
    yield from _ledger(change, codec)
    yield from _messages(change.outbox)
    if change.purged:
        yield from _purged(change.purged)
    if change.checkpoint is not None:
        yield part(
            "INSERT INTO checkpoints (number, at, through, facts, digest, before, mac) VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (number) DO NOTHING RETURNING 1",
            checkpoint_values(change.checkpoint),
        )
    if change.intents:
        new, values = source("text bigint text bytea text", tuple(map(intent_values, change.intents)))
        yield part(
            f"INSERT INTO intents (account, number, journey, sealed, keys) SELECT new.* FROM {new} AS new RETURNING 1",
            values,
            len(change.intents),
        )
    if change.applied:
        done, values = source("text bigint", [(row.account, row.number) for row in change.applied])
        yield part(
            f"DELETE FROM intents USING {done} AS done (account, number)"
            " WHERE intents.account = done.account AND intents.number = done.number",
            values,
            None,
        )
    yield from _resealed(change.resealed, codec)
    if change.audit:
        yield _facts(change.audit)


# -- journeys and ledgers ----------------------------------------------------------------------------------------------


def _journey(stored: StoredJourney, codec: Codec) -> Part:
    values = journey_values(stored, codec)
    if stored.version == 0:
        return part(
            "INSERT INTO journeys (handle, deadline, finished_at, pseudonym, account, snapshot, keys, facts, head, id,"
            " version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT (id) DO NOTHING RETURNING 1",
            values,
        )
    return part(
        "UPDATE journeys SET handle = ?, deadline = ?, finished_at = ?, pseudonym = ?, account = ?, snapshot = ?,"
        " keys = ?, facts = ?, head = ?, version = version + 1 WHERE id = ? AND version = ? RETURNING 1",
        (*values, stored.version),
    )


def _ledger(change: Change, codec: Codec) -> Iterable[Part]:
    """The ledger and the head of its account's chain: one row, and so one part where both are written."""
    stored, head = change.ledger, change.account_head
    if stored is not None and not change.write_ledger:
        yield _compared(stored)
    elif stored is not None and head is not None and stored.account == head.account:
        yield _both(stored, head, codec)
        return
    elif stored is not None:
        yield _kept(stored, codec)
    if head is not None:
        yield _head(head)


# A ledger that was kept is updated. One that was not is of the version that none had which was deleted: what stands
# there then, in version 0, can only be the head of its account's chain.


_SHARED: Final = "SELECT 1 FROM ledgers WHERE account = ? AND version = ? AND version > 0 FOR SHARE"
_UPDATED: Final = (
    "UPDATE ledgers SET snapshot = ?, keys = ?, keys_until = ?, until = ?, version = version + 1"
    " WHERE account = ? AND version = ? AND version > 0 RETURNING 1"
)


def _compared(stored: StoredLedger) -> Part:
    # Kept as it is until this is committed; others may compare it as well.
    text, values = _SHARED, (stored.account, stored.version)
    if stored.kept:
        return part(text, values)
    return two_parts(
        text,
        values,
        f"SELECT 1 WHERE NOT EXISTS (SELECT FROM {PRIOR}) AND ? = {_FIRST}"
        " AND NOT EXISTS (SELECT FROM ledgers WHERE account = ? AND version > 0)",
        (stored.version, stored.account),
    )


def _kept(stored: StoredLedger, codec: Codec) -> Part:
    values = ledger_values(stored, codec)
    if stored.kept:
        return part(_UPDATED, (*values, stored.version))
    return two_parts(
        _UPDATED,
        (*values, stored.version),
        "INSERT INTO ledgers (snapshot, keys, keys_until, until, account, version, facts, head)"
        f" SELECT ?, ?, ?, ?, ?, ?, 0, '' WHERE NOT EXISTS (SELECT FROM {PRIOR}) AND ? = {_FIRST}"
        " ON CONFLICT (account) DO UPDATE SET snapshot = excluded.snapshot, keys = excluded.keys,"
        " keys_until = excluded.keys_until, until = excluded.until, version = excluded.version"
        " WHERE ledgers.version = 0 RETURNING 1",
        (*values, stored.version + 1, stored.version),
    )


def _head(moved: AccountHead) -> Part:
    """The ledger beside it keeps its version, and is of version 0 if there is none."""
    head = (moved.head.count, moved.head.mac)
    if moved.before:
        # Not there, it was forgotten meanwhile.
        return part(
            "UPDATE ledgers SET facts = ?, head = ? WHERE account = ? AND facts = ? RETURNING 1",
            (*head, moved.account, moved.before),
        )
    return part(
        "INSERT INTO ledgers (facts, head, account, version, snapshot, keys, until) VALUES (?, ?, ?, 0, ?, '', 0)"
        " ON CONFLICT (account) DO UPDATE SET facts = excluded.facts, head = excluded.head WHERE ledgers.facts = 0"
        " RETURNING 1",
        (*head, moved.account, NO_LEDGER),
    )


def _both(stored: StoredLedger, moved: AccountHead, codec: Codec) -> Part:
    values, head = ledger_values(stored, codec), (moved.head.count, moved.head.mac)
    return two_parts(
        "UPDATE ledgers SET snapshot = ?, keys = ?, keys_until = ?, until = ?, version = version + 1, facts = ?,"
        " head = ? WHERE account = ? AND version = ? AND version > 0 AND facts = ? RETURNING 1",
        (*values[:-1], *head, stored.account, stored.version, moved.before),
        "INSERT INTO ledgers (snapshot, keys, keys_until, until, account, version, facts, head)"
        f" SELECT ?, ?, ?, ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT FROM {PRIOR}) AND ? = {_FIRST}"
        " AND (? = 0 OR EXISTS (SELECT FROM ledgers WHERE account = ?))"
        " ON CONFLICT (account) DO UPDATE SET snapshot = excluded.snapshot, keys = excluded.keys,"
        " keys_until = excluded.keys_until, until = excluded.until, version = excluded.version,"
        " facts = excluded.facts, head = excluded.head"
        " WHERE ledgers.version = 0 AND ledgers.facts = ? RETURNING 1",
        (*values, stored.version + 1, *head, stored.version, moved.before, stored.account, moved.before),
    )


# -- messages and facts ------------------------------------------------------------------------------------------------


def _messages(rows: tuple[OutboxRow, ...]) -> Iterable[Part]:
    new = [row for row in rows if row.version == 0]
    waiting = [row for row in rows if row.version and row.state is OutboxState.WAITING]
    over = [row for row in rows if row.version and row.state is not OutboxState.WAITING]
    if new:
        message, values = source(
            "text text text text bytea bigint bytea text bigint bigint text bigint bytea",
            [(*message_values(row), *message_state(row)) for row in new],
        )
        yield part(
            "INSERT INTO outbox (id, account, journey, channel, contact, until, sealed, keys, due, tries, state,"
            f" facts, head, version) SELECT new.*, 1 FROM {message} AS new ON CONFLICT (id) DO NOTHING RETURNING 1",
            values,
            len(new),
        )
    if waiting:
        text, values = _states(waiting)
        yield part(f"{text} RETURNING 1", values, len(waiting))
    if over:
        # One that is over goes with its journey, whichever ends last.
        gone = "NOT EXISTS (SELECT FROM journeys WHERE id = outbox.journey)"
        known, versions = source("text bigint", [(row.id, row.version) for row in over])
        text, values = _states(over)
        yield two_parts(
            f"DELETE FROM outbox USING {known} AS new (id, version)"
            f" WHERE outbox.id = new.id AND outbox.version = new.version AND {gone} RETURNING 1",
            versions,
            f"{text} AND NOT ({gone}) RETURNING 1",
            values,
            rows=len(over),
        )


def _states(rows: Sequence[OutboxRow]) -> tuple[str, Row]:
    new, values = source(
        "bytea text bigint bigint text bigint bytea text bigint",
        [(*message_state(row), row.id, row.version) for row in rows],
    )
    text = (
        "UPDATE outbox SET sealed = new.sealed, keys = new.keys, due = new.due, tries = new.tries, state = new.state,"
        " facts = new.facts, head = new.head, version = outbox.version + 1"
        f" FROM {new} AS new (sealed, keys, due, tries, state, facts, head, id, version)"
        " WHERE outbox.id = new.id AND outbox.version = new.version"
    )
    return text, values


def _facts(rows: tuple[AuditRow, ...]) -> Part:
    new, values = source("bigint text text text text text text bigint bytea", tuple(map(fact_values, rows)))
    return part(
        "INSERT INTO audit (at, account, journey, name, row, reason, chain, number, mac)"
        f" SELECT new.* FROM {new} AS new, (SELECT pg_advisory_xact_lock_shared({SETTLED}) OFFSET 0) AS placed"
        " RETURNING 1",
        values,
        len(rows),
    )


# -- what is deleted and sealed anew -----------------------------------------------------------------------------------


def _purged(rows: tuple[Ended, ...]) -> Iterable[Part]:
    ended, values = source("text bigint", [(row.journey, row.version) for row in rows])
    yield part(
        f"DELETE FROM journeys USING {ended} AS ended (id, version)"
        " WHERE journeys.id = ended.id AND journeys.version = ended.version RETURNING 1",
        values,
        len(rows),
    )
    yield part(
        "DELETE FROM outbox WHERE journey = ANY (?::text[]) AND state <> 'waiting'",
        ([row.journey for row in rows],),
        None,
    )


def _resealed(rows: Iterable[StoredJourney | OutboxRow | IntentRow], codec: Codec) -> Iterable[Part]:
    """What is sealed anew, where the row is still the same."""
    journeys: list[Row] = []
    messages: list[Row] = []
    intents: list[Row] = []
    for row in rows:
        keys = joined(row.keys)
        match row:
            case StoredJourney():
                journeys.append((row.account, snapshot_of(row, codec), keys, row.journey.id, row.version))
            case OutboxRow():
                messages.append((row.sealed, keys, row.id, row.version))
            case IntentRow():
                intents.append((row.sealed, keys, row.account, row.number))
            case _:
                assert_never(row)
    if journeys:
        new, values = source("bytea text text text bigint", journeys)
        yield part(
            "UPDATE journeys SET account = new.account, snapshot = new.snapshot, keys = new.keys"
            f" FROM {new} AS new (account, snapshot, keys, id, version)"
            " WHERE journeys.id = new.id AND journeys.version = new.version",
            values,
            None,
        )
    if messages:
        new, values = source("bytea text text bigint", messages)
        yield part(
            "UPDATE outbox SET sealed = new.sealed, keys = new.keys"
            f" FROM {new} AS new (sealed, keys, id, version)"
            " WHERE outbox.id = new.id AND outbox.version = new.version",
            values,
            None,
        )
    if intents:
        new, values = source("bytea text text bigint", intents)
        yield part(
            "UPDATE intents SET sealed = new.sealed, keys = new.keys"
            f" FROM {new} AS new (sealed, keys, account, number)"
            " WHERE intents.account = new.account AND intents.number = new.number",
            values,
            None,
        )
