"""How SQLite answers the statements of the embedded store: which index it looks into, where it looks at everything."""

import sqlite3
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from msa_recovery.adapters.sqlite_file import SqliteFile

__all__ = ["Statements", "heard", "plans"]

Statements = dict[str, tuple[Any, ...]]
"""Statements, with the values that were bound to each."""


@contextmanager
def heard() -> Generator[Statements]:
    """As long as this lasts, every statement that an embedded store executes is kept."""
    statements: Statements = {}
    usual = SqliteFile.reading

    @contextmanager
    def reading(file: SqliteFile) -> Generator[_Listening]:
        with usual(file) as cursor:
            yield _Listening(cursor, statements)

    with patch.object(SqliteFile, "reading", reading):
        yield statements


class _Listening:
    """A cursor that remembers what it executes."""

    def __init__(self, cursor: sqlite3.Cursor, statements: Statements) -> None:
        self._cursor = cursor
        self._statements = statements

    @property
    def connection(self) -> sqlite3.Connection:
        return self._cursor.connection

    def execute(self, statement: str, values: tuple[Any, ...] = ()) -> sqlite3.Cursor:
        self._statements.setdefault(statement, values)
        return self._cursor.execute(statement, values)

    def executemany(self, statement: str, several: list[tuple[Any, ...]]) -> sqlite3.Cursor:
        self._statements.setdefault(statement, several[0])
        return self._cursor.executemany(statement, several)


def plans(path: Path, statements: Statements) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each statement, and the steps in which it is answered; an insertion has none."""
    connection = sqlite3.connect(path)
    try:
        for statement, values in statements.items():
            rows = connection.execute(f"EXPLAIN QUERY PLAN {statement}", values)
            yield statement, tuple(step for *_, step in rows)
    finally:
        connection.close()
