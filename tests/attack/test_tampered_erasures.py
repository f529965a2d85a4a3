"""Whoever can write to the file makes facts look erased, or changes what an erasure left, and has no key: it shows."""

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from shutil import copy

import pytest

from msa_recovery.adapters.keyring import Keys, RootKey
from msa_recovery.adapters.sqlite_store import SqliteStore
from msa_recovery.adapters.vault import Vault
from msa_recovery.application.erasing import erased
from msa_recovery.application.facts import KeptFact
from msa_recovery.application.verifying import Wrong, verified
from msa_recovery.domain.audit import FactName
from msa_recovery.domain.events import Abandon
from msa_recovery.domain.inputs import Identify
from msa_recovery.testing.people import NIR_OF_LEA, NIR_OF_MARIE, NIR_OF_PAUL
from tests.support.house import AGENT, HERE, KEYS, House
from tests.support.sqlite import fresh


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file in which facts were erased for their age, an account was forgotten, and another one was not; checkpoints
    stand over all of it but the last journey."""
    path = fresh(tmp_path_factory.mktemp("audit") / "recovery.sqlite")
    house = House(store=SqliteStore(path))
    house.play(Identify(NIR_OF_LEA), Abandon())
    house.neighbour.checkpoint()
    house.later(days=400)
    house.host.purge()
    house.at_sign_in(NIR_OF_MARIE)
    house.host.sign_in(NIR_OF_MARIE, house.wrong_password, HERE)
    house.neighbour.checkpoint()
    house.at_sign_in(NIR_OF_PAUL)
    house.host.forget(NIR_OF_MARIE, AGENT)
    house.neighbour.checkpoint()
    house.clock.advance(timedelta(hours=2))
    house.play(Identify(NIR_OF_LEA), Abandon())
    house.host.close()
    return path


@pytest.fixture
def path(played: Path, tmp_path: Path) -> Path:
    return Path(copy(played, tmp_path / "recovery.sqlite"))


@pytest.fixture
def file(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path, isolation_level=None)
    yield connection
    connection.close()


def wrong(path: Path, keys: Keys = KEYS) -> set[Wrong]:
    store = SqliteStore(path)
    try:
        with store.trail() as trail:
            return {each.wrong for each in verified(trail, Vault(keys))}
    finally:
        store.close()


def erase(file: sqlite3.Connection, where: str, name: str = "forged") -> int:
    """What an erasure leaves, left by somebody without a key; of how many facts."""
    columns = "sequence, at, account, journey, name, row, reason, chain, number, mac"
    found = [KeptFact(*row) for row in file.execute(f"SELECT {columns} FROM audit WHERE {where}").fetchall()]  # noqa: S608
    for fact in found:
        left = erased(fact, name)
        file.execute(
            "UPDATE audit SET at = ?, account = '', journey = '', row = ?, reason = NULL WHERE sequence = ?",
            (left.at, left.row, left.sequence),
        )
    return len(found)


def test_what_was_really_erased_is_in_order(path: Path, file: sqlite3.Connection) -> None:
    assert set() == wrong(path)
    assert 5 < file.execute("SELECT count(*) FROM audit WHERE row LIKE 'erased:%'").fetchone()[0]


@pytest.mark.parametrize("name", ["forged", "known"])
@pytest.mark.parametrize("where", ["account = '' AND at > 0", "account <> ''", "at = (SELECT max(at) FROM audit)"])
def test_facts_that_somebody_else_erased_are_told(path: Path, file: sqlite3.Connection, where: str, name: str) -> None:
    """Also those that a checkpoint stands over, to which they are the same; also in the name of a real erasure."""
    (chain,) = file.execute("SELECT chain FROM audit WHERE name = 'facts_erased' LIMIT 1").fetchone()
    assert erase(file, where, chain.partition(":")[2] if name == "known" else name)
    assert Wrong.NOT_AS_ERASED in wrong(path)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("SET name = 'message_dropped' WHERE name = 'row_fired' AND row LIKE 'erased:%'", Wrong.NOT_AS_ERASED),
        ("SET at = 1 WHERE row LIKE 'erased:%'", Wrong.NOT_AS_ERASED),
        ("SET account = 'paul' WHERE row LIKE 'erased:%'", Wrong.NOT_AS_ERASED),
        ("SET row = replace(row, substr(row, -4), '0000') WHERE row LIKE 'erased:%'", Wrong.NOT_AS_ERASED),
        ("SET mac = x'00' WHERE row LIKE 'erased:%' AND number = 2", Wrong.NOT_AS_ERASED),
        ("SET row = 'ff' WHERE name = 'facts_erased'", Wrong.EDITED),
        ("SET chain = 'erased:other' WHERE name = 'facts_erased'", Wrong.EDITED),
        ("SET number = number + 1 WHERE chain LIKE 'forgotten:%' AND name = 'forgotten'", Wrong.REMOVED),
    ],
)
def test_what_an_erasure_left_cannot_be_changed(path: Path, file: sqlite3.Connection, change: str, told: Wrong) -> None:
    file.execute(f"UPDATE audit {change}")
    assert told in wrong(path)


@pytest.mark.parametrize(
    ("gone", "told"),
    [
        ("name = 'facts_erased'", Wrong.NOT_AS_ERASED),
        ("row LIKE 'erased:%' AND number = 2", Wrong.REMOVED),
        ("name = 'forgotten'", Wrong.END_UNKNOWN),
        ("chain LIKE 'forgotten:%'", Wrong.NOT_AS_SIGNED),
        ("chain LIKE 'erased:%' OR row LIKE 'erased:%'", Wrong.NOT_AS_SIGNED),
    ],
)
def test_what_an_erasure_left_cannot_be_taken_away(
    path: Path, file: sqlite3.Connection, gone: str, told: Wrong
) -> None:
    file.execute(f"DELETE FROM audit WHERE {gone}")  # noqa: S608 - what is put into it stands here
    assert told in wrong(path)


def test_a_cut_elsewhere_still_shows(path: Path, file: sqlite3.Connection) -> None:
    """Behind the last checkpoint, where only the head of the chain says so."""
    file.execute("DELETE FROM audit WHERE sequence = (SELECT max(sequence) FROM audit)")
    assert {Wrong.CUT} == wrong(path)


def test_an_erasure_outlives_the_key_that_signed_it(path: Path, file: sqlite3.Connection) -> None:
    """R10: a checkpoint of the new key stands over its tombstone; what is left cannot be changed all the same."""
    new = Keys((RootKey("new", b"n" * 32), *KEYS.ring), KEYS.identity)
    house = House(store=SqliteStore(path))
    house.restart_with(new)
    house.later(days=401)
    house.neighbour.reseal()
    house.host.close()
    alone = Keys(new.ring[:1], new.identity)
    assert set() == wrong(path, alone)
    file.execute("UPDATE audit SET name = 'message_dropped' WHERE name = 'row_fired' AND row LIKE 'erased:%'")
    assert Wrong.NOT_AS_ERASED in wrong(path, alone)


def test_a_forged_erasure_shows_when_the_key_of_its_tombstone_is_gone(path: Path, file: sqlite3.Connection) -> None:
    """Nobody holds a key of that name, and no checkpoint stands over such a tombstone."""
    assert erase(file, f"name = '{FactName.ROW_FIRED}' AND account <> ''")
    file.execute(
        "INSERT INTO audit (at, account, journey, name, row, chain, number, mac)"
        " VALUES (1, '', '', 'facts_erased', 'ff', 'erased:forged', 1, x'04676f6e6500')"
    )
    assert {Wrong.KEY_MISSING, Wrong.NOT_AS_ERASED} <= wrong(path)
