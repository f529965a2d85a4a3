"""What the stores keep: the domain's values, and around them what only the application needs."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import NewType, final

from attrs import field, frozen

from msa_recovery.domain.account import Channel, Pseudonym
from msa_recovery.domain.journey import Journey, JourneyId
from msa_recovery.domain.ledger import Ledger, TemporaryPassword
from msa_recovery.domain.problem import Problem

from .caller import Language
from .facts import AccountHead, AuditRow, Checkpoint, Ended, Forgotten, Head, Idle, KeptFact
from .sealed import keys_named_by

__all__ = [
    "Answered",
    "AuditRow",
    "Change",
    "HandleHash",
    "IntentRow",
    "KeyUse",
    "MessageId",
    "OutboxRow",
    "OutboxState",
    "Place",
    "StoredJourney",
    "StoredLedger",
    "Traces",
    "key_uses",
]

HandleHash = NewType("HandleHash", bytes)
"""SHA-256 of a handle: the store never sees the handle itself (R34)."""

MessageId = NewType("MessageId", str)
"""The idempotency key of one message: a messenger that sees it twice delivers once."""


@final
@frozen
class Answered:
    """A request that was answered already, so that a double submit acts once (R39).

    Attributes:
        request: the keyed name of the request id.
        problem: what the person was told.
    """

    request: bytes
    problem: Problem | None


@final
@frozen
class StoredJourney:
    """A journey as it is kept.

    Attributes:
        journey: the domain's value.
        handle: the hash of the handle that finds it; no other one does.
        language: what the person reads.
        account: the directory's key of the account, sealed and padded; empty before the first identifier.
        answered: the requests answered last, newest last, at most eight.
        finished_at: when it reached a final state (aware, UTC).
        version: how often it was written; 0 for one that never was.
        head: where the chain of its facts ends.
    """

    journey: Journey
    handle: HandleHash = field(repr=False)
    language: Language
    account: bytes = field(default=b"", repr=False)
    answered: tuple[Answered, ...] = ()
    finished_at: datetime | None = None
    version: int = 0
    head: Head = Head()

    @property
    def sealed_keys(self) -> frozenset[str]:
        """The keys that its sealed parts name."""
        return keys_named_by((self.account, *(edit.sealed for edit in self.journey.edits)))

    @property
    def keys(self) -> frozenset[str]:
        """The keys that it names: those of its sealed parts, and until it is finished that of its code."""
        code = self.journey.code
        if code is None or self.finished_at is not None:
            return self.sealed_keys
        return self.sealed_keys | keys_named_by((code.digest,))


@final
@frozen
class StoredLedger:
    """A ledger as it is kept, with the effects on the directory that are still to be applied.

    Attributes:
        account: whose ledger it is.
        ledger: the domain's value.
        open_intents: the account's unapplied intents, in their order; read with the ledger, never written by it.
        version: it moves whenever it is written. Of one that is not kept: 0 where no ledger was ever deleted, and then
            one that no deleted ledger had, so that whoever still holds a deleted version writes nothing.
        head: where the chain of the account's own facts ends; read with the ledger, never written by it.
        kept: whether it is known to be kept in this version, which spares a store the question; a store need not say.
    """

    account: Pseudonym
    ledger: Ledger
    open_intents: "tuple[IntentRow, ...]" = ()
    version: int = 0
    head: Head = Head()
    kept: bool = field(default=False, eq=False)

    @property
    def keys(self) -> frozenset[str]:
        """The keys that it names: those of its temporary passwords."""
        return keys_named_by(password.digest for password in self._passwords)

    @property
    def keys_until(self) -> datetime | None:
        """When the last of its temporary passwords is dead; from then on it needs no key."""
        return max((password.until for password in self._passwords), default=None)

    @property
    def until(self) -> datetime | None:
        """From when on nothing in it matters (aware, UTC); ``None`` when nothing does."""
        return self.ledger.until()

    @property
    def _passwords(self) -> tuple[TemporaryPassword, ...]:
        both = (self.ledger.sent_password, self.ledger.letter_password)
        return tuple(password for password in both if password is not None)


@final
class OutboxState(StrEnum):
    """Where a message is: ``delivered`` once a messenger has taken it, ``lost`` if it never arrived all the same."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    LOST = "lost"
    DROPPED = "dropped"
    DEAD = "dead"


@final
@frozen
class OutboxRow:
    """A promised message, written in the transaction of the state that promises it.

    Attributes:
        id: its idempotency key.
        account: whose it is, by pseudonym.
        journey: which journey promised it.
        channel: how it goes.
        contact: the fingerprint of the address that it was promised to.
        until: when the secret that it carries expires (aware, UTC); ``None`` for a notice.
        sealed: everything else, sealed and padded, bound to what stands above; empty once it is over. A dead one
            keeps it, so that it can be tried again.
        due: when a relay may take it (aware, UTC).
        tries: how often a messenger was asked.
        state: where it is.
        version: how often it was written or claimed; 0 for one that never was.
        head: where the chain of its facts ends.
    """

    id: MessageId
    account: Pseudonym
    journey: JourneyId
    channel: Channel
    contact: bytes = field(repr=False)
    until: datetime | None
    sealed: bytes = field(repr=False)
    due: datetime
    tries: int = 0
    state: OutboxState = OutboxState.WAITING
    version: int = 0
    head: Head = Head()

    @property
    def keys(self) -> frozenset[str]:
        """The key that sealed it; none once it is over."""
        return keys_named_by((self.sealed,))


