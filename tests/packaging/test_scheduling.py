"""A host is started once, however many workers there are."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.support.scheduling import HostsTogether

ROOT: Final = Path(__file__).parents[2]

TESTS: Final = """
import pytest

@pytest.mark.parametrize("number", range(8))
def test_(number):
    pass
"""


@pytest.mark.parametrize(
    ("name", "goes_with"),
    [
        ("tests/examples/test_one.py::test_it[1]", "tests/examples/test_one.py"),
        ("tests/other/test_other.py::test_it[1]", "tests/other/test_other.py::test_it[1]"),
    ],
)
def test_what_goes_to_one_worker_is_the_file_of_a_host_and_else_one_test(name: str, goes_with: str) -> None:
    assert goes_with == object.__new__(HostsTogether)._split_scope(name)


def test_the_tests_of_a_host_stay_with_one_worker(tmp_path: Path) -> None:
    for name in ("tests/examples/test_one.py", "tests/examples/test_two.py", "tests/other/test_other.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(TESTS, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text(f"[pytest]\npythonpath = {ROOT}\naddopts = --import-mode=importlib", "utf-8")
    options = ["-v", "-n", "2", "--dist", "loadgroup", "-p", "no:cacheprovider", "-p", "tests.support.scheduling"]
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "pytest", *options], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert 0 == done.returncode, done.stdout + done.stderr
    workers: dict[str, set[str]] = {}
    for worker, name in re.findall(r"^\[(gw\d)\] .* PASSED \S+/test_(\w+)\.py", done.stdout, re.MULTILINE):
        workers.setdefault(name, set()).add(worker)
    # Which worker has the others depends on who is quicker.
    assert {"one", "two", "other"} == set(workers)
    assert (1, 1) == (len(workers["one"]), len(workers["two"]))
