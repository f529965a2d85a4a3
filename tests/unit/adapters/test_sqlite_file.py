"""Which file the SQLite store means, what it asks of SQLite, and who may close what."""

import gc
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from threading import Barrier, Event

import pytest

from msa_recovery.adapters import sqlite_engine, sqlite_file
from msa_recovery.adapters.sql_schema import bring_up_to_date
from msa_recovery.adapters.sqlite_file import SqliteFile, Tables
from msa_recovery.adapters.sqlite_store import SqliteStore
from msa_recovery.application.errors import InfrastructureError
from msa_recovery.application.records import Change
from msa_recovery.domain.errors import CallerError
from msa_recovery.testing.contracts.examples import ACCOUNT, a_fact, a_ledger
from tests.support.elsewhere import in_child
from tests.support.sqlite import fresh

TABLES = Tables("store", frozenset({"alembic_version", "journeys"}), bring_up_to_date)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return fresh(tmp_path / "recovery.sqlite")


@pytest.fixture
def file(path: Path) -> Iterator[SqliteFile]:
    file = SqliteFile(path, TABLES)
    yield file
    file.close()


# -- which file --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["with spaces", "100%25", "what?mode=memory", "#1", "été ☃", "file:here", "'quoted\"", "~"]
)
def test_a_file_may_have_any_name(tmp_path: Path, name: str) -> None:
    store = SqliteStore(tmp_path / name)
    store.commit(Change(audit=(a_fact(),)))
    store.close()
    assert [name] == [each.name for each in tmp_path.iterdir()]


def test_a_path_may_be_given_as_text(path: Path) -> None:
    store = SqliteStore(str(path))
    store.commit(Change(audit=(a_fact(),)))
    store.close()
    assert [a_fact()] == list(SqliteStore(path).audit())


def test_a_relative_path_means_the_same_file_after_the_working_directory_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A daemon changes it once it has started."""
    (tmp_path / "daemon").mkdir()
    monkeypatch.chdir(tmp_path)
    store = SqliteStore("recovery.sqlite")
    monkeypatch.chdir(tmp_path / "daemon")
    store.commit(Change(audit=(a_fact(),)))
    store.close()
    assert ["daemon", "recovery.sqlite"] == sorted(str(each.relative_to(tmp_path)) for each in tmp_path.rglob("*"))


@pytest.mark.parametrize("path", [":memory:", ""])
def test_a_path_that_names_no_file_is_refused(path: str) -> None:
    """Each connection would get a database of its own, and each thread another one."""
    with pytest.raises(CallerError, match="A store in memory is a MemoryStore"):
        SqliteStore(path)


# -- what is asked of SQLite -------------------------------------------------------------------------------------------


def test_a_sqlite_without_strict_tables_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 36, 0))
    monkeypatch.setattr(sqlite3, "sqlite_version", "3.36.0")
    with pytest.raises(InfrastructureError, match=r"SQLite 3\.37\.0 or newer is needed, this is 3\.36\.0"):
        SqliteStore(path)


def test_a_file_system_without_a_write_ahead_log_is_refused() -> None:
    """A network's, say. SQLite answers with the mode that it kept; a database in memory does so as well."""
    with pytest.raises(InfrastructureError, match="there: its file system has no write-ahead log: put it on a local d"):
        sqlite_engine._write_ahead(sqlite3.connect(":memory:"), Path("there"), "store")


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("busy_timeout", 5_000),
        ("foreign_keys", 1),
        ("journal_mode", "wal"),
        ("secure_delete", 2),
        ("synchronous", 2),
        ("trusted_schema", 0),
    ],
)
def test_every_connection_is_set_up(file: SqliteFile, pragma: str, value: object) -> None:
    with file.reading() as first, file.reading() as second:
        assert [(value,)] * 2 == [cursor.execute(f"PRAGMA {pragma}").fetchone() for cursor in (first, second)]


