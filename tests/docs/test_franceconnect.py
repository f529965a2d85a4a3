"""The page on FranceConnect names everything that can come of it, and what its reader writes signs people in."""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

import msa_recovery
from msa_recovery import Caller, Recovery, State
from msa_recovery.adapters.franceconnect import INTEGRATION, PRODUCTION, FranceConnect, Why, errors
from msa_recovery.adapters.franceconnect.registration import SCOPES
from msa_recovery.cli.playing import MONDAY_MORNING
from msa_recovery.cli.stage import Stage
from tests.docs.test_pages import ROOT, Reader
from tests.support.liar import at_work, registered

PAGE = (ROOT / "docs" / "franceconnect.md").read_text("utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)

PROVIDER: Final = ROOT / "build" / "provider"
NODE: Final = shutil.which("node")
SOURCES: Final = Path(msa_recovery.__file__).parents[1]


def first_cells(heading: str) -> list[str]:
    section = re.split(r"^#+ ", PAGE.partition(f"# {heading}\n")[2], flags=re.MULTILINE)[0]
    return re.findall(r"^\| `(\w+)`.* \| \S", section, flags=re.MULTILINE)


def test_each_outcome_and_each_fault_is_explained_once() -> None:
    assert sorted([*Why, *errors.__all__]) == sorted(first_cells("What becomes of somebody who left"))


def test_what_is_asked_for_and_where_is_said() -> None:
    assert f"`{' '.join(SCOPES)}`" in PAGE
    for name, provider in (("PRODUCTION", PRODUCTION), ("INTEGRATION", INTEGRATION)):
        assert f"| `{name}` | `{provider.issuer}` |" in PAGE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where somebody has followed the page."""
    Reader("docs/franceconnect.md", tmp_path)
    return tmp_path / "work"


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(SOURCES), "PYTHONUTF8": "1"}


def test_the_application_of_the_page_leads_to_franceconnect_and_is_closed(folder: Path) -> None:
    program = """
from starlette.testclient import TestClient
from app import app, franceconnect
with TestClient(app, base_url="https://your.host", follow_redirects=False) as browser:
    assert "/recovery/franceconnect" in browser.get("/recovery/").text
    print(browser.get("/recovery/franceconnect").headers["location"])
    assert not franceconnect._http.is_closed
assert franceconnect._http.is_closed
"""
    done = subprocess.run(  # noqa: S603 - our own page
        [sys.executable, "-c", program],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.stdout.startswith(f"{PRODUCTION.authorize}?"), done.stderr
    assert 0 == done.returncode, done.stderr


def free_port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])


@contextmanager
def running(command: list[str], folder: Path, ready: str) -> Generator[None]:
    """A program that goes on until the block ends, from the line on that says that it is ready."""
    with subprocess.Popen(  # noqa: S603 - what the page has its reader type
        command, cwd=folder, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as program:
        assert program.stdout is not None
        try:
            assert any(ready in line for line in program.stdout), "it does not start"
            yield
        finally:
            program.terminate()


@pytest.fixture
def here(folder: Path) -> Generator[str]:
    """The pages as somebody has them who tries them here; only the two ports are others."""
    issuer, pages = free_port(), free_port()
    written = folder / "here.py"
    text = written.read_text(encoding="utf-8")
    assert ("9123", "8077") == (*re.findall(r'"http://127\.0\.0\.1:(\d+)"', text), re.findall(r":(\d+)/", text)[0])
    written.write_text(text.replace("9123", issuer).replace("8077", pages), encoding="utf-8")
    typed = {"9123": issuer, "8077": pages}
    provider, server = (
        re.sub("9123|8077", lambda port: typed[port[0]], re.findall(rf"^\$ ({program} .*)$", PAGE, re.MULTILINE)[-1])
        for program in ("node", "uvicorn")
    )
    with (
        running(provider.split(), PROVIDER, "ready"),
        running([sys.executable, "-m", *server.split()], folder, "Uvicorn running"),
    ):
        yield f"http://127.0.0.1:{pages}/recovery"


@pytest.mark.skipif(NODE is None or not (PROVIDER / "node_modules").is_dir(), reason="needs Node and `make provider`")
def test_who_tries_it_here_meets_everybody_whom_the_page_names(here: str) -> None:
    expected = dict(re.findall(r"^\| `(\w+)` \| .*?\*(.+?)\*", PAGE.partition("## Try it here\n")[2], re.MULTILINE))
    assert ["camille", "benat", "stranger", "nobody"] == [*expected][:4]
    for who in [*expected][:4]:
        with httpx.Client(follow_redirects=True, timeout=30) as browser:
            assert "Se connecter avec FranceConnect" in browser.get(f"{here}/").text
            asked = browser.get(f"{here}/franceconnect")
            (link,) = re.findall(rf'href="([^"]+/{who})"', asked.text)
            came = browser.get(str(asked.url.join(link)))
        assert str(came.url).startswith(here)
        assert expected[who] in came.text, who


def test_the_two_calls_of_the_page_sign_a_person_in() -> None:
    names: dict[str, Any] = {}
    exec(BLOCKS[-1], names)  # noqa: S102 - our own page
    stage, session = Stage.sample(MONDAY_MORNING), dict[str, str]()
    recovery: Recovery = stage.recovery
    with at_work(stage.clock) as liar, FranceConnect(registered(), liar.provider, clock=stage.clock) as client:
        query = liar.visited(names["leave"](client, session))
        reply = names["come_back"](client, recovery, Caller(), query, session)
        assert State.SIGNED_IN_WITH_FRANCECONNECT == reply.view.state
        assert Why.NOT_STARTED_HERE == names["come_back"](client, recovery, Caller(), query, session)
    assert ["franceconnect_id_token"] == [*session]
