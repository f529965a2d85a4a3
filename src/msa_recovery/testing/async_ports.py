"""Sync adapters behind async methods, as an async driver of a database would have them."""

from asyncio import to_thread
from datetime import date, datetime
from typing import final

from attrs import frozen

from msa_recovery.application.facts import Checkpoint, Ended, Idle, KeptFact
from msa_recovery.application.intents import DirectoryIntent
from msa_recovery.application.messages import Delivery, Message
from msa_recovery.application.ports import AccountDirectory, Messenger, Store
from msa_recovery.application.records import (
    Change,
    HandleHash,
    IntentRow,
    KeyUse,
    MessageId,
    OutboxRow,
    StoredJourney,
    StoredLedger,
    Traces,
)
from msa_recovery.domain.account import Account, AccountKey, Channel, Pseudonym, VerifiedIdentity
from msa_recovery.domain.challenge import ChallengeKind, Proof
from msa_recovery.domain.identifiers import Identifier
from msa_recovery.domain.secret import Secret

__all__ = ["AsyncDirectoryOf", "AsyncMessengerOf", "AsyncStoreOf"]


@final
@frozen(eq=False)
class AsyncStoreOf:
    """A store whose calls are awaited.

    Attributes:
        of: the store, called in threads.
    """

    of: Store

    async def load(self, handle: HandleHash) -> StoredJourney | None:
        return await to_thread(self.of.load, handle)

    async def ledger(self, account: Pseudonym) -> StoredLedger:
        return await to_thread(self.of.ledger, account)

    async def commit(self, change: Change) -> bool:
        return await to_thread(self.of.commit, change)

    async def due(self, now: datetime, limit: int) -> tuple[StoredJourney, ...]:
        return await to_thread(self.of.due, now, limit)

    async def ended(self, finished_before: datetime, limit: int) -> tuple[Ended, ...]:
        return await to_thread(self.of.ended, finished_before, limit)

    async def idle(self, since: datetime, limit: int) -> tuple[Idle, ...]:
        return await to_thread(self.of.idle, since, limit)

    async def traces(self, account: Pseudonym, limit: int) -> Traces:
        return await to_thread(self.of.traces, account, limit)

    async def erased_through(self) -> int:
        return await to_thread(self.of.erased_through)

    async def facts_after(self, sequence: int, limit: int) -> tuple[KeptFact, ...]:
        return await to_thread(self.of.facts_after, sequence, limit)

    async def last_checkpoint(self) -> Checkpoint | None:
        return await to_thread(self.of.last_checkpoint)

    async def claim(
        self, now: datetime, until: datetime, limit: int, channels: frozenset[Channel]
    ) -> tuple[OutboxRow, ...]:
        return await to_thread(self.of.claim, now, until, limit, channels)

    async def message(self, name: MessageId) -> OutboxRow | None:
        return await to_thread(self.of.message, name)

    async def open_intents(self, limit: int) -> tuple[Pseudonym, ...]:
        return await to_thread(self.of.open_intents, limit)

    async def keys_besides(self, signer: str, now: datetime) -> tuple[KeyUse, ...]:
        return await to_thread(self.of.keys_besides, signer, now)

    async def journeys_to_reseal(
        self, signer: str, after: StoredJourney | None, limit: int
    ) -> tuple[StoredJourney, ...]:
        return await to_thread(self.of.journeys_to_reseal, signer, after, limit)

    async def messages_to_reseal(self, signer: str, after: OutboxRow | None, limit: int) -> tuple[OutboxRow, ...]:
        return await to_thread(self.of.messages_to_reseal, signer, after, limit)

    async def intents_to_reseal(self, signer: str, after: IntentRow | None, limit: int) -> tuple[IntentRow, ...]:
        return await to_thread(self.of.intents_to_reseal, signer, after, limit)


@final
@frozen(eq=False)
class AsyncDirectoryOf:
    """A directory whose calls are awaited.

    Attributes:
        of: the directory, called in threads.
    """

    of: AccountDirectory

    async def find(self, identifier: Identifier) -> Account | None:
        return await to_thread(self.of.find, identifier)

    async def find_by_identity(self, identity: VerifiedIdentity) -> Account | None:
        return await to_thread(self.of.find_by_identity, identity)

    async def get(self, key: AccountKey) -> Account | None:
        return await to_thread(self.of.get, key)

    async def proofs(self, key: AccountKey, kind: ChallengeKind, since: date | None) -> tuple[Proof, ...]:
        return await to_thread(self.of.proofs, key, kind, since)

    async def password_matches(self, key: AccountKey, password: Secret) -> bool:
        return await to_thread(self.of.password_matches, key, password)

    async def apply(self, key: AccountKey, intent: DirectoryIntent, once: str) -> bool:
        return await to_thread(self.of.apply, key, intent, once)


@final
@frozen(eq=False)
class AsyncMessengerOf:
    """A messenger whose calls are awaited.

    Attributes:
        of: the messenger, called in threads.
    """

    of: Messenger

    async def deliver(self, message: Message, key: MessageId) -> Delivery:
        return await to_thread(self.of.deliver, message, key)