def test_a_write_has_the_lock_from_its_beginning(file: SqliteFile, path: Path) -> None:
    """What it compares cannot move before it is written (R3)."""
    other = sqlite3.connect(path, timeout=0, isolation_level=None)
    with file.writing(), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    other.close()


def test_what_is_written_waits_for_the_disk_only_if_it_is_durable(file: SqliteFile) -> None:
    settings: list[tuple[int]] = []
    for durable in (True, False, True):
        with file.writing(durable=durable) as cursor:
            settings += cursor.execute("PRAGMA synchronous").fetchall()
    full, normal = (2,), (1,)
    assert [full, normal, full] == settings


# -- what is interrupted -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", [KeyboardInterrupt, SystemExit, RuntimeError])
def test_a_write_that_is_interrupted_writes_nothing_and_holds_no_lock(
    file: SqliteFile, how: type[BaseException]
) -> None:
    def write() -> None:
        with file.writing() as cursor:
            cursor.execute("INSERT INTO alembic_version VALUES ('half done')")
            raise how

    with pytest.raises(how):
        write()
    with file.writing() as cursor:
        assert [] == cursor.execute("SELECT 1 FROM alembic_version WHERE version_num = 'half done'").fetchall()


def test_a_connection_that_was_not_read_to_its_end_shows_what_is_written_later(file: SqliteFile, path: Path) -> None:
    """By others: it would otherwise stay in the moment of its first row."""
    with file.reading() as half_read:
        half_read.execute("SELECT name FROM sqlite_master").fetchone()
    with sqlite3.connect(path) as other:
        other.execute("UPDATE alembic_version SET version_num = 'later'")
    other.close()
    with file.reading() as cursor:
        assert ("later",) == cursor.execute("SELECT version_num FROM alembic_version").fetchone()


def open_of(path: Path) -> list[str]:
    """Which of these files the process has open."""
    links = [each.readlink() for each in Path("/proc/self/fd").iterdir() if each.is_symlink()]
    return [link.name for link in links if link.parent == path.parent]


def test_a_connection_in_use_when_the_file_is_looked_at_afresh_is_closed_after_its_use(
    file: SqliteFile, path: Path
) -> None:
    """Not by the garbage collector, some time: a fork would find it open."""
    gc.disable()
    try:
        with file.reading():
            file._forget()
        assert [] == open_of(path)
    finally:
        gc.enable()


def test_a_connection_that_cannot_be_set_up_is_closed(path: Path) -> None:
    """Also while its error is kept, as a report keeps it."""
    path.write_bytes(b"damage" * 4_096)
    with pytest.raises(InfrastructureError) as failed:
        SqliteStore(path).ledger(ACCOUNT)
    assert ([], "store") == (open_of(path), failed.value.port)


def test_an_audit_may_be_left_in_the_middle(path: Path) -> None:
    """It holds nothing between two pages: what follows is not kept waiting, nor is a fork or a close."""
    store = SqliteStore(path)
    store.commit(Change(audit=(a_fact(),) * 1_500))
    begun = store.audit()
    next(begun)
    assert store.commit(Change(audit=(a_fact(),)))
    assert in_child(lambda: store.commit(Change(audit=(a_fact(),))))
    store.close()
    assert 1_501 == len(list(begun))
    store.close()


def test_after_a_failure_whatever_is_in_the_files_place_is_opened(path: Path, tmp_path: Path) -> None:
    """The one that was open may have been put aside because of it."""
    store, copy = SqliteStore(path), SqliteStore(fresh(tmp_path / "copy"))
    copy.commit(Change(audit=(a_fact(),)))
    copy.close()
    assert [] == list(store.audit())
    with pytest.raises(InfrastructureError, match=r"it failed \(SQLITE_ERROR\)"), store._file.reading() as cursor:
        cursor.execute("SELECT 1 FROM lost")
    (tmp_path / "copy").rename(path)
    assert [a_fact()] == list(store.audit())
    store.close()


