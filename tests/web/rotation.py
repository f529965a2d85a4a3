"""How each story is looked at: phone or desktop, scripts or none, in turns; in every way for ``make web-deep``."""

import os
from collections.abc import Iterable
from itertools import product
from typing import Final, TypeVar

from attrs import evolve

from .chromium import DESKTOP, PHONE, View

__all__ = ["DEEP", "VIEWS", "in_turns"]

VIEWS: Final = tuple(evolve(view, scripts=scripts) for view, scripts in product((PHONE, DESKTOP), (True, False)))
"""Every way to look."""

DEEP: Final = os.environ.get("WEB_DEEP") == "1"
"""Whether everything is looked at in every way."""

T = TypeVar("T")


def in_turns(several: Iterable[T]) -> list[tuple[T, View]]:
    """Each of them with one way to look, the next one with the next; with every way when it goes deep."""
    if DEEP:
        return list(product(several, VIEWS))
    return [(one, VIEWS[number % len(VIEWS)]) for number, one in enumerate(several)]
