"""Make ``docs/pictures`` anew, from the pages and messages themselves: ``make pictures``.

It needs Chromium and poppler's pdftoppm. Beside the pictures stands ``made_of.json``: of each, a digest of what it was
made of and one of its file.
"""

import argparse
import hashlib
import io
import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from PIL import Image
from playwright.sync_api import Page as Tab

from msa_recovery.cli.playing import MONDAY_MORNING
from msa_recovery.cli.stage import Stage
from tests.web.chromium import ChromiumBrowser, Program, Served, View, chromium, serving
from tests.web.clicked import pages_of
from tools import pictured

__all__ = ["FOLDER", "LIST", "WIDTH", "made"]

FOLDER: Final = Path(__file__).parents[1] / "docs" / "pictures"
LIST: Final = "made_of.json"
WIDTH: Final = 390
"""CSS pixels, as a telephone has them; a pixel of a picture is one of these."""

_PHONE: Final = View(WIDTH, 844)
_WIDE: Final = View(1280, 920)
_SHOWN: Final = 800
"""How wide a picture of a desktop is in the end."""

_COLOURS: Final = 128
_DOTS: Final = 72
"""Of the letter, an inch."""

_TIME_STANDS: Final = "Performance.prototype.now = () => 0"
"""So that no picture depends on how long it took."""


def made(folder: Path) -> None:
    """Make every picture, and the list of what they were made of.

    Raises:
        OSError: a file cannot be written, or pdftoppm is not installed.
    """
    taken: dict[str, bytes] = {}
    with chromium() as program, serving() as served:
        taken |= _pages(program, served)
        taken |= _wide(program, served)
        taken |= _messages(program)
    digests = pictured.digests()
    assert taken.keys() == digests.keys()
    for old in folder.rglob("*.png"):
        old.unlink()
    entries: dict[str, dict[str, str]] = {}
    for name, png in sorted(taken.items()):
        path = folder / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(png)
        entries[f"{name}.png"] = {"made_of": digests[name], "file": hashlib.sha256(png).hexdigest()}
    (folder / LIST).write_text(json.dumps(entries, indent=2) + "\n", encoding="utf-8")


def _browser(program: Program, served: Served, view: View) -> ChromiumBrowser:
    browser = ChromiumBrowser(program, served, view)
    browser.tab.add_init_script(_TIME_STANDS)
    return browser


def _type_a_password(tab: Tab) -> None:
    tab.locator("#password").press_sequentially("Tournesol")
    tab.locator(".meter[data-now]").wait_for()


def _open_the_hint(tab: Tab) -> None:
    tab.locator(".where summary").click()


def _open_a_line(tab: Tab) -> None:
    tab.locator("[data-kind='email'] summary").click()


_ACTS: Final[dict[str, Callable[[Tab], None]]] = {
    "identity": _open_the_hint,
    "new-password": _type_a_password,
    "contacts": _open_a_line,
}
"""What the person does on a page before it is pictured."""


def _shot(tab: Tab, name: str = "", *, whole: bool = True) -> bytes:
    """The page as a PNG, with nothing on it that blinks."""
    if name in _ACTS:
        _ACTS[name](tab)
    tab.evaluate("document.activeElement.blur()")
    return tab.screenshot(full_page=whole, animations="disabled", caret="hide")


def _walked(browser: ChromiumBrowser, served: Served) -> Iterator[str]:
    stage = Stage.sample(MONDAY_MORNING)
    served.app = pages_of(stage, pictured.SETTINGS)
    return pictured.pages(browser, stage)


def _pages(program: Program, served: Served) -> dict[str, bytes]:
    browser = _browser(program, served, _PHONE)
    shots = {f"pages/{name}": _small(_shot(browser.tab, name)) for name in _walked(browser, served)}
    browser.close()
    return shots


def _wide(program: Program, served: Served) -> dict[str, bytes]:
    """A page on a desktop in the dark; and the demonstration, with the telephone beside the page."""
    dark = _browser(program, served, View(_WIDE.width, _WIDE.height, dark=True))
    walk = _walked(dark, served)
    while next(walk) != "new-password":
        pass
    shot = _shot(dark.tab, "new-password", whole=False)
    dark.close()
    browser = _browser(program, served, _WIDE)
    with TemporaryDirectory() as aside, pictured.demonstration(Path(aside)) as app:
        served.app = app
        pictured.to_the_code(browser, lambda: browser.tab.goto(f"{served.address}/"))
        browser.tab.locator(".demo .message").wait_for()
        cover = _shot(browser.tab, whole=False)
    browser.close()
    return {pictured.DARK: _small(shot, _SHOWN), pictured.COVER: _small(cover, _SHOWN)}


def _messages(program: Program) -> dict[str, bytes]:
    tab = program.new_page(viewport={"width": WIDTH, "height": 200})
    shots: dict[str, bytes] = {}
    for name, html in (("sms", pictured.sms()), ("email", pictured.email())):
        tab.set_content(html)
        shots[f"messages/{name}"] = _small(_shot(tab))
    tab.close()
    program_of_poppler = shutil.which("pdftoppm")
    if program_of_poppler is None:
        raise FileNotFoundError("pdftoppm is needed: apt-get install poppler-utils")
    drawn = subprocess.run(  # noqa: S603 - found on the path
        [program_of_poppler, "-r", str(_DOTS), "-png", "-singlefile", "-"],
        input=pictured.letter(),
        capture_output=True,
        check=True,
    )
    return {**shots, "messages/letter": _small(drawn.stdout)}


def _small(png: bytes, width: int | None = None) -> bytes:
    """The same picture in a few colours, narrower if a width is given."""
    with Image.open(io.BytesIO(png)) as opened:
        picture = opened.convert("RGB")
    if width is not None:
        size = (width, round(picture.height * width / picture.width))
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    kept = io.BytesIO()
    picture.quantize(_COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(kept, "PNG", optimize=True)
    return kept.getvalue()


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description="Make the pictures of the docs.")
    asked.add_argument("--into", type=Path, default=FOLDER, help="another folder")
    made(asked.parse_args().into)
