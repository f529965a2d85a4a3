"""When a host is killed."""

from random import Random
from typing import Final, Protocol, final

from attrs import frozen

__all__ = ["Blow", "EveryGap", "Never", "OneGapOfEveryCall", "Plan", "Whenever"]


@final
@frozen
class Blow:
    """One death.

    Attributes:
        point: the host kills itself at this point of the call, counted from 0; or
        delay: it is killed after so many seconds.
        every: whether every point counts, or only those between which something is written.
    """

    point: int | None = None
    delay: float | None = None
    every: bool = True


_LIVES: Final = Blow()

_MOST_ANEW: Final = 2
"""How often an attempt begins at its first gap again: a guess is counted first, and judged then. A new journey is begun
anew every time, so there must be an end."""


_MOST_TRIES: Final = 3
"""After so many deaths at random a call gets through."""

_MAKING: Final = 0.15
_ANSWERING: Final = 0.012
"""Seconds; in most calls the answer is there sooner."""


class Plan(Protocol):
    """Says for each attempt of each call how the host dies in it."""

    def blow(self, shape: str, attempt: int, *, progress: bool) -> Blow:
        """How the host dies; a point that the call does not reach, or a delay that it does not need, lets it live.

        Args:
            shape: what is called, and in which state the person is: calls alike pass the same points.
            attempt: how often this call was made before.
            progress: whether the last of these attempts wrote something into the store.
        """
        ...


@final
class Never:
    """Nobody dies."""

    def blow(self, shape: str, attempt: int, *, progress: bool) -> Blow:
        return _LIVES


@final
class EveryGap:
    """Each call dies between any two things that come to last, each time one further, until it gets through.

    Once a death left something behind that the next attempt need not do again, that one begins at its own first gap.
    Of the calls of a shape that died in all their gaps before under this plan, in any story, every other one dies, in
    one of them: each time in another one.
    """

    def __init__(self) -> None:
        self._known: dict[str, int] = {}
        self._turn = 0
        self._next = 0
        self._anew = 0

    def blow(self, shape: str, attempt: int, *, progress: bool) -> Blow:
        if attempt == 0:
            self._turn = self._known.get(shape, -1) + 1
            self._known[shape] = self._turn
            self._next, self._anew = self._turn // 2, 0
        elif self._turn > 0:
            return _LIVES
        elif progress and self._anew < _MOST_ANEW:
            self._next, self._anew = 1, self._anew + 1
        else:
            self._next += 1
        return _LIVES if self._turn % 2 else Blow(point=self._next, every=False)


@final
@frozen
class OneGapOfEveryCall:
    """Every call dies once, at the same point, and then gets through: nothing but this death disturbs it.

    Attributes:
        point: which, counted from 0.
    """

    point: int

    def blow(self, shape: str, attempt: int, *, progress: bool) -> Blow:
        return Blow(point=self.point) if attempt == 0 else _LIVES


@final
class Whenever:
    """Calls die at random moments, also in the middle of what SQLite writes.

    Args:
        seed: of the calls that die, and of the moments; what a host has come to by then is chance all the same.
        most: how often a host dies in the story at most.
        share: of the calls that are to die.
    """

    def __init__(self, seed: int, *, most: int, share: float = 0.25) -> None:
        self._chance = Random(seed)
        self._left = most
        self._share = share

    def blow(self, shape: str, attempt: int, *, progress: bool) -> Blow:
        making = shape.startswith(("settle", "start"))
        if self._left == 0 or attempt >= _MOST_TRIES or not (making or self._chance.random() < self._share):
            return _LIVES
        self._left -= 1
        # The first calls make the files and their tables, which takes longest.
        return Blow(delay=self._chance.uniform(0, _MAKING if making else _ANSWERING))
