"""The demonstration in a browser: what arrives stands beside the pages, the clock can be moved, and a visit is kept."""

import asyncio
import re
import signal
import subprocess
import sys
from collections.abc import Generator
from datetime import timedelta
from pathlib import Path
from typing import final

import httpx
import pytest

from msa_recovery.cli.folder import DemoFolder
from msa_recovery.cli.stage import Stage
from msa_recovery.cli.web_demo import WebDemo
from tests.web.browser import HttpBrowser, Loop
from tests.web.page import Page, read

from .visit import NOW

_COMMAND = "import sys; from msa_recovery.cli import main; sys.exit(main())"

CAMILLE = "2 84 03 33 900 001 47"


@pytest.fixture
def folder(tmp_path: Path) -> DemoFolder:
    return DemoFolder(tmp_path / "demo")


@pytest.fixture
def stage(folder: DemoFolder) -> Generator[Stage]:
    with folder.opened(NOW) as opened:
        yield opened


@final
class Client:
    """A browser at the demonstration."""

    def __init__(self, stage: Stage, folder: DemoFolder, loop: Loop) -> None:
        self.app = WebDemo(stage, folder).app()
        self._browser = HttpBrowser(self.app, loop)

    def get(self, path: str) -> httpx.Response:
        return self._browser.request("GET", path)

    def post(self, path: str, fields: dict[str, str], **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._browser.request("POST", path, data=fields, headers=named)

    def shown(self, path: str) -> Page:
        return self._browser.followed(self.get(path))

    def sent(self, form: str, **fields: str) -> Page:
        return self._browser.send(form, fields)


@pytest.fixture
def client(stage: Stage, folder: DemoFolder) -> Generator[Client]:
    with Loop() as loop:
        yield Client(stage, folder, loop)


def to_code(client: Client) -> Page:
    client.shown("/")
    client.sent("begin")
    client.sent("main", identifier=CAMILLE)
    return client.sent("main", channel="sms")


def test_the_code_stands_on_the_phone_beside_the_page(client: Client) -> None:
    page = to_code(client)
    assert "/demo/boxes?lang=fr" == page.value("data-boxes")
    boxes = read(client.get("/demo/boxes?lang=fr").text).words
    code = re.search(r"votre code est (\d{4})", boxes)
    assert code is not None
    assert ["Un mot de passe temporaire vous a été envoyé"] == client.sent("main", code=code[1]).headings


def test_without_scripts_the_boxes_are_a_page_of_their_own(client: Client) -> None:
    to_code(client)
    page = client.shown("/demo/?lang=en")
    assert ["Demonstration: phone, boxes and accounts to try"] == page.headings
    assert "Phone" in page.words
    assert CAMILLE in page.words


def test_the_clock_is_moved_by_a_button(client: Client, stage: Stage) -> None:
    to_code(client)
    before = stage.clock.now()
    client.post("/demo/clock", {"later": "31m"})
    assert timedelta(minutes=31) <= stage.clock.now() - before
    assert "Ce code n’est plus valable" in client.shown("/step").words


def test_an_agent_has_a_letter_posted(client: Client) -> None:
    client.post("/demo/letter", {"identifier": CAMILLE, "lang": "fr"})
    words = client.shown("/demo/?lang=fr").words
    assert "La demande de courrier est enregistrée." in words
    assert "Votre mot de passe temporaire" in words
    client.post("/demo/letter", {"identifier": CAMILLE, "lang": "fr"})
    assert "Un courrier avec un mot de passe temporaire est déjà en route." in client.shown("/demo/").words


def test_a_usual_sign_in_greets_by_name(client: Client, stage: Stage) -> None:
    password = stage.member("individual-both").password
    client.shown("/")
    page = client.sent("sign-in", identifier=CAMILLE, password=password)
    assert "Vous êtes connecté : MME CAMILLE LABORDE." in page.words


def test_another_site_moves_no_clock(client: Client, stage: Stage) -> None:
    answer = client.post("/demo/clock", {"later": "3d"}, sec_fetch_site="cross-site")
    assert 403 == answer.status_code
    assert stage.clock.now() - NOW < timedelta(days=1)


def test_its_files_are_there_and_no_others(client: Client) -> None:
    answers = [client.get(f"/demo/{name}").status_code for name in ("demo.css", "demo.js", "frame.html", "nothing")]
    assert [200, 200, 404, 404] == answers


def test_the_clock_goes_on_while_somebody_is_there_and_stands_still_between_visits(folder: DemoFolder) -> None:
    """Decision 27."""
    with folder.opened(NOW) as stage, Loop() as loop:
        client = Client(stage, folder, loop)

        async def visit() -> None:
            async with client.app.router.lifespan_context(client.app):
                while stage.clock.now() == NOW:  # noqa: ASYNC110 - nobody tells when it ticks
                    await asyncio.sleep(0.05)
                stage.wait(timedelta(days=1))

        loop.run(visit())
        left = stage.clock.now()
    with folder.opened(NOW) as again:
        assert left == again.clock.now()


def test_the_command_serves_it_until_ctrl_c(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _COMMAND, "demo", "--port", "0", "--folder", str(tmp_path / "demo")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:  # noqa: S603
        assert running.stdout is not None
        line = running.stdout.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+/", line)
        assert address is not None, line
        assert 200 == httpx.get(address[0], timeout=60).status_code
        running.send_signal(signal.SIGINT)
        _, complaints = running.communicate(timeout=60)
    assert "" == complaints
