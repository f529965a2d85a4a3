"""The store on PostgreSQL: one round trip a commit, nothing twice and nothing half, whatever breaks."""

import os
import tempfile
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Event
from typing import Any, cast

import psycopg
import pytest
from attrs import evolve
from sqlalchemy import make_url

from msa_recovery import compose
from msa_recovery.adapters import postgres_calls, postgres_engine, postgres_news
from msa_recovery.adapters.codec import Codec
from msa_recovery.adapters.keyring import Keys
from msa_recovery.adapters.memory_directory import MemoryDirectory
from msa_recovery.adapters.postgres_async_store import AsyncPostgresStore
from msa_recovery.adapters.postgres_store import PostgresStore
from msa_recovery.adapters.postgres_write import written
from msa_recovery.adapters.sql_steps import Statement, placed
from msa_recovery.application.errors import CallerError, InfrastructureError
from msa_recovery.application.facts import AccountHead, Ended, Head
from msa_recovery.application.records import Change, OutboxState
from msa_recovery.domain.account import Channel
from msa_recovery.domain.ledger import GuessId, Ledger, Mark
from msa_recovery.testing.contracts.examples import (
    ACCOUNT,
    LATER,
    MINUTE,
    NOW,
    a_checkpoint,
    a_fact,
    a_journey,
    a_ledger,
    a_message_row,
    an_intent,
)
from msa_recovery.testing.contracts.store_commits import EVERYTHING
from tests.support.house import HERE, House
from tests.support.postgres import OnALoop, contents, empty, executed, fresh, server, troubled

FACT = evolve(a_fact(), chain="journey:journey", number=1, mac=b"mac")

NAME = f"msa-recovery-{os.getpid()}"
"""What the server knows the sessions of a store as."""


def nothing(_: Any, __: str) -> None:
    """All goes well."""


@pytest.fixture
def url() -> Iterator[str]:
    with fresh() as url:
        yield url


@pytest.fixture(params=["called", "awaited"])
def store(request: pytest.FixtureRequest, url: str) -> Iterator[PostgresStore]:
    named = f"{url}&application_name={NAME}"
    store = PostgresStore(named) if request.param == "called" else OnALoop(AsyncPostgresStore(named))
    yield cast(PostgresStore, store)
    store.close()


# -- round trips -------------------------------------------------------------------------------------------------------


@contextmanager
def counted(store: PostgresStore) -> Generator[list[int]]:
    """How often the server was asked for an answer, as libpq tells it, on the one connection of a store."""
    with tempfile.TemporaryFile() as file:
        with store._server._lender.lend() as cursor:
            cursor.connection.pgconn.trace(file.fileno())
        trips: list[int] = []
        yield trips
        with store._server._lender.lend() as cursor:
            cursor.connection.pgconn.untrace()
        file.seek(0)
        said = [line.split("\t") for line in file.read().decode(errors="replace").splitlines()]
        trips.append(sum(line[1] == "F" and line[3].split()[0] in ("Sync", "Query") for line in said if len(line) > 3))


LIVE = evolve(a_message_row("other"), due=NOW - MINUTE)

USUAL = {
    "begin": (Change(), Change(journey=a_journey("new"), audit=(FACT,))),
    "reserve": (EVERYTHING, Change(journey=a_journey(version=1), ledger=a_ledger(version=1), write_ledger=True)),
    "event": (
        EVERYTHING,
        Change(
            journey=a_journey(version=1),
            ledger=a_ledger(version=1),
            write_ledger=True,
            outbox=(a_message_row("b"), a_message_row("c")),
            intents=(an_intent(2), an_intent(3)),
            audit=(FACT, FACT),
        ),
    ),
    "compared": (EVERYTHING, Change(journey=a_journey(version=1), ledger=a_ledger(version=1), audit=(FACT,))),
    "first ledger": (Change(), Change(ledger=a_ledger(), write_ledger=True)),
    "door": (
        EVERYTHING,
        Change(
            ledger=a_ledger(version=1),
            write_ledger=True,
            audit=(FACT,),
            account_head=AccountHead(ACCOUNT, Head(1, b"mac"), 0),
        ),
    ),
    "delivered": (
        EVERYTHING,
        Change(outbox=(evolve(a_message_row(version=1), state=OutboxState.DELIVERED, sealed=b""),), audit=(FACT,)),
    ),
    "applied": (EVERYTHING, Change(applied=(an_intent(1),))),
    "purge": (
        Change(journey=a_journey(finished_at=NOW)),
        Change(purged=(Ended(a_journey().journey.id, Head(), 1),), audit=(FACT,)),
    ),
    "checkpoint": (Change(), Change(checkpoint=a_checkpoint())),
    "resealed": (EVERYTHING, Change(resealed=(a_journey(version=1), a_message_row(version=1), an_intent(1)))),
}


