"""What a store asks of its database, as scripts: each yields statements and is sent their rows, so that a call is
written once, whether the driver is called or awaited."""

from collections.abc import Generator
from functools import lru_cache
from typing import Any, TypeVar

__all__ = ["Row", "Statement", "Steps", "placed"]

_T = TypeVar("_T")

Row = tuple[Any, ...]

Statement = tuple[str, tuple[Any, ...]]
"""A statement, with ``?`` for each of the values beside it."""

Steps = Generator[Statement, list[Row], _T]
"""A call under way: what it yields is executed; an error of the driver is thrown into it."""


@lru_cache(maxsize=1_024)
def placed(statement: str) -> bytes:
    """The same as PostgreSQL's driver has it."""
    return statement.replace("?", "%s").encode()
