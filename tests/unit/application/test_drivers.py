"""What is particular to each of the two drivers."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, cast

import anyio.to_thread
import pytest
from attrs import evolve

from msa_recovery.adapters.memory_store import MemoryStore
from msa_recovery.application.async_recovery import AsyncRecovery
from msa_recovery.application.errors import InfrastructureError
from msa_recovery.application.facts import AuditRow
from msa_recovery.application.ports import Observer, Store
from msa_recovery.application.records import KeyUse
from msa_recovery.application.recovery import Recovery
from msa_recovery.application.reply import Reply
from msa_recovery.domain.inputs import ChooseChannel, Identify
from msa_recovery.domain.journey import State
from msa_recovery.testing.async_ports import AsyncStoreOf
from msa_recovery.testing.people import NIR_OF_MARIE
from msa_recovery.testing.tapped import Call, Tapped
from tests.support.house import HERE, House


@pytest.fixture
def inside() -> House:
    """A house whose ports are all sync."""
    return House()


def with_store(house: House, store: object) -> AsyncRecovery:
    """An async host with this store."""
    return AsyncRecovery(evolve(house.ports, store=cast(Store, store)))


async def to_the_channels(recovery: AsyncRecovery) -> Reply:
    """The first two things that a person does."""
    reply = await recovery.begin(HERE)
    return await recovery.send(reply.handle, Identify(NIR_OF_MARIE), HERE)


def test_sync_ports_may_be_plugged_into_an_async_host(inside: House) -> None:
    reply = asyncio.run(to_the_channels(AsyncRecovery(inside.ports)))
    assert State.CHOOSING_CHANNEL is reply.view.state


def test_a_sync_port_never_blocks_the_event_loop(inside: House) -> None:
    """It is called in a worker thread; the clock and the random source are asked wherever that is needed."""
    threads = dict[str, set[bool]]()

    def notice(call: Call, go: Callable[[], Any]) -> Any:
        threads.setdefault(call.port, set()).add(threading.current_thread() is threading.main_thread())
        return go()

    inside.tap = notice
    asyncio.run(to_the_channels(AsyncRecovery(inside.ports)))
    assert [{False}, {False}] == [threads["store"], threads["accounts"]]
    assert {True} == threads["clock"], "nothing waits for a thread to learn the time"


def test_what_is_asked_in_a_row_is_asked_in_one_thread(inside: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each way to a thread and back costs more than most of what is asked there."""
    ways: list[str] = []
    asked: list[str] = []
    there = anyio.to_thread.run_sync

    async def counted(function: Any, *arguments: Any, **rest: Any) -> Any:
        ways.append(function.__name__)
        return await there(function, *arguments, **rest)

    def notice(call: Call, go: Callable[[], Any]) -> Any:
        asked.append(call.port)
        return go()

    monkeypatch.setattr(anyio.to_thread, "run_sync", counted)
    reply = inside.host.begin(HERE)
    host = AsyncRecovery(inside.ports)
    asyncio.run(host.start())
    ways.clear()
    inside.tap = notice
    asyncio.run(host.send(reply.handle, Identify(NIR_OF_MARIE), HERE))
    assert {"store", "accounts"} <= set(asked)
    assert 1 == len(ways)


def test_what_a_sync_port_raises_in_its_thread_is_told_as_a_failure_of_that_port(inside: House) -> None:
    def fail(call: Call, go: Callable[[], Any]) -> Any:
        if call.port == "accounts":
            raise OSError(5, "gone")
        return go()

    inside.tap = fail
    with pytest.raises(InfrastructureError, match=r"^accounts"):
        asyncio.run(to_the_channels(AsyncRecovery(inside.ports)))


def test_an_observer_is_told_what_a_sync_store_committed_before_anything_else_happens(inside: House) -> None:
    told: list[str] = []

    class Watching:
        async def observe(self, row: AuditRow) -> None:
            assert threading.current_thread() is threading.main_thread()
            told.append(row.fact.name)

    observers = (cast(Observer, Watching()),)
    asyncio.run(to_the_channels(AsyncRecovery(evolve(inside.ports, observers=observers))))
    assert inside.facts() == told
    assert told


def test_an_async_port_is_awaited_in_the_event_loop(inside: House) -> None:
    loops = set[bool]()

    class Store:
        async def keys_besides(self, signer: str, now: datetime) -> tuple[KeyUse, ...]:
            return inside.store.keys_besides(signer, now)

        async def commit(self, change: Any) -> bool:
            loops.add(threading.current_thread() is threading.main_thread())
            return inside.store.commit(change)

    asyncio.run(with_store(inside, Store()).begin(HERE))
    assert {True} == loops


