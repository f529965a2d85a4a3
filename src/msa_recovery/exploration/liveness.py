"""Invariant 3 over the whole graph: from every state, whoever holds the right secrets gets out.

Out is: completed; or blocked when nothing else is left, which each step was judged for; or past its time, so that
another journey begins. The way there takes only what the holder would do, with the right code, answer or password. Time
may pass on the way only where the person was told when to try again.
"""

from array import array
from collections.abc import Callable, Iterator
from typing import final

__all__ = ["Ways"]


@final
class Ways:
    """The transitions that whoever holds the right secrets may take, place by place.

    Attributes:
        places: how many journeys there may be at once.
    """

    def __init__(self, places: int) -> None:
        self.places = places
        self._sources = [array("l") for _ in range(places)]
        self._targets = [array("l") for _ in range(places)]

    def add(self, place: int, source: int, target: int) -> None:
        """A transition between two states, for the journey in this place."""
        self._sources[place].append(source)
        self._targets[place].append(target)

    def stuck(
        self, place: int, states: int, is_out: Callable[[int], bool], matters: Callable[[int], bool]
    ) -> int | None:
        """The first state that matters and from which there is no way out; ``None`` if there is one from each."""
        out = bytearray(states)
        todo = [state for state in range(states) if is_out(state)]
        for state in todo:
            out[state] = 1
        into = _Incoming(states, self._sources[place], self._targets[place])
        while todo:
            for source in into.of(todo.pop()):
                if not out[source]:
                    out[source] = 1
                    todo.append(source)
        return next((state for state in range(states) if not out[state] and matters(state)), None)


@final
class _Incoming:
    """Where each state is reached from, in one array for all of them."""

    def __init__(self, states: int, sources: "array[int]", targets: "array[int]") -> None:
        self._begins = array("l", [0]) * (states + 1)
        for target in targets:
            self._begins[target + 1] += 1
        for state in range(states):
            self._begins[state + 1] += self._begins[state]
        free, self._sources = array("l", self._begins), array("l", [0]) * len(sources)
        for source, target in zip(sources, targets, strict=True):
            self._sources[free[target]] = source
            free[target] += 1

    def of(self, state: int) -> Iterator[int]:
        """The states that lead into this one."""
        return iter(self._sources[self._begins[state] : self._begins[state + 1]])
