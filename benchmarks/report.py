"""How a measurement is judged and printed: one line each, ``ok`` or ``short`` as its last word."""

import os
import platform
from collections.abc import Sequence
from statistics import median, quantiles
from typing import Self, final

from attrs import frozen

__all__ = ["Line", "Spread", "header", "pairwise"]


@final
@frozen
class Spread:
    """The middle of some numbers, and the middle half of them."""

    low: float
    middle: float
    high: float

    @classmethod
    def of(cls, numbers: Sequence[float]) -> Self:
        """The median and the quartiles of two numbers or more."""
        low, _, high = quantiles(numbers, n=4)
        return cls(low, median(numbers), high)


@final
@frozen
class Line:
    """One line of the report.

    Attributes:
        what: what was measured.
        figure: the number that is judged.
        unit: of the figure and its target: ``times``, ``us`` ...
        spread: of the numbers whose middle the figure is, or ``None`` when it is no median.
        least: the least that the design asks for, or ``None``.
        most: the most that the design allows, or ``None``.
    """

    what: str
    figure: float
    unit: str
    spread: Spread | None = None
    least: float | None = None
    most: float | None = None

    @classmethod
    def median_of(
        cls,
        what: str,
        numbers: Sequence[float],
        unit: str,
        *,
        least: float | None = None,
        most: float | None = None,
    ) -> Self:
        """A line whose figure is a median."""
        spread = Spread.of(numbers)
        return cls(what, spread.middle, unit, spread, least, most)

    def __str__(self) -> str:
        spread = "" if self.spread is None else f"half from {self.spread.low:,.2f} to {self.spread.high:,.2f}"
        return f"{self.what:<81} {self.figure:>9,.2f} {self.unit:<8} {spread:<33} {self._verdict}"

    @property
    def _verdict(self) -> str:
        if self.least is not None:
            return f"at least {self.least:<6g} {'ok' if self.figure >= self.least else 'short'}"
        if self.most is not None:
            return f"at most {self.most:<7g} {'ok' if self.figure <= self.most else 'short'}"
        return "no target"


def pairwise(numbers: Sequence[float], others: Sequence[float]) -> list[float]:
    """How many times each number is the one measured beside it."""
    return [number / other for number, other in zip(numbers, others, strict=True)]


def header() -> str:
    """What the figures depend on."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{python} on {platform.system()} {platform.machine()}, {os.cpu_count()} cores"
