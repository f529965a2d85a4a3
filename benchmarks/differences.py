"""Whether two series of times, measured in pairs, can be told apart: how large a difference is, and how sure it is."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from random import Random
from statistics import median
from typing import Final, Self, final

from attrs import frozen

__all__ = ["Difference"]

_RESAMPLES: Final = 1_000
_SURE: Final = 0.99


@final
@frozen
class Difference:
    """What two series of times came to, in microseconds.

    Attributes:
        what: which call.
        times: its median, of the first series.
        middle: the median of the differences within a pair, first less second.
        low: where the interval begins that holds it in 99 of 100 resamples of the pairs (bootstrap).
        high: where it ends.
        guessed: how often somebody guesses right who times one call of each and takes the slower one for the first, in
            percent: the area under the curve of Mann and Whitney; 50 is chance.
        p_value: how likely so many right guesses, or as few, would be by chance (normal approximation, two-sided).
    """

    what: str
    times: float
    middle: float
    low: float
    high: float
    guessed: float
    p_value: float

    @classmethod
    def between(cls, what: str, first: Sequence[int], second: Sequence[int]) -> Self:
        """Of two series in nanoseconds, each as long as the other."""
        pairs = [(one - other) / 1_000 for one, other in zip(first, second, strict=True)]
        chance = Random(len(pairs))
        middles = sorted(median(chance.choices(pairs, k=len(pairs))) for _ in range(_RESAMPLES))
        outside = round(_RESAMPLES * (1 - _SURE) / 2)
        slower = _won(first, second)
        spread = math.sqrt((2 * len(pairs) + 1) / (12 * len(pairs) ** 2))
        p_value = math.erfc(abs(slower - 0.5) / spread / math.sqrt(2))
        times = median(first) / 1_000
        low, high = middles[outside], middles[-outside - 1]
        return cls(what, times, median(pairs), low, high, 100 * slower, p_value)

    def __str__(self) -> str:
        figures = f"{self.times:>10,.0f} us {self.middle:>+9.1f} us ({self.low:>+8.1f} to {self.high:>+8.1f})"
        return f"{self.what:<50} {figures} {self.guessed:>6.1f} %   p = {self.p_value:.3g}"


def _won(first: Sequence[int], second: Sequence[int]) -> float:
    """The share of all pairs, of one of each series, in which the first is the longer one; equal ones count half."""
    others = sorted(second)
    won = sum(bisect_left(others, time) + bisect_right(others, time) for time in first) / 2
    return won / (len(first) * len(others))
