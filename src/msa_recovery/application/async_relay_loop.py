"""A relay that runs in tasks until it is told to stop, for hosts on asyncio: :class:`Relay`, awaited."""

from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, final

from .relay_loop import MOST_FAILURES, PAUSE, WORKERS, Tally, checked

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from .async_recovery import AsyncRecovery
    from .relay import Relayed

__all__ = ["AsyncRelay"]


@final
class _Bell:
    """Wakes whoever waits. Who takes note of ``rung`` before looking for work overlooks no ring."""

    def __init__(self) -> None:
        # Imported here: whoever only names a relay need not wait for asyncio.
        from asyncio import Event, timeout

        self._new, self._timeout = Event, timeout
        self._event = Event()
        self.rung = 0

    def ring(self) -> None:
        self.rung += 1
        heard, self._event = self._event, self._new()
        heard.set()

    async def wait(self, since: int, seconds: float | None) -> None:
        if self.rung == since:
            with suppress(TimeoutError):
                async with self._timeout(seconds):
                    await self._event.wait()


@final
class AsyncRelay:
    """See :class:`Relay`: the same arguments, with tasks instead of threads. Every method is called in the event loop.
    A messenger that has not answered after 50 s is asked again later; cancelled, it leaves what was under way to the
    next relay, under the same key.

    Raises:
        CallerError: so many workers, or such a pause, cannot be.
    """

    def __init__(
        self,
        recovery: "AsyncRecovery",
        *,
        workers: int = WORKERS,
        pause: timedelta = PAUSE,
        tell: "Callable[[Relayed], None] | None" = None,
    ) -> None:
        self._workers, self._pause = checked(workers, pause)
        self._tell = tell
        self._stopped = False
        self._bells = {channel: _Bell() for channel in sorted(recovery.channels)}
        self._effects = _Bell()
        self._recovery = recovery

    async def run(self) -> "Relayed":
        """See :meth:`Relay.run`."""
        tally = Tally(self._tell)
        async with self._recovery.listening(self.wake):
            await self._work(tally, for_ever=True)
        return tally.relayed

    async def drain(self) -> "Relayed":
        """See :meth:`Relay.drain`."""
        tally, before = Tally(self._tell), -1
        while not self._stopped and tally.relayed.total > before:
            before = tally.relayed.total
            await self._work(tally, for_ever=False)
        tally.raise_first()
        return tally.relayed

    def wake(self) -> None:
        """See :meth:`Relay.wake`."""
        for bell in (self._effects, *self._bells.values()):
            bell.ring()

    def stop(self) -> None:
        """See :meth:`Relay.stop`."""
        self._stopped = True
        self.wake()

    async def _work(self, tally: Tally, *, for_ever: bool) -> None:
        from asyncio import TaskGroup

        async with TaskGroup() as workers:
            workers.create_task(self._repeat(self._effects, self._recovery.apply_effects, True, tally, for_ever))
            for channel, bell in self._bells.items():
                step = partial(self._recovery.deliver, channel, 1)
                for number in range(self._workers):
                    workers.create_task(self._repeat(bell, step, number == 0, tally, for_ever))

    async def _repeat(
        self, bell: _Bell, step: "Callable[[], Awaitable[Relayed]]", looks: bool, tally: Tally, for_ever: bool
    ) -> None:
        failures = 0
        while failures < MOST_FAILURES:
            # Before it is asked whether to stop, so that no stop falls between the question and the wait.
            rung = bell.rung
            if self._stopped:
                return
            try:
                done = await step()
            except Exception as error:  # noqa: BLE001 - whatever it is, the others go on, and so does this one
                tally.failed(error)
                if for_ever:
                    await bell.wait(rung, self._pause)
                else:
                    failures += 1
                continue
            failures = 0
            tally.add(done)
            if done.total:
                bell.ring()
            elif not for_ever:
                return
            else:
                await bell.wait(rung, self._pause if looks else None)
