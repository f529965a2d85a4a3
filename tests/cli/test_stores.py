"""A store on a server: every command says and does there what it does with a file, and refuses what it cannot use."""

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from io import StringIO
from itertools import count, takewhile
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from msa_recovery.adapters import clocks
from msa_recovery.adapters.keyring import Keys, read_keys, write_keys
from msa_recovery.adapters.postgres_store import PostgresStore
from msa_recovery.adapters.sqlite_store import SqliteStore
from msa_recovery.cli import app
from msa_recovery.cli.folder import DemoFolder
from tests.cli.said import said
from tests.cli.visit import NOW, visit
from tests.support.dead_letters import dead_letters, make_dead_letters
from tests.support.postgres import bare, contents, copied, executed, fresh, tables

CAMILLE = "2 84 03 33 900 001 47"

COMMANDS = (
    "journeys STORE",
    "journeys STORE --finished --json",
    "outbox list STORE",
    "outbox list STORE --newest --json",
    "outbox show KEYS STORE FIRST --json",
    "outbox retry KEYS STORE FIRST",
    "outbox drop KEYS STORE SECOND",
    "outbox list STORE --dead",
    "coverage STORE --all --json",
    "keys check KEYS --store STORE",
    "keys reseal KEYS STORE",
    "keys drop KEYS OLD STORE",
    "audit checkpoint KEYS STORE",
    "audit verify KEYS STORE --known 1:00ff",
    "forget KEYS STORE",
    "purge KEYS STORE --days 1",
    "audit verify KEYS STORE --json",
)
"""Each that takes a store, and some again, to see what others did."""


@pytest.fixture
def server() -> Iterator[str]:
    with fresh() as url:
        yield url


def test_each_command_says_and_does_on_a_server_what_it_does_with_a_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the same rows: one recovery under way, two that were given up, whose messages are dead letters."""
    keys, file = tmp_path / "keys.toml", tmp_path / "recovery.sqlite"
    seconds = count()
    # No two of them at one moment: in which order those are listed, nobody says.
    monkeypatch.setattr(clocks.SystemClock, "now", lambda _: NOW + timedelta(seconds=next(seconds)))
    visit("2", CAMILLE, folder=DemoFolder(tmp_path))
    make_dead_letters(keys, file)
    old = read_keys(keys).signer
    said(capsys, "keys", "add", str(keys))
    said(capsys, "keys", "use", str(keys), read_keys(keys).ring[1].key_id)
    copied(file, server)
    names = dict(zip(("FIRST", "SECOND"), (row.id for row in dead_letters(file)), strict=True)) | {"OLD": old}

    def answers(store: str) -> list[tuple[str, int, str]]:
        own = tmp_path / "own.toml"
        shutil.copy(keys, own)
        words = names | {"KEYS": str(own), "STORE": store}
        answered = []
        for command in COMMANDS:
            monkeypatch.setattr(sys, "stdin", StringIO(f"{CAMILLE}\nmarie\n"))
            now = NOW + timedelta(days=9 if command.startswith("purge") else 0, minutes=5)
            monkeypatch.setattr(clocks.SystemClock, "now", lambda _, now=now: now)
            code, out, err = said(capsys, *(words.get(word, word) for word in command.split()))
            answered.append((command, code, f"{out}{err}".replace(store, "STORE")))
        return answered

    expected = answers(str(file))
    assert expected == answers(server)
    assert [command for command in COMMANDS if "00ff" in command] == [command for command, code, _ in expected if code]
    assert _told(SqliteStore(file)) == _told(PostgresStore(server))


def _told(store: SqliteStore | PostgresStore) -> list[tuple[object, ...]]:
    with closing(store):
        return [(each.at, each.account, each.journey, each.fact) for each in store.audit()]


def test_each_command_that_takes_a_store_is_among_them() -> None:
    def takers(command: Any, name: str) -> Iterator[str]:
        for more, each in getattr(command, "commands", {}).items():
            yield from takers(each, f"{name} {more}".strip())
        if {"store", "stores"} & {each.name for each in command.params}:
            yield name

    assert {" ".join(takewhile(str.islower, command.split())) for command in COMMANDS} == set(
        takers(get_command(app._app), "")
    )


# -- what is refused ---------------------------------------------------------------------------------------------------

Refused = Callable[[str, str], str]

OPENS = pytest.mark.parametrize("command", ["journeys STORE", "purge KEYS STORE"])
"""A command that only opens the store, and one that is a host of it."""


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Refused:
    """Runs a command on a store; the one line that it complains in."""
    keys = tmp_path / "keys.toml"
    write_keys(keys, Keys.generate())

    def run(command: str, store: str) -> str:
        words = {"KEYS": str(keys), "STORE": store}
        code, out, err = said(capsys, *(words.get(word, word) for word in command.split()))
        assert (1, "", 1) == (code, out, len(err.splitlines()))
        return err

    return run


@OPENS
def test_a_database_without_a_store_is_told_and_none_is_made(refused: Refused, command: str) -> None:
    with bare() as url:
        assert f"msa-recovery: {url}: there is no store\n" == refused(command, url)
        assert {} == contents(url)


@OPENS
def test_a_server_that_is_not_there_is_told_with_what_to_do(refused: Refused, command: str) -> None:
    told = refused(command, "postgresql://who@127.0.0.1:9/there")
    assert "PostgreSQL at 127.0.0.1:9, database there: nobody answers" in told
    assert "start it, or correct the URL" in told


@OPENS
def test_a_schema_of_a_newer_release_is_refused_and_left_alone(refused: Refused, command: str) -> None:
    with bare() as url:
        executed(url, tables())
        executed(url, "UPDATE alembic_version SET version_num = '9999'")
        assert "its schema 9999 was made by a newer release" in (told := refused(command, url))
        assert "upgrade msa-recovery on this host" in told
        assert [("9999",)] == contents(url)["alembic_version"]


@OPENS
def test_without_its_extra_it_is_told_what_to_install(
    refused: Refused, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    for name in [name for name in sys.modules if name.startswith("msa_recovery.adapters.postgres")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    expected = "msa-recovery: store: PostgreSQL needs psycopg: pip install 'msa-recovery[postgres]'\n"
    assert expected == refused(command, "postgresql://who@127.0.0.1:9/there")


def test_a_url_that_names_no_database_is_told(refused: Refused) -> None:
    assert "msa-recovery: store: postgresql://user@host/database\n" == refused("journeys STORE", "postgresql://host")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://who:hush@127.0.0.1:9/there",
        "postgres://who:hu@sh/hush@127.0.0.1:9/there",
        "postgresql+psycopg://:hush@127.0.0.1:9/there",
        "postgresql://who@127.0.0.1:9/there?connect_timeout=1&password=hush",
        "postgresql://who@127.0.0.1:9/there?sslpassword=hush",
    ],
)
def test_a_password_is_no_argument(refused: Refused, url: str) -> None:
    """R49: arguments stand in the list of processes and in the history of the shell."""
    told = refused("journeys STORE", url)
    assert (True, False) == ("PGPASSWORD" in told, "hush" in told)
