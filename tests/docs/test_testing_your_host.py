"""The page about testing a host: its code runs, and the bug that it plants is found by what it says, and by nothing
before."""

import re
from pathlib import Path

import pytest

from tests.support.suites import QUICK, ran

PAGE = (Path(__file__).parents[2] / "docs" / "testing-your-host.md").read_text(encoding="utf-8")


def blocks(title: str) -> list[str]:
    """The blocks of code that begin with a comment of this title."""
    return re.findall(rf"^```python\n# {re.escape(title)}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def host(tmp_path: Path) -> Path:
    """A folder with every file of the page."""
    for name in ("town.py", "test_town.py", "test_lines.py", "test_forms.py"):
        (tmp_path / name).write_text("\n\n".join(blocks(name)), encoding="utf-8")
    (tmp_path / "conftest.py").write_text(QUICK, encoding="utf-8")
    return tmp_path


def test_all_code_of_the_page_runs(host: Path) -> None:
    code, said = ran(host)
    assert 0 == code, said


def test_the_bug_is_found_by_playing_and_not_by_the_contract(host: Path) -> None:
    (bug,) = blocks("the bug, in town.py")
    text = (host / "town.py").read_text(encoding="utf-8")
    good = text.index("    def _forget")
    (host / "town.py").write_text(text[:good] + bug, encoding="utf-8")
    code, said = ran(host, "test_town.py")
    assert (1, True) == (code, "accounts.find: expected Account(" in said), said
    assert ["test_town.py::TestTown::runTest"] == re.findall(r"^FAILED (\S+)", said, re.MULTILINE)
