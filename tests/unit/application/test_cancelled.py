"""Whoever gives up waiting for an async call, at whichever moment, leaves everything done or nothing (R16)."""

import asyncio
from collections.abc import Callable, Coroutine, Generator, Iterator
from typing import Any, cast, final

import pytest
import trio
from attrs import evolve

from msa_recovery.adapters.postgres_async_store import AsyncPostgresStore
from msa_recovery.adapters.postgres_store import PostgresStore
from msa_recovery.application.async_recovery import AsyncRecovery
from msa_recovery.application.ports import Store
from msa_recovery.application.records import OutboxState
from msa_recovery.application.verifying import verified
from msa_recovery.domain.errors import CallerError
from msa_recovery.domain.inputs import ChooseChannel, ChoosePassword, Identify, SignIn, SubmitCode
from msa_recovery.domain.journey import State
from msa_recovery.domain.secret import Secret
from msa_recovery.testing.people import MARIE, NEW_PASSWORD, NIR_OF_MARIE
from tests.support.house import HERE, House
from tests.support.postgres import fresh


@pytest.fixture
def url() -> Iterator[str]:
    with fresh() as url:
        yield url


@final
class CancelledAt:
    """A coroutine that is cancelled at its so manyeth await.

    Attributes:
        reached: whether it came to that await.
    """

    def __init__(self, coroutine: Coroutine[Any, Any, Any], await_: int) -> None:
        self._coroutine = coroutine
        self._await = await_
        self.reached = False

    def __await__(self) -> Generator[Any, Any, Any]:
        waited, answer = 0, None
        error: BaseException | None = None
        steps = self._coroutine.__await__()
        while True:
            try:
                future = steps.send(answer) if error is None else steps.throw(error)
            except StopIteration as done:
                return done.value
            waited += 1
            if waited == self._await:
                self.reached, answer, error = True, None, asyncio.CancelledError()
                continue
            try:
                answer, error = (yield future), None
            except BaseException as raised:  # noqa: BLE001 - handed on
                answer, error = None, raised


Call = Callable[[AsyncRecovery], Coroutine[Any, Any, Any]]
Again = Callable[[], None]


def submit_code(house: House) -> tuple[Call, Again]:
    """The right code, and once more by whoever saw no answer."""
    reply = house.at_code()

    def again() -> None:
        view = house.host.resume(reply.handle, HERE).view
        if view.state is State.CONFIRMING_CODE:
            view = house.send(reply, SubmitCode(house.code)).view
        assert State.AWAITING_SIGN_IN is view.state
        assert 2 == len(house.store.newest_messages(10)), "the code, and one temporary password"  # type: ignore[attr-defined]

    return lambda host: host.send(reply.handle, SubmitCode(house.code), HERE), again


def choose_password(house: House) -> tuple[Call, Again]:
    """An acceptable password, and once more by whoever saw no answer."""
    reply = house.at_new_password()
    event = ChoosePassword(NEW_PASSWORD, NEW_PASSWORD)

    def again() -> None:
        view = house.host.resume(reply.handle, HERE).view
        if view.state is State.PERSONALISING_PASSWORD:
            view = house.send(reply, event).view
        assert State.CONFIRMING_CONTACTS is view.state
        house.host.relay()
        assert house.directory.password_matches(MARIE, Secret(NEW_PASSWORD))

    return lambda host: host.send(reply.handle, event, HERE), again


def relay(house: House) -> tuple[Call, Again]:
    """A batch of the relay, and another one when what was claimed is due again."""
    house.at_code()

    def again() -> None:
        house.later(minutes=10)
        house.host.relay()
        states = [row.state for row in house.store.newest_messages(10)]  # type: ignore[attr-defined]
        assert [OutboxState.DELIVERED] == states

    return lambda host: host.relay(), again


async def gives_up(host: AsyncRecovery, call: Coroutine[Any, Any, Any], await_: int) -> bool:
    """Whether it came to that await, where it was cancelled."""
    cancelled = CancelledAt(call, await_)
    try:
        await cancelled
    except asyncio.CancelledError:
        assert cancelled.reached
    await host.aclose()
    return cancelled.reached


@pytest.mark.parametrize("work", [submit_code, choose_password, relay])
def test_a_call_that_is_cancelled_at_any_await_is_done_or_not(work: Callable[[House], tuple[Call, Again]]) -> None:
    """Every await in turn, on the async store: the audit is whole, every head is that of its chain, and whoever calls
    again gets there."""
    await_, reached = 0, True
    while reached:
        await_ += 1
        with fresh() as url:
            store = PostgresStore(url)
            house = House(store=store)
            call, again = work(house)
            host = AsyncRecovery(evolve(house.ports, store=cast(Store, AsyncPostgresStore(url, connections=1))))
            reached = asyncio.run(gives_up(host, call(host), await_))
            with store.trail() as trail:
                assert [] == list(verified(trail, house.vault)), f"cancelled at await {await_}"
            again()
            with store.trail() as trail:
                assert [] == list(verified(trail, house.vault)), f"called again after await {await_}"
            store.close()
    assert await_ > 4, "it was hardly cancelled anywhere"


# -- trio --------------------------------------------------------------------------------------------------------------


def test_a_journey_is_played_on_trio(url: str) -> None:
    """The sync store runs in worker threads, and so does all that computes for long."""
    store = PostgresStore(url)
    house = House(store=store)

    async def play() -> State:
        async with AsyncRecovery(house.ports) as host:
            handle = (await host.begin(HERE)).handle
            await host.send(handle, Identify(NIR_OF_MARIE), HERE)
            await host.send(handle, ChooseChannel("sms"), HERE)
            await host.relay()
            await host.send(handle, SubmitCode(house.code), HERE)
            await host.relay()
            handle = (await host.send(handle, SignIn(house.password), HERE)).handle
            reply = await host.send(handle, ChoosePassword(NEW_PASSWORD, NEW_PASSWORD), HERE)
            return reply.view.state

    assert State.CONFIRMING_CONTACTS is trio.run(play)
    store.close()


def test_people_are_served_side_by_side_on_trio(url: str) -> None:
    store = PostgresStore(url)
    house = House(store=store)

    async def play() -> list[State]:
        states: list[State] = []

        async def begin(host: AsyncRecovery) -> None:
            states.append((await host.begin(HERE)).view.state)

        async with AsyncRecovery(house.ports) as host, trio.open_nursery() as nursery:
            for _ in range(20):
                nursery.start_soon(begin, host)
        return states

    assert [State.IDENTIFYING] * 20 == trio.run(play)
    store.close()


def test_a_call_that_is_cancelled_on_trio_has_written_everything_or_nothing(url: str) -> None:
    store = PostgresStore(url)
    house = House(store=store)
    reply = house.at_code()

    async def give_up() -> None:
        host = AsyncRecovery(house.ports)
        with trio.move_on_after(0):
            await host.send(reply.handle, SubmitCode(house.code), HERE)

    trio.run(give_up)
    with store.trail() as trail:
        assert [] == list(verified(trail, house.vault))
    store.close()


def test_the_store_of_asyncio_says_on_trio_which_one_to_give(url: str) -> None:
    """R16: before anything is asked of the server."""
    with pytest.raises(CallerError, match="on trio, give a PostgresStore"):
        trio.run(AsyncRecovery(evolve(House().ports, store=cast(Store, AsyncPostgresStore(url)))).start)
