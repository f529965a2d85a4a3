"""What the pictures of the docs show: pages and messages of the sample accounts, on a clock that stands still.

Nothing here needs a browser with a screen. What a picture was made of is kept beside it as a digest, so that a test
says which picture is stale without making it again.
"""

import hashlib
import re
import zlib
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from unittest.mock import patch

from attrs import evolve

from msa_recovery import Channel, Language, Secret
from msa_recovery.adapters.email_page import page_of
from msa_recovery.adapters.letter_page import letter_of
from msa_recovery.application.messages import Message, MessageKind
from msa_recovery.cli.folder import DemoFolder
from msa_recovery.cli.playing import MONDAY_MORNING
from msa_recovery.cli.previews import samples
from msa_recovery.cli.stage import NoCodeTwice, Stage
from msa_recovery.cli.web_demo import WebDemo
from msa_recovery.texts import TEXTS, moment_text
from tests.web import clicked
from tests.web.browser import Browser, HttpBrowser, Loop
from tests.web.walking import CAMILLE, LEA, PASSWORD, secret

__all__ = [
    "COVER",
    "DARK",
    "MESSAGES",
    "PAGES",
    "SETTINGS",
    "demonstration",
    "digests",
    "email",
    "letter",
    "pages",
    "sms",
    "to_the_code",
]

PAGES: Final = (
    *("home", "identity", "identity-wrong", "question", "channel", "code", "code-wrong", "sign-in", "new-password"),
    *("contacts", "completed", "account", "current-password", "changed", "abandoned", "lapsed", "by-letter", "blocked"),
)
"""What :func:`pages` stops at."""

MESSAGES: Final = ("sms", "email", "letter")
COVER: Final = "code"
DARK: Final = "new-password-dark"

SETTINGS: Final = evolve(clicked.SETTINGS, secure_cookies=False, sign_up="/inscription")

_DRAWN: Final = re.compile(r'((?:name="(?:token|request_id)" value|data-token)=")[^"]+')
"""What is drawn anew for every form and every browser."""


# -- the pages ---------------------------------------------------------------------------------------------------------


def pages(browser: Browser, stage: Stage) -> Iterator[str]:
    """Walk through them all; the name of each when it is there."""
    yield from _to_contacts(browser, stage)
    yield from _in_the_private_space(browser)
    yield from _ends(browser, stage)


def _to_contacts(browser: Browser, stage: Stage) -> Iterator[str]:
    browser.open("/")
    yield "home"
    browser.send("begin", {})
    yield "identity"
    browser.send("main", {"identifier": "2 84 03 33 900 001 48"})
    yield "identity-wrong"
    browser.send("main", {"identifier": LEA})
    yield "question"
    browser.send("go_back", {})
    browser.send("main", {"identifier": CAMILLE})
    yield "channel"
    browser.send("main", {"channel": "sms"})
    yield "code"
    browser.send("main", {"code": "0000"})
    yield "code-wrong"
    browser.send("main", {"code": secret(stage)})
    yield "sign-in"
    browser.send("main", {"password": secret(stage)})
    yield "new-password"
    browser.send("main", {"password": PASSWORD, "repeated": PASSWORD})
    yield "contacts"
    browser.send("main", {})
    yield "completed"


def _in_the_private_space(browser: Browser) -> Iterator[str]:
    browser.send("enter", {})
    browser.open("/account")
    yield "account"
    browser.send("change", {})
    yield "current-password"
    browser.send("main", {"password": PASSWORD})
    browser.send("main", {"password": f"{PASSWORD}?", "repeated": f"{PASSWORD}?"})
    yield "changed"


def _ends(browser: Browser, stage: Stage) -> Iterator[str]:
    browser.open("/")
    browser.send("begin", {})
    browser.send("abandon", {})
    yield "abandoned"
    browser.send("begin", {})
    stage.wait(stage.recovery.policy.journey_lifetime)
    browser.open("/step")
    yield "lapsed"
    # Whose letters of the month are spent is told to call.
    marcel = stage.member("individual-no-contact").identifier
    for password in ("Premier-courrier-31!", "Second-courrier-32!"):
        browser.open("/")
        browser.send("begin", {})
        browser.send("main", {"identifier": marcel})
        if password.startswith("Premier"):
            yield "by-letter"
        browser.send("main", {"password": secret(stage, Channel.LETTER)})
        browser.send("main", {"password": password, "repeated": password})
        browser.send("main", {})
    browser.open("/")
    browser.send("begin", {})
    browser.send("main", {"identifier": marcel})
    yield "blocked"


