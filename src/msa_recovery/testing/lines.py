"""Lines between the library and its ports that go dead, each call in its turn: before it does anything, or after it has
done it, so that nobody hears the answer."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final, final

from attrs import frozen

from .tapped import Call

__all__ = ["AFTER", "AFTER_BUT_COMMITS", "BEFORE", "NEVER", "Dead", "Lines", "Plan"]


@final
class Dead(ConnectionError):
    """A line went dead."""


@final
@frozen
class Plan:
    """Which calls fail.

    Attributes:
        name: what a test calls it.
        before: whether a call fails before its effect.
        after: whether it fails after it.
        but: a call that never does.
    """

    name: str
    before: bool = False
    after: bool = False
    but: str = ""


NEVER: Final = Plan("never")
"""No call fails."""

BEFORE: Final = Plan("before", before=True)
"""Each call fails once, before it does anything."""

AFTER: Final = Plan("after", after=True)
"""Each call fails once, after it has done it."""

AFTER_BUT_COMMITS: Final = Plan("after, but commits", after=True, but="store.commit")
"""When every commit that nobody hears of is made again, what follows it in the same call is never reached."""


@final
class Lines:
    """A tap that fails every call of every port once, the calls of each shape in turn; keyed functions are computed
    where the library is, and fail nowhere.

    Args:
        plan: which calls fail.

    Attributes:
        failures: how many calls failed so far.
        points: where, as port and method.
        early: by how much the library's clock is ahead of the story's.
        guards: looks at each call before it is made.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._failed: set[tuple[str, str, int]] = set()
        self._made: Counter[str] = Counter()
        self._shape = ""
        self._cut = False
        self.failures = 0
        self.points: Counter[str] = Counter()
        self.early = timedelta()
        self.guards: Callable[[Call], None] = lambda _: None

    def attempt(self, shape: str) -> None:
        """From here on the calls belong to an attempt of this shape: attempts alike make the same calls. Without a
        shape nothing fails: it is the host that calls, or the test.
        """
        self._shape = shape
        self._made.clear()
        self._cut = False

    def tap(self, call: Call, go: Callable[[], Any]) -> Any:
        """In the line of every port."""
        if call.port == "vault" or not self._shape:
            return go()
        name, what = str(call), _what(call)
        if self._cut and call.port == "messengers":
            # What was promised first is to arrive first: when one message could not be handed over, none can.
            self._fails(name)
        self._made[what] += 1
        point = (self._shape, what, self._made[what])
        fails = (self._plan.before or self._plan.after) and self._plan.but != name and point not in self._failed
        self._failed.add(point)
        if fails and self._plan.before:
            self._fails(name)
        self.guards(call)
        answer = go()
        if fails and self._plan.after:
            self._fails(name)
        return answer + self.early if call.port == "clock" else answer

    def _fails(self, name: str) -> None:
        self.failures += 1
        self.points[name] += 1
        self._cut = name == "messengers.deliver"
        raise Dead(name)


def _what(call: Call) -> str:
    """A call by its method, and where that tells it from others, by what it is about."""
    return f"{call} {type(call.arguments[1]).__name__}" if str(call) == "accounts.apply" else str(call)
