"""How everything stands on a stage whose store is in memory."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final, Self, cast, final

from attrs import evolve, frozen

from msa_recovery.adapters.codec import Codec
from msa_recovery.adapters.held_account import HeldAccount
from msa_recovery.adapters.memory_store import MemoryStore
from msa_recovery.application.ports import Store
from msa_recovery.application.records import HandleHash
from msa_recovery.cli.stage import Stage
from msa_recovery.domain.account import Channel, ContactId

__all__ = ["End", "Kept", "end_of", "of_store", "whole"]

_DRAWN: Final = frozenset({"guess", "digest", "journey"})
_CODEC: Final = Codec()


def whole(store: Store) -> MemoryStore:
    """The store, for whoever looks inside."""
    return cast(MemoryStore, store)


@final
@frozen
class Kept:
    """What a step writes, and what it brings about.

    Attributes:
        facts: how many audit facts there are: every step has one, a reservation none.
        states: the state of every journey.
        messages: the name of every message.
        intents: whether an effect on the directory was promised and is not done yet.
        accounts: what the directory holds.
    """

    facts: int
    states: dict[str, str]
    messages: frozenset[str]
    intents: bool
    accounts: tuple[HeldAccount, ...]

    def half_of(self, before: Self) -> Iterator[str]:
        """What was done since then of a step that was not kept as a whole."""
        if self.facts == before.facts:
            if self.states != before.states:
                yield "a journey moved and no fact says so"
            if self.messages != before.messages:
                yield "a message is promised and no fact says why"
        if self.accounts != before.accounts and not before.intents and self.facts == before.facts:
            yield "the directory was changed and nothing had promised it"


def of_store(stage: Stage) -> Kept:
    """As it is now."""
    store = whole(stage.store)
    return Kept(
        facts=len(store.audit()),
        states={name: stored.journey.state for name, stored in store._journeys.items()},
        messages=frozenset(row.id for row in store.outbox()),
        intents=any(store._intents.values()),
        accounts=stage.directory.accounts(),
    )


@final
@frozen
class End:
    """How everything stands at the end, without what is drawn at random.

    Attributes:
        accounts: what the directory holds.
        ledgers: what is counted, sent and live, by account.
        journeys: the chart, state and deadline of each journey whose handle somebody has.
        promises: every promised message: whose, by which channel, where it is.
        delivered: what arrived; a message that failed once lets others pass.
    """

    accounts: list[Any]
    ledgers: dict[str, Any]
    journeys: list[Any]
    promises: list[Any]
    delivered: list[Any]

    def differences(self, other: Self) -> list[str]:
        """What is otherwise there, in words."""
        names = ("accounts", "ledgers", "journeys", "promises", "delivered")
        return [
            f"{name}: expected {getattr(self, name)}, got {getattr(other, name)}"
            for name in names
            if getattr(self, name) != getattr(other, name)
        ]


def end_of(stage: Stage, handles: frozenset[HandleHash]) -> End:
    """How everything stands, for people who have these handles."""
    store = whole(stage.store)
    journeys = [stored.journey for stored in store._journeys.values() if stored.handle in handles]
    return End(
        accounts=[_account(held) for held in stage.directory.accounts()],
        ledgers={who: _plain(json.loads(_CODEC.ledger_text(stored.ledger))) for who, stored in store._ledgers.items()},
        journeys=sorted((journey.chart, journey.state, journey.deadline) for journey in journeys),
        promises=sorted(Counter((row.account, row.channel, row.state) for row in store.outbox()).items()),
        delivered=sorted(
            [
                (channel, message.kind, message.to, message.language, message.until, message.secret is None)
                for channel in Channel
                for message in stage.inboxes[channel].messages()
            ],
            key=str,
        ),
    )


def _plain(value: Any) -> Any:
    """The same value without names of guesses and journeys, and without digests."""
    if isinstance(value, dict):
        return {name: "" if name in _DRAWN else _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list) else value


def _account(held: HeldAccount) -> Any:
    contacts = tuple(evolve(contact, id=ContactId("")) for contact in held.account.contacts)
    account = evolve(held.account, contacts=contacts)
    return evolve(held, account=account, password_hash=None), held.password_hash is not None
