"""A relay that runs in threads of its own until it is told to stop, for hosts that call.

Each channel has workers of its own, and each worker has one message at a time. So a message that fails, or a gateway
that hangs, keeps one worker of one channel busy, for as long as the messenger waits, and nobody else.
"""

from datetime import timedelta
from functools import partial
from threading import Condition, Event, Lock, Thread
from typing import TYPE_CHECKING, Final, final

from msa_recovery.domain.errors import CallerError, RecoveryError

if TYPE_CHECKING:
    from collections.abc import Callable

    from .recovery import Recovery
    from .relay import Relayed

__all__ = ["MOST_FAILURES", "PAUSE", "WORKERS", "Relay", "Tally", "checked"]

PAUSE: Final = timedelta(milliseconds=250)
WORKERS: Final = 4

MOST_FAILURES: Final = 8
"""After so many in a row a worker that should only drain an outbox ends: what fails is then no single message."""

_MOST_WORKERS: Final = 64
_LEAST_PAUSE: Final = timedelta(milliseconds=1)


@final
class Tally:
    """What was done so far, and who is told of it; what fails is logged once, until something works again."""

    def __init__(self, tell: "Callable[[Relayed], None] | None") -> None:
        # Imported here: whoever only names a relay need not wait for the charts to be compiled.
        from logging import getLogger

        from .relay import Relayed

        self._log = getLogger("msa_recovery").error
        self._lock = Lock()
        self._tell = tell
        self._logged = False
        self._first: Exception | None = None
        self.relayed = Relayed()

    def add(self, done: "Relayed") -> None:
        """So much more was done."""
        with self._lock:
            self.relayed += done
            self._logged = self._logged and not done.total
            if self._tell is None or not done.total:
                return
            try:
                self._tell(self.relayed)
            except Exception as error:  # noqa: BLE001 - whatever it raises, messages leave
                self._log("whoever is told what the relay does failed: %s", type(error).__name__)

    def failed(self, error: Exception) -> None:
        """A worker failed, and goes on. The text of an error that is not ours may tell too much."""
        with self._lock:
            self._first = self._first or error
            if not self._logged:
                self._logged = True
                why = error if isinstance(error, RecoveryError) else type(error).__name__
                self._log("the relay failed and goes on: %s", why)

    def raise_first(self) -> None:
        """Raise the first failure, if there was one."""
        if self._first is not None:
            raise self._first


def checked(workers: object, pause: object) -> tuple[int, float]:
    """So many workers, and a pause in seconds.

    Raises:
        CallerError: they cannot be.
    """
    if type(workers) is not int or not 1 <= workers <= _MOST_WORKERS:
        raise CallerError(f"workers: a whole number from 1 to {_MOST_WORKERS}")
    if not isinstance(pause, timedelta) or pause < _LEAST_PAUSE:
        raise CallerError("pause: a timedelta of a millisecond or more")
    return workers, pause.total_seconds()


@final
class _Bell:
    """Wakes whoever waits. Who takes note of ``rung`` before looking for work overlooks no ring."""

    def __init__(self) -> None:
        self._condition = Condition()
        self.rung = 0

    def ring(self) -> None:
        with self._condition:
            self.rung += 1
            self._condition.notify_all()

    def wait(self, since: int, seconds: float | None) -> None:
        with self._condition:
            self._condition.wait_for(lambda: self.rung != since, seconds)


@final
class Relay:
    """Delivers what was promised, and applies effects that a crash left open, in threads of its own. Any number of
    relays, in any number of processes, may share a store: a message is with one worker at a time.

    A messenger answers within 50 s, or another worker may send the same message again, under the same key.

    Args:
        recovery: whose outbox it is; it may be used elsewhere as well.
        workers: threads for each channel: so many of its messages are under way at once, 1 to 64.
        pause: for how long a channel in which nothing is due is left alone, a millisecond at least.
        tell: called after each message with what was done so far: one call at a time, in the thread of a worker.

    Raises:
        CallerError: so many workers, or such a pause, cannot be.
    """

    def __init__(
        self,
        recovery: "Recovery",
        *,
        workers: int = WORKERS,
        pause: timedelta = PAUSE,
        tell: "Callable[[Relayed], None] | None" = None,
    ) -> None:
        self._workers, self._pause = checked(workers, pause)
        self._tell = tell
        self._stopped = Event()
        self._bells = {channel: _Bell() for channel in sorted(recovery.channels)}
        self._effects = _Bell()
        self._recovery = recovery

    def run(self) -> "Relayed":
        """Work until ``stop`` is called; then what was done. What fails is logged and tried again, once a pause, and
        raises nothing. On PostgreSQL it is told of each message when it is promised, and need not wait for the end of a
        pause."""
        tally = Tally(self._tell)
        with self._recovery.listening(self.wake):
            self._work(tally, for_ever=True)
        return tally.relayed

    def drain(self) -> "Relayed":
        """Work until nothing is due; then what was done. What is put off is left to the next time.

        Raises:
            InfrastructureError: the first failure, when all the rest is done.
        """
        tally, before = Tally(self._tell), -1
        # Again, as long as something was done: a message may have waited for an earlier one of its journey.
        while not self._stopped.is_set() and tally.relayed.total > before:
            before = tally.relayed.total
            self._work(tally, for_ever=False)
        tally.raise_first()
        return tally.relayed

    def wake(self) -> None:
        """Look now, without waiting for the end of a pause: a host calls it when it has answered an event. From any
        thread."""
        for bell in (self._effects, *self._bells.values()):
            bell.ring()

    def stop(self) -> None:
        """Begin nothing more, for good: ``run`` and ``drain`` return once the messages under way are settled. From any
        thread, or a signal handler."""
        self._stopped.set()
        self.wake()

    def _work(self, tally: Tally, *, for_ever: bool) -> None:
        jobs = [(self._effects, self._recovery.apply_effects, True)]
        for channel, bell in self._bells.items():
            jobs += [(bell, partial(self._recovery.deliver, channel, 1), n == 0) for n in range(self._workers)]
        threads = [
            Thread(target=self._repeat, args=(*job, tally, for_ever), name="msa-recovery relay", daemon=True)
            for job in jobs
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _repeat(self, bell: _Bell, step: "Callable[[], Relayed]", looks: bool, tally: Tally, for_ever: bool) -> None:
        """One worker. Of those of a channel one ``looks`` after each pause, and wakes the others."""
        failures = 0
        while failures < MOST_FAILURES:
            # Before it is asked whether to stop, so that no stop falls between the question and the wait.
            rung = bell.rung
            if self._stopped.is_set():
                return
            try:
                done = step()
            except Exception as error:  # noqa: BLE001 - whatever it is, the others go on, and so does this one
                tally.failed(error)
                if for_ever:
                    self._stopped.wait(self._pause)
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
                bell.wait(rung, self._pause if looks else None)