@final
@frozen
class IntentRow:
    """An effect on the directory, committed with the new state and applied after it (invariant 11).

    Attributes:
        account: whose it is, by pseudonym.
        number: its place, higher than that of every intent of the account before: applied in this order, once in
            effect.
        journey: which journey asked for it.
        sealed: what to do, sealed and padded, bound to what stands above.
    """

    account: Pseudonym
    number: int
    journey: JourneyId
    sealed: bytes = field(repr=False)

    @property
    def key(self) -> str:
        """The idempotency key under which the directory applies it once; never one of an earlier store again."""
        return f"{self.account}:{self.number}:{self.journey}"

    @property
    def keys(self) -> frozenset[str]:
        """The key that sealed it."""
        return keys_named_by((self.sealed,))


@final
class Place(StrEnum):
    """Where rows are kept that name keys."""

    JOURNEYS = "journeys"
    LEDGERS = "ledgers"
    MESSAGES = "messages"
    INTENTS = "intents"
    CHECKPOINTS = "checkpoints"


@final
@frozen
class KeyUse:
    """What in one place needs one key. Of the checkpoints only the last one needs its key: the next one follows it.

    Attributes:
        key: the key's id.
        place: where the rows are.
        rows: how many name it.
        until: when the last of the ledgers' temporary passwords is dead (aware, UTC); ``None`` in the other places.
    """

    key: str
    place: Place
    rows: int
    until: datetime | None = None


def key_uses(found: Iterable[tuple[Place, Iterable[str], int, datetime | None]]) -> tuple[KeyUse, ...]:
    """What needs each key, from what was found: in a place, so many rows that name all these keys, until a moment."""
    uses: dict[tuple[str, Place], KeyUse] = {}
    for place, keys, rows, until in found:
        for key in keys:
            known = uses.get((key, place), KeyUse(key, place, 0))
            latest = max((each for each in (known.until, until) if each is not None), default=None)
            uses[key, place] = KeyUse(key, place, known.rows + rows, latest)
    return tuple(uses.values())


@final
@frozen
class Traces:
    """What a store keeps of an account beside its ledger, or a part of it.

    Attributes:
        journeys: those that hold the account now, whatever their state.
        messages: those that were promised to it, whatever became of them.
        facts: those that name it, oldest first.
    """

    journeys: tuple[Ended, ...] = ()
    messages: tuple[OutboxRow, ...] = ()
    facts: tuple[KeptFact, ...] = ()


@final
@frozen(kw_only=True)
class Change:
    """Everything that one commit writes, all or nothing.

    Attributes:
        journey: the new value, with the version that was loaded; the store compares it and writes the next one.
        ledger: the new value, with the version that was loaded; compared, then written if ``write_ledger``.
        write_ledger: whether the ledger changed.
        outbox: messages to add, or claimed ones with a new state; their versions are compared as well, so that a worker
            that lost its claim writes nothing.
        intents: effects on the directory to add.
        applied: effects that were applied: they are no longer open, and their text is scrubbed.
        audit: facts to add, each the next of its chain; the rows of this change bring the new heads of the chains.
        account_head: the new head of the chain of an account whose facts are among these.
        purged: journeys to delete, each of its version, with their messages but for waiting ones. One that is over
            goes with its journey, whichever ends last.
        discarded: messages to delete, each of its version.
        idle: ledgers to delete, each of its version, while no journey of the account is under way and no effect on the
            directory open. The head of a chain stays beside none.
        forgotten: accounts whose ledger and head are deleted, and whose chain is renamed.
        erased: facts that take the place of those of the same sequence and MAC, which must still name an account.
        erased_through: up to which place facts have been erased for their age, before and from now on; compared.
        checkpoint: one to add; there must be none of its number yet.
        resealed: rows of which the sealed parts are sealed anew, and nothing else. Each is written where it is still of
            that version, or still open, and left alone where it is not; its version stays, so that nobody who works on
            it is disturbed.
        durable: whether it must outlast a power cut from the moment it is written. What is only done again, once, if it
            is taken back need not: it may reach the disk with the next change that must.
    """

    journey: StoredJourney | None = None
    ledger: StoredLedger | None = None
    write_ledger: bool = False
    outbox: tuple[OutboxRow, ...] = ()
    intents: tuple[IntentRow, ...] = ()
    applied: tuple[IntentRow, ...] = ()
    audit: tuple[AuditRow, ...] = ()
    account_head: AccountHead | None = None
    purged: tuple[Ended, ...] = ()
    discarded: tuple[OutboxRow, ...] = ()
    idle: tuple[Idle, ...] = ()
    forgotten: tuple[Forgotten, ...] = ()
    erased: tuple[KeptFact, ...] = ()
    erased_through: tuple[int, int] | None = None
    checkpoint: Checkpoint | None = None
    resealed: tuple[StoredJourney | OutboxRow | IntentRow, ...] = ()
    durable: bool = True
