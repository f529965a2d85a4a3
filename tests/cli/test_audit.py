"""``msa-recovery audit``: one line for what is wrong, and the code to end with."""

import json
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from msa_recovery.adapters.clocks import SystemClock
from msa_recovery.cli.folder import DemoFolder
from tests.cli.said import said
from tests.cli.visit import NOW, visit

CAMILLE = "2 84 03 33 900 001 47"


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    """The keys and the store of a visit."""
    visit("2", CAMILLE, "a", "0", folder=DemoFolder(tmp_path))
    return str(tmp_path / "keys.toml"), str(tmp_path / "recovery.sqlite")


def change(store: str, statement: str) -> None:
    with sqlite3.connect(store) as connection:
        connection.execute(statement)
    connection.close()


def test_an_audit_that_is_whole_ends_with_0(capsys: pytest.CaptureFixture[str], files: tuple[str, str]) -> None:
    code, out, err = said(capsys, "audit", "verify", *files)
    assert (0, 1, True, "") == (code, len(out.splitlines()), "no checkpoint was ever signed" in out, err)


def test_a_checkpoint_is_printed_to_be_noted(capsys: pytest.CaptureFixture[str], files: tuple[str, str]) -> None:
    _, out, _ = said(capsys, "audit", "checkpoint", *files)
    noted = out.split(": checkpoint ")[1].split()[0]
    assert (0, True) == (
        (verified := said(capsys, "audit", "verify", *files, "--known", noted))[0],
        noted in verified[1],
    )


def test_a_file_that_was_put_back_is_found_by_the_noted_checkpoint(
    capsys: pytest.CaptureFixture[str], files: tuple[str, str]
) -> None:
    code, out, _ = said(capsys, "audit", "verify", *files, "--known", "1:00ff")
    assert (1, "checkpoint 1: it is not the one that was noted elsewhere, or is gone\n") == (code, out)


def test_what_is_wrong_is_one_line_each_and_ends_with_1(
    capsys: pytest.CaptureFixture[str], files: tuple[str, str]
) -> None:
    change(files[1], "DELETE FROM audit WHERE number = 2")
    code, out, err = said(capsys, "audit", "verify", *files)
    assert (1, 1, "") == (code, len(out.splitlines()), err)
    assert out.startswith("journey:")
    assert out.endswith(": facts 2 to 2 were removed\n")


def test_a_machine_reads_what_is_wrong(capsys: pytest.CaptureFixture[str], files: tuple[str, str]) -> None:
    change(files[1], "DELETE FROM audit WHERE number = 2")
    code, out, _ = said(capsys, "audit", "verify", *files, "--json")
    found = json.loads(out)
    assert (1, "removed", 2, ["wrong", "where", "number", "says"]) == (code, found["wrong"], found["number"], [*found])


def test_a_machine_is_told_nothing_of_an_audit_that_is_whole(
    capsys: pytest.CaptureFixture[str], files: tuple[str, str]
) -> None:
    assert (0, "", "") == said(capsys, "audit", "verify", *files, "--json")


def test_what_somebody_wrote_into_the_file_steers_no_terminal(
    capsys: pytest.CaptureFixture[str], files: tuple[str, str]
) -> None:
    change(files[1], "UPDATE audit SET chain = 'x' || char(27) || '[31m' || char(10) || 'whole' WHERE number = 1")
    _, out, _ = said(capsys, "audit", "verify", *files)
    assert out.replace("\n", "").isprintable()
    assert not any(line.startswith("whole") for line in out.splitlines())


def test_keys_of_another_store_verify_nothing(
    capsys: pytest.CaptureFixture[str], files: tuple[str, str], tmp_path: Path
) -> None:
    other = str(tmp_path / "other.toml")
    said(capsys, "keys", "new", other)
    code, out, _ = said(capsys, "audit", "verify", other, files[1])
    assert (1, True) == (code, "cannot be verified: no key" in out)


def test_a_purge_leaves_an_audit_that_is_whole(
    capsys: pytest.CaptureFixture[str], files: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SystemClock, "now", lambda _: NOW + timedelta(days=40))
    _, out, _ = said(capsys, "purge", *files)
    assert (True, 0) == (" 1 deleted" in out, said(capsys, "audit", "verify", *files)[0])
