"""How connections to a PostgreSQL server are opened and set up, what its names for failures mean, and after which of
them a call is made again."""

import os
import random
import re
from typing import Any, Final, final

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from msa_recovery.application.errors import InfrastructureError
from msa_recovery.domain.errors import CallerError

__all__ = [
    "CONNECTIONS",
    "LOCK_MS",
    "PATIENCE",
    "PREPARED",
    "STATEMENT_MS",
    "Attempts",
    "crowded",
    "has_rows",
    "is_lost",
    "is_settled",
    "options_for",
    "place_of",
    "pool_for",
    "settings",
    "trouble",
    "unwrapped",
    "url_of",
]

CONNECTIONS: Final = 8
"""How many connections a host has to the server at most, unless it says otherwise."""

PATIENCE: Final = 30
"""Seconds that a call waits for one of them."""

STATEMENT_MS: Final = 15_000
"""How long the server works on one statement before it gives up."""

LOCK_MS: Final = 5_000
"""How long a statement waits for a row that another one is writing."""

_IDLE_MS: Final = 30_000
"""How long the server keeps a transaction open in which nothing happens."""

_TRIES: Final = 5
"""How often a call is made before its failure is told."""

_AGAIN: Final = frozenset({"40001", "40P01"})
"""Serialization failures and deadlocks: nothing was written, and the same call may well succeed now."""

_OPTIONS: Final[dict[str, Any]] = {
    "autocommit": True,
    # Every statement of ours is prepared the first time that a connection runs it.
    "prepare_threshold": 0,
    "connect_timeout": 5,
    # A server that is gone without a word is noticed.
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
    "application_name": "msa-recovery",
}
"""What the driver is told, where the URL says nothing else."""

_SETTINGS: Final = {
    "statement_timeout": STATEMENT_MS,
    "lock_timeout": LOCK_MS,
    "idle_in_transaction_session_timeout": _IDLE_MS,
    # What the compared versions rely on: who waited for a row sees what was written into it.
    "default_transaction_isolation": "read committed",
    # Every statement has an index, also while the statistics are those of yesterday's empty table.
    "enable_seqscan": "off",
    # As the statements are few and look for single rows, they are planned once.
    "plan_cache_mode": "force_generic_plan",
    # To start helpers, or to compile, takes longer than what they would do.
    "max_parallel_workers_per_gather": 0,
    "jit": "off",
}

PREPARED: Final = 200
"""How many statements a connection keeps prepared: more than there are."""

_LOST: Final = ("57P01", "57P02", "57P03", "57P05", "08")

_CAUSES: Final = {
    "57014": f"a statement took more than {STATEMENT_MS // 1_000} s: look at the load of the server",
    "55P03": f"a row was kept locked for more than {LOCK_MS // 1_000} s: look for a transaction that does not end",
    "40": "others wrote the same rows under every attempt",
    "53": "it has no room or memory left",
    "3F000": "the schema does not exist: create it",
    "42501": "this user may not read or write the tables, or may not create them",
    "42P01": "a table is missing",
    "25006": "it takes no writes: it is a standby, or is read-only",
    "58": "its disk fails",
    "XX": "it is damaged: look into its log",
    "57P03": "it is starting up or shutting down",
    "57P": "it was shut down, or ended the connection",
}
"""What is wrong, by the beginning of PostgreSQL's code for it: the first that fits."""

_FIRST_PAUSE: Final = 0.02

_SETTING: Final = "the URL that compose(store=...), or the command, was given"

_REFUSAL: Final = re.compile(r"connection failed: .*: (\w+:  .+)")
"""What the driver says of a server that answered and let nobody in. It has no code for the cause, only the words of the
server, in its language, behind a severity and two spaces; they name a user or a database, and never a password."""


def url_of(text: str) -> URL:
    """Where the server is.

    Raises:
        CallerError: it is no URL of a PostgreSQL database.
    """
    try:
        url = make_url(text)
    except ArgumentError:
        url = None
    if url is None or url.drivername not in ("postgresql", "postgres", "postgresql+psycopg") or not url.database:
        raise CallerError("store: postgresql://user@host/database")
    return url.set(drivername="postgresql+psycopg")


def options_for(url: URL) -> dict[str, Any]:
    """What the driver is told."""
    return {name: value for name, value in _OPTIONS.items() if name not in url.query}


