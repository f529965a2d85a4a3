"""What the calls of the store on PostgreSQL cost with a thousand journeys, and with a million, and by which plan the
server answers each statement: ``make bench-million-postgres``.

Plans are those that the store gets: prepared, for any values, in a session set up as its own are.
"""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any, Final
from unittest.mock import patch

import psycopg

from msa_recovery.adapters.postgres_engine import settings
from msa_recovery.adapters.postgres_store import PostgresStore

from .bare_postgres import schemas, server
from .filling import tables
from .million import FEW, MANY, Calls, executed, figures, main
from .recorded import Recorded, recorded
from .report import Line

__all__ = ["lines", "plan_of"]

_OURS: Final = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")


def lines(many: int = MANY) -> Iterator[Line | str]:
    """Fill two schemas, measure every call in turns, and show the plans."""
    if server() is None:
        yield "left out: no PostgreSQL answers (MSA_RECOVERY_TEST_POSTGRES)"
        return
    known = recorded()
    with schemas(2) as urls:
        for url, size in zip(urls, (FEW, many), strict=True):
            _fill(url, known, size)
        sides = [Calls(PostgresStore(url), size, known) for url, size in zip(urls, (FEW, many), strict=True)]
        yield f"{FEW:,} and {many:,} journeys and ledgers ({_megabytes(urls[1]):,} MB)"
        yield from figures(sides, many)
        for statement in executed(sides, heard()):
            yield "\n".join((statement, *(f"    {step}" for step in plan_of(urls[1], statement))))


def _fill(url: str, known: tuple[Recorded, ...], count: int) -> None:
    with psycopg.connect(url, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        for table, columns, rows in tables(known, count):
            with cursor.copy(f"COPY {table} {columns} FROM STDIN".encode()) as copy:
                for row in rows:
                    copy.write_row(row)
        cursor.execute("VACUUM ANALYZE")


def _megabytes(url: str) -> int:
    with psycopg.connect(url) as connection:
        size = "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c WHERE relkind = 'r' AND relnamespace ="
        row = connection.execute(f"{size} current_schema()::regnamespace".encode()).fetchone()
    assert row is not None
    return int(row[0]) // 1_000_000


@contextmanager
def heard() -> Generator[list[str]]:
    """As long as this lasts, every statement that a store executes is kept."""
    statements: list[str] = []
    usual = psycopg.Cursor.execute

    def execute(cursor: Any, query: Any, values: Any = None, **options: Any) -> Any:
        text = query.decode() if isinstance(query, bytes) else str(query)
        if text.startswith(_OURS) and text not in statements:
            statements.append(text)
        return usual(cursor, query, values, **options)

    with patch.object(psycopg.Cursor, "execute", execute):
        yield statements


def plan_of(url: str, statement: str) -> tuple[str, ...]:
    """The steps in which the server answers a statement that is prepared for any values."""
    with psycopg.connect(url, autocommit=True) as connection, psycopg.ClientCursor(connection) as cursor:
        cursor.execute(*settings())
        text = statement
        for number in range(1, statement.count("%s") + 1):
            text = text.replace("%s", f"${number}", 1)
        cursor.execute(f"PREPARE one AS {text}".encode())
        literals = ", ".join(["NULL"] * statement.count("%s"))
        shown = cursor.execute(f"EXPLAIN (COSTS OFF) EXECUTE one{f'({literals})' if literals else ''}".encode())
        return tuple(step for (step,) in shown.fetchall())


if __name__ == "__main__":
    main(lines)
