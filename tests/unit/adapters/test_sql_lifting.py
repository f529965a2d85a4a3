"""What an older release wrote is lifted, data and all; whatever interrupts that, it is done wholly or not at all."""

import os
import shutil
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from msa_recovery.adapters import sql_schema, sqlite_store
from msa_recovery.adapters.codec import Codec
from msa_recovery.adapters.sqlite_store import SqliteStore
from msa_recovery.application.errors import InfrastructureError
from msa_recovery.application.records import Change
from msa_recovery.testing.contracts.examples import ACCOUNT, a_fact, a_journey, a_ledger
from msa_recovery.testing.contracts.store_commits import EVERYTHING
from tests.support.elsewhere import in_child
from tests.support.sqlite import contents, fresh

NEXT = """
revision = "0002"
down_revision = "0001"

def upgrade():
    import os
    import sqlalchemy as sa
    from alembic import op

    op.add_column("journeys", sa.Column("device", sa.Text, nullable=False, server_default="unknown"))
    op.create_index("journeys_device", "journeys", ["device"])
    op.execute("UPDATE ledgers SET keys = 'lifted'")
    if os.environ.get("KILLED_IN_THE_MIDDLE"):
        os._exit(42)
"""
"""A migration of a later release: it changes tables and rows, and may be killed when it has."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file of this release, with something in every table."""
    path = fresh(tmp_path / "recovery.sqlite")
    store = SqliteStore(path)
    assert store.commit(EVERYTHING)
    store.close()
    return path


@pytest.fixture
def next_release(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The library is the next release, from when the file was made."""
    migrations = tmp_path / "100% new migrations"
    shutil.copytree(sql_schema._MIGRATIONS, migrations)
    (migrations / "versions" / "0002_next.py").write_text(NEXT)
    monkeypatch.setattr(sql_schema, "_MIGRATIONS", migrations)
    monkeypatch.setattr(sql_schema, "HEAD", "0002")


def devices(path: Path) -> list[Any]:
    return [row[-1] for row in contents(path)["journeys"]]


# -- the schema --------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("next_release")
def test_an_older_schema_is_lifted_with_its_rows(path: Path) -> None:
    store = SqliteStore(path)
    assert evolve(a_journey(), version=1) == store.load(a_journey().handle)
    assert (["unknown"], [("0002",)]) == (devices(path), contents(path)["alembic_version"])
    store.close()


@pytest.mark.usefixtures("next_release")
def test_a_lifted_schema_is_refused_by_the_release_before(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which file, and what to do."""
    SqliteStore(path).ledger(ACCOUNT)
    monkeypatch.undo()
    with pytest.raises(InfrastructureError, match=r"recovery\.sqlite: its schema 0002 .* 0001: upgrade msa-recovery"):
        SqliteStore(path).ledger(ACCOUNT)


@pytest.mark.usefixtures("next_release")
def test_a_lifting_that_is_killed_in_the_middle_has_not_begun(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = contents(path)
    monkeypatch.setenv("KILLED_IN_THE_MIDDLE", "yes")
    child = os.fork()
    if child == 0:
        SqliteStore(path).ledger(ACCOUNT)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert (42, before) == (os.waitstatus_to_exitcode(status), contents(path))
    monkeypatch.delenv("KILLED_IN_THE_MIDDLE")
    SqliteStore(path).ledger(ACCOUNT)
    assert ["unknown"] == devices(path)


def test_a_first_use_that_is_killed_in_the_middle_leaves_a_file_to_begin_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "new.sqlite"
    with monkeypatch.context() as killed:
        killed.setattr(sqlite_store, "_TABLES", evolve(sqlite_store._TABLES, prepare=lambda _: os._exit(42)))
        child = os.fork()
        if child == 0:
            SqliteStore(path).ledger(ACCOUNT)
        os.waitpid(child, 0)
    store = SqliteStore(path)
    assert store.commit(EVERYTHING)
    store.close()


@pytest.mark.parametrize("lifts", [False, True], ids=["made", "lifted"])
def test_processes_that_come_first_at_once_all_go_on(
    tmp_path: Path, path: Path, request: pytest.FixtureRequest, lifts: bool
) -> None:
    """One makes or lifts the tables, the others wait for it."""
    if lifts:
        request.getfixturevalue("next_release")
    context = get_context("fork")
    where, start = path if lifts else tmp_path / "new.sqlite", context.Barrier(6)
    workers = [context.Process(target=comes_first, args=(where, start)) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert ([0] * 6, 6 + lifts) == ([worker.exitcode for worker in workers], len(contents(where)["audit"]))


def comes_first(path: Path, start: Barrier) -> None:
    store = SqliteStore(path)
    start.wait(30)
    assert store.commit(Change(audit=(a_fact(),)))


# -- the snapshots -----------------------------------------------------------------------------------------------------


def test_older_snapshots_of_a_file_are_lifted(path: Path) -> None:
    """Journeys and ledgers, by every way that reads one; what is written then has the new form."""

    def moved(deadline: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
        return lambda data: {**data, **deadline}

    newer = Codec(
        version=3,
        journey_lifts={1: lambda data: {**data, "old": 1}, 2: lambda data: {k: data[k] for k in data if k != "old"}},
        ledger_lifts={1: moved({"epoch": 6}), 2: lambda data: {**data, "epoch": data["epoch"] + 1}},
    )
    store = SqliteStore(path, newer)
    found, ledger = store.load(a_journey().handle), store.ledger(ACCOUNT)
    assert (evolve(a_journey(), version=1), 7) == (found, ledger.ledger.epoch)
    assert (found,) == store.due(a_journey().journey.deadline, 10)
    assert store.commit(Change(journey=found, ledger=ledger, write_ledger=True))
    assert ['{"snapshot":3'] * 2 == [
        next(value for value in rows[0] if str(value).startswith("{"))[:13]
        for rows in (contents(path)["journeys"], contents(path)["ledgers"])
    ]
    store.close()


def test_a_snapshot_that_is_lifted_stays_as_it_was_until_something_is_written(path: Path) -> None:
    """The release before goes on beside the new one for a while."""
    SqliteStore(path, Codec(version=2, journey_lifts={1: dict})).load(a_journey().handle)
    assert evolve(a_journey(), version=1) == in_child(lambda: SqliteStore(path).load(a_journey().handle))
    assert a_ledger(version=1).ledger == SqliteStore(path).ledger(ACCOUNT).ledger
