"""What the reader of docs/messages.md writes works: its words leave, receipts are taken, its own messenger delivers."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from attrs import fields

import msa_recovery
from msa_recovery.adapters.sms_shape import SmsGateway
from tests.docs.test_pages import ROOT, Reader
from tests.support.gateway import gateway_opened

PAGE = (ROOT / "docs" / "messages.md").read_text(encoding="utf-8")

LOST = """
from msa_recovery import Caller, ChooseChannel, Identify, Origin

caller = Caller(origin=Origin("203.0.113.7"))


def lost(recovery):
    with recovery:
        reply = recovery.send(recovery.begin(caller).handle, Identify("2 84 03 33 900 001 47"), caller)
        recovery.send(reply.handle, ChooseChannel("sms"), caller)
        print(recovery.relay().delivered)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where somebody has followed the page."""
    Reader("docs/messages.md", tmp_path)
    folder = tmp_path / "work"
    (folder / "lost.py").write_text(LOST, encoding="utf-8")
    return folder


def said(folder: Path, program: str) -> str:
    done = subprocess.run(  # noqa: S603 - our own page
        [sys.executable, "-W", "error", "-c", program],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": str(Path(msa_recovery.__file__).parents[1]),
            "PYTHONUTF8": "1",
            "SMS_KEY": "of the host",
            "SMTP_PASSWORD": "of the host",
        },
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert (0, "") == (done.returncode, done.stderr)
    return done.stdout


def test_the_words_of_the_page_leave_by_the_gateway_of_the_page(folder: Path) -> None:
    post = folder / "post.py"
    with gateway_opened() as gateway:
        here = f"http://127.0.0.1:{gateway.port}/v1/messages"
        text = post.read_text(encoding="utf-8").replace("https://sms.example/v1/messages", here)
        post.write_text(text.replace('reference_at=("id",)', 'reference_at=("messages", 0, "id")'), encoding="utf-8")
        assert "1\n" == said(folder, "from lost import lost; from post import recovery; lost(recovery)")
    (asked,) = gateway.asked
    sms = asked.json()
    assert ("MSA", "+33600000011") == (sms["from"], sms["to"])
    assert re.search(r"\n@espace-prive\.msa\.example #\d{4}$", str(sms["text"]))
    assert "Bearer of the host" == asked.headers["Authorization"]


def test_every_messenger_of_the_page_has_its_words(folder: Path) -> None:
    program = "import post; print([each._texts is post.texts for each in (post.email, post.sms, post.letters)])"
    assert "[True, True, True]\n" == said(folder, program)


def test_the_pages_own_messenger_delivers(folder: Path) -> None:
    handed, number = said(folder, "from lost import lost; from ours import recovery; lost(recovery)").splitlines()[:2]
    assert " to +33600000011: " in handed
    assert "1" == number


def test_the_pages_own_messenger_is_that_of_the_template(folder: Path) -> None:
    """So the test that the template comes with is its test, too."""
    template = (ROOT / "docs" / "adapter-template" / "our_messenger.py").read_text(encoding="utf-8")
    written = (folder / "our_messenger.py").read_text(encoding="utf-8")
    assert template.endswith(written.removeprefix("# our_messenger.py\n"))


def test_the_pages_route_takes_a_receipt(folder: Path) -> None:
    program = 'from receipts import received; print(received({"client-ref": "a1b2.3.1", "status": "delivered"}))'
    assert "204\n" == said(folder, program)


def test_every_setting_that_judges_an_answer_is_explained() -> None:
    judging = {each.name for each in fields(SmsGateway)} & {
        *("reference_at", "status_at", "status_taken", "status_later", "refusals", "timeout", "patience")
    }
    assert 7 == len(judging)
    assert set() == {name for name in judging if f"`{name}" not in PAGE}
