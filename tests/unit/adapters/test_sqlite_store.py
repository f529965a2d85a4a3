"""What the SQLite store promises beyond the contract of a store: one file, several processes, forks, failures."""

import os
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from multiprocessing import get_context
from multiprocessing.context import ForkContext, SpawnContext
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from attrs import evolve

from msa_recovery.adapters import sqlite_engine, sqlite_file
from msa_recovery.adapters.codec import Codec, SnapshotRefused
from msa_recovery.adapters.sql_schema import METADATA
from msa_recovery.adapters.sqlite_store import SqliteStore
from msa_recovery.application.errors import InfrastructureError
from msa_recovery.application.records import Change
from msa_recovery.domain.account import Channel
from msa_recovery.testing.contracts.examples import ACCOUNT, MINUTE, NOW, a_fact, a_journey, a_ledger, an_intent
from msa_recovery.testing.contracts.store_commits import EVERYTHING


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "recovery.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(path)
    yield store
    store.close()


def raw(path: Path, *statements: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(path) as connection:
        rows = [row for statement in statements for row in connection.execute(statement).fetchall()]
    connection.close()
    return rows


# -- the file ----------------------------------------------------------------------------------------------------------


def test_what_was_committed_is_there_when_the_file_is_opened_again(path: Path) -> None:
    first, second = SqliteStore(path), SqliteStore(path)
    assert first.commit(EVERYTHING)
    first.close()
    assert evolve(a_journey(), version=1) == second.load(a_journey().handle)
    second.close()


def test_the_file_is_its_owners_alone(store: SqliteStore, path: Path) -> None:
    store.ledger(ACCOUNT)
    assert {0o600} == {stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}


def test_the_file_is_kept_as_it_was_promised(store: SqliteStore, path: Path) -> None:
    store.commit(EVERYTHING)
    assert [("wal",)] == raw(path, "PRAGMA journal_mode")
    tables = raw(path, "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT GLOB 'sqlite_*'")
    assert {"audit", "checkpoints", "intents", "journeys", "ledgers", "marks", "outbox"} == {
        name for name, strict in tables if strict
    }


def test_a_commit_is_on_the_disk_when_it_returns(store: SqliteStore) -> None:
    with store._file.reading() as cursor:
        assert (2,) == cursor.execute("PRAGMA synchronous").fetchone()


@pytest.mark.parametrize(
    ("write", "synchronous"),
    [
        (lambda store: store.commit(Change(audit=(a_fact(),))), 2),
        (lambda store: store.commit(Change(applied=(an_intent(1),), durable=False)), 1),
        (lambda store: store.claim(NOW, NOW + MINUTE, 10, frozenset(Channel)), 1),
    ],
    ids=["a change", "one that need not be durable", "a claim"],
)
def test_only_what_must_be_durable_waits_for_the_disk(
    store: SqliteStore, write: Callable[[SqliteStore], object], synchronous: int
) -> None:
    """On the one connection at hand stands what the last write set."""
    write(store)
    with store._file.reading() as cursor:
        assert (synchronous,) == cursor.execute("PRAGMA synchronous").fetchone()


def test_an_audit_longer_than_a_page_is_read_whole(store: SqliteStore) -> None:
    facts = tuple(a_fact(at=NOW + number * MINUTE) for number in range(2_000))
    store.commit(Change(audit=facts))
    assert list(facts) == list(store.audit())


# -- versions ----------------------------------------------------------------------------------------------------------


def test_a_journey_of_a_newer_release_is_refused(path: Path) -> None:
    newer = SqliteStore(path, Codec(version=2))
    newer.commit(EVERYTHING)
    with pytest.raises(SnapshotRefused, match="upgrade msa-recovery"):
        SqliteStore(path).load(a_journey().handle)


def test_the_migrations_make_the_tables_that_the_schema_names(store: SqliteStore) -> None:
    store.ledger(ACCOUNT)
    with store._file._engine.connect() as connection:
        assert [] == compare_metadata(MigrationContext.configure(connection), METADATA)


# -- several at once ---------------------------------------------------------------------------------------------------


def _counts(path: Path, start: Barrier, rounds: int) -> None:
    store = SqliteStore(path)
    start.wait()
    for _ in range(rounds):
        while True:
            stored = store.ledger(ACCOUNT)
            counted = evolve(stored, ledger=evolve(stored.ledger, epoch=stored.ledger.epoch + 1))
            if store.commit(Change(ledger=counted, write_ledger=True, audit=(a_fact(),))):
                break


@pytest.mark.parametrize("context", [get_context("spawn"), get_context("fork")], ids=["spawn", "fork"])
def test_no_count_is_lost_between_processes(
    store: SqliteStore, path: Path, context: SpawnContext | ForkContext
) -> None:
    """R3, R40: each process compares and commits on one file; the first ones also make its tables."""
    start = context.Barrier(3)
    workers = [context.Process(target=_counts, args=(path, start, 20)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert ([0] * 3, 60, 60) == (
        [worker.exitcode for worker in workers],
        store.ledger(ACCOUNT).ledger.epoch,
        len(list(store.audit())),
    )


def test_parent_and_child_both_go_on_after_a_fork(store: SqliteStore, path: Path) -> None:
    assert store.commit(Change(ledger=a_ledger(epoch=1), write_ledger=True))
    with ThreadPoolExecutor(4) as threads:
        busy = [threads.submit(lambda: [store.ledger(ACCOUNT) for _ in range(200)]) for _ in range(4)]
        child = os.fork()
        if child == 0:
            done = store.commit(Change(ledger=a_ledger(epoch=2, version=1), write_ledger=True))
            os._exit(0 if done else 1)
        _, status = os.waitpid(child, 0)
        assert all(each.result(30) for each in busy)
    assert (0, 2) == (os.waitstatus_to_exitcode(status), store.ledger(ACCOUNT).ledger.epoch)
    assert store.commit(Change(ledger=a_ledger(epoch=3, version=2), write_ledger=True))


def test_more_threads_than_connections_take_turns(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_file, "CONNECTIONS", 1)
    store = SqliteStore(path)
    with ThreadPoolExecutor(4) as threads:
        with store._file.reading():
            busy = [threads.submit(store.ledger, ACCOUNT) for _ in range(4)]
            assert not wait(busy, timeout=0.1).done
        assert [0] * 4 == [each.result(30).version for each in busy]
    store.close()


def test_a_connection_in_use_when_the_file_is_closed_is_closed_when_it_is_given_back(store: SqliteStore) -> None:
    with store._file.reading() as cursor:
        connection = cursor.connection
        store.close()
        assert [(1,)] == cursor.execute("SELECT 1").fetchall()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")
    assert 0 == store.ledger(ACCOUNT).version


# -- what goes wrong ---------------------------------------------------------------------------------------------------


def test_a_damaged_file_is_said_to_be_damaged_and_works_once_put_right(path: Path) -> None:
    good = path.with_name("copy")
    store = SqliteStore(path)
    store.commit(EVERYTHING)
    store.close()
    shutil.copy(path, good)
    path.write_bytes(b"not a database " * 1_000)
    again = SqliteStore(path)
    with pytest.raises(InfrastructureError, match=r"no SQLite database, or is damaged.*SQLITE_NOTADB"):
        again.commit(Change(audit=(a_fact(),)))
    again.close()
    shutil.copy(good, path)
    assert evolve(a_journey(), version=1) == again.load(a_journey().handle)
    again.close()


def test_a_locked_file_is_said_to_be_locked_and_works_once_let_go(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_engine, "PRAGMAS", ("PRAGMA busy_timeout = 1",))
    store = SqliteStore(path)
    store.ledger(ACCOUNT)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(InfrastructureError, match=r"another process or thread kept it locked.*SQLITE_BUSY"):
        store.commit(EVERYTHING)
    other.execute("ROLLBACK")
    other.close()
    assert store.commit(EVERYTHING)
    store.close()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "nowhere" / "recovery.sqlite")
    with pytest.raises(InfrastructureError, match=r"nowhere/recovery\.sqlite: No such file or directory"):
        store.ledger(ACCOUNT)


def test_a_full_disk_leaves_nothing_half_done_and_works_once_there_is_room(store: SqliteStore, path: Path) -> None:
    store.ledger(ACCOUNT)
    store.close()
    with store._file.reading() as cursor:
        cursor.execute(f"PRAGMA max_page_count = {cursor.execute('PRAGMA page_count').fetchone()[0]}")
    large = evolve(EVERYTHING, audit=(a_fact(),) * 2_000)
    with pytest.raises(InfrastructureError, match=r"the disk is full \(SQLITE_FULL\)"):
        store.commit(large)
    assert (None, []) == (store.load(a_journey().handle), list(store.audit()))
    store.close()
    assert store.commit(large)
