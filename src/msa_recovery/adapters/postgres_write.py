"""A change as one statement: every row that it writes, and every version that it compares, in one round trip.

Each row or kind of rows is a part (``WITH part AS (INSERT ... RETURNING 1)``), and says how many rows it must have
written. At the end these are counted, in the order of the parts; one that wrote fewer met another version, and ends the
statement with an error, so that nothing is written. The parts stand in the same order in every change, so that two
changes seldom wait for each other crosswise.

A part looks like that of every other change of its kind, whatever the number of rows: there are few statements, and a
connection prepares each once.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final, assert_never, final

import psycopg
from attrs import frozen

from msa_recovery.application.facts import AccountHead, Checkpoint, Ended
from msa_recovery.application.records import AuditRow, Change, IntentRow, OutboxRow, StoredJourney, StoredLedger

from .codec import Codec
from .sql_schema import as_number
from .sql_steps import Statement
from .sqlite_audit import NO_LEDGER
from .sqlite_rows import joined, snapshot_of

__all__ = ["SETTLED", "has_moved", "versioned", "written"]

_MOVED: Final = "a version moved"

SETTLED: Final = "hashtext('msa_recovery.audit'), 'audit'::regclass::oid::int"
"""The advisory lock, of this table of this database, that a commit shares while its facts have their places and are not
yet there for all to see."""

_FACTS: Final = (
    "INSERT INTO audit (at, account, journey, name, row, reason, chain, number, mac)"  # noqa: S608
    " SELECT fact.* FROM unnest(?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],"
    " ?::bigint[], ?::bytea[]) AS fact,"
    f" (SELECT pg_advisory_xact_lock_shared({SETTLED}) OFFSET 0) AS placed RETURNING 1"
)


@final
@frozen
class _Part:
    """Some rows of one table.

    Attributes:
        text: the statement that writes or locks them.
        values: what is bound.
        rows: how many it must be; ``None`` where it does not matter.
    """

    text: str
    values: tuple[Any, ...]
    rows: int | None = 1


def written(change: Change, codec: Codec) -> Statement | None:
    """The statement that commits a change; ``None`` where there is nothing to do."""
    parts: list[_Part] = []
    if change.journey is not None:
        parts.append(_journey(change.journey, codec))
    parts += _ledger(change, codec)
    parts += _messages(change.outbox)
    if change.purged:
        parts += _purged(change.purged)
    if change.checkpoint is not None:
        parts.append(_checkpoint(change.checkpoint))
    if change.intents:
        parts.append(_intents(change.intents))
    if change.applied:
        parts.append(_applied(change.applied))
    parts += _resealed(change.resealed, codec)
    if change.audit:
        parts.append(_facts(change.audit))
    if not parts:
        return None
    text = _assembled(tuple((part.text, part.rows is not None) for part in parts))
    values = [value for part in parts for value in part.values]
    values += [part.rows for part in parts if part.rows is not None]
    return text, tuple(values)


@lru_cache(maxsize=1_024)
def _assembled(parts: tuple[tuple[str, bool], ...]) -> str:
    ctes = ", ".join(f"p{number} AS ({text})" for number, (text, _) in enumerate(parts))
    counts = [f"(SELECT count(*) FROM p{number})" for number, (_, counted) in enumerate(parts) if counted]  # noqa: S608
    if not counts:
        return f"WITH {ctes} SELECT 1"
    # The error is a text that is no number. It names no value, for it goes to the server's log.
    every = " AND ".join(f"{count} = ?" for count in counts)
    return f"WITH {ctes} SELECT CASE WHEN {every} THEN 1 ELSE ('{_MOVED}' || {counts[0]})::int END"


def has_moved(error: psycopg.Error) -> bool:
    """Whether the statement ended because a version is another one."""
    return isinstance(error, psycopg.errors.InvalidTextRepresentation) and _MOVED in str(error)


def versioned(change: Change) -> bool:
    """Whether a change that is committed twice is refused the second time, or changes nothing then."""
    compared = (
        change.journey is not None
        or change.write_ledger
        or change.account_head is not None
        or change.checkpoint is not None
        or bool(change.outbox or change.purged)
    )
    return compared or not (change.intents or change.audit)


# -- journeys and ledgers ----------------------------------------------------------------------------------------------


def _journey(stored: StoredJourney, codec: Codec) -> _Part:
    values = (
        stored.handle,
        as_number(stored.journey.deadline),
        None if stored.finished_at is None else as_number(stored.finished_at),
        stored.account,
        snapshot_of(stored, codec),
        joined(stored.keys),
        stored.head.count,
        stored.head.mac,
        stored.journey.id,
    )
    if stored.version == 0:
        return _Part(
            "INSERT INTO journeys (handle, deadline, finished_at, account, snapshot, keys, facts, head, id, version)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT (id) DO NOTHING RETURNING 1",
            values,
        )
    return _Part(
        "UPDATE journeys SET handle = ?, deadline = ?, finished_at = ?, account = ?, snapshot = ?, keys = ?,"
        " facts = ?, head = ?, version = version + 1 WHERE id = ? AND version = ? RETURNING 1",
        (*values, stored.version),
    )


def _ledger(change: Change, codec: Codec) -> Iterable[_Part]:
    """The ledger and the head of its account's chain: one row, and so one part where both are written."""
    stored, head = change.ledger, change.account_head
    if stored is not None and head is not None and stored.account == head.account:
        yield _both(stored, head, codec, write=change.write_ledger)
        return
    if stored is not None:
        yield _written_ledger(stored, codec) if change.write_ledger else _compared(stored)
    if head is not None:
        yield _head(head)