def test_a_lock_that_others_hold_closes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says nothing about the file; a busy host would open it anew each time."""
    monkeypatch.setattr(sqlite_engine, "PRAGMAS", ("PRAGMA busy_timeout = 1",))
    file = SqliteFile(path, TABLES)
    with file.writing():
        pool = file._engine.pool
        with pytest.raises(InfrastructureError, match="SQLITE_BUSY"), file.writing():
            pass
        assert pool is file._engine.pool
    file.close()


# -- many at once ------------------------------------------------------------------------------------------------------


def test_more_threads_than_connections_all_get_their_turn(path: Path) -> None:
    store, start = SqliteStore(path), Barrier(64)

    def write(_: int) -> bool:
        start.wait()
        return store.commit(Change(audit=(a_fact(),)))

    with ThreadPoolExecutor(64) as threads:
        assert [True] * 64 == list(threads.map(write, range(64)))
    store.close()


def test_who_waits_too_long_for_a_connection_is_told_so(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_file, "CONNECTIONS", 1)
    monkeypatch.setattr(sqlite_file, "_PATIENCE", 0)
    file = SqliteFile(path, TABLES)
    with (
        file.reading(),
        pytest.raises(InfrastructureError, match=r"recovery\.sqlite: all 1 connections were in use for more than 0 s"),
        file.reading(),
    ):
        pass
    file.close()


def test_a_close_waits_for_what_is_under_way(path: Path) -> None:
    file, inside, leave = SqliteFile(path, TABLES), Event(), Event()

    def write() -> None:
        with file.writing() as cursor:
            cursor.execute("INSERT INTO alembic_version VALUES ('written')")
            inside.set()
            leave.wait(30)

    with ThreadPoolExecutor(2) as threads:
        writer = threads.submit(write)
        inside.wait(30)
        closer = threads.submit(file.close)
        early = wait([closer], timeout=0.2).done
        leave.set()
        writer.result(30)
        closer.result(30)
    assert set() == early
    # SQLite takes these away with the last connection.
    assert [path.name] == [each.name for each in path.parent.iterdir()]


def test_who_closes_while_others_work_disturbs_nobody(path: Path) -> None:
    store = SqliteStore(path)

    def write(_: int) -> bool:
        return all(store.commit(Change(audit=(a_fact(),))) for _ in range(20))

    def close() -> None:
        for _ in range(20):
            store.close()

    with ThreadPoolExecutor(5) as threads:
        closed = threads.submit(close)
        assert [True] * 4 == list(threads.map(write, range(4)))
        closed.result(30)
    assert 80 == len(list(store.audit()))
    store.close()


def visited(path: Path) -> str:
    """How many facts another process sees, which then closes the file; not forked, for that closes our own."""
    visit = (
        "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute('SELECT count(*) FROM audit').fetchone()[0])"
    )
    return subprocess.check_output([sys.executable, "-c", visit, path], timeout=60, text=True).strip()  # noqa: S603


def test_a_second_store_of_a_process_takes_no_lock_from_the_first(path: Path) -> None:
    """POSIX: to close a file gives up every lock that the process has on it. Another process would take itself for the
    last one that uses the file, and delete the log into which the first store goes on writing."""
    first, second = SqliteStore(path), SqliteStore(path)
    first.commit(Change(ledger=a_ledger(), write_ledger=True))
    second.ledger(ACCOUNT)

    assert ["0", "1"] == [visited(path), first.commit(Change(audit=(a_fact(),))) and visited(path)]
    first.close()
    second.close()


def test_a_new_file_is_its_owners_alone_also_after_a_close(tmp_path: Path) -> None:
    """Somebody took the file away: the next one is made as the first one was."""
    path = tmp_path / "recovery.sqlite"
    store = SqliteStore(path)
    store.ledger(ACCOUNT)
    store.close()
    path.unlink()
    before = os.umask(0)
    store.ledger(ACCOUNT)
    os.umask(before)
    assert 0o600 == path.stat().st_mode & 0o777
    store.close()
