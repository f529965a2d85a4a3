"""The periodic work by a worker, whichever driver is behind it. No test waits: time goes by where a worker would."""

import asyncio
import logging
import os
import signal
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from datetime import timedelta
from functools import partial
from threading import Lock, Thread
from threading import enumerate as threads
from typing import Any, final

import pytest

from msa_recovery import AsyncRecovery, InfrastructureError, Recovery, UnknownHandle
from msa_recovery.application.facts import Checkpoint
from msa_recovery.application.messages import MessageKind
from msa_recovery.contrib.schedule import BATCH, Schedule
from msa_recovery.contrib.worker import AsyncWorker, Worker
from msa_recovery.domain.account import Channel
from msa_recovery.testing.people import START
from tests.support.house import HERE, House

JOBS = ("lapse_due", "purge", "checkpoint")
DAY = timedelta(days=1).total_seconds()
LONG = 30
"""Seconds after which a test fails that waits for something."""
DOING: ContextVar[str] = ContextVar("DOING")
"""The job of this thread, or of this task."""


@pytest.fixture(params=["sync", "async"])
def driver(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@final
class Working:
    """A worker whose pauses take no time. Once each job has paused for so long, ``over`` is called, and all wait.

    Attributes:
        pauses: of each job, in seconds and in their order.
    """

    def __init__(self, house: House, driver: str, monkeypatch: pytest.MonkeyPatch, *, seconds: float = 0.0) -> None:
        self._driver = driver
        self._patch = monkeypatch
        self._seconds = seconds
        self._busy, self._lock = set(JOBS), Lock()
        self.recovery: Any = Recovery(house.ports) if driver == "sync" else AsyncRecovery(house.ports)
        self.over: Callable[[], None] = self._stop
        self.pauses: dict[str, list[float]] = defaultdict(list)

    def does(self, name: str, step: Callable[[], Any]) -> None:
        """This job does that."""

        async def awaited(*_: Any) -> Any:
            return step()

        self._patch.setattr(self.recovery, name, awaited if self._driver == "async" else lambda *_: step())

    def run(self, schedule: Schedule | None = None) -> None:
        """Until it is stopped."""
        if self._driver == "sync":
            self.worker: Any = Worker(self.recovery, schedule)
            self._steers(self._wait, self._repeat)
            self.worker.run()
        else:
            asyncio.run(self._run(schedule))

    async def _run(self, schedule: Schedule | None) -> None:
        self.worker = AsyncWorker(self.recovery, schedule)
        self._steers(self._await, self._arepeat)
        await self.worker.run()

    def _steers(self, wait: Callable[[float], Any], repeat: Callable[[Any], Any]) -> None:
        self._really = self.worker._repeat
        self._patch.setattr(self.worker, "_wait", wait)
        self._patch.setattr(self.worker, "_repeat", repeat)

    def _repeat(self, job: Any) -> None:
        DOING.set(job.name)
        self._really(job)

    async def _arepeat(self, job: Any) -> None:
        DOING.set(job.name)
        await self._really(job)

    def _wait(self, seconds: float) -> None:
        if self._waits_for_all(seconds):
            self.worker._stopped.wait()

    async def _await(self, seconds: float) -> None:
        if self._waits_for_all(seconds):
            await self.worker._stopped.wait()

    def _stop(self) -> None:
        self.worker.stop()

    def _waits_for_all(self, seconds: float) -> bool:
        name = DOING.get()
        with self._lock:
            self.pauses[name].append(seconds)
            if name not in JOBS or sum(self.pauses[name]) < self._seconds:
                return False
            self._busy.discard(name)
            if not self._busy:
                self.over()
            return True


def done_of(name: str, done: list[str]) -> Any:
    """Does nothing but be counted; what a checkpoint answers."""
    done.append(name)
    return Checkpoint(1, START, 0, 0, b"digest", b"", b"mac") if name == "checkpoint" else 0


@pytest.fixture
def house(driver: str) -> Iterator[House]:
    opened = House(driver)
    yield opened
    opened.host.close()


def test_each_job_is_done_at_once_and_then_at_its_interval(
    house: House, driver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    working = Working(house, driver, monkeypatch, seconds=3 * DAY)
    done: list[str] = []
    for name in JOBS:
        working.does(name, partial(done_of, name, done))
    working.run()
    assert {"lapse_due": 3 * 24 * 60, "purge": 3 * 24, "checkpoint": 3} == {name: done.count(name) for name in JOBS}


def test_the_intervals_are_those_of_the_schedule(house: House, driver: str, monkeypatch: pytest.MonkeyPatch) -> None:
    working = Working(house, driver, monkeypatch)
    working.run(Schedule(lapse_due=timedelta(seconds=7), purge=timedelta(hours=8), checkpoint=timedelta(hours=9)))
    assert {"lapse_due": [7], "purge": [8 * 3_600], "checkpoint": [9 * 3_600]} == {
        name: working.pauses[name] for name in JOBS
    }


def test_a_whole_batch_is_followed_by_the_next_one_at_once(
    house: House, driver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    working = Working(house, driver, monkeypatch)
    batches = [BATCH, BATCH, BATCH - 1]
    working.does("purge", lambda: batches.pop(0))
    working.run()
    assert ([], 1) == (batches, len(working.pauses["purge"]))


def test_what_fails_is_tried_again_after_longer_and_longer_and_holds_nobody_up(
    house: House, driver: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    working = Working(house, driver, monkeypatch, seconds=4 * 3_600)
    failures = iter([True] * 8 + [False] + [True] * 2)

    def failing() -> int:
        if next(failures, False):
            raise InfrastructureError("store", "it is away")
        return 0

    working.does("purge", failing)
    with caplog.at_level(logging.ERROR, "msa_recovery"):
        working.run()
    assert [1, 2, 4, 8, 16, 32, 60, 60, 3_600, 1, 2, 3_600, 3_600, 3_600] == working.pauses["purge"]
    assert 4 * 60 == len(working.pauses["lapse_due"])
    assert "purge failed, and is tried again in 2 s: store: it is away" in caplog.messages
    assert 10 == len(caplog.messages)


def test_a_job_that_is_due_often_is_never_left_alone_for_longer(
    house: House, driver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    working = Working(house, driver, monkeypatch, seconds=10)

    def failing() -> int:
        raise InfrastructureError("store", "it is away")

    working.does("lapse_due", failing)
    working.run(Schedule(lapse_due=timedelta(seconds=3)))
    assert [1, 2, 3, 3, 3] == working.pauses["lapse_due"]


def test_whatever_is_raised_ends_no_worker_and_its_text_is_not_logged(
    house: House, driver: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    working = Working(house, driver, monkeypatch, seconds=3)
    errors: list[Exception] = [ZeroDivisionError("Marie"), RuntimeError("Marie")]

    def failing() -> int:
        if errors:
            raise errors.pop()
        return 0

    working.does("lapse_due", failing)
    working.run()
    assert [] == errors
    assert "lapse_due failed, and is tried again in 1 s: RuntimeError" in caplog.messages
    assert "Marie" not in caplog.text


def test_a_relay_that_cannot_begin_is_begun_again(house: House, driver: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before its own workers are there to go on after whatever fails."""
    working = Working(house, driver, monkeypatch)
    listening, tries = working.recovery.listening, list[int]()

    def failing(tell: Callable[[], None]) -> Any:
        tries.append(1)
        if len(tries) == 1:
            raise InfrastructureError("store", "it is away")
        working.worker.stop()
        return listening(tell)

    monkeypatch.setattr(working.recovery, "listening", failing)
    working.over = lambda: None
    working.run()
    assert (2, 1) == (len(tries), working.pauses["the relay"][0])


def test_messages_leave_and_journeys_lapse_and_go_and_the_audit_is_signed(
    house: House, driver: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """R59."""
    old = house.at_code().handle
    house.clock.advance(timedelta(hours=2))
    assert 1 == house.host.lapse_due()
    house.clock.advance(house.host.policy.retention + timedelta(days=1))
    house.at_code()
    house.clock.advance(timedelta(hours=2))
    house.at_code()
    with caplog.at_level(logging.INFO, "msa_recovery"):
        _until_delivered(house, driver, monkeypatch)
    signed = house.store.last_checkpoint()
    assert signed is not None
    assert f"checkpoint 1:{signed.mac.hex()}" in caplog.messages
    assert 0 == house.host.lapse_due()
    with pytest.raises(UnknownHandle):
        house.host.resume(old, HERE)


def test_before_the_first_fact_no_checkpoint_is_told(
    house: House, driver: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "msa_recovery"):
        Working(house, driver, monkeypatch).run()
    assert [] == caplog.messages


def _until_delivered(house: House, driver: str, monkeypatch: pytest.MonkeyPatch) -> None:
    working = Working(house, driver, monkeypatch)
    everything = {"a message", "every job"}
    lock = Lock()

    def happened(what: str) -> None:
        with lock:
            everything.discard(what)
            if not everything:
                working.worker.stop()

    def told(call: Any, go: Callable[[], Any]) -> Any:
        answer = go()
        if call.port == "messengers" and call.arguments[0].kind is MessageKind.CODE:
            happened("a message")
        return answer

    house.tap = told
    working.over = lambda: happened("every job")
    working.run()
    assert house.inboxes[Channel.SMS].messages()


# -- its end -----------------------------------------------------------------------------------------------------------


def test_a_worker_that_was_stopped_begins_nothing(house: House, driver: str) -> None:
    house.at_code()
    if driver == "sync":
        worker = Worker(Recovery(house.ports))
        worker.stop()
        worker.run()
    else:

        async def run() -> None:
            worker = AsyncWorker(AsyncRecovery(house.ports))
            worker.stop()
            await worker.run()

        asyncio.run(run())
    assert () == house.inboxes[Channel.SMS].messages()
    assert house.store.last_checkpoint() is None


def test_a_worker_that_pauses_for_hours_is_stopped_at_once(house: House, driver: str) -> None:
    """From another thread, or another task."""
    hours = Schedule(lapse_due=timedelta(hours=9), purge=timedelta(hours=9), checkpoint=timedelta(hours=9))

    async def run() -> None:
        worker = AsyncWorker(AsyncRecovery(house.ports), hours)
        async with asyncio.timeout(LONG), asyncio.TaskGroup() as tasks:
            tasks.create_task(worker.run())
            await worker._wait(0.01)
            worker.stop()

    if driver == "async":
        asyncio.run(run())
        return
    worker = Worker(Recovery(house.ports), hours)
    thread = Thread(target=worker.run)
    thread.start()
    worker._wait(0.01)
    worker.stop()
    thread.join(LONG)
    assert not thread.is_alive()


@pytest.mark.parametrize("driver", ["sync"])
@pytest.mark.parametrize(("number", "ends"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, None)])
def test_a_signal_ends_every_thread(
    house: House, number: signal.Signals, ends: type[BaseException] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C interrupts whoever waits for it; of a service manager's signal the host tells it."""
    working = Working(house, "sync", monkeypatch)
    working.over = lambda: os.kill(os.getpid(), number)
    handlers = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: lambda *_: working.worker.stop()}
    before = {each: signal.signal(each, handler) for each, handler in handlers.items()}
    try:
        if ends is None:
            working.run()
        else:
            with pytest.raises(ends):
                working.run()
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
    assert [] == [thread for thread in threads() if thread.name.startswith("msa-recovery")]


@pytest.mark.parametrize("driver", ["async"])
def test_a_task_that_is_cancelled_leaves_no_task_behind(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        begun = asyncio.Event()

        async def lapses(_: int) -> int:
            begun.set()
            return 0

        recovery = AsyncRecovery(house.ports)
        monkeypatch.setattr(recovery, "lapse_due", lapses)
        others = asyncio.all_tasks()
        task = asyncio.create_task(AsyncWorker(recovery).run())
        await begun.wait()
        assert asyncio.all_tasks() > {task}
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert others == asyncio.all_tasks()

    asyncio.run(run())
