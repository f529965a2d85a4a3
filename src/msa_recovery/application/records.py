"""What the stores keep: the domain's values, and around them what only the application needs."""

from datetime import datetime
from enum import StrEnum
from typing import NewType, final

from attrs import field, frozen

from msa_recovery.domain.account import Channel, Pseudonym
from msa_recovery.domain.audit import Fact
from msa_recovery.domain.journey import Journey, JourneyId
from msa_recovery.domain.ledger import Ledger
from msa_recovery.domain.problem import Problem

from .caller import Language

__all__ = [
    "Answered",
    "AuditRow",
    "Change",
    "HandleHash",
    "IntentRow",
    "MessageId",
    "OutboxRow",
    "OutboxState",
    "StoredJourney",
    "StoredLedger",
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
        finished_at: when it reached a final state.
        version: how often it was written; 0 for one that never was.
    """

    journey: Journey
    handle: HandleHash = field(repr=False)
    language: Language
    account: bytes = field(default=b"", repr=False)
    answered: tuple[Answered, ...] = ()
    finished_at: datetime | None = None
    version: int = 0


@final
@frozen
class StoredLedger:
    """A ledger as it is kept, with the effects on the directory that are still to be applied.

    Attributes:
        account: whose ledger it is.
        ledger: the domain's value.
        open_intents: the account's unapplied intents, in their order; read with the ledger, never written by it.
        version: how often it was written; 0 for one that never was.
    """

    account: Pseudonym
    ledger: Ledger
    open_intents: "tuple[IntentRow, ...]" = ()
    version: int = 0


@final
class OutboxState(StrEnum):
    """Where a message is."""

    WAITING = "waiting"
    DELIVERED = "delivered"
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
        sealed: everything else, sealed and padded; empty once it is over.
        due: when a relay may take it.
        tries: how often a messenger was asked.
        state: where it is.
        version: how often it was written or claimed; 0 for one that never was.
    """

    id: MessageId
    account: Pseudonym
    journey: JourneyId
    channel: Channel
    sealed: bytes = field(repr=False)
    due: datetime
    tries: int = 0
    state: OutboxState = OutboxState.WAITING
    version: int = 0


@final
@frozen
class IntentRow:
    """An effect on the directory, committed with the new state and applied after it (invariant 11).

    Attributes:
        account: whose it is, by pseudonym.
        number: its place among the account's intents, from 1; applied in this order, once in effect.
        journey: which journey asked for it.
        sealed: what to do, sealed and padded; empty once it is applied.
    """

    account: Pseudonym
    number: int
    journey: JourneyId
    sealed: bytes = field(repr=False)

    @property
    def key(self) -> str:
        """The idempotency key under which the directory applies it once; never one of an earlier store again."""
        return f"{self.account}:{self.number}:{self.journey}"


@final
@frozen
class AuditRow:
    """One fact, with when and of whom.

    Attributes:
        at: when (aware, UTC).
        account: by pseudonym; empty before an identifier was given.
        journey: in which journey; empty for a sign-in at the door that was not right.
        fact: what.
    """

    at: datetime
    account: str
    journey: str
    fact: Fact


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
        audit: facts to add.
    """

    journey: StoredJourney | None = None
    ledger: StoredLedger | None = None
    write_ledger: bool = False
    outbox: tuple[OutboxRow, ...] = ()
    intents: tuple[IntentRow, ...] = ()
    applied: tuple[IntentRow, ...] = ()
    audit: tuple[AuditRow, ...] = ()
