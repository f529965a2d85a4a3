"""What the directory on a file promises beyond the contract of a directory."""

import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

import pytest
from attrs import evolve

from msa_recovery.adapters import sqlite_directory
from msa_recovery.adapters.clocks import ManualClock
from msa_recovery.adapters.held_account import HeldAccount
from msa_recovery.adapters.held_text import held_of
from msa_recovery.adapters.password_hashing import TESTS_ONLY, Argon2idHasher
from msa_recovery.adapters.sqlite_directory import SqliteDirectory
from msa_recovery.application.errors import CallerError, InfrastructureError
from msa_recovery.application.intents import ReplacePassword, RevokeSessions
from msa_recovery.domain.account import AccountKey
from msa_recovery.domain.secret import Secret
from msa_recovery.sample import sample_directory

HASHER = Argon2idHasher(TESTS_ONLY)
CLOCK = ManualClock(datetime(2026, 3, 2, tzinfo=UTC))
SAMPLE = sample_directory(CLOCK, HASHER).accounts()
CAMILLE = AccountKey("individual-both")


def opened(path: Path) -> SqliteDirectory:
    return SqliteDirectory(path, HASHER, CLOCK)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "accounts.sqlite"


@pytest.fixture
def directory(path: Path) -> Iterator[SqliteDirectory]:
    directory = opened(path)
    directory.add(SAMPLE)
    yield directory
    directory.close()


def test_every_sample_account_comes_back_as_it_was_given(directory: SqliteDirectory) -> None:
    assert SAMPLE == directory.accounts()


def test_the_file_is_its_owners_alone(directory: SqliteDirectory, path: Path) -> None:
    assert {0o600} == {stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}


def test_what_was_applied_is_there_when_the_file_is_opened_again(directory: SqliteDirectory, path: Path) -> None:
    directory.apply(CAMILLE, ReplacePassword(Secret("Tournesol-bleu-47!")), "1")
    directory.close()
    again = opened(path)
    assert again.password_matches(CAMILLE, Secret("Tournesol-bleu-47!"))
    again.close()


def test_nobody_costs_the_reading_of_an_account_too(
    directory: SqliteDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R14: some ten microseconds, which an attacker may average out."""
    read = list[int]()

    def heard(text: str) -> HeldAccount:
        read.append(len(text))
        return held_of(text)

    monkeypatch.setattr(sqlite_directory, "held_of", heard)
    directory.get(AccountKey("individual-changed-yesterday"))
    assert directory.get(AccountKey("nobody")) is None
    known, unknown = read
    assert 0.8 < unknown / known < 1.25


def test_what_is_done_once_is_done_once_across_restarts(directory: SqliteDirectory, path: Path) -> None:
    """Invariant 11."""
    directory.apply(CAMILLE, RevokeSessions(), "1")
    directory.close()
    again = opened(path)
    assert again.apply(CAMILLE, RevokeSessions(), "1")
    assert 1 == again.sessions_revoked(CAMILLE)
    again.close()


def _revokes(path: Path, names: range) -> None:
    directory = opened(path)
    for name in names:
        assert directory.apply(CAMILLE, RevokeSessions(), str(name))
    directory.close()


def test_no_effect_is_lost_or_done_twice_between_processes(directory: SqliteDirectory, path: Path) -> None:
    """Invariant 11: each of ten effects is asked for by three processes at once."""
    workers = [get_context("spawn").Process(target=_revokes, args=(path, range(10))) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert ([0] * 3, 10) == ([worker.exitcode for worker in workers], directory.sessions_revoked(CAMILLE))


def test_a_sign_in_never_undoes_a_change_of_password(directory: SqliteDirectory) -> None:
    """Of those who sign in with the old one while it is replaced, none puts it back."""
    (camille,) = (held for held in SAMPLE if held.account.key == CAMILLE)
    old, new = Secret("Cep#Vendanges19"), Secret("Tournesol-bleu-47!")
    with ThreadPoolExecutor(4) as threads:
        signing = [threads.submit(directory.sign_in, camille.account.identifiers[0], old) for _ in range(20)]
        directory.apply(CAMILLE, ReplacePassword(new), "1")
        for each in signing:
            each.result(30)
    assert (True, False) == (directory.password_matches(CAMILLE, new), directory.password_matches(CAMILLE, old))


@pytest.mark.parametrize(
    ("twin", "said"),
    [
        (SAMPLE[0], "key"),
        (evolve(SAMPLE[0], account=evolve(SAMPLE[0].account, key=AccountKey("twin"))), "identifier"),
        (
            evolve(SAMPLE[0], account=evolve(SAMPLE[0].account, key=AccountKey("twin"), identifiers=())),
            "civil identity",
        ),
    ],
)
def test_accounts_that_cannot_be_told_apart_are_refused_all_of_them(path: Path, twin: object, said: str) -> None:
    directory = opened(path)
    with pytest.raises(CallerError, match=f"two accounts have the same {said}"):
        directory.add((*SAMPLE, twin))  # type: ignore[arg-type]
    assert () == directory.accounts()
    directory.close()


def test_a_file_that_fails_is_the_directorys_failure(tmp_path: Path) -> None:
    with pytest.raises(InfrastructureError, match=r"^accounts: .*No such file or directory"):
        opened(tmp_path / "nowhere" / "accounts.sqlite").get(CAMILLE)
