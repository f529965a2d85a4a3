"""`make` says what this machine lacks, and what goes without it; `.ci/run` knows where each of these comes from."""

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tools.lacking import HELPFUL, Program, Server

ROOT: Final = Path(__file__).parents[2]
SERVERS: Final = [name for name, thing in HELPFUL.items() if isinstance(thing, Server)]


@pytest.fixture
def nowhere() -> Iterator[str]:
    """An address of this machine where nobody listens, for as long as the test runs."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"any://127.0.0.1:{held.getsockname()[1]}/0"


def told(environment: dict[str, str], *words: str) -> str:
    """What the program says where a machine is like this."""
    command = [sys.executable, "-I", str(ROOT / "tools" / "lacking.py"), *words]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout  # noqa: S603


def settings(value: str) -> dict[str, str]:
    return {thing.setting: value for thing in HELPFUL.values() if isinstance(thing, Server)}


def test_a_machine_that_has_nothing_is_told_what_each_thing_is_for(nowhere: str, tmp_path: Path) -> None:
    said = told({"PATH": str(tmp_path), **settings(nowhere)})
    assert list(HELPFUL) == re.findall(r"^  (\w+) +\S", said, re.MULTILINE)
    assert [] == [name for name, thing in HELPFUL.items() if thing.left_out not in said]


def test_a_machine_that_has_all_is_told_nothing(tmp_path: Path) -> None:
    for thing in HELPFUL.values():
        if isinstance(thing, Program):
            (tmp_path / thing.names[0]).touch(0o755)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"any://127.0.0.1:{listening.getsockname()[1]}/0"
        assert "" == told({"PATH": str(tmp_path), **settings(address)})


def test_any_browser_will_do(tmp_path: Path, nowhere: str) -> None:
    (tmp_path / "chromium").touch(0o755)
    assert "chromium" not in told({"PATH": str(tmp_path), **settings(nowhere)})
    other = tmp_path / "a-browser"
    other.touch(0o755)
    (tmp_path / "chromium").unlink()
    assert "chromium" in told({"PATH": str(tmp_path), **settings(nowhere)})
    assert "chromium" not in told({"PATH": str(tmp_path), "CHROMIUM": str(other), **settings(nowhere)})


def test_what_is_said_to_be_elsewhere_is_not_to_be_installed_here(nowhere: str, tmp_path: Path) -> None:
    names = told({"PATH": str(tmp_path), **settings(nowhere)}, "--names").split()
    assert [name for name in HELPFUL if name not in SERVERS] == names


def test_debian_has_a_package_for_each() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    table = script[script.index("DEBIAN=(") : script.index("\n)", script.index("DEBIAN=("))]
    assert sorted(HELPFUL) == sorted(re.findall(r"\[(\w+)\]=", table))
    assert sorted(SERVERS) == sorted(re.findall(r"^ +(\w+)\) service ", script, re.MULTILINE))
