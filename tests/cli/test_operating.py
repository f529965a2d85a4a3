"""What an operator sees of a store: enough to work with, no secret, no identifier."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from msa_recovery.adapters.keyring import Keys, write_keys
from msa_recovery.cli.folder import DemoFolder
from msa_recovery.cli.stage import Stage
from msa_recovery.domain.account import Channel
from tests.cli.said import said
from tests.cli.visit import NOW, PASSWORD, from_message, visit

CAMILLE = "2 84 03 33 900 001 47"
ROGER = "151074090100206"
MAITE = "2 62 11 64 902 003"
UNKNOWN = "1 50 01 33 910 001"
BY_SMS = from_message(Channel.SMS)

Command = Callable[..., list[str]]


@pytest.fixture
def folder(tmp_path: Path) -> DemoFolder:
    """One recovery that is over, one with a code, one of nobody, one that was abandoned."""
    folder = DemoFolder(tmp_path / "demo")
    visit("2", CAMILLE, "1", BY_SMS, BY_SMS, PASSWORD, PASSWORD, "c", "", "2", folder=folder)
    visit("2", ROGER, "1", "0", folder=folder)
    visit("2", UNKNOWN, "0", folder=folder)
    visit("2", CAMILLE, "a", "0", folder=folder)
    return folder


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], folder: DemoFolder) -> Command:
    """Runs a command on the folder's store; the lines that it prints."""

    def lines(command: str, *options: str) -> list[str]:
        keys = [str(folder.path / "keys.toml")] if command == "purge" else []
        code, out, err = said(capsys, *command.split(), *keys, str(folder.path / "recovery.sqlite"), *options)
        assert (0, "") == (code, err)
        return out.splitlines()

    return lines


def column(lines: list[str], name: str) -> list[str]:
    """What stands under a heading."""
    place = re.split(r"  +", lines[0]).index(name)
    return [re.split(r"  +", line)[place] for line in lines[1:]]


def test_journeys_that_are_under_way_are_listed(run: Command) -> None:
    assert (2, True) == (len(states := column(run("journeys"), "state")), "confirming_code" in states)


def test_journeys_that_are_over_are_listed_the_latest_first(run: Command) -> None:
    assert ["abandoned", "completed"] == column(run("journeys", "--finished"), "state")


def test_a_decoy_is_listed_like_an_account(run: Command) -> None:
    """R13: whoever looks over an operator's shoulder learns nothing either."""
    assert [8, 8] == [len(account) for account in column(run("journeys"), "account")]


def test_no_more_is_listed_than_was_asked_for(run: Command) -> None:
    assert 2 == len(run("journeys", "--limit", "1"))


def test_every_message_can_be_listed_the_newest_first(run: Command) -> None:
    """Those of the first recovery stand last, and the code that it began with at the very end."""
    lines = run("outbox list", "--newest")
    accounts = column(lines, "account")
    first = [account == accounts[-1] for account in accounts]
    assert first == sorted(first)
    assert ["email", "sms", "sms", "sms"] == column(lines, "channel")[first.index(True) :]
    assert {"delivered"} == set(column(lines, "state"))


@pytest.mark.parametrize("option", [(), ("--dead",)])
def test_where_there_is_nothing_to_list_it_says_so(run: Command, option: tuple[str, ...]) -> None:
    assert ["none"] == run("outbox list", *option)


def test_messages_that_wait_and_those_that_are_dead_are_told_apart(folder: DemoFolder, run: Command) -> None:
    with folder.opened(NOW) as stage:
        _promise(stage)
    assert ["email"] == column(run("outbox list"), "channel")
    assert ["none"] == run("outbox list", "--dead")


def _promise(stage: Stage) -> None:
    """A code that nobody delivers yet."""
    from msa_recovery.application.caller import Caller
    from msa_recovery.domain.inputs import ChooseChannel, Identify

    caller = Caller()
    reply = stage.recovery.begin(caller)
    reply = stage.recovery.send(reply.handle, Identify(MAITE), caller)
    stage.recovery.send(reply.handle, ChooseChannel("email"), caller)


def test_each_line_of_json_is_an_object_with_whole_names(run: Command) -> None:
    first = json.loads(run("journeys", "--json")[0])
    assert (32, 32, "recovery") == (len(first["journey"]), len(first["account"]), first["chart"])


def test_what_finished_long_ago_is_purged_and_only_that(
    folder: DemoFolder, run: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    from msa_recovery.adapters import clocks

    monkeypatch.setattr(clocks.SystemClock, "now", lambda _: NOW + timedelta(days=40))
    assert [True, True] == [f" {count} deleted" in run("purge")[0] for count in (2, 0)]
    assert (["none"], 2) == (run("journeys", "--finished"), len(run("journeys")) - 1)


def test_an_operator_may_keep_journeys_for_longer(run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    from msa_recovery.adapters import clocks

    monkeypatch.setattr(clocks.SystemClock, "now", lambda _: NOW + timedelta(days=40))
    assert " 0 deleted" in run("purge", "--days", "90")[0]


@pytest.fixture
def keys(tmp_path: Path) -> str:
    write_keys(tmp_path / "keys.toml", Keys.generate())
    return str(tmp_path / "keys.toml")


_COMMANDS = pytest.mark.parametrize(
    "command",
    [
        ("journeys",),
        ("outbox", "list"),
        ("purge", "KEYS"),
        ("audit", "checkpoint", "KEYS"),
        ("audit", "verify", "KEYS"),
    ],
)


@_COMMANDS
def test_a_store_that_is_not_there_is_told_and_not_made(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, keys: str, command: tuple[str, ...]
) -> None:
    path = tmp_path / "nothing.sqlite"
    complaint = f"msa-recovery: {path}: there is no store\n"
    assert (1, "", complaint) == said(capsys, *(keys if word == "KEYS" else word for word in command), str(path))
    assert not path.exists()


@_COMMANDS
def test_a_file_that_is_no_store_is_told_in_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, keys: str, command: tuple[str, ...]
) -> None:
    path = tmp_path / "text.sqlite"
    path.write_bytes(b"not a database " * 1_000)
    code, out, err = said(capsys, *(keys if word == "KEYS" else word for word in command), str(path))
    assert (1, "", 1, True) == (code, out, len(err.splitlines()), str(path) in err)


def test_nothing_that_is_listed_is_a_secret_or_an_identifier(folder: DemoFolder, run: Command) -> None:
    """R49, R54: whole or in parts, in any column."""
    shown = "\n".join(
        line
        for command in (("journeys",), ("journeys", "--finished"), ("outbox list",), ("outbox list", "--newest"))
        for options in ((), ("--json",))
        for line in run(*command, *options)
    ).replace(" ", "")
    with folder.opened(NOW) as stage:
        secrets = [
            message.secret.reveal() for channel in Channel for message in stage.delivered(channel) if message.secret
        ]
        members = [stage.member(key).held.account for key in ("individual-both", "individual-sms-only")]
    told = [text for secret in secrets if len(secret) > 4 for text in (secret,)]
    for account in members:
        told += [*account.names, *account.postal_address, account.key]
        told += [identifier.digits for identifier in account.identifiers]
        told += [contact.value.text for contact in account.contacts]
    visited = json.loads((folder.path / "visit.json").read_text())
    told += [handle for handle in (visited["here"], visited["left"], UNKNOWN.replace(" ", "")) if handle]
    assert [] == [text for text in told if text.replace(" ", "") in shown]
