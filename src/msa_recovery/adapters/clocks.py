"""What time it is: the system's, or the one that a test sets."""

from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import final

__all__ = ["ManualClock", "SystemClock"]


@final
class SystemClock:
    """The time of the machine, aware and in UTC."""

    __slots__ = ()

    def now(self) -> datetime:
        """This moment."""
        return datetime.now(UTC)


def _in_utc(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError("a naive datetime names no moment: give it a time zone")
    return moment.astimezone(UTC)


@final
class ManualClock:
    """A clock that stands still until it is told otherwise; threads may share it.

    Args:
        start: the first moment it shows, aware; a naive one is a ``ValueError``, here and in :meth:`set`.
    """

    __slots__ = ("_lock", "_now")

    def __init__(self, start: datetime) -> None:
        self._now = _in_utc(start)
        self._lock = Lock()

    def now(self) -> datetime:
        """The moment it was left at, aware and in UTC."""
        return self._now

    def advance(self, by: timedelta) -> None:
        """Move on by a length of time; a negative one moves back, as a system clock does when it is put right."""
        with self._lock:
            self._now += by

    def set(self, moment: datetime) -> None:
        """Go to a moment (aware), later or earlier."""
        moment = _in_utc(moment)
        with self._lock:
            self._now = moment
