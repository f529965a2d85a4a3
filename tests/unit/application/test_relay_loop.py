"""A relay that runs by itself: nobody waits for a message that fails, and it ends when it is told to."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Event, Thread
from typing import Any, Protocol, cast

import pytest
from attrs import evolve

from msa_recovery import AsyncRelay, CallerError, InfrastructureError, Relay
from msa_recovery.application.async_recovery import AsyncRecovery
from msa_recovery.application.messages import Delivered, Delivery, Message, Rejected, TryLater
from msa_recovery.application.records import Change, MessageId, OutboxState
from msa_recovery.application.recovery import Recovery
from msa_recovery.application.relay import Relayed
from msa_recovery.domain.account import Channel
from msa_recovery.testing.contracts.examples import a_journey
from msa_recovery.testing.tapped import Call
from tests.support.house import House
from tests.support.promised import notice

LONG = 30
"""Seconds after which a test fails that waits for something."""

BAD = "+33600000666"


class Runs(Protocol):
    """A relay, whichever driver is behind it, as a thread sees it."""

    def drain(self) -> Relayed: ...
    def run(self) -> Relayed: ...
    def stop(self) -> None: ...
    def wake(self) -> None: ...


class Loop:
    """An ``AsyncRelay`` in an event loop, called from other threads."""

    def __init__(self, recovery: AsyncRecovery, **wanted: Any) -> None:
        self._runner = asyncio.Runner()
        try:
            self._relay = self._runner.run(self._made(recovery, wanted))
        except CallerError:
            self.close()
            raise

    async def _made(self, recovery: AsyncRecovery, wanted: dict[str, Any]) -> AsyncRelay:
        return AsyncRelay(recovery, **wanted)

    def drain(self) -> Relayed:
        return self._runner.run(self._relay.drain())

    def run(self) -> Relayed:
        return self._runner.run(self._relay.run())

    def stop(self) -> None:
        self._runner.get_loop().call_soon_threadsafe(self._relay.stop)

    def wake(self) -> None:
        self._runner.get_loop().call_soon_threadsafe(self._relay.wake)

    def close(self) -> None:
        self._runner.close()


@pytest.fixture
def relay_of(driver: str) -> Iterator[Callable[..., Runs]]:
    """Makes the relay of a house."""
    loops: list[Loop] = []

    def make(house: House, **wanted: Any) -> Runs:
        if driver == "sync":
            return Relay(Recovery(house.ports), **wanted)
        loops.append(Loop(AsyncRecovery(house.ports), **wanted))
        return loops[-1]

    yield make
    for loop in loops:
        loop.close()


def promise(house: House, journey: str, number: int = 1, **wanted: Any) -> MessageId:
    row = notice(house.vault, house.clock.now(), journey, number, **wanted)
    # Once its journey is gone, a message that is over goes as well.
    house.store.commit(Change(journey=a_journey(journey)))
    assert house.store.commit(Change(outbox=(row,)))
    return row.id


def states(house: House) -> list[OutboxState]:
    return [row.state for row in house.store.outbox()]


def running(relay: Runs) -> Thread:
    thread = Thread(target=relay.run)
    thread.start()
    return thread


def ended(relay: Runs, thread: Thread) -> None:
    relay.stop()
    thread.join(LONG)
    assert not thread.is_alive()


class Counted:
    """Waits until a relay has told of so many messages."""

    def __init__(self, wanted: int) -> None:
        self._wanted = wanted
        self._there = Event()

    def __call__(self, done: Relayed) -> None:
        if done.total >= self._wanted:
            self._there.set()

    def wait(self) -> None:
        assert self._there.wait(LONG)


# -- everything that is due --------------------------------------------------------------------------------------------


def test_what_is_due_is_delivered_and_then_it_ends(house: House, relay_of: Callable[..., Runs]) -> None:
    for number in range(20):
        promise(house, f"journey {number}", channel=list(Channel)[number % 3])
    assert Relayed(delivered=20) == relay_of(house).drain()
    assert {OutboxState.DELIVERED} == set(states(house))


def test_of_two_hundred_messages_one_always_fails_and_the_others_leave(
    house: House, relay_of: Callable[..., Runs]
) -> None:
    def refusing(call: Call, go: Callable[[], Any]) -> Any:
        return TryLater() if call.port == "messengers" and call.arguments[0].to == (BAD,) else go()

    house.tap = refusing
    for number in range(200):
        promise(house, f"journey {number}", to=BAD if number == 7 else "+33600000001")
    assert Relayed(delivered=199, retried=1) == relay_of(house).drain()
    assert [7] == [number for number, state in enumerate(states(house)) if state is OutboxState.WAITING]


def test_what_a_journey_sends_by_a_channel_leaves_in_its_order(house: House, relay_of: Callable[..., Runs]) -> None:
    """However many workers there are."""
    promised = [
        promise(house, f"journey {journey}", number, channel=list(Channel)[journey % 2])
        for number in range(6)
        for journey in range(8)
    ]
    sent: list[MessageId] = []

    def noted(call: Call, go: Callable[[], Any]) -> Any:
        if call.port == "messengers":
            sent.append(call.arguments[1])
        return go()

    house.tap = noted
    relay_of(house, workers=8).drain()
    for journey in range(8):
        mine = [name for name in sent if name.startswith(f"journey {journey}.")]
        assert [name for name in promised if name in set(mine)] == mine
    assert sorted(promised) == sorted(sent)


def test_a_gateway_that_hangs_keeps_one_worker_busy_and_nobody_else(
    house: House, relay_of: Callable[..., Runs]
) -> None:
    """Neither of its channel nor of another one; its time-out ends it."""
    others, timed_out = Counted(20), Event()
    bad = promise(house, "bad", to=BAD)
    for number in range(20):
        promise(house, f"journey {number}", channel=list(Channel)[number % 2])

    def hanging(call: Call, go: Callable[[], Any]) -> Any:
        if call.port == "messengers" and call.arguments[1] == bad:
            assert timed_out.wait(LONG)
            return TryLater()
        return go()

    house.tap = hanging
    relay = relay_of(house, workers=2, tell=others)
    thread = running(relay)
    others.wait()
    assert [OutboxState.WAITING] + [OutboxState.DELIVERED] * 20 == states(house)
    timed_out.set()
    ended(relay, thread)
    assert (OutboxState.WAITING, 1) == (house.store.outbox()[0].state, house.store.outbox()[0].tries)


# -- until it is told to stop ------------------------------------------------------------------------------------------


def test_what_is_promised_while_it_runs_leaves_when_it_is_woken(house: House, relay_of: Callable[..., Runs]) -> None:
    """Its pause would last for an hour."""
    first, second = Counted(1), Counted(2)

    def tell(done: Relayed) -> None:
        first(done)
        second(done)

    promise(house, "first")
    relay = relay_of(house, pause=timedelta(hours=1), tell=tell)
    thread = running(relay)
    first.wait()
    promise(house, "second", channel=Channel.EMAIL)
    relay.wake()
    second.wait()
    ended(relay, thread)


def test_what_is_promised_while_it_runs_leaves_after_a_pause(house: House, relay_of: Callable[..., Runs]) -> None:
    first, second = Counted(1), Counted(2)

    def tell(done: Relayed) -> None:
        first(done)
        second(done)

    promise(house, "first")
    relay = relay_of(house, pause=timedelta(milliseconds=5), tell=tell)
    thread = running(relay)
    first.wait()
    promise(house, "second")
    second.wait()
    ended(relay, thread)


def test_a_relay_that_was_stopped_begins_nothing(house: House, relay_of: Callable[..., Runs]) -> None:
    promise(house, "first")
    if isinstance(relay := relay_of(house), Relay):
        relay.stop()
        assert (Relayed(), Relayed()) == (relay.run(), relay.drain())


def test_a_port_that_fails_for_a_while_does_not_end_it(
    house: House, relay_of: Callable[..., Runs], caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged, once."""
    told, failures = Counted(1), list[Call]()

    def failing(call: Call, go: Callable[[], Any]) -> Any:
        if call.method == "claim" and len(failures) < 20:
            failures.append(call)
            raise ConnectionError("Marie")
        return go()

    house.tap = failing
    promise(house, "first")
    relay = relay_of(house, pause=timedelta(milliseconds=1), tell=told)
    with caplog.at_level(logging.ERROR):
        thread = running(relay)
        told.wait()
        ended(relay, thread)
    assert "the relay failed and goes on: store: ConnectionError" in caplog.messages
    assert 20 > len(caplog.messages)


