"""Several databases, each with a part of the accounts, as ``docs/scaling.md`` describes it.

The shard follows from the account, or from the identifier that nobody has; a host asks for it before a journey begins.
Then each journey, with its ledger, messages, effects and facts, stands on one shard, and so does each transaction.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from hashlib import sha256
from typing import Any, Final, final

import pytest

from msa_recovery import (
    Caller,
    Channel,
    ChooseChannel,
    ChoosePassword,
    ConfirmContacts,
    Identify,
    Origin,
    Recovery,
    SignIn,
    State,
    SubmitCode,
    compose,
)
from msa_recovery.adapters.clocks import SystemClock
from msa_recovery.adapters.memory_directory import MemoryDirectory
from msa_recovery.adapters.password_hashing import TESTS_ONLY, Argon2idHasher
from msa_recovery.adapters.postgres_store import PostgresStore
from msa_recovery.adapters.recording import RecordingMessenger
from msa_recovery.application.messages import MessageKind
from msa_recovery.domain.identifiers import parse_identifier
from msa_recovery.domain.problem import Problem
from tests.support.house import KEYS
from tests.support.postgres import executed, fresh

from .world import accounts_like_the_sample, identifier

SHARDS: Final = 3
PEOPLE: Final = 9
CALLER: Final = Caller(origin=Origin("203.0.113.7"))


@final
class Shards:
    """What a host has that shards: one library for each database, and a rule that says which."""

    def __init__(self, urls: list[str]) -> None:
        hasher, clock = Argon2idHasher(TESTS_ONLY), SystemClock()
        self.urls = urls
        self.directory = MemoryDirectory(accounts_like_the_sample(range(PEOPLE)), hasher, clock)
        self.inboxes = {channel: RecordingMessenger(channel) for channel in Channel}
        self.stores = [PostgresStore(url, connections=2) for url in urls]
        self._recoveries = [
            compose(accounts=self.directory, keys=KEYS, store=store, messengers=self.inboxes) for store in self.stores
        ]

    def of(self, typed: str) -> Recovery:
        """The library that serves whoever typed this."""
        return self._recoveries[self.number(typed)]

    def number(self, typed: str) -> int:
        """By the account's key, so that all identifiers of an account lead to one shard."""
        who = parse_identifier(typed)
        if isinstance(who, Problem):
            return 0
        account = self.directory.find(who)
        name = who.canonical if account is None else account.key
        return sha256(name.encode()).digest()[0] % len(self._recoveries)


@pytest.fixture
def shards() -> Iterator[Shards]:
    with ExitStack() as stack:
        shards = Shards([stack.enter_context(fresh()) for _ in range(SHARDS)])
        yield shards
        for store in shards.stores:
            store.close()


def recovers(shards: Shards, person: int) -> State:
    """Somebody recovers a password, each step at the shard of the identifier."""
    typed = identifier(person)
    recovery, inbox = shards.of(typed), shards.inboxes[Channel.SMS]

    def secret(kind: MessageKind) -> str:
        recovery.relay()
        message = [each for each in inbox.messages() if each.kind is kind][-1]
        assert message.secret is not None
        return message.secret.reveal()

    handle = recovery.begin(CALLER).handle
    recovery.send(handle, Identify(typed), CALLER)
    recovery.send(handle, ChooseChannel("sms"), CALLER)
    recovery.send(handle, SubmitCode(secret(MessageKind.CODE)), CALLER)
    handle = recovery.send(handle, SignIn(secret(MessageKind.TEMPORARY_PASSWORD)), CALLER).handle
    new = f"Brouette-{person}-bleue"
    recovery.send(handle, ChoosePassword(new, new), CALLER)
    return recovery.send(handle, ConfirmContacts(), CALLER).view.state


def names(url: str) -> dict[str, set[Any]]:
    """Whose rows stand in each table."""
    tables = {"journeys": "pseudonym", "ledgers": "account", "outbox": "account", "audit": "account"}
    return {
        table: {name for (name,) in executed(url, f"SELECT {column} FROM {table}") if name}  # noqa: S608 - our own words
        for table, column in tables.items()
    }


def test_all_that_is_kept_of_an_account_stands_on_its_shard(shards: Shards) -> None:
    assert {State.COMPLETED} == {recovers(shards, person) for person in range(PEOPLE)}
    found = [names(url) for url in shards.urls]
    for shard in found:
        # No row of an account without its ledger beside it.
        assert shard["ledgers"]
        assert shard["journeys"] == shard["ledgers"] == shard["outbox"] == shard["audit"]
    every = [name for shard in found for name in shard["ledgers"]]
    assert PEOPLE == len(every) == len(set(every))
