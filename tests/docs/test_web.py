"""What docs/web.md says is true: its blocks run, and it names what there is."""

import re
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from msa_recovery import Channel
from msa_recovery.adapters.clocks import SystemClock
from msa_recovery.adapters.keyring import Keys
from msa_recovery.adapters.password_hashing import TESTS_ONLY, Argon2idHasher
from msa_recovery.adapters.recording import RecordingMessenger
from msa_recovery.sample import sample_directory
from msa_recovery.web.faults import Fault
from tests.web.browser import BASE, HttpBrowser, Loop

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "web.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def ran(tmp_path: Path) -> dict[str, Any]:
    """What the names of the page are once its blocks have run, one after the other."""
    own = tmp_path / "our-templates"
    own.mkdir()
    (own / "frame.html").write_text(next(text for kind, text in BLOCKS if kind == "html"), encoding="utf-8")
    names: dict[str, Any] = {
        "directory": sample_directory(SystemClock(), Argon2idHasher(TESTS_ONLY)),
        "keys": Keys.generate(),
        "path": tmp_path / "recovery.sqlite",
        "messengers": {channel: RecordingMessenger(channel) for channel in Channel},
    }
    for kind, text in BLOCKS:
        if kind == "python":
            exec(text.replace('Path("our-templates")', f"Path({str(own)!r})"), names)  # noqa: S102 - our own page
    return names


def test_the_pages_are_where_they_were_mounted(ran: dict[str, Any]) -> None:
    with Loop() as loop:
        assert ["Se connecter"] == HttpBrowser(ran["app"], loop).open("/").headings
    assert "/mot-de-passe" == BASE


def test_the_frame_of_the_page_is_around_every_page(ran: dict[str, Any]) -> None:
    with Loop() as loop:
        browser = HttpBrowser(Starlette(routes=[Mount(BASE, ran["pages"])]), loop)
        page = browser.open("/")
    assert "/notre-style.css" in page.text
    assert "https://espace.example/inscription" in page.text
    assert "Mon espace privé MSA" not in page.words, "our words are in place of the shipped ones"


def test_every_fault_of_the_api_is_named() -> None:
    assert [] == [fault.slug for fault in Fault if f"`{fault.slug}`" not in PAGE]


def test_every_call_of_the_api_is_shown(ran: dict[str, Any]) -> None:
    with Loop() as loop:
        document = HttpBrowser(ran["app"], loop).request("GET", f"{BASE}/api/openapi.json").json()
    said = {f"/{path}" for path in re.findall(r"(?:GET|POST) +/api/([\w/.-]+)", PAGE)}
    assert set(document["paths"]) == said
