"""A lock that serves in the order of arrival."""

from collections import deque
from threading import Lock
from types import TracebackType
from typing import final

__all__ = ["Turns"]


@final
class Turns:
    """One at a time, first come first served.

    Threads that compute in Python share one interpreter, which hands it over when it likes: with eight of them, a task
    of half a millisecond can take a hundred. Taking turns costs no throughput, and each waits only for those before it.
    """

    __slots__ = ("_lock", "_taken", "_waiting")

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: deque[Lock] = deque()
        self._taken = False

    def __enter__(self) -> None:
        with self._lock:
            if not self._taken:
                self._taken = True
                return
            turn = Lock()
            turn.acquire()
            self._waiting.append(turn)
        try:
            turn.acquire()
        except BaseException:
            self._give_up(turn)
            raise

    def _give_up(self, turn: Lock) -> None:
        """Somebody was interrupted while waiting: nobody waits for a turn that will never be taken."""
        with self._lock:
            if turn in self._waiting:
                self._waiting.remove(turn)
                return
        self._next()

    def _next(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._next()