@pytest.mark.parametrize("change", USUAL)
@pytest.mark.parametrize("every", [0.0, 3_600.0])
def test_a_commit_is_one_round_trip(url: str, change: str, every: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is in it, once a connection has prepared the statement, with news of messages and without."""
    monkeypatch.setattr(postgres_news, "_EVERY", every)
    store, (before, after) = PostgresStore(url, connections=1), USUAL[change]
    counts: list[int] = []
    for _ in range(2):
        assert store.commit(before)
        with counted(store) as trips:
            assert store.commit(after)
        counts += trips
        empty(url)
    store.close()
    assert 1 == counts[-1]


def test_loading_claiming_and_reading_a_ledger_are_one_round_trip_each(url: str) -> None:
    store = PostgresStore(url, connections=1)
    calls: list[Callable[[], object]] = [
        lambda: store.load(a_journey().handle),
        lambda: store.ledger(ACCOUNT),
        lambda: store.claim(LATER, LATER + MINUTE, 10, frozenset(Channel)),
    ]
    found: list[int] = []
    for call in calls:
        call()
        with counted(store) as trips:
            call()
        found += trips
    store.close()
    assert [1, 1, 1] == found


# -- what breaks -------------------------------------------------------------------------------------------------------


@contextmanager
def losing(when: str, times: int = 1) -> Generator[None]:
    """The connection is lost at the next commits: before the server got the statement, or after it did what it says."""
    left = times

    def lose(connection: Any, statement: str) -> None:
        nonlocal left
        if left and statement.startswith("WITH p0"):
            left -= 1
            connection.pgconn.finish()
            raise psycopg.OperationalError("the connection is lost")

    with troubled(lose, nothing) if when == "before" else troubled(nothing, lose):
        yield


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("change", USUAL)
def test_a_commit_whose_connection_is_lost_is_made_once(store: PostgresStore, url: str, change: str, when: str) -> None:
    """R3, R40: whether the server had committed or not shows in the versions, and in what stands there."""
    before, after = USUAL[change]
    assert store.commit(before)
    assert store.commit(after)
    expected = contents(url)
    empty(url)
    assert store.commit(before)
    with losing(when):
        assert store.commit(after)
    found = contents(url)
    assert _without_places(expected) == _without_places(found)


def _without_places(tables: dict[str, list[tuple[Any, ...]]]) -> dict[str, list[tuple[Any, ...]]]:
    # A statement that is refused has used up places.
    return {name: [row[1:] if name in ("outbox", "audit") else row for row in rows] for name, rows in tables.items()}


@contextmanager
def overtaken(url: str, theirs: Change) -> Generator[None]:
    """The connection is lost before the server got the next commit, and somebody else commits this meanwhile."""
    other, done = PostgresStore(url), Event()

    def overtake(connection: Any, statement: str) -> None:
        if statement.startswith("WITH p0") and not connection.closed and not done.is_set():
            done.set()
            assert other.commit(theirs)
            connection.pgconn.finish()
            raise psycopg.OperationalError("the connection is lost")

    with troubled(overtake, nothing):
        yield
    other.close()


def test_a_commit_that_was_lost_and_overtaken_is_not_taken_for_ours(store: PostgresStore, url: str) -> None:
    """Somebody else wrote that version."""
    assert store.commit(EVERYTHING)
    with overtaken(url, Change(journey=a_journey(handle="theirs", version=1))):
        assert not store.commit(Change(journey=a_journey(handle="ours", version=1)))
    assert store.load(a_journey(handle="theirs").handle) is not None


@pytest.mark.parametrize("counted", ["in the ledger", "in the journey"])
def test_a_guess_that_was_lost_and_overtaken_is_not_taken_for_counted(
    store: PostgresStore, url: str, counted: str
) -> None:
    """R3: two guesses that are reserved at once write the same journey, and only one of them is counted."""
    assert store.commit(EVERYTHING)
    ours, theirs = (
        Change(
            journey=a_journey(version=1),
            ledger=evolve(a_ledger(version=1), ledger=Ledger(code_guesses=(Mark(GuessId(guess), NOW),))),
            write_ledger=counted == "in the ledger",
        )
        for guess in ("ours", "theirs")
    )
    with overtaken(url, theirs):
        assert not store.commit(ours)


def test_a_commit_that_was_lost_and_then_written_over_is_still_ours(store: PostgresStore, url: str) -> None:
    """It happened, and so did what came after it."""
    assert store.commit(EVERYTHING)
    other = PostgresStore(url)

    def go_on(connection: Any, statement: str) -> None:
        if statement.startswith("WITH p0") and not done.is_set():
            done.set()
            assert other.commit(Change(journey=a_journey(version=2)))
            connection.pgconn.finish()
            raise psycopg.OperationalError("the connection is lost")

    done = Event()
    with troubled(nothing, go_on):
        assert store.commit(Change(journey=a_journey(version=1), audit=(FACT,)))
    assert 2 == len(executed(url, "SELECT * FROM audit"))
    other.close()


@pytest.mark.parametrize(("when", "kept"), [("before", 0), ("after", 1)])
def test_a_fact_that_belongs_to_nobody_is_never_kept_twice(
    store: PostgresStore, url: str, when: str, kept: int
) -> None:
    """It compares nothing: where it may be on its way, it is not sent again."""
    with losing(when):
        if kept:
            assert store.commit(Change(audit=(FACT,)))
        else:
            with pytest.raises(InfrastructureError, match="whether something was written is not known"):
                store.commit(Change(audit=(FACT,)))
    assert kept == len(executed(url, "SELECT * FROM audit"))


def test_a_server_that_is_gone_for_long_is_told(store: PostgresStore, url: str) -> None:
    """R16: nothing is written, and the next call works."""
    assert store.commit(EVERYTHING)
    change = Change(journey=a_journey(version=1))
    with losing("before", times=100), pytest.raises(InfrastructureError, match="nobody answers, or the connection"):
        store.commit(change)
    assert store.commit(change)


def test_connections_that_the_server_ended_are_opened_anew(store: PostgresStore, url: str) -> None:
    """As when it was restarted: no call fails."""
    assert store.commit(EVERYTHING)
    ended = f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = '{NAME}'"  # noqa: S608
    assert executed(url, ended)
    assert store.load(a_journey().handle) is not None


@pytest.mark.parametrize("error", [psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected])
def test_what_the_server_rolled_back_is_tried_again(
    store: PostgresStore, url: str, error: type[psycopg.OperationalError]
) -> None:
    left = 2

    def refuse(_: Any, statement: str) -> None:
        nonlocal left
        if left and statement.startswith("WITH p0"):
            left -= 1
            raise error

    with troubled(refuse, nothing):
        assert store.commit(EVERYTHING)
    assert 1 == len(executed(url, "SELECT * FROM audit"))


def test_a_row_that_stays_locked_is_told(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(postgres_engine._SETTINGS, "lock_timeout", 50)
    store = PostgresStore(url)
    assert store.commit(EVERYTHING)
    with psycopg.connect(url) as other:
        other.execute("SELECT * FROM journeys FOR UPDATE")
        with pytest.raises(InfrastructureError, match="a row was kept locked"):
            store.commit(Change(journey=a_journey(version=1)))
    store.close()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgresql://who:secret@127.0.0.1:9/there", "at 127.0.0.1:9, database there: nobody answers"),
        ("postgresql://who:secret@127.0.0.1:9/there", r"compose\(store=\.\.\.\)"),
    ],
)
def test_a_server_that_is_not_there_is_named_with_the_setting(url: str, says: str) -> None:
    """And never its password."""
    with pytest.raises(InfrastructureError, match=says) as raised:
        PostgresStore(url).ledger(ACCOUNT)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("wrong", [{"database": "nowhere"}, {"username": "nowhere"}])
@pytest.mark.parametrize("awaited", [False, True])
def test_a_server_that_lets_nobody_in_is_told_in_its_own_words(
    wrong: dict[str, Any], awaited: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A user or a database that is not there is no server that is not there."""
    monkeypatch.setattr(postgres_engine, "_TRIES", 1)
    named = make_url(server()).set(password="hush", **wrong).render_as_string(hide_password=False)
    store = OnALoop(AsyncPostgresStore(named)) if awaited else PostgresStore(named)
    with pytest.raises(
        InfrastructureError, match=r"it refuses us \(FATAL: .*nowhere.*\): .* compose\(store="
    ) as raised:
        store.ledger(ACCOUNT)
    store.close()
    assert "hush" not in str(raised.value)


@pytest.mark.parametrize("url", ["postgresql://", "postgresql://host", "mysql://host/there", "nothing"])
def test_what_names_no_database_is_refused(url: str) -> None:
    with pytest.raises(CallerError, match="postgresql://user@host/database"):
        PostgresStore(url)


def test_a_url_is_composed(url: str) -> None:
    """``compose(store="postgresql://...")``."""
    house = House()
    recovery = compose(
        accounts=MemoryDirectory([], house.directory._hasher, house.clock), keys=Keys.generate(), store=url
    )
    recovery.begin(HERE)
    recovery.close()
    assert 1 == len(contents(url)["journeys"])


# -- sessions ----------------------------------------------------------------------------------------------------------


def test_a_session_has_time_outs_and_commits_durably(url: str) -> None:
    """Whatever the database is set to."""
    store = PostgresStore(f"{url}%20-csynchronous_commit%3Doff%20-cdefault_transaction_isolation%3Dserializable")
    store.ledger(ACCOUNT)
    names = (
        *("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"),
        *("synchronous_commit", "default_transaction_isolation"),
    )
    with store._server._lender.lend() as cursor:
        found = [cursor.execute(f"SHOW {name}".encode()).fetchone() for name in names]
    store.close()
    assert [("15s",), ("5s",), ("30s",), ("on",), ("read committed",)] == found


CLOSED = Change(applied=(an_intent(1),))


@pytest.mark.parametrize(
    ("statements", "waits"),
    [
        (lambda: written(CLOSED, Codec(), tells=False), "on"),
        (lambda: written(evolve(CLOSED, durable=False), Codec(), tells=False), "off"),
        (lambda: (next(postgres_calls.claim(NOW, LATER, 10, frozenset(Channel))),), "off"),
    ],
    ids=["a change", "one that need not be durable", "a claim"],
)
def test_a_transaction_waits_for_the_log_if_it_must_be_durable(
    store: PostgresStore, url: str, statements: Callable[[], tuple[Statement, ...]], waits: str
) -> None:
    """And what comes next on the same connection waits for it again."""
    assert store.commit(Change(outbox=(a_message_row("a"),)))
    setting = "SHOW synchronous_commit"
    with psycopg.connect(url) as connection:
        for statement, values in statements():
            connection.execute(placed(statement), values)
        assert (waits,) == connection.execute(setting).fetchone()
        connection.commit()
        assert ("on",) == connection.execute(setting).fetchone()


# -- what several do at once -------------------------------------------------------------------------------------------


def test_no_fact_is_ever_given_a_place_before_one_that_was_read(store: PostgresStore, url: str) -> None:
    """Though a place is given before the commit: who reads waits for a writer that is in between."""
    with psycopg.connect(url) as slow, ThreadPoolExecutor(1) as pool:
        for statement, values in written(Change(audit=(evolve(FACT, number=7),)), Codec(), tells=False):
            slow.execute(placed(statement), values)
        assert store.commit(Change(audit=(evolve(FACT, number=8),)))
        reading = pool.submit(store.facts_after, 0, 10)
        while not executed(url, "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"):
            assert not reading.done(), "it did not wait"
        slow.commit()
        assert [7, 8] == [fact.number for fact in reading.result()]


def test_a_message_that_another_worker_is_taking_is_passed_over(store: PostgresStore, url: str) -> None:
    """Without waiting for that worker."""
    rows = tuple(a_message_row(name, due=NOW - timedelta(minutes=late)) for late, name in enumerate("abc"))
    assert store.commit(Change(outbox=rows))
    with psycopg.connect(url) as other:
        other.execute("SELECT * FROM outbox WHERE id = 'c' FOR UPDATE")
        assert ["b", "a"] == [row.id for row in store.claim(NOW, LATER, 10, frozenset(Channel))]


def test_a_message_waits_for_an_earlier_one_of_its_journey_that_another_worker_is_taking(
    store: PostgresStore, url: str
) -> None:
    """Whoever reads while that is not committed sees it as it was, free and due, and passes it over."""
    rows = tuple(evolve(a_message_row(name), tries=0) for name in "ab")
    assert store.commit(Change(outbox=rows))
    with psycopg.connect(url) as other:
        other.execute("UPDATE outbox SET due = due + 120000000, version = version + 1 WHERE id = 'a'")
        assert () == store.claim(LATER, LATER + timedelta(minutes=2), 10, frozenset(Channel))