def _ledger_values(stored: StoredLedger, codec: Codec) -> tuple[Any, ...]:
    until = stored.keys_until
    return codec.ledger_text(stored.ledger), joined(stored.keys), None if until is None else as_number(until)


def _written_ledger(stored: StoredLedger, codec: Codec) -> _Part:
    values = _ledger_values(stored, codec)
    if stored.version == 0:
        # What stands there in version 0 is the head of the account's chain, and no ledger yet.
        return _Part(
            "INSERT INTO ledgers (snapshot, keys, keys_until, account, version, facts, head)"
            " VALUES (?, ?, ?, ?, 1, 0, '')"
            " ON CONFLICT (account) DO UPDATE SET snapshot = excluded.snapshot, keys = excluded.keys,"
            " keys_until = excluded.keys_until, version = 1 WHERE ledgers.version = 0 RETURNING 1",
            (*values, stored.account),
        )
    return _Part(
        "UPDATE ledgers SET snapshot = ?, keys = ?, keys_until = ?, version = version + 1"
        " WHERE account = ? AND version = ? RETURNING 1",
        (*values, stored.account, stored.version),
    )


def _compared(stored: StoredLedger) -> _Part:
    if stored.version == 0:
        return _Part("SELECT 1 FROM ledgers WHERE account = ? AND version > 0", (stored.account,), 0)
    # Kept as it is until this is committed; others may compare it as well.
    return _Part("SELECT 1 FROM ledgers WHERE account = ? AND version = ? FOR SHARE", (stored.account, stored.version))


def _head(moved: AccountHead) -> _Part:
    """The ledger beside it keeps its version, and is of version 0 if there is none yet."""
    return _Part(
        "INSERT INTO ledgers (account, version, snapshot, keys, facts, head) SELECT ?, 0, ?, '', ?, ?"
        " ON CONFLICT (account) DO UPDATE SET facts = excluded.facts, head = excluded.head WHERE ledgers.facts = ?"
        " RETURNING 1",
        (moved.account, NO_LEDGER, moved.head.count, moved.head.mac, moved.before),
    )


def _both(stored: StoredLedger, moved: AccountHead, codec: Codec, *, write: bool) -> _Part:
    head = (moved.head.count, moved.head.mac)
    if not write:
        return _Part(
            "UPDATE ledgers SET facts = ?, head = ? WHERE account = ? AND version = ? AND facts = ? RETURNING 1",
            (*head, stored.account, stored.version, moved.before),
        )
    values = _ledger_values(stored, codec)
    if stored.version == 0:
        return _Part(
            "INSERT INTO ledgers (snapshot, keys, keys_until, facts, head, account, version)"
            " VALUES (?, ?, ?, ?, ?, ?, 1)"
            " ON CONFLICT (account) DO UPDATE SET snapshot = excluded.snapshot, keys = excluded.keys,"
            " keys_until = excluded.keys_until, facts = excluded.facts, head = excluded.head, version = 1"
            " WHERE ledgers.version = 0 AND ledgers.facts = ? RETURNING 1",
            (*values, *head, stored.account, moved.before),
        )
    return _Part(
        "UPDATE ledgers SET snapshot = ?, keys = ?, keys_until = ?, facts = ?, head = ?, version = version + 1"
        " WHERE account = ? AND version = ? AND facts = ? RETURNING 1",
        (*values, *head, stored.account, stored.version, moved.before),
    )


# -- the others --------------------------------------------------------------------------------------------------------


