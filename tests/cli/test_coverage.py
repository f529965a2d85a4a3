"""``msa-recovery coverage``: which rows production never took."""

import json
import sqlite3
from pathlib import Path

import pytest

from msa_recovery.cli.folder import DemoFolder
from msa_recovery.exploration.coverage import LABELS
from tests.cli.said import said
from tests.cli.visit import visit

CAMILLE = "2 84 03 33 900 001 47"


@pytest.fixture
def store(tmp_path: Path) -> str:
    """The store of a visit that went as far as the choice of a channel."""
    visit("2", CAMILLE, "a", "0", folder=DemoFolder(tmp_path))
    return str(tmp_path / "recovery.sqlite")


def test_the_rows_that_no_journey_took_are_named(capsys: pytest.CaptureFixture[str], store: str) -> None:
    code, out, err = said(capsys, "coverage", store)
    *named, last = out.splitlines()
    named = [line.split()[1] for line in named]
    assert (0, "", True) == (code, err, last.startswith(f"{len(LABELS) - len(named)} of {len(LABELS)} rows fired"))
    assert "confirming_contacts.confirm_contacts.1" in named
    assert "identifying.identify.3" not in named


def test_several_stores_are_counted_together(capsys: pytest.CaptureFixture[str], store: str) -> None:
    once, twice = (
        {each["row"]: each["fired"] for each in map(json.loads, said(capsys, "coverage", *stores)[1].splitlines())}
        for stores in ((store, "--all", "--json"), (store, store, "--all", "--json"))
    )
    assert twice == {row: 2 * fired for row, fired in once.items()}
    assert set(LABELS) == set(once)
    assert sum(once.values()) > 0


def test_a_row_that_no_chart_has_any_more_is_said_to_be_gone(capsys: pytest.CaptureFixture[str], store: str) -> None:
    with sqlite3.connect(store) as connection:
        connection.execute("update audit set row = 'identifying.identify.99' where row = 'identifying.identify.3'")
    connection.close()
    _, out, _ = said(capsys, "coverage", store)
    assert [True] == ["no chart has it" in line for line in out.splitlines() if "identify.99" in line]


def test_a_store_that_is_not_there_is_told_in_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, err = said(capsys, "coverage", str(tmp_path / "nothing.sqlite"))
    assert (1, "", 1) == (code, out, len(err.splitlines()))
