"""A store of a newer release is refused, with what to do, and left alone: in every database, however a host calls."""

import asyncio
import sqlite3
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from msa_recovery import Caller, compose, compose_async
from msa_recovery.adapters.clocks import SystemClock
from msa_recovery.application.errors import InfrastructureError
from msa_recovery.sample import sample_directory
from msa_recovery.testing.fakes import PlainHasher
from tests.support import postgres, sqlite
from tests.support.house import KEYS

NEWER: Final = "UPDATE alembic_version SET version_num = '9999'"


@pytest.fixture(params=["file", "server"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a store is whose tables a release has lifted that is newer than this one."""
    with _server() if request.param == "server" else _file(tmp_path) as place:
        yield place


@contextmanager
def _file(folder: Path) -> Generator[str]:
    path = sqlite.fresh(folder / "recovery.sqlite")
    with sqlite3.connect(path) as connection:
        connection.execute(NEWER)
    connection.close()
    yield str(path)
    assert [("9999",)] == sqlite.contents(path)["alembic_version"]


@contextmanager
def _server() -> Generator[str]:
    with postgres.bare() as url:
        postgres.executed(url, postgres.tables())
        postgres.executed(url, NEWER)
        yield url
        assert [("9999",)] == postgres.contents(url)["alembic_version"]


def _called(store: str) -> None:
    with compose(accounts=sample_directory(SystemClock(), PlainHasher()), keys=KEYS, store=store) as recovery:
        recovery.begin(Caller())


def _awaited(store: str) -> None:
    async def begin() -> None:
        accounts = sample_directory(SystemClock(), PlainHasher())
        async with compose_async(accounts=accounts, keys=KEYS, store=store) as recovery:
            await recovery.begin(Caller())

    asyncio.run(begin())


@pytest.mark.parametrize("host", [_called, _awaited])
def test_a_host_of_an_older_release_is_refused_with_what_to_do(store: str, host: Callable[[str], None]) -> None:
    with pytest.raises(
        InfrastructureError, match=r"schema 9999 was made by a newer release.*: upgrade msa-recovery on"
    ):
        host(store)
