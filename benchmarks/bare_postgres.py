"""The bare driver of PostgreSQL, used the best way: what an event could cost if nothing had to be compared or decided.

One connection, prepared statements, and rows that are ready before anything is timed; what an event writes is one
statement, with a text made for just this many rows. Each is the row that the product writes, of the same bytes.
"""

import os
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from typing import Any, Final, final
from uuid import uuid4

import psycopg
from psycopg import sql

from msa_recovery.adapters.codec import Codec
from msa_recovery.adapters.postgres_store import PostgresStore
from msa_recovery.domain.account import Pseudonym

from .bare import Rows, journey_row, ledger_row
from .recorded import Recorded

__all__ = ["BareServer", "contents", "schemas", "server"]

_SERVER: Final = os.environ.get("MSA_RECOVERY_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")

_JOURNEY: Final = "SELECT snapshot, handle, account, finished_at, version, facts, head FROM journeys WHERE handle = %s"
_LEDGER: Final = (
    "SELECT snapshot, version, NULL, NULL, facts, head FROM ledgers WHERE account = %s"
    " UNION ALL SELECT NULL, number, journey, sealed, NULL, NULL FROM intents WHERE account = %s"
)
_UPDATE_JOURNEY: Final = (
    "j AS (UPDATE journeys SET handle = %s, deadline = %s, finished_at = %s, pseudonym = %s, account = %s,"
    " snapshot = %s, keys = %s, facts = %s, head = %s, version = version + 1 WHERE id = %s AND version = %s)"
)
_UPDATE_LEDGER: Final = (
    "l AS (UPDATE ledgers SET snapshot = %s, keys = %s, keys_until = %s, until = %s, version = version + 1"
    " WHERE account = %s AND version = %s)"
)
_INSERTS: Final = (
    (
        "outbox",
        "(id, account, journey, channel, contact, until, sealed, keys, due, tries, state, facts, head, version)",
    ),
    ("intents", "(account, number, journey, sealed, keys)"),
    ("audit", "(at, account, journey, name, row, reason, chain, number, mac)"),
)
_TABLES: Final = {
    "journeys": "id",
    "ledgers": "account",
    "outbox": "id",
    "intents": "account, number",
    "audit": "chain, number",
}

_Row = tuple[Any, ...]


def server() -> str | None:
    """Where the server is that is measured, if one answers there."""
    try:
        psycopg.connect(_SERVER, connect_timeout=2).close()
    except psycopg.OperationalError:
        return None
    return _SERVER


@contextmanager
def schemas(count: int) -> Generator[list[str]]:
    """The URLs of so many schemas with empty tables, gone afterwards."""
    names = [f"msa_bench_{uuid4().hex}" for _ in range(count)]
    with psycopg.connect(_SERVER, autocommit=True) as connection:
        try:
            urls: list[str] = []
            for name in names:
                connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
                urls.append(f"{_SERVER}?options=-csearch_path%3D{name}")
                store = PostgresStore(urls[-1])
                store.ledger(Pseudonym("nobody"))
                store.close()
            yield urls
        finally:
            connection.execute("SET client_min_messages = warning")
            for name in names:
                connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(name)))


@final
class BareServer:
    """A schema whose tables are there, on one connection of the driver."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True, prepare_threshold=0)
        self._connection.prepared_max = 200
        self._cursor = self._connection.cursor()

    def fill(self, every: Iterable[Recorded], codec: Codec) -> None:
        """Put the journeys and ledgers there that the events begin with."""
        with self._connection.transaction():
            self._cursor.executemany(
                "INSERT INTO journeys (handle, deadline, finished_at, pseudonym, account, snapshot, keys, facts, head,"
                " id, version) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                [(*journey_row(known.journey, codec), known.journey.version) for known in every],
            )
            self._cursor.executemany(
                "INSERT INTO ledgers (snapshot, keys, keys_until, until, account, version, facts, head)"
                " VALUES (%s, %s, %s, %s, %s, %s, 0, '')",
                [(*ledger_row(known.ledger, codec), known.ledger.version) for known in every],
            )
        for table in ("journeys", "ledgers"):
            self._cursor.execute(f"VACUUM ANALYZE {table}".encode())

    def take(self, rows: Rows) -> None:
        """Read what the event needs, and write what it does."""
        cursor = self._cursor
        cursor.execute(_JOURNEY, (rows.handle,), binary=True)
        cursor.fetchall()
        cursor.execute(_LEDGER, (rows.account, rows.account), binary=True)
        cursor.fetchall()
        text, values = self.statement(rows)
        cursor.execute(text, values, binary=True)

    @staticmethod
    def statement(rows: Rows) -> tuple[bytes, _Row]:
        """All that an event writes, in one."""
        parts, values = [_UPDATE_JOURNEY], [*rows.journey]
        if rows.ledger is not None:
            parts.append(_UPDATE_LEDGER)
            values += rows.ledger
        messages = tuple((*row, 1) for row in rows.messages)
        for (table, names), several in zip(_INSERTS, (messages, rows.intents, rows.facts), strict=True):
            if several:
                marks = ", ".join(f"({', '.join(['%s'] * len(row))})" for row in several)
                parts.append(f"{table[0]}_ AS (INSERT INTO {table} {names} VALUES {marks})")
                values += (value for row in several for value in row)
        return f"WITH {', '.join(parts)} SELECT 1".encode(), tuple(values)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def contents(url: str) -> list[list[_Row]]:
    """Every row of every table, but for its place."""
    with psycopg.connect(url) as connection:
        found = [
            connection.execute(f"SELECT * FROM {table} ORDER BY {order}".encode()).fetchall()
            for table, order in _TABLES.items()
        ]
    return [rows if place < 2 else [row[1:] for row in rows] for place, rows in enumerate(found)]