def _messages(rows: tuple[OutboxRow, ...]) -> Iterable[_Part]:
    new, known = [row for row in rows if row.version == 0], [row for row in rows if row.version]
    if new:
        yield _Part(
            "INSERT INTO outbox (id, account, journey, channel, contact, until, sealed, keys, due, tries, state,"
            " facts, head, version) SELECT *, 1 FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::bytea[],"
            " ?::bigint[], ?::bytea[], ?::text[], ?::bigint[], ?::bigint[], ?::text[], ?::bigint[], ?::bytea[])"
            " ON CONFLICT (id) DO NOTHING RETURNING 1",
            _columns(
                (
                    *(row.id, row.account, row.journey, row.channel.value, row.contact),
                    *(None if row.until is None else as_number(row.until), row.sealed, joined(row.keys)),
                    *(as_number(row.due), row.tries, row.state.value, row.head.count, row.head.mac),
                )
                for row in new
            ),
            len(new),
        )
    if known:
        yield _Part(
            "UPDATE outbox SET sealed = new.sealed, keys = new.keys, due = new.due, tries = new.tries,"
            " state = new.state, facts = new.facts, head = new.head, version = outbox.version + 1"
            " FROM unnest(?::bytea[], ?::text[], ?::bigint[], ?::bigint[], ?::text[], ?::bigint[], ?::bytea[],"
            " ?::text[], ?::bigint[]) AS new (sealed, keys, due, tries, state, facts, head, id, version)"
            " WHERE outbox.id = new.id AND outbox.version = new.version RETURNING 1",
            _columns(
                (
                    *(row.sealed, joined(row.keys), as_number(row.due), row.tries, row.state.value),
                    *(row.head.count, row.head.mac, row.id, row.version),
                )
                for row in known
            ),
            len(known),
        )


def _intents(rows: tuple[IntentRow, ...]) -> _Part:
    return _Part(
        "INSERT INTO intents (account, number, journey, sealed, keys)"
        " SELECT * FROM unnest(?::text[], ?::bigint[], ?::text[], ?::bytea[], ?::text[]) RETURNING 1",
        _columns((row.account, row.number, row.journey, row.sealed, joined(row.keys)) for row in rows),
        len(rows),
    )


def _applied(rows: tuple[IntentRow, ...]) -> _Part:
    return _Part(
        "DELETE FROM intents USING unnest(?::text[], ?::bigint[]) AS done (account, number)"
        " WHERE intents.account = done.account AND intents.number = done.number",
        _columns((row.account, row.number) for row in rows),
        None,
    )


def _facts(rows: tuple[AuditRow, ...]) -> _Part:
    return _Part(
        _FACTS,
        _columns(
            (
                *(as_number(row.at), row.account, row.journey, row.fact.name.value, row.fact.row),
                *(row.fact.reason and row.fact.reason.value, row.chain, row.number, row.mac),
            )
            for row in rows
        ),
        len(rows),
    )


def _purged(rows: tuple[Ended, ...]) -> Iterable[_Part]:
    yield _Part(
        "DELETE FROM journeys USING unnest(?::text[], ?::bigint[]) AS ended (id, version)"
        " WHERE journeys.id = ended.id AND journeys.version = ended.version RETURNING 1",
        _columns((row.journey, row.version) for row in rows),
        len(rows),
    )
    yield _Part(
        "DELETE FROM outbox WHERE journey = ANY (?::text[]) AND state <> 'waiting'",
        ([row.journey for row in rows],),
        None,
    )


def _checkpoint(point: Checkpoint) -> _Part:
    return _Part(
        "INSERT INTO checkpoints (number, at, through, facts, digest, before, mac) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (number) DO NOTHING RETURNING 1",
        (point.number, as_number(point.at), point.through, point.facts, point.digest, point.before, point.mac),
    )


def _resealed(rows: Iterable[StoredJourney | OutboxRow | IntentRow], codec: Codec) -> Iterable[_Part]:
    """What is sealed anew, where the row is still the same."""
    journeys: list[tuple[Any, ...]] = []
    messages: list[tuple[Any, ...]] = []
    intents: list[tuple[Any, ...]] = []
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
        yield _Part(
            "UPDATE journeys SET account = new.account, snapshot = new.snapshot, keys = new.keys"
            " FROM unnest(?::bytea[], ?::text[], ?::text[], ?::text[], ?::bigint[])"
            " AS new (account, snapshot, keys, id, version)"
            " WHERE journeys.id = new.id AND journeys.version = new.version",
            _columns(journeys),
            None,
        )
    if messages:
        yield _Part(
            "UPDATE outbox SET sealed = new.sealed, keys = new.keys"
            " FROM unnest(?::bytea[], ?::text[], ?::text[], ?::bigint[]) AS new (sealed, keys, id, version)"
            " WHERE outbox.id = new.id AND outbox.version = new.version",
            _columns(messages),
            None,
        )
    if intents:
        yield _Part(
            "UPDATE intents SET sealed = new.sealed, keys = new.keys"
            " FROM unnest(?::bytea[], ?::text[], ?::text[], ?::bigint[]) AS new (sealed, keys, account, number)"
            " WHERE intents.account = new.account AND intents.number = new.number",
            _columns(intents),
            None,
        )


def _columns(rows: Iterable[tuple[Any, ...]]) -> tuple[list[Any], ...]:
    """Rows as the arrays that ``unnest`` makes rows of."""
    return tuple(list(column) for column in zip(*rows, strict=True))
