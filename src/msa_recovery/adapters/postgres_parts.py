"""Statements in one: several that write, and what each must have written, in one round trip.

Each is a part (``WITH p0 AS (INSERT ... RETURNING 1), ...``). In the end the rows that they wrote are counted, in the
order of the parts; if they are fewer than they must be, another version stood there, and the statement ends with an
error, so that nothing is written.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final, final

import psycopg
from attrs import frozen

from .sql_steps import Row, Statement

__all__ = ["PRIOR", "Part", "has_moved", "in_one", "part", "source", "two_parts"]

PRIOR: Final = "<prior>"
"""In the text of a part: the name of the part before it."""

_MOVED: Final = "a version moved"

_FEW: Final = 4
"""How many rows of a kind an event writes at most, nearly always."""


@final
@frozen
class Part:
    """Statements of which the last ones write what the first ones did not.

    Attributes:
        texts: the statements, each with ``RETURNING 1`` where its rows are counted.
        values: what is bound, in their order.
        rows: how many they must write together; ``None`` where it does not matter.
    """

    texts: tuple[str, ...]
    values: Row
    rows: int | None


def part(text: str, values: Row, rows: int | None = 1) -> Part:
    """A part of one statement."""
    return Part((text,), values, rows)


def two_parts(first: str, values: Row, second: str, others: Row, rows: int = 1) -> Part:
    """A part of two statements."""
    return Part((first, second), (*values, *others), rows)


def in_one(several: Iterable[Part]) -> Statement:
    """The statement that all of these make together."""
    every = tuple(several)
    text = _assembled(tuple((each.texts, each.rows is not None) for each in every))
    values = [value for each in every for value in each.values]
    return text, (*values, *(each.rows for each in every if each.rows is not None))


@lru_cache(maxsize=512)
def _assembled(several: tuple[tuple[tuple[str, ...], bool], ...]) -> str:
    named: list[str] = []
    counts: list[str] = []
    for texts, counted in several:
        names = [f"p{number}" for number in range(len(named), len(named) + len(texts))]
        priors = (f"p{len(named) - 1}", *names)
        named += (
            f"{name} AS ({text.replace(PRIOR, prior)})" for name, text, prior in zip(names, texts, priors, strict=False)
        )
        if counted:
            counts.append(" + ".join(f"(SELECT count(*) FROM {name})" for name in names))
    ctes = ", ".join(named)
    if not counts:
        return f"WITH {ctes} SELECT 1"
    # The error is a text that is no number. It names no value, for it goes to the server's log.
    every = " AND ".join(f"{count} = ?" for count in counts)
    return f"WITH {ctes} SELECT CASE WHEN {every} THEN 1 ELSE ('{_MOVED}' || ({counts[0]}))::int END"


def has_moved(error: psycopg.Error) -> bool:
    """Whether a statement ended because a version is another one."""
    return isinstance(error, psycopg.errors.InvalidTextRepresentation) and _MOVED in str(error)


def source(types: str, rows: Sequence[Row]) -> tuple[str, Row]:
    """What rows are selected from, with the type of each column, and what is bound there.

    A few stand there one by one, which costs driver and server least; more are arrays, so that there are few texts.
    """
    if len(rows) <= _FEW:
        return _values(types, len(rows)), tuple(value for row in rows for value in row)
    return _arrays(types), tuple(list(column) for column in zip(*rows, strict=True))


@lru_cache(maxsize=128)
def _values(types: str, count: int) -> str:
    row = ", ".join(f"?::{kind}" for kind in types.split())
    return f"(VALUES {', '.join([f'({row})'] * count)})"


@lru_cache(maxsize=32)
def _arrays(types: str) -> str:
    return f"unnest({', '.join(f'?::{kind}[]' for kind in types.split())})"
