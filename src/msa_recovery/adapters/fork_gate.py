"""The gate before what must not be open while the process forks."""

import os
import weakref
from collections.abc import Callable, Generator
from contextlib import contextmanager
from threading import Condition, RLock, get_ident
from typing import final

__all__ = ["Crowded", "ForkGate"]


@final
class Crowded(Exception):
    """As many as may be inside stayed there for too long."""


@final
class ForkGate:
    """Threads go in and out, so many at a time. Whoever wants to be alone waits until they are out, and keeps them out
    meanwhile.

    A fork is such a one: it waits for what is under way, then closes what is open, and has the gate until it is over,
    so that the child finds it as it was left.

    Args:
        close: closes what is open; called before a fork, when nobody is inside.
        most: how many may be inside at once.
        patience: for how many seconds one waits for another to leave.
    """

    def __init__(self, close: Callable[[], None], most: int, patience: float) -> None:
        # A thread may come twice: a signal handler can fork while it is inside, and must not wait for itself.
        self._lock = RLock()
        self._turn = Condition(self._lock)
        self._most = most
        self._patience = patience
        self._inside: list[int] = []
        self._waiting = 0
        self._wanted = 0
        self._close = close
        _survive_forks(self)

    def enter(self) -> int:
        """Be inside, with others; what :meth:`leave` is given then.

        Raises:
            Crowded: nobody left in time.
        """
        me = get_ident()
        with self._lock:
            if (self._wanted or len(self._inside) >= self._most) and not self._wait(
                lambda: self._may_enter(me), self._patience
            ):
                raise Crowded
            self._inside.append(me)
        return me

    def leave(self, who: int) -> None:
        """Be outside again."""
        with self._lock:
            self._inside.remove(who)
            if self._waiting:
                self._turn.notify_all()

    def _may_enter(self, me: int) -> bool:
        # Whoever is inside goes on: the one who wants to be alone waits for it.
        return len(self._inside) < self._most and (not self._wanted or me in self._inside)

    def _wait(self, so: Callable[[], bool], patience: float | None = None) -> bool:
        self._waiting += 1
        try:
            return self._turn.wait_for(so, patience)
        finally:
            self._waiting -= 1

    @contextmanager
    def alone(self) -> Generator[None]:
        """Be inside with nobody else."""
        self._shut()
        try:
            yield
        finally:
            self._open()

    def before_fork(self) -> None:
        """Let what is under way end, close what is open, and keep the gate."""
        self._shut()
        self._close()

    def in_parent(self) -> None:
        """Go on."""
        self._open()

    def in_child(self) -> None:
        """Go on, and forget those who wanted to be alone or to come in: they were not copied."""
        self._wanted, self._waiting = 1, 0
        self._open()

    def _shut(self) -> None:
        me = get_ident()
        self._lock.acquire()
        self._wanted += 1
        self._wait(lambda: all(other == me for other in self._inside))

    def _open(self) -> None:
        self._wanted -= 1
        self._turn.notify_all()
        self._lock.release()


def _survive_forks(gate: ForkGate) -> None:
    """Have the gate told of every fork, for as long as somebody has it: hooks cannot be taken back."""
    known = weakref.ref(gate)

    def told(what: Callable[[ForkGate], None]) -> Callable[[], None]:
        def tell() -> None:
            still = known()
            if still is not None:
                what(still)

        return tell

    os.register_at_fork(
        before=told(ForkGate.before_fork),
        after_in_parent=told(ForkGate.in_parent),
        after_in_child=told(ForkGate.in_child),
    )
