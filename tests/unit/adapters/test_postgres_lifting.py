"""What an older release wrote on a PostgreSQL server is lifted while hosts go on; a newer schema is refused."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from attrs import evolve

from msa_recovery.adapters import sql_schema
from msa_recovery.adapters.codec import Codec
from msa_recovery.adapters.postgres_store import PostgresStore
from msa_recovery.application.errors import InfrastructureError
from msa_recovery.application.records import Change
from msa_recovery.testing.contracts.examples import ACCOUNT, a_journey
from msa_recovery.testing.contracts.store_commits import EVERYTHING
from tests.support.elsewhere import in_child
from tests.support.postgres import bare, contents, executed

NEXT = """
revision = "0002"
down_revision = "0001"

def upgrade():
    import sqlalchemy as sa
    from alembic import op

    op.add_column("journeys", sa.Column("device", sa.Text, nullable=False, server_default="unknown"))
    with op.get_context().autocommit_block():
        op.create_index("journeys_device", "journeys", ["device"], postgresql_concurrently=True, if_not_exists=True)
"""
"""A migration of a later release: a column that costs nothing, and an index that is made while hosts write."""


@pytest.fixture
def url() -> Iterator[str]:
    """A schema of this release, with something in every table."""
    with bare() as url:
        store = PostgresStore(url)
        assert store.commit(EVERYTHING)
        store.close()
        yield url


@pytest.fixture
def next_release(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The library is the next release, from when the tables were made."""
    migrations = tmp_path / "migrations"
    shutil.copytree(sql_schema._MIGRATIONS, migrations)
    (migrations / "versions" / "0002_next.py").write_text(NEXT)
    monkeypatch.setattr(sql_schema, "_MIGRATIONS", migrations)
    monkeypatch.setattr(sql_schema, "HEAD", "0002")


def start(url: str) -> int:
    """A host starts, and reads something: the version of a ledger."""
    with closing(PostgresStore(url)) as store:
        return store.ledger(ACCOUNT).version


@pytest.mark.usefixtures("next_release")
def test_an_older_schema_is_lifted_with_its_rows(url: str) -> None:
    store = PostgresStore(url)
    assert evolve(a_journey(), version=1) == store.load(a_journey().handle)
    store.close()
    assert [("unknown",)] == executed(url, "SELECT device FROM journeys")
    assert [("0002",)] == contents(url)["alembic_version"]
    assert [(True,)] == executed(url, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'journeys_device'::regclass")


@pytest.mark.usefixtures("next_release")
def test_a_lifted_schema_is_refused_by_the_release_before(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which database, and what to do."""
    start(url)
    monkeypatch.undo()
    with pytest.raises(InfrastructureError, match=r"database .* at .*: its schema 0002 .* upgrade msa-recovery"):
        start(url)


def test_a_host_of_the_release_before_goes_on_while_others_are_upgraded(
    url: str, request: pytest.FixtureRequest
) -> None:
    """It has looked at the schema when it started; what it writes, the newer ones load."""
    older = PostgresStore(url)
    older.ledger(ACCOUNT)
    request.getfixturevalue("next_release")
    newer = PostgresStore(url)
    newer.ledger(ACCOUNT)
    assert older.commit(Change(journey=a_journey("of the older")))
    assert evolve(a_journey("of the older"), version=1) == newer.load(a_journey("of the older").handle)
    older.close()
    newer.close()


def test_a_journey_of_an_older_form_is_lifted_when_it_is_loaded(url: str) -> None:
    """Mixed releases: the newer one reads what the older one writes."""
    newer = PostgresStore(url, Codec(version=2, journey_lifts={1: lambda data: data}, ledger_lifts={1: lambda d: d}))
    assert evolve(a_journey(), version=1) == newer.load(a_journey().handle)
    newer.close()


@pytest.mark.usefixtures("next_release")
def test_many_hosts_that_start_at_once_lift_it_once(url: str) -> None:
    """R40: processes, each for itself."""

    with ThreadPoolExecutor(4) as pool:
        assert [1] * 4 == list(pool.map(lambda _: in_child(lambda: start(url)), range(4)))
    assert [("0002",)] == contents(url)["alembic_version"]


def test_many_hosts_that_start_at_once_make_the_tables_once() -> None:
    with bare() as url, ThreadPoolExecutor(4) as pool:
        assert [0] * 4 == list(pool.map(lambda _: in_child(lambda: start(url)), range(4)))


@pytest.mark.usefixtures("next_release")
def test_a_table_in_use_is_never_kept_from_others_by_a_migration(url: str) -> None:
    """A reader that does not end holds the migration up, and the migration holds nobody up for longer than a second."""
    with psycopg.connect(url) as reader, ThreadPoolExecutor(1) as pool:
        reader.execute("SELECT * FROM journeys")
        lifting = pool.submit(start, url)
        waits = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'journeys'::regclass"
        while not executed(url, waits):
            assert not lifting.done()
        # Behind the migration, and before the reader has ended.
        executed(url, "SET statement_timeout = '10s'; UPDATE journeys SET version = version")
        reader.commit()
        assert 1 == lifting.result()
    assert [("0002",)] == contents(url)["alembic_version"]
