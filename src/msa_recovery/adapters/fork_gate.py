"""The gate before what must not be open while the process forks."""

import os
import weakref
from collections.abc import Callable, Generator
from contextlib import contextmanager
from threading import Condition, RLock, get_ident
from typing import final

__all__ = ["ForkGate"]


@final
class ForkGate:
    """Threads go in and out. Whoever wants to be alone waits until they are out, and keeps them out meanwhile.

    A fork is such a one: it waits for what is under way, then closes what is open, and has the gate until it is over,
    so that the child finds it as it was left.

    Args:
        close: closes what is open; called before a fork, when nobody is inside.
    """

    def __init__(self, close: Callable[[], None]) -> None:
        # A thread may come twice: a signal handler can fork while it is inside, and must not wait for itself.
        self._turn = Condition(RLock())
        self._inside: list[int] = []
        self._wanted = 0
        self._close = close
        _survive_forks(self)

    @contextmanager
    def inside(self) -> Generator[None]:
        """Be inside, with any number of others."""
        me = get_ident()
        with self._turn:
            # Whoever is inside goes on: the one who wants to be alone waits for it.
            self._turn.wait_for(lambda: not self._wanted or me in self._inside)
            self._inside.append(me)
        try:
            yield
        finally:
            with self._turn:
                self._inside.remove(me)
                self._turn.notify_all()

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
        """Go on, and forget those who wanted to be alone: they were not copied."""
        self._wanted = 1
        self._open()

    def _shut(self) -> None:
        me = get_ident()
        self._turn.acquire()
        self._wanted += 1
        self._turn.wait_for(lambda: all(other == me for other in self._inside))

    def _open(self) -> None:
        self._wanted -= 1
        self._turn.notify_all()
        self._turn.release()


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