def to_the_code(browser: Browser, come: Callable[[], object]) -> None:
    """Through the demonstration, whose pages stand at the root of their host, as far as the code."""
    come()
    browser.send("begin", {})
    browser.send("main", {"identifier": CAMILLE})
    browser.send("main", {"channel": "sms"})


# -- the messages ------------------------------------------------------------------------------------------------------


def _sample(kind: MessageKind, channel: Channel) -> Message:
    (found,) = (each for each in samples(Language.FR) if (each.kind, each.channel) == (kind, channel))
    return found


def email() -> str:
    """The e-mail with the code, as its HTML."""
    message = _sample(MessageKind.CODE, Channel.EMAIL)
    return page_of(TEXTS.written_message(message), message.help.name, message.secret, message.language)


def letter() -> bytes:
    """The letter with the temporary password, as its PDF."""
    message = _sample(MessageKind.TEMPORARY_PASSWORD, Channel.LETTER)
    return letter_of(message, TEXTS.written_message(message)).pdf


_PHONE: Final = """<!doctype html><html lang="fr"><meta charset="utf-8"><style>
body { margin: 0; padding: 20px 16px 28px; background: #fff; font: 16px/1.45 'DejaVu Sans', sans-serif; }
h1 { margin: 0 0 16px; padding-bottom: 12px; border-bottom: 1px solid #d5d9d6; font-size: 17px; text-align: center; }
p { margin: 0 48px 16px 0; padding: 11px 14px; background: #eee; border-radius: 4px 18px 18px; white-space: pre-line; }
small { display: block; margin: 0 0 6px 4px; color: #55605a; }
</style><h1>MSA</h1>"""


def sms() -> str:
    """Both SMS of a usual recovery, as a telephone shows them."""
    kinds = (MessageKind.CODE, MessageKind.TEMPORARY_PASSWORD)
    shown = "".join(
        f"<small>{escape(moment_text(message.written_at, message.language))}</small>"
        f"<p>{escape(TEXTS.message_text(message).body)}</p>"
        for message in (_sample(kind, Channel.SMS) for kind in kinds)
    )
    return f"{_PHONE}{shown}</html>"


# -- what they were made of --------------------------------------------------------------------------------------------


@contextmanager
def demonstration(folder: Path) -> Generator[Any]:
    """The host of `make demo`, on a stage where everybody gets the same code."""
    with patch.object(NoCodeTwice, "code", lambda _, digits: Secret("4709"[:digits])):
        yield WebDemo(Stage.sample(MONDAY_MORNING), DemoFolder(folder)).app()


def digests() -> Mapping[str, str]:
    """A digest of what each picture is made of; a page names the digests of its styles and scripts itself."""
    made: dict[str, str] = {}
    with Loop() as loop:
        stage = Stage.sample(MONDAY_MORNING)
        browser = HttpBrowser(clicked.pages_of(stage, SETTINGS), loop)
        for name in pages(browser, stage):
            made[f"pages/{name}"] = _digest(browser.page.text)
        made[DARK] = made["pages/new-password"]
        with TemporaryDirectory() as aside, demonstration(Path(aside)) as app:
            browser = HttpBrowser(app, loop)
            to_the_code(browser, lambda: browser.followed(browser.request("GET", "/")))
            beside = browser.request("GET", "/demo/boxes?lang=fr").text
            styles = browser.request("GET", "/demo/demo.css").text
            made[COVER] = _digest(browser.page.text, beside, styles)
    words = TEXTS.written_message(_sample(MessageKind.TEMPORARY_PASSWORD, Channel.LETTER))
    made["messages/sms"] = _digest(sms())
    made["messages/email"] = _digest(email())
    made["messages/letter"] = _digest(repr(words), _drawing(letter()))
    return made


def _drawing(pdf: bytes) -> str:
    """What a PDF of one page draws, and where: the stream that sets text."""
    streams = (_inflated(each) for each in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL))
    (found,) = (each for each in streams if b"\nBT " in each and b" Tj ET" in each)
    return found.decode("latin-1")


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""


def _digest(*texts: str) -> str:
    bare = "\n".join(_DRAWN.sub(r"\1", text) for text in texts)
    return hashlib.sha256(bare.encode()).hexdigest()
