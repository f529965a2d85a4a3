"""A store in memory: for tests, demonstrations, and hosts of one process that may forget."""

import heapq
from datetime import UTC, datetime
from operator import itemgetter
from threading import Lock
from typing import Final, TypeVar, assert_never, final

from attrs import evolve

from msa_recovery.application.auditing import chain_of_account, kept
from msa_recovery.application.facts import AuditRow, Checkpoint, Ended, Forgotten, Head, Idle, KeptFact
from msa_recovery.application.records import (
    Change,
    HandleHash,
    IntentRow,
    KeyUse,
    MessageId,
    OutboxRow,
    OutboxState,
    Place,
    StoredJourney,
    StoredLedger,
    Traces,
    key_uses,
)
from msa_recovery.application.sealed import keys_named_by
from msa_recovery.domain.account import Channel, Pseudonym
from msa_recovery.domain.audit import Fact, FactName
from msa_recovery.domain.journey import JourneyId, passed
from msa_recovery.domain.ledger import Ledger

__all__ = ["MemoryStore"]


@final
class MemoryStore:
    """Keeps everything in dictionaries, behind one lock; what it holds is gone with the process, and not shared by a
    fork. Values are immutable, so that nobody changes them behind its back."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._journeys: dict[JourneyId, StoredJourney] = {}
        self._handles: dict[HandleHash, JourneyId] = {}
        self._ledgers: dict[Pseudonym, StoredLedger] = {}
        self._intents: dict[Pseudonym, tuple[IntentRow, ...]] = {}
        self._outbox: dict[MessageId, OutboxRow] = {}
        self._audit: list[AuditRow] = []
        self._heads: dict[Pseudonym, Head] = {}
        self._checkpoints: list[Checkpoint] = []
        self._first_version = 0
        self._erased_through = 0

    def load(self, handle: HandleHash) -> StoredJourney | None:
        with self._lock:
            name = self._handles.get(handle)
            return None if name is None else self._journeys[name]

    def ledger(self, account: Pseudonym) -> StoredLedger:
        with self._lock:
            stored = self._ledgers.get(account) or StoredLedger(account, Ledger(), version=self._first_version)
            return evolve(stored, open_intents=self._intents.get(account, ()), head=self._heads.get(account, Head()))

    def commit(self, change: Change) -> bool:
        with self._lock:
            if self._has_moved(change):
                return False
            if change.journey is not None:
                self._write_journey(change.journey)
            if change.ledger is not None and change.write_ledger:
                ledger = evolve(change.ledger, open_intents=(), head=Head(), version=change.ledger.version + 1)
                self._ledgers[ledger.account] = ledger
            for row in change.intents:
                self._intents[row.account] = (*self._intents.get(row.account, ()), row)
            for row in change.applied:
                self._close(row)
            for message in change.outbox:
                self._write_message(message)
            self._audit.extend(change.audit)
            if change.account_head is not None:
                self._heads[change.account_head.account] = change.account_head.head
            self._forget(change)
            self._delete({each.journey for each in change.purged})
            if change.checkpoint is not None:
                self._checkpoints.append(change.checkpoint)
            for resealed in change.resealed:
                self._reseal(resealed)
            return True

    def _has_moved(self, change: Change) -> bool:
        if change.journey is not None:
            known = self._journeys.get(change.journey.journey.id)
            if change.journey.version != (0 if known is None else known.version):
                return True
        if change.ledger is not None:
            stored = self._ledgers.get(change.ledger.account)
            if change.ledger.version != (self._first_version if stored is None else stored.version):
                return True
        if change.checkpoint is not None and change.checkpoint.number != len(self._checkpoints) + 1:
            return True
        moved = change.account_head
        if moved is not None and moved.before != self._heads.get(moved.account, Head()).count:
            return True
        for each in change.purged:
            listed = self._journeys.get(each.journey)
            if listed is None or listed.version != each.version:
                return True
        return self._has_been_forgotten(change) or any(
            row.version != (self._outbox[row.id].version if row.id in self._outbox else 0)
            for row in (*change.outbox, *change.discarded)
        )

    def _has_been_forgotten(self, change: Change) -> bool:
        reached = change.erased_through
        for gone in change.forgotten:
            stored = self._ledgers.get(gone.account)
            version = self._first_version if stored is None else stored.version
            facts = self._heads.get(gone.account, Head()).count
            if gone.account in self._intents or (version, facts) != (gone.version, gone.facts):
                return True
        if reached is not None and reached[0] != self._erased_through:
            return True
        if any(idle not in self._idle() for idle in change.idle):
            return True
        there = ((fact, self._audit[fact.sequence - 1]) for fact in change.erased)
        return any(row.mac != fact.mac or not row.account for fact, row in there)

    def _write_journey(self, stored: StoredJourney) -> None:
        name = stored.journey.id
        known = self._journeys.get(name)
        if known is not None:
            del self._handles[known.handle]
        self._handles[stored.handle] = name
        self._journeys[name] = evolve(stored, version=stored.version + 1)

    def _write_message(self, row: OutboxRow) -> None:
        if row.version and row.state is not OutboxState.WAITING and row.journey not in self._journeys:
            del self._outbox[row.id]
        else:
            self._outbox[row.id] = evolve(row, version=row.version + 1)

    def _delete(self, names: set[JourneyId]) -> None:
        for name in names:
            del self._handles[self._journeys.pop(name).handle]
        if names:
            self._outbox = {
                key: row
                for key, row in self._outbox.items()
                if row.journey not in names or row.state is OutboxState.WAITING
            }

    def _forget(self, change: Change) -> None:
        for message in change.discarded:
            del self._outbox[message.id]
        for fact in change.erased:
            self._audit[fact.sequence - 1] = _row_of(fact)
        for idle in change.idle:
            del self._ledgers[idle.account]
            self._first_version = max(self._first_version, idle.version + 1)
        for gone in change.forgotten:
            self._forget_account(gone)
        if change.erased_through is not None:
            self._erased_through = change.erased_through[1]

    def _forget_account(self, gone: Forgotten) -> None:
        if self._ledgers.pop(gone.account, None) is not None:
            self._first_version = max(self._first_version, gone.version + 1)
        self._heads.pop(gone.account, None)
        chain = chain_of_account(gone.account)
        self._audit[:] = [evolve(row, chain=gone.chain) if row.chain == chain else row for row in self._audit]

    def _idle(self) -> dict[Idle, datetime]:
        """Ledgers of accounts of which nothing goes on, and since when nothing matters in them."""
        busy = {
            stored.journey.profile.pseudonym
            for stored in self._journeys.values()
            if stored.finished_at is None and stored.journey.profile is not None
        }
        return {
            Idle(stored.account, stored.version): stored.until or _NEVER
            for stored in self._ledgers.values()
            if stored.account not in busy and stored.account not in self._intents
        }

    def _close(self, row: IntentRow) -> None:
        left = tuple(other for other in self._intents.get(row.account, ()) if other.number != row.number)
        if left:
            self._intents[row.account] = left
        else:
            self._intents.pop(row.account, None)

    def _reseal(self, row: StoredJourney | OutboxRow | IntentRow) -> None:
        match row:
            case StoredJourney():
                known = self._journeys.get(row.journey.id)
                if known is not None and known.version == row.version:
                    self._journeys[row.journey.id] = row
            case OutboxRow():
                waiting = self._outbox.get(row.id)
                if waiting is not None and waiting.version == row.version:
                    self._outbox[row.id] = row
            case IntentRow():
                opened = self._intents.get(row.account, ())
                if opened:
                    self._intents[row.account] = tuple(row if each.number == row.number else each for each in opened)
            case _:
                assert_never(row)

    def due(self, now: datetime, limit: int) -> tuple[StoredJourney, ...]:
        with self._lock:
            over = (
                stored
                for stored in self._journeys.values()
                if stored.finished_at is None and passed(stored.journey.deadline, now)
            )
            return tuple(heapq.nsmallest(limit, over, key=lambda stored: stored.journey.deadline))

    def ended(self, finished_before: datetime, limit: int) -> tuple[Ended, ...]:
        with self._lock:
            old = (
                (stored.finished_at, stored)
                for stored in self._journeys.values()
                if stored.finished_at is not None and stored.finished_at < finished_before
            )
            oldest = heapq.nsmallest(limit, old, key=itemgetter(0))
            return tuple(Ended(stored.journey.id, stored.head, stored.version) for _, stored in oldest)

    def idle(self, since: datetime, limit: int) -> tuple[Idle, ...]:
        with self._lock:
            over = sorted(((until, idle) for idle, until in self._idle().items() if until < since), key=itemgetter(0))
            return tuple(idle for _, idle in over[:limit])

    def traces(self, account: Pseudonym, limit: int) -> Traces:
        with self._lock:
            journeys = tuple(
                Ended(stored.journey.id, stored.head, stored.version)
                for stored in self._journeys.values()
                if stored.journey.profile is not None and stored.journey.profile.pseudonym == account
            )
            messages = tuple(row for row in self._outbox.values() if row.account == account)
            facts = tuple(
                evolve(kept(row), sequence=place)
                for place, row in enumerate(self._audit, start=1)
                if row.account == account
            )
            return Traces(journeys[:limit], messages[:limit], facts[:limit])

    def erased_through(self) -> int:
        with self._lock:
            return self._erased_through

    def facts_after(self, sequence: int, limit: int) -> tuple[KeptFact, ...]:
        with self._lock:
            following = enumerate(self._audit[sequence : sequence + limit], start=sequence + 1)
            return tuple(evolve(kept(row), sequence=place) for place, row in following)

    def last_checkpoint(self) -> Checkpoint | None:
        with self._lock:
            return self._checkpoints[-1] if self._checkpoints else None

    def claim(self, now: datetime, until: datetime, limit: int, channels: frozenset[Channel]) -> tuple[OutboxRow, ...]:
        with self._lock:
            held = self._held()
            ready = heapq.nsmallest(
                limit,
                (
                    row
                    for row in self._outbox.values()
                    if row.state is OutboxState.WAITING and row.channel in channels and passed(row.due, now)
                    if row.id not in held
                ),
                key=lambda row: row.due,
            )
            claimed = tuple(evolve(row, due=until, version=row.version + 1) for row in ready)
            self._outbox.update((row.id, row) for row in claimed)
            return claimed

    def _held(self) -> set[MessageId]:
        """Messages that wait for an earlier one of their journey and channel."""
        before: dict[tuple[JourneyId, Channel], datetime] = {}
        held: set[MessageId] = set()
        for row in self._outbox.values():
            due = before.get((row.journey, row.channel), row.due)
            if due > row.due:
                held.add(row.id)
            if row.state is OutboxState.WAITING and not row.tries:
                before[row.journey, row.channel] = max(due, row.due)
        return held

    def message(self, name: MessageId) -> OutboxRow | None:
        with self._lock:
            return self._outbox.get(name)

    def open_intents(self, limit: int) -> tuple[Pseudonym, ...]:
        with self._lock:
            listed = tuple(self._intents)[:limit]
            for account in listed:
                self._intents[account] = self._intents.pop(account)
            return listed

    def keys_besides(self, signer: str, now: datetime) -> tuple[KeyUse, ...]:
        with self._lock:
            found = [
                *((Place.JOURNEYS, each.keys, None) for each in self._journeys.values()),
                *(
                    (Place.LEDGERS, each.keys, each.keys_until)
                    for each in self._ledgers.values()
                    if each.keys_until is not None and not passed(each.keys_until, now)
                ),
                *((Place.MESSAGES, each.keys, None) for each in self._outbox.values()),
                *((Place.INTENTS, each.keys, None) for rows in self._intents.values() for each in rows),
                *((Place.CHECKPOINTS, keys_named_by((each.mac,)), None) for each in self._checkpoints[-1:]),
            ]
        return key_uses((place, keys - {signer}, 1, until) for place, keys, until in found)

    def journeys_to_reseal(self, signer: str, after: StoredJourney | None, limit: int) -> tuple[StoredJourney, ...]:
        with self._lock:
            return _page(self._journeys, signer, None if after is None else after.journey.id, limit)

    def messages_to_reseal(self, signer: str, after: OutboxRow | None, limit: int) -> tuple[OutboxRow, ...]:
        with self._lock:
            return _page(self._outbox, signer, None if after is None else after.id, limit)

    def intents_to_reseal(self, signer: str, after: IntentRow | None, limit: int) -> tuple[IntentRow, ...]:
        with self._lock:
            opened = {(row.account, row.number): row for rows in self._intents.values() for row in rows}
            return _page(opened, signer, None if after is None else (after.account, after.number), limit)

    def audit(self) -> tuple[AuditRow, ...]:
        """Every fact that was kept, oldest first."""
        with self._lock:
            return tuple(self._audit)

    def outbox(self) -> tuple[OutboxRow, ...]:
        """Every message, in the order in which they were promised."""
        with self._lock:
            return tuple(self._outbox.values())


_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Since when nothing matters in a ledger in which nothing ever did."""


def _row_of(left: KeptFact) -> AuditRow:
    """What is left of a fact, as the others are held."""
    fact = Fact(FactName(left.name), left.row)
    return AuditRow(_NEVER, left.account, left.journey, fact, left.chain, left.number, left.mac)


_Key = TypeVar("_Key", JourneyId, MessageId, tuple[Pseudonym, int])
_Row = TypeVar("_Row", StoredJourney, OutboxRow, IntentRow)


def _page(rows: dict[_Key, _Row], signer: str, after: _Key | None, limit: int) -> tuple[_Row, ...]:
    """Rows that name another key, in the order of their own, from the one after ``after``."""
    wanted = sorted(key for key, row in rows.items() if row.keys - {signer} and (after is None or key > after))
    return tuple(rows[key] for key in wanted[:limit])