def test_whoever_is_told_may_fail(
    house: House, relay_of: Callable[..., Runs], caplog: pytest.LogCaptureFixture
) -> None:
    def fails(_: Relayed) -> None:
        raise ValueError("Marie")

    promise(house, "first")
    assert Relayed(delivered=1) == relay_of(house, tell=fails).drain()
    assert ["whoever is told what the relay does failed: ValueError"] == caplog.messages


def test_a_message_that_cannot_be_opened_is_told_when_all_the_rest_is_done(
    house: House, relay_of: Callable[..., Runs]
) -> None:
    """And counts as tried: one day somebody looks at it."""
    for number in range(5):
        promise(house, "journey", number)
    bad = house.store.outbox()[0]
    house.store.commit(Change(outbox=(evolve(bad, sealed=bad.sealed + b"\0"),)))
    with pytest.raises(InfrastructureError, match="a sealed row was changed or moved"):
        relay_of(house).drain()
    assert [OutboxState.WAITING] + [OutboxState.DELIVERED] * 4 == states(house)
    assert 1 == house.store.outbox()[0].tries


def test_a_store_that_fails_ends_what_should_only_drain(house: House, relay_of: Callable[..., Runs]) -> None:
    def failing(call: Call, go: Callable[[], Any]) -> Any:
        if call.port == "store" and call.method != "keys_besides":
            raise ConnectionError
        return go()

    house.tap = failing
    with pytest.raises(InfrastructureError, match="store: ConnectionError"):
        relay_of(house).drain()


