"""The tables on a PostgreSQL server: made or lifted by the first host that comes, while the others wait.

A table in use is never locked for long: a migration that does not get its lock at once gives up, lets the others pass,
and tries again.
"""

import random
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import psycopg
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from msa_recovery.application.errors import InfrastructureError

from .postgres_engine import options_for, place_of, trouble
from .sql_schema import bring_up_to_date, is_up_to_date, journeys

if TYPE_CHECKING:
    from collections.abc import Generator

    from sqlalchemy import URL, Connection

__all__ = ["MIGRATING", "are_there", "prepare", "prepared"]

MIGRATING: Final = 0x6D7361
"""The number of the advisory lock of whoever lifts the tables."""

_PATIENCE: Final = 60
_PAUSE: Final = 0.1

# Whoever waits for a table keeps all others waiting who come after: a second is what a person does not mind.
_LOCK_MS: Final = 1_000


def prepared(connection: "Connection") -> None:
    """Make the tables, or lift those of an older release; do nothing where they are as they should be.

    Raises:
        InfrastructureError: they were made by a newer release; or somebody keeps a table locked; or another host lifts
            them for longer than a minute.
    """
    if is_up_to_date(connection):
        return
    # On a connection of its own, which has transactions as Alembic opens them, and other limits.
    url = connection.engine.url
    engine = create_engine(url, poolclass=NullPool, connect_args={**options_for(url), "autocommit": False})
    try:
        with engine.connect() as own:
            own.execute(text(f"SET lock_timeout = {_LOCK_MS}"))
            own.commit()
            _lift_when_alone(own)
    finally:
        engine.dispose()


def prepare(url: "URL") -> None:
    """The same on a connection of its own.

    Raises:
        InfrastructureError: as above.
    """
    with _connected(url) as connection:
        prepared(connection)


def are_there(url: "URL") -> bool:
    """Whether the tables were made, by whatever release.

    Raises:
        InfrastructureError: the server cannot be asked.
    """
    try:
        with _connected(url) as connection:
            return inspect(connection).has_table(journeys.name)
    except DBAPIError as error:
        raise trouble(place_of(url), error.orig) from error


@contextmanager
def _connected(url: "URL") -> "Generator[Connection]":
    engine = create_engine(url, poolclass=NullPool, connect_args=options_for(url))
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _lift_when_alone(connection: "Connection") -> None:
    give_up = time.monotonic() + _PATIENCE
    while True:
        # Asked for again and again: who waits inside a statement keeps an index from being made concurrently.
        alone = connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": MIGRATING})
        connection.commit()
        if alone:
            try:
                bring_up_to_date(connection)
            except DBAPIError as error:
                if not isinstance(error.orig, psycopg.errors.LockNotAvailable) or time.monotonic() > give_up:
                    raise
            else:
                connection.commit()
                return
            finally:
                connection.rollback()
                connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": MIGRATING})
                connection.commit()
        elif time.monotonic() > give_up:
            raise InfrastructureError("store", f"another host has lifted the tables for more than {_PATIENCE} s")
        time.sleep(_PAUSE * random.uniform(1, 3))  # noqa: S311 - nobody guards anything with it
