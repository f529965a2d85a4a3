"""The host with a store of its own, run by the commands of its README."""

import re
import shutil
from pathlib import Path

import pytest

from tests.examples.host import EXAMPLES, Host
from tests.support.suites import QUICK, ran


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Host:
    host = Host("own_storage", tmp_path_factory.mktemp("own"))
    host.prepare(until="sign_in.py")
    return host


def test_a_journey_survives_a_restart(host: Host) -> None:
    said = host.run(".venv/bin/python sign_in.py")
    states = re.findall(r"^(.*?): +(\S+)$", said, re.MULTILINE)
    assert [
        ("a usual sign-in", "individual-both"),
        ("one with a journey", "confirming_contacts"),
        ("before the restart", "confirming_code"),
        ("a temporary password", "personalising_password"),
        ("after it", "completed"),
        ("the new one", "individual-both"),
    ] == states


def test_the_store_keeps_its_contract_and_whole_recoveries_go_on_it(host: Host) -> None:
    """R40: the contract suite ships."""
    said = host.run(".venv/bin/python -m pytest")
    assert re.search(r"\b[23]\d\d passed", said), said


def test_a_journal_that_loses_something_is_found_by_playing(tmp_path: Path) -> None:
    """That an effect was applied, here."""
    host = Path(shutil.copytree(EXAMPLES / "own_storage", tmp_path / "own"))
    (host / "conftest.py").write_text(QUICK, encoding="utf-8")
    journal = host / "journal_store.py"
    good = journal.read_text(encoding="utf-8")
    bad = good.replace("cls(**whole, **apart)", "cls(**{**whole, 'applied': ()}, **apart)")
    assert bad != good
    journal.write_text(bad, encoding="utf-8")
    code, said = ran(host, "test_journal_store.py::TestJournal")
    assert (1, True) == (code, "AssertionError: store.ledger: expected StoredLedger(" in said), said
