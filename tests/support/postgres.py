"""PostgreSQL for tests: a server that is there, and in it schemas that a test has to itself, dropped in the end.

The server is the one of ``MSA_RECOVERY_TEST_POSTGRES`` (a URL, of somebody who may create schemas), or else the usual
one of this machine: ``postgresql://postgres@127.0.0.1:5432/postgres``.
"""

import asyncio
import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from secrets import token_hex
from typing import Any, Final, final
from unittest.mock import patch

import psycopg
import pytest
from sqlalchemy import URL, create_engine, event, insert, make_url, select, text

from msa_recovery.adapters.postgres_async_store import AsyncPostgresStore
from msa_recovery.adapters.sql_schema import METADATA, bring_up_to_date

__all__ = [
    "OnALoop",
    "bare",
    "contents",
    "copied",
    "drop_all",
    "empty",
    "executed",
    "fresh",
    "server",
    "tables",
    "troubled",
]

SETTING: Final = "MSA_RECOVERY_TEST_POSTGRES"
_USUAL: Final = "postgresql://postgres@127.0.0.1:5432/postgres"


def server() -> str:
    """The URL of the server. Where there is none the test is skipped; in CI, where none may be, it fails."""
    url = os.environ.get(SETTING, _USUAL)
    why = _lacks(url)
    if why and os.environ.get("CI"):
        pytest.fail(why)
    if why:
        pytest.skip(why)
    return url


@lru_cache(maxsize=1)
def _lacks(url: str) -> str:
    """Why tests that need the server are left out, in one line. Asked once: silence takes 5 s."""
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError as error:
        said = str(error).partition("\n")[0]
        return f"no PostgreSQL: start one, or say in {SETTING} where it is ({said})"
    return ""


_IDLE: Final[list[str]] = []
"""Schemas of this process that no test uses: to make one takes longer than most tests do."""

_MADE_BY: Final[dict[str, int]] = {}


@contextmanager
def fresh() -> Generator[str]:
    """The URL of a schema that the test has to itself: with every table and no row."""
    if not _IDLE:
        name = _made()
        executed(_url_of(name), tables())
        _IDLE.append(name)
    name = _IDLE.pop()
    try:
        yield _url_of(name)
    finally:
        empty(_url_of(name))
        _IDLE.append(name)


@contextmanager
def bare() -> Generator[str]:
    """The URL of a schema without any table, gone afterwards."""
    name = _made()
    try:
        yield _url_of(name)
    finally:
        _drop(name)


def drop_all() -> None:
    """Leave nothing behind on the server; called when the tests of this process are over."""
    for name in [name for name, process in _MADE_BY.items() if process == os.getpid()]:
        _drop(name)
    _IDLE.clear()


def _made() -> str:
    name = f"msa_test_{token_hex(8)}"
    executed(server(), f"CREATE SCHEMA {name}")
    _MADE_BY[name] = os.getpid()
    return name


def _drop(name: str) -> None:
    executed(server(), f"SET client_min_messages = warning; DROP SCHEMA {name} CASCADE")
    del _MADE_BY[name]


def _url_of(schema: str) -> str:
    url = make_url(server()).update_query_dict({"options": f"-csearch_path={schema}"})
    return url.render_as_string(hide_password=False)


_EMPTY: Final = "; ".join(
    (
        *(f"DELETE FROM {table.name}" for table in METADATA.sorted_tables),  # noqa: S608
        *(f"ALTER SEQUENCE {name}_sequence_seq RESTART" for name in ("outbox", "audit")),
    )
)


@lru_cache(maxsize=1)
def tables() -> str:
    """What the migrations execute, in one: they run once a process, not once a test."""
    heard: list[str] = []
    with bare() as url:
        engine = create_engine(_for_the_driver(url))

        @event.listens_for(engine, "before_cursor_execute")
        def _hear(_c: Any, _u: Any, statement: str, values: Any, *_: Any) -> None:
            if statement.lstrip().startswith(("CREATE", "INSERT", "ALTER")):
                assert not values, statement
                heard.append(statement)

        with engine.connect() as connection:
            bring_up_to_date(connection)
            connection.commit()
        engine.dispose()
    return ";".join(heard)


def executed(url: str, statement: str) -> list[tuple[Any, ...]]:
    """Execute something, beside every store; its rows, if it has any."""
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description is not None else []


def empty(url: str) -> None:
    """No row is left, and the next place is the first."""
    executed(url, _EMPTY)


def contents(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, in an order that depends on the rows alone."""
    tables = executed(url, "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1")
    return {name: executed(url, f"SELECT * FROM {name} AS r ORDER BY r") for (name,) in tables}  # noqa: S608


def copied(file: Path, url: str) -> None:
    """The rows of an SQLite file, in a schema that has none."""
    source, target = (create_engine(each) for each in (f"sqlite:///{file}", _for_the_driver(url)))
    with source.connect() as reading, target.begin() as writing:
        for table in METADATA.sorted_tables:
            rows = [row._asdict() for row in reading.execute(select(table))]
            if rows:
                writing.execute(insert(table), rows)
            if "sequence" in table.c:
                last = max((row["sequence"] for row in rows), default=0)
                writing.execute(text(f"ALTER SEQUENCE {table.name}_sequence_seq RESTART {last + 1}"))
    source.dispose()
    target.dispose()


def _for_the_driver(url: str) -> URL:
    return make_url(url).set(drivername="postgresql+psycopg")


@final
class OnALoop:
    """An async store as if it were called: every call runs on one event loop of its own."""

    def __init__(self, store: AsyncPostgresStore) -> None:
        self._store = store
        self._runner = asyncio.Runner()

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)
        return lambda *arguments: self._runner.run(method(*arguments))

    def close(self) -> None:
        self._runner.run(self._store.aclose())
        self._runner.close()


@contextmanager
def troubled(before: Callable[[Any, str], object], after: Callable[[Any, str], object]) -> Generator[None]:
    """As long as this lasts, both are told of every statement that a store executes, with its connection, before it is
    executed and when it has been; what they raise is raised to the store."""
    called, awaited = psycopg.Cursor.execute, psycopg.AsyncCursor.execute

    def execute(cursor: Any, query: Any, *values: Any, **options: Any) -> Any:
        before(cursor.connection, _text(query))
        done = called(cursor, query, *values, **options)
        after(cursor.connection, _text(query))
        return done

    async def execute_awaited(cursor: Any, query: Any, *values: Any, **options: Any) -> Any:
        before(cursor.connection, _text(query))
        done = await awaited(cursor, query, *values, **options)
        after(cursor.connection, _text(query))
        return done

    with (
        patch.object(psycopg.Cursor, "execute", execute),
        patch.object(psycopg.AsyncCursor, "execute", execute_awaited),
    ):
        yield


def _text(query: object) -> str:
    return query.decode() if isinstance(query, bytes) else str(query)
