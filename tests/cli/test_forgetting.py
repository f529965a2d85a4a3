"""``msa-recovery forget``: what an operator types, and what is left in the store."""

import sys
from io import StringIO
from pathlib import Path

import pytest

from msa_recovery.adapters.clocks import SystemClock
from msa_recovery.adapters.keyring import read_keys
from msa_recovery.adapters.sqlite_store import SqliteStore
from msa_recovery.adapters.vault import Vault
from msa_recovery.application.intents import RevokeSessions
from msa_recovery.application.outgoing import seal_intent
from msa_recovery.application.records import Change
from msa_recovery.application.subject import Subject
from msa_recovery.cli.folder import DemoFolder
from msa_recovery.domain.account import AccountKey
from tests.cli.said import said
from tests.cli.visit import visit

CAMILLE = "2 84 03 33 900 001 47"


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    """Keys and store of a demonstration in which somebody gave an identifier, and left."""
    visit("2", CAMILLE, "a", folder=DemoFolder(tmp_path))
    return str(tmp_path / "keys.toml"), str(tmp_path / "recovery.sqlite")


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr(sys, "stdin", StringIO("".join(f"{line}\n" for line in lines)))


def accounts(store: str) -> set[str]:
    """The pseudonyms that the store still knows."""
    opened = SqliteStore(store)
    try:
        named = {each.journey.profile.pseudonym for each in opened.finished(9) if each.journey.profile is not None}
        return named | {each.account for each in opened.newest_messages(9)} | {each.account for each in opened.audit()}
    finally:
        opened.close()


def key_of_camille(tmp_path: Path) -> str:
    with DemoFolder(tmp_path).opened(SystemClock().now()) as stage:
        return next(
            held.account.key
            for held in stage.directory.accounts()
            if any(each.canonical.endswith("2840333900001") for each in held.account.identifiers)
        )


def test_an_account_is_forgotten_and_the_audit_whole(
    capsys: pytest.CaptureFixture[str], files: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert {""} != accounts(files[1])
    typed(monkeypatch, CAMILLE, key_of_camille(tmp_path))
    assert (0, f"{files[1]}: forgotten\n", "") == said(capsys, "forget", *files)
    assert ({""}, 0) == (accounts(files[1]), said(capsys, "audit", "verify", *files)[0])


def test_without_the_key_of_the_account_only_what_has_the_identifiers_name_goes(
    capsys: pytest.CaptureFixture[str], files: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = accounts(files[1])
    typed(monkeypatch, CAMILLE, "")
    assert (0, "") == said(capsys, "forget", *files)[::2]
    assert before == accounts(files[1])


def test_what_is_no_identifier_is_told_in_one_line(
    capsys: pytest.CaptureFixture[str], files: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, "Camille", "camille")
    expected = "msa-recovery: not an identifier: identifier_characters\n"
    assert (1, "", expected) == said(capsys, "forget", *files)


def test_an_identifier_is_no_argument(capsys: pytest.CaptureFixture[str], files: tuple[str, str]) -> None:
    """R49: arguments stand in the list of processes and in the history of the shell."""
    assert 2 == said(capsys, "forget", *files, CAMILLE)[0]


def test_while_an_effect_is_open_nothing_is_forgotten(
    capsys: pytest.CaptureFixture[str], files: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Invariant 11: the command has no directory to bring it to."""
    key = AccountKey(key_of_camille(tmp_path))
    store = SqliteStore(files[1])
    (stored,) = store.finished(9)
    journey = stored.journey
    assert journey.profile is not None
    vault, subject = Vault(read_keys(Path(files[0]))), Subject(key, None, journey.profile)
    store.commit(Change(intents=(seal_intent(RevokeSessions(), subject, 1, journey.id, vault),)))
    before = accounts(files[1])
    store.close()
    typed(monkeypatch, CAMILLE, key)
    complaint = (
        "msa-recovery: accounts: an effect on the directory is still open: let relay() of a host apply it first\n"
    )
    assert (1, "", complaint) == said(capsys, "forget", *files)
    assert before == accounts(files[1])
