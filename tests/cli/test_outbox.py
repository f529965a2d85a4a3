"""What an operator does with messages that failed for good, without seeing what they hold."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from attrs import evolve

from msa_recovery.adapters import clocks
from msa_recovery.adapters.keyring import Keys, read_keys, write_keys
from msa_recovery.adapters.sqlite_store import SqliteStore
from msa_recovery.adapters.vault import Vault
from msa_recovery.application.outgoing import open_parcel
from msa_recovery.application.records import Change, OutboxState
from msa_recovery.testing.contracts.examples import NOW
from tests.cli.said import said
from tests.support.dead_letters import dead_letters, make_dead_letters
from tests.support.promised import notice

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """Keys, and a store with two dead letters: the first by e-mail, the second by SMS."""
    keys, store = tmp_path / "keys.toml", tmp_path / "recovery.sqlite"
    write_keys(keys, Keys.generate())
    make_dead_letters(keys, store)
    return keys, store


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], files: tuple[Path, Path]) -> Command:
    """Runs a command of ``outbox`` on a message; its code, and what it prints and complains of."""
    keys, store = map(str, files)
    return lambda command, *rest: said(capsys, "outbox", command, *([] if command == "list" else [keys]), store, *rest)


def state_of(store: Path, name: str) -> OutboxState:
    opened = SqliteStore(store)
    try:
        (row,) = opened.messages_named(name)
    finally:
        opened.close()
    return row.state


def test_dead_letters_are_listed_the_newest_first(run: Command) -> None:
    code, out, err = run("list", "--dead", "--json")
    assert (0, "", ["email", "sms"]) == (code, err, [json.loads(line)["channel"] for line in out.splitlines()])


def test_a_dead_letter_is_shown_by_the_name_that_the_list_cuts_short(run: Command, files: tuple[Path, Path]) -> None:
    name = dead_letters(files[1])[0].id
    _, out, _ = run("list", "--dead")
    short = out.splitlines()[1].split()[0]
    assert (True, True) == (name.startswith(short[:8]), len(short) < len(name))
    code, out, err = run("show", short, "--json")
    told = json.loads(out)
    assert (0, "", name, "code", "dead", None, 1) == (
        code,
        err,
        *(told[what] for what in ("message", "kind", "state", "due", "tries")),
    )


def test_what_is_shown_is_no_secret_and_no_address(run: Command, files: tuple[Path, Path]) -> None:
    """R54: for whoever has the keys as well."""
    keys, store = files
    for row in dead_letters(store):
        parcel = open_parcel(row, Vault(read_keys(keys)))
        assert parcel.secret is not None
        for options in ((), ("--json",)):
            _, out, _ = run("show", row.id, *options)
            lines = [line for line in out.splitlines() if row.id not in line and row.journey not in line]
            assert [] == [each for each in (parcel.key, "example.org", "+336") if each in out]
            assert [] == [line for line in lines if line.endswith(f" {parcel.secret.reveal()}")]
            assert "secret" not in out


def test_a_dead_letter_is_tried_again(run: Command, files: tuple[Path, Path]) -> None:
    name = dead_letters(files[1])[0].id
    assert (0, f"{name}: the next relay tries it again\n", "") == run("retry", name)
    assert OutboxState.WAITING is state_of(files[1], name)


def test_a_dead_letter_is_dropped(run: Command, files: tuple[Path, Path]) -> None:
    name = dead_letters(files[1])[0].id
    assert (0, f"{name}: dropped\n", "") == run("drop", name)
    assert OutboxState.DROPPED is state_of(files[1], name)


def test_what_never_arrived_is_listed_apart(run: Command, files: tuple[Path, Path]) -> None:
    name = dead_letters(files[1])[0].id
    opened = SqliteStore(files[1])
    row = opened.message(name)
    assert row is not None
    assert opened.commit(Change(outbox=(evolve(row, state=OutboxState.LOST, sealed=b""),)))
    opened.close()
    code, out, err = run("list", "--lost", "--json")
    assert (0, "", [(name, "lost")]) == (
        code,
        err,
        [(each["message"], each["state"]) for each in map(json.loads, out.splitlines())],
    )


def test_what_is_over_is_shown_as_well(run: Command, files: tuple[Path, Path]) -> None:
    name = dead_letters(files[1])[0].id
    run("drop", name)
    code, out, _ = run("show", name)
    assert (0, True, False) == (code, "dropped" in out, "kind" in out)


def test_an_expired_secret_is_not_tried_again(
    run: Command, files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    name, now = dead_letters(files[1])[0].id, clocks.SystemClock().now()
    monkeypatch.setattr(clocks.SystemClock, "now", lambda _: now + timedelta(hours=1))
    code, out, err = run("retry", name)
    assert (1, "", True) == (code, out, "its secret is expired" in err)
    assert OutboxState.DEAD is state_of(files[1], name)


@pytest.mark.parametrize("command", ["retry", "drop"])
def test_a_message_that_is_no_dead_letter_is_left_alone(run: Command, files: tuple[Path, Path], command: str) -> None:
    name = dead_letters(files[1])[0].id
    run("retry", name)
    code, out, err = run(command, name)
    assert (1, "", True) == (code, out, "no dead letter: it is waiting" in err)
    assert OutboxState.WAITING is state_of(files[1], name)


@pytest.mark.parametrize("command", ["show", "retry", "drop"])
@pytest.mark.parametrize("name", ["nothing", "nothing.1.1", ""])
def test_a_message_that_is_not_there_is_told(run: Command, command: str, name: str) -> None:
    code, out, err = run(command, name)
    assert (1, "", True) == (code, out, "no message has the name" in err)


def test_a_name_that_several_have_is_told(run: Command, files: tuple[Path, Path]) -> None:
    store, vault = SqliteStore(files[1]), Vault(read_keys(files[0]))
    store.commit(Change(outbox=tuple(notice(vault, NOW, f"abcdefgh{journey}") for journey in range(2))))
    store.close()
    code, _, err = run("drop", "abcdefgh.1.1")
    assert (1, True) == (code, "several messages have the name" in err)


def test_other_keys_show_nothing(run: Command, files: tuple[Path, Path], tmp_path: Path) -> None:
    files[0].unlink()
    write_keys(files[0], Keys.generate())
    code, out, err = run("show", dead_letters(files[1])[0].id)
    assert (1, "", 1) == (code, out, len(err.splitlines()))
