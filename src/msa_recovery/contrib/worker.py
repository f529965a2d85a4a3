"""The periodic work of a host that has no task queue, in one object that does it until it is told to stop.

Each job has a thread (:class:`Worker`) or a task (:class:`AsyncWorker`) of its own, so that none waits for another one
that fails or takes long. Any number of workers, in any number of processes, may share a store.
"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from functools import partial
from logging import getLogger
from queue import Empty, SimpleQueue
from threading import Event
from typing import Final, Generic, TypeVar, final

from msa_recovery import AsyncRecovery, AsyncRelay, Recovery, RecoveryError, Relay

from .schedule import BATCH, Schedule

__all__ = ["AsyncWorker", "Worker"]

_FIRST_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 60.0
"""Seconds after a failure: the first time, and at most."""

_log = getLogger("msa_recovery")

_Done = TypeVar("_Done")


def _noted(number: int, mac: bytes) -> None:
    """Tell a checkpoint; before the first fact there is none."""
    if number:
        _log.info("checkpoint %d:%s", number, mac.hex())


@final
class _Job(Generic[_Done]):
    """One step, which is taken again at once where it did a whole batch; and for how long it is left alone then."""

    def __init__(self, name: str, every: timedelta | None, step: Callable[[], _Done]) -> None:
        self.name = name
        self.step = step
        self._every = _LONGEST_PAUSE if every is None else every.total_seconds()
        self._pause = _FIRST_PAUSE

    def done(self) -> float:
        """Seconds until it is due again."""
        self._pause = _FIRST_PAUSE
        return self._every

    def failed(self, error: Exception) -> float:
        """Seconds until it is tried again: twice as many each time, and never more than until it is due. The text of an
        error that is not ours may tell too much."""
        pause, self._pause = min(self._pause, self._every), min(2 * self._pause, _LONGEST_PAUSE)
        why = error if isinstance(error, RecoveryError) else type(error).__name__
        _log.error("%s failed, and is tried again in %g s: %s", self.name, pause, why)
        return pause


_NOTICE: Final = 1.0
"""Seconds after which Python notices a signal that came right before a wait began, and not in it."""


@final
class Worker:
    """Delivers messages by a :class:`Relay`; and at their intervals, the first time at once, lets journeys lapse,
    purges, and signs a checkpoint over the audit. What fails is logged, and tried again a second later, then after
    twice as long each time, up to a minute: nothing but ``stop`` ends a worker.

    The logger ``msa_recovery`` is told each checkpoint (INFO), as ``msa-recovery audit verify --known`` wants it.

    Args:
        recovery: whose work it is; it may be used elsewhere as well.
        schedule: how often what no person waits for is done.
        relay: one with other settings than :class:`Relay` has by itself. The worker runs it, and stops it.
    """

    def __init__(self, recovery: Recovery, schedule: Schedule | None = None, *, relay: Relay | None = None) -> None:
        times = schedule or Schedule()
        self._relay = relay or Relay(recovery)
        self._stopped = Event()
        # Not the event: an interrupt may leave a lock behind that is taken in Python, and this queue takes none.
        self._over = SimpleQueue[None]()
        self._recovery = recovery
        self._jobs: tuple[_Job[object], ...] = (
            _Job("the relay", None, self._relay.run),
            _Job("lapse_due", times.lapse_due, partial(recovery.lapse_due, BATCH)),
            _Job("purge", times.purge, partial(recovery.purge, BATCH)),
            _Job("checkpoint", times.checkpoint, self._checkpoint),
        )

    def run(self) -> None:
        """Work until ``stop`` is called, or whoever waits here is interrupted; what is under way is finished."""
        with ThreadPoolExecutor(len(self._jobs), "msa-recovery worker") as threads:
            try:
                for job in self._jobs:
                    threads.submit(self._repeat, job)
                while not self._stopped.is_set():
                    with suppress(Empty):
                        self._over.get(timeout=_NOTICE)
            finally:
                self.stop()

    def stop(self) -> None:
        """Let ``run`` return as soon as what is under way is done; begin nothing any more. From any thread, or a signal
        handler."""
        self._stopped.set()
        self._relay.stop()
        self._over.put(None)

    def _repeat(self, job: _Job[object]) -> None:
        while not self._stopped.is_set():
            try:
                while job.step() == BATCH and not self._stopped.is_set():
                    pass
            except Exception as error:  # noqa: BLE001 - whatever it is, the other jobs go on, and so does this one
                self._wait(job.failed(error))
            else:
                self._wait(job.done())

    def _wait(self, seconds: float) -> None:
        self._stopped.wait(seconds)

    def _checkpoint(self) -> None:
        signed = self._recovery.checkpoint()
        _noted(signed.number, signed.mac)


@final
class AsyncWorker:
    """See :class:`Worker`: the same, with tasks instead of threads and an :class:`AsyncRelay`. Every method is called
    in the event loop. Cancelled, it leaves what was under way to the next worker."""

    def __init__(
        self, recovery: AsyncRecovery, schedule: Schedule | None = None, *, relay: AsyncRelay | None = None
    ) -> None:
        times = schedule or Schedule()
        self._relay = relay or AsyncRelay(recovery)
        self._stopped = asyncio.Event()
        self._recovery = recovery
        self._jobs: tuple[_Job[Awaitable[object]], ...] = (
            _Job("the relay", None, self._relay.run),
            _Job("lapse_due", times.lapse_due, partial(recovery.lapse_due, BATCH)),
            _Job("purge", times.purge, partial(recovery.purge, BATCH)),
            _Job("checkpoint", times.checkpoint, self._checkpoint),
        )

    async def run(self) -> None:
        """See :meth:`Worker.run`."""
        async with asyncio.TaskGroup() as tasks:
            for job in self._jobs:
                tasks.create_task(self._repeat(job), name=f"msa-recovery worker: {job.name}")

    def stop(self) -> None:
        """See :meth:`Worker.stop`."""
        self._stopped.set()
        self._relay.stop()

    async def _repeat(self, job: _Job[Awaitable[object]]) -> None:
        while not self._stopped.is_set():
            try:
                while await job.step() == BATCH and not self._stopped.is_set():
                    pass
            except Exception as error:  # noqa: BLE001 - whatever it is, the other jobs go on, and so does this one
                await self._wait(job.failed(error))
            else:
                await self._wait(job.done())

    async def _wait(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopped.wait()

    async def _checkpoint(self) -> None:
        signed = await self._recovery.checkpoint()
        _noted(signed.number, signed.mac)
