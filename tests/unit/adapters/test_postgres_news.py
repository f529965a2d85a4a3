"""On PostgreSQL a message leaves when it is promised, and not at the next look of a relay.

The relays of these tests look once an hour: what leaves sooner leaves because they were told.
"""

import asyncio
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread
from typing import Any, Final, cast

import pytest
from attrs import evolve

from msa_recovery.adapters.postgres_async_store import AsyncPostgresStore
from msa_recovery.adapters.postgres_news import Turns
from msa_recovery.adapters.postgres_store import PostgresStore
from msa_recovery.application.async_recovery import AsyncRecovery
from msa_recovery.application.async_relay_loop import AsyncRelay
from msa_recovery.application.messages import Delivered, Delivery, Message
from msa_recovery.application.records import Change, MessageId
from msa_recovery.application.recovery import Recovery
from msa_recovery.application.relay_loop import Relay
from msa_recovery.domain.account import Channel
from msa_recovery.testing.contracts.examples import a_journey
from tests.support.house import House
from tests.support.postgres import executed, fresh
from tests.support.promised import notice

LONG: Final = 30.0
HOUR: Final = timedelta(hours=1)


class Phone:
    """Says when a message comes."""

    def __init__(self) -> None:
        self.rang = Event()

    def deliver(self, message: Message, key: MessageId) -> Delivery:
        self.rang.set()
        return Delivered()


@pytest.fixture
def url() -> Iterator[str]:
    with fresh() as fresh_url:
        yield fresh_url


@contextmanager
def called(url: str, house: House) -> Generator[None]:
    """A relay in threads."""
    store = PostgresStore(url, connections=4)
    relay = Relay(Recovery(evolve(house.ports, store=store)), workers=1, pause=HOUR)
    thread = Thread(target=relay.run)
    thread.start()
    try:
        yield
    finally:
        relay.stop()
        thread.join(LONG)
        store.close()
    assert not thread.is_alive()


@contextmanager
def awaited(url: str, house: House) -> Generator[None]:
    """A relay in tasks."""
    store = cast(Any, AsyncPostgresStore(url, connections=4))
    runner = asyncio.Runner()

    async def made() -> AsyncRelay:
        return AsyncRelay(AsyncRecovery(evolve(house.ports, store=store)), workers=1, pause=HOUR)

    relay = runner.run(made())

    async def run() -> None:
        await relay.run()
        await store.aclose()

    thread = Thread(target=lambda: runner.run(run()))
    thread.start()
    try:
        yield
    finally:
        runner.get_loop().call_soon_threadsafe(relay.stop)
        thread.join(LONG)
        runner.close()
    assert not thread.is_alive()


def listeners(url: str, do: str = "pid") -> list[tuple[Any, ...]]:
    """Whoever listens at this table."""
    ((name,),) = executed(url, "SELECT 'outbox'::regclass::oid")
    return executed(
        url,
        f"SELECT {do} FROM pg_stat_activity"  # noqa: S608 - our own words
        f" WHERE application_name = 'msa-recovery relay' AND query LIKE 'LISTEN%{name}%' AND state = 'idle'",
    )


def until(happened: Callable[[], object]) -> None:
    give_up = time.monotonic() + LONG
    while not happened():
        assert time.monotonic() < give_up
        time.sleep(0.01)


def promise(url: str, house: House, journey: str) -> None:
    store = PostgresStore(url, connections=1)
    # Once its journey is gone, a message that is over goes as well.
    assert store.commit(Change(journey=a_journey(journey)))
    assert store.commit(Change(outbox=(notice(house.vault, house.clock.now(), journey),)))
    store.close()


@pytest.mark.parametrize("relaying", [called, awaited])
def test_a_message_leaves_when_it_is_promised(relaying: Callable[..., Any], url: str) -> None:
    """And after the connection that tells of it was cut; what was promised meanwhile leaves when it is there again."""
    phone = Phone()
    house = House("sync", messengers={Channel.SMS: phone})
    with relaying(url, house):
        until(lambda: listeners(url))
        for number in range(2):
            promise(url, house, f"journey {number}")
            assert phone.rang.wait(LONG)
            phone.rang.clear()
        until(lambda: executed(url, "SELECT 1 FROM outbox HAVING bool_and(state = 'delivered')"))
        assert listeners(url, "pg_terminate_backend(pid)")
        promise(url, house, "journey 2")
        assert phone.rang.wait(LONG)
        phone.rang.clear()
        until(lambda: listeners(url))
        promise(url, house, "journey 3")
        assert phone.rang.wait(LONG)
    house.host.close()


def test_a_relay_is_told_of_its_own_schema_only(url: str) -> None:
    heard = Event()
    store = PostgresStore(url, connections=1)
    house = House("sync")
    with fresh() as other, store.listening(heard.set):
        assert heard.wait(LONG)
        until(lambda: listeners(url))
        heard.clear()
        promise(other, house, "journey of another host")
        assert not heard.wait(0.3)
        promise(url, house, "journey of ours")
        assert heard.wait(LONG)
    store.close()
    house.host.close()


def test_a_host_that_promises_much_tells_of_it_now_and_then() -> None:
    """Who tells waits for all others who do: a commit that promises nothing, or comes right after another, does not."""
    turns, house = Turns(), House("sync")
    promised = Change(outbox=(notice(house.vault, house.clock.now(), "journey"),))
    house.host.close()
    assert not turns.tells(Change())
    assert turns.tells(promised)
    assert not all(turns.tells(promised) for _ in range(100))
    until(lambda: turns.tells(promised))