def pool_for(url: URL, connections: int) -> dict[str, Any]:
    """What the engine is told: it keeps so many connections and opens no more, and what was left open on one is ended
    by whoever left it."""
    return {
        "pool_size": connections,
        "max_overflow": 0,
        "pool_reset_on_return": None,
        "connect_args": options_for(url),
    }


def place_of(url: URL) -> str:
    """Where the server is, for what is said of a failure: without user and password."""
    host = url.host or os.environ.get("PGHOST", "its local socket")
    return f"PostgreSQL at {host}:{url.port or os.environ.get('PGPORT', '5432')}, database {url.database}"


def settings() -> tuple[bytes, tuple[str, ...]]:
    """The statement that sets up a session, in one round trip."""
    each = ", ".join("set_config(%s, %s, false)" for _ in _SETTINGS)
    # What is committed is on the disk, whatever the database says; a host may ask for more, and never for less.
    durable = (
        "CASE current_setting('synchronous_commit') WHEN 'off' THEN set_config('synchronous_commit', 'on', false) END"
    )
    return f"SELECT {each}, {durable}".encode(), tuple(str(word) for pair in _SETTINGS.items() for word in pair)


def is_lost(error: psycopg.Error) -> bool:
    """Whether the connection is gone, so that nobody was told what became of the last statement."""
    state = error.sqlstate
    return isinstance(error, psycopg.OperationalError) and (state is None or state.startswith(_LOST))


def is_settled(connection: "psycopg.Connection[Any] | psycopg.AsyncConnection[Any]") -> bool:
    """Whether a connection is open, and nothing is open on it."""
    # Asked of libpq itself: what psycopg builds around it for each question costs as much as a small statement.
    return not connection.closed and connection.pgconn.transaction_status == TransactionStatus.IDLE


def has_rows(cursor: "psycopg.Cursor[Any] | psycopg.AsyncCursor[Any]") -> bool:
    """Whether the statement that was executed last answers with rows, be they none."""
    result = cursor.pgresult
    return result is not None and result.nfields > 0


def unwrapped(error: psycopg.Error | DBAPIError) -> psycopg.Error:
    """The error of the driver.

    Raises:
        DBAPIError: it is none of the driver's.
    """
    if isinstance(error, psycopg.Error):
        return error
    if not isinstance(error.orig, psycopg.Error):
        raise error
    return error.orig


@final
class Attempts:
    """Those of one call, which is made again where nothing was written and it may well succeed now, and where the
    connection was lost.

    Attributes:
        lost: whether one may have been committed without our being told.
    """

    def __init__(self, place: str) -> None:
        self._place = place
        self._failed = 0
        self.lost = False

    def pause_after(self, error: psycopg.Error) -> float:
        """Seconds until the next attempt: longer each time, and never the same for two.

        Raises:
            InfrastructureError: there is none.
        """
        self._failed += 1
        lost = is_lost(error)
        if self._failed == _TRIES or not (lost or error.sqlstate in _AGAIN):
            raise trouble(self._place, error) from error
        self.lost = self.lost or lost
        return float(_FIRST_PAUSE * 4 ** (self._failed - 1)) * random.uniform(0.5, 1.5)  # noqa: S311 - it guards nothing


def crowded(place: str, most: int) -> InfrastructureError:
    """All connections of a host are in use."""
    why = f"all {most} connections of this host were in use for more than {PATIENCE} s"
    return InfrastructureError("store", f"{place}: {why}")


def trouble(place: str, error: BaseException | None) -> InfrastructureError:
    """What is wrong, and what to do; never what stood in the statement."""
    state = getattr(error, "sqlstate", None)
    if state is None:
        if not isinstance(error, psycopg.OperationalError):
            cause = f"it failed ({type(error).__name__})"
        elif (refusal := _REFUSAL.search(str(error))) is not None:
            cause = f"it refuses us ({refusal[1]}): put that right, or correct {_SETTING}"
        else:
            cause = f"nobody answers, or the connection broke: start it, or correct {_SETTING}"
        return InfrastructureError("store", f"{place}: {cause}")
    cause = next((cause for start, cause in _CAUSES.items() if state.startswith(start)), "it failed")
    return InfrastructureError("store", f"{place}: {cause} ({state})")