def test_a_port_may_answer_with_any_awaitable(inside: House) -> None:
    """``Awaitable`` is what the async ports promise: a wrapped method is no coroutine function."""
    wrapped = Tapped("store", AsyncStoreOf(inside.store), lambda _, go: go())
    reply = asyncio.run(to_the_channels(with_store(inside, wrapped)))
    assert State.CHOOSING_CHANNEL is reply.view.state


def test_a_failure_of_an_async_port_names_it(inside: House) -> None:
    async def broken() -> bool:
        raise ConnectionError

    store = Tapped("store", AsyncStoreOf(inside.store), lambda call, go: broken() if call.method == "commit" else go())
    with pytest.raises(InfrastructureError, match="store: ConnectionError"):
        asyncio.run(with_store(inside, store).begin(HERE))


def test_two_requests_of_one_loop_do_not_wait_for_each_other(inside: House) -> None:
    """The first one's store hangs; the second one is answered."""

    async def both() -> tuple[bool, State]:
        hangs, free = asyncio.Event(), asyncio.Event()

        async def later(go: Callable[[], Awaitable[bool]]) -> bool:
            hangs.set()
            await free.wait()
            return await go()

        store = AsyncStoreOf(inside.store)
        slow = Tapped("store", store, lambda call, go: later(go) if call.method == "commit" else go())
        first = asyncio.create_task(with_store(inside, slow).begin(HERE))
        await hangs.wait()
        second = await AsyncRecovery(inside.ports).begin(HERE)
        waited = not first.done()
        free.set()
        await first
        return waited, second.view.state

    assert (True, State.IDENTIFYING) == asyncio.run(both())


def test_a_call_that_is_cancelled_before_its_commit_has_done_nothing(inside: House) -> None:
    """Everything or nothing."""

    async def cancelled() -> None:
        asked = asyncio.Event()
        store = AsyncStoreOf(inside.store)
        reply = await to_the_channels(with_store(inside, store))

        async def hang() -> None:
            asked.set()
            await asyncio.Event().wait()

        hanging = Tapped("store", store, lambda call, go: hang() if call.method == "commit" else go())
        task = asyncio.create_task(with_store(inside, hanging).send(reply.handle, ChooseChannel("sms"), HERE))
        await asked.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())
    assert () == inside.store.outbox()


# -- closing -----------------------------------------------------------------------------------------------------------


class Closed:
    """A store that can be closed, and knows how often it was."""

    def __init__(self) -> None:
        self.times = 0

    def close(self) -> None:
        self.times += 1


class AsyncClosed(Closed):
    """One that is closed by awaiting, as it says itself."""

    async def aclose(self) -> None:
        await asyncio.sleep(0)
        self.times += 10


class AwaitedClosed(Closed):
    """One whose ``close`` is awaited."""

    def close(self) -> Awaitable[None]:  # type: ignore[override]
        self.times += 100
        return asyncio.sleep(0)


def test_leaving_a_recovery_closes_its_store(inside: House) -> None:
    store = Closed()
    with Recovery(evolve(inside.ports, store=cast(Store, store))) as recovery:
        assert isinstance(recovery, Recovery)
    assert 1 == store.times


def test_a_recovery_is_closed_although_something_failed(inside: House) -> None:
    store = Closed()
    with pytest.raises(LookupError), Recovery(evolve(inside.ports, store=cast(Store, store))):
        raise LookupError
    assert 1 == store.times


def test_a_store_that_holds_nothing_open_needs_no_closing(inside: House) -> None:
    Recovery(evolve(inside.ports, store=MemoryStore())).close()
    asyncio.run(AsyncRecovery(evolve(inside.ports, store=MemoryStore())).aclose())


@pytest.mark.parametrize(("kind", "times"), [(Closed, 1), (AsyncClosed, 10), (AwaitedClosed, 100)])
def test_leaving_an_async_recovery_closes_its_store(inside: House, kind: type[Closed], times: int) -> None:
    store = kind()

    async def left() -> None:
        async with with_store(inside, store) as recovery:
            assert isinstance(recovery, AsyncRecovery)

    asyncio.run(left())
    assert times == store.times


def test_the_calls_of_both_drivers_are_the_same() -> None:
    """Whoever knows the one knows the other, and the async one is made of the other."""
    renamed = {"close": "aclose"}
    sync, awaited = ({name for name in vars(each) if name[0] != "_"} for each in (Recovery, AsyncRecovery))
    assert {renamed.get(name, name) for name in sync} | {"of"} == awaited