@pytest.mark.parametrize(
    "wanted",
    [{"workers": 0}, {"workers": 65}, {"workers": True}, {"workers": 1.0}, {"pause": timedelta()}, {"pause": 1}],
    ids=str,
)
def test_workers_and_pauses_that_cannot_be_are_refused(
    house: House, relay_of: Callable[..., Runs], wanted: dict[str, Any]
) -> None:
    with pytest.raises(CallerError):
        relay_of(house, **wanted)


def test_an_async_messenger_that_never_answers_is_asked_again_later(
    open_house: Callable[..., House], driver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After 50 s, which here are a millisecond. A thread cannot be ended: there the messenger's own time-out does."""
    if driver == "sync":
        return
    from msa_recovery.application import relay

    class Hangs:
        async def deliver(self, message: Message, key: MessageId) -> Delivery:
            await asyncio.Event().wait()
            return Delivered()

    monkeypatch.setattr(relay, "PATIENCE", timedelta(milliseconds=1))
    house = open_house()
    house.ports = evolve(house.ports, messengers=cast(Any, {Channel.SMS: Hangs()}))
    promise(house, "journey")

    async def drained() -> Relayed:
        return await AsyncRelay(AsyncRecovery(house.ports)).drain()

    assert Relayed(retried=1) == asyncio.run(drained())


def test_a_rejected_message_is_told_as_dead(house: House, relay_of: Callable[..., Runs]) -> None:
    house.answer_with(Rejected())
    promise(house, "journey")
    promise(house, "another", channel=Channel.EMAIL)
    assert Relayed(dead=2) == relay_of(house).drain()
