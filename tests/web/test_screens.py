"""Each screen in each language: nothing for axe to say, nothing beside the window, and a picture to look at."""

import os
from pathlib import Path
from typing import Any, Final

import pytest
from attrs import evolve
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

from msa_recovery.cli.playing import MONDAY_MORNING
from msa_recovery.cli.stage import Stage

from .chromium import DESKTOP, PHONE, ChromiumBrowser, Program, Served
from .clicked import SETTINGS, pages_of
from .rotation import DEEP
from .screens import NAMES, screens

PICTURES: Final = Path(os.environ.get("WEB_PICTURES", "build/screens"))
"""Where the pictures are put, to be looked at, when it goes deep."""

AXE: Final[str] = Axe().axe_script
OPTIONS: Final = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "preload": False,
}
"""Nothing is to be fetched beforehand: the pages hold neither sounds nor films, and their styles are loaded."""

STICKING_OUT: Final = """() => {
    const found = document.documentElement.scrollWidth > innerWidth ? ["the page"] : [];
    for (const sheet of document.querySelectorAll(".sheet, .assistance")) {
        const edge = sheet.getBoundingClientRect().right - parseFloat(getComputedStyle(sheet).paddingRight);
        for (const each of sheet.querySelectorAll("*:not(.unseen)"))
            if (each.checkVisibility() && each.getBoundingClientRect().right > edge + 1)
                found.push(each.outerHTML.slice(0, 120));
    }
    return found;
}"""
"""What is wider than the window, or than the sheet that it stands on."""

LOOKS: Final = {
    "phone": PHONE,
    "desktop-dark": evolve(DESKTOP, dark=True),
    "desktop": DESKTOP,
    "phone-dark": evolve(PHONE, dark=True),
}
TURNS: Final = [("fr", "phone"), ("fr", "desktop-dark"), ("en", "desktop"), ("en", "phone-dark")]
"""In every run each language is seen narrow and wide, light and dark; going deep, every language in every way."""


@pytest.mark.parametrize(
    ("language", "look"), [(lang, look) for lang in ("fr", "en") for look in LOOKS] if DEEP else TURNS
)
def test_every_screen_is_accessible_and_fits(language: str, look: str, program: Program, served: Served) -> None:
    """RGAA 4.1 and WCAG 2.2 AA, as far as a program can judge; 320 CSS pixels are 1280 at 400 % (WCAG 1.4.10)."""
    stage = Stage.sample(MONDAY_MORNING)
    served.app = pages_of(stage, evolve(SETTINGS, secure_cookies=False, sign_up="/inscription"))
    browser = ChromiumBrowser(program, served, LOOKS[look], language=language)
    faults: list[tuple[str, Any]] = []
    seen: list[str] = []
    folder = PICTURES / f"{language}-{look}"
    if DEEP:
        folder.mkdir(parents=True, exist_ok=True)
    try:
        for number, name in enumerate(screens(browser, stage), start=1):
            seen.append(name)
            if DEEP:
                browser.tab.screenshot(path=folder / f"{number:02}-{name}.png", full_page=True)
            faults += [(name, found) for found in _said_by_axe(browser)]
            faults += [(name, f"sticks out: {found}") for found in browser.tab.evaluate(STICKING_OUT)]
    finally:
        browser.close()
    assert [] == faults
    assert list(NAMES) == seen
    assert [] == browser.elsewhere, "no request leaves the host"


def _said_by_axe(browser: ChromiumBrowser) -> list[str]:
    """The broken rules, and no more of what axe has to say: to carry all of it takes longer than to find it."""
    browser.tab.evaluate(AXE)
    found: list[str] = browser.tab.evaluate(
        """async (options) => (await axe.run(document, options)).violations.map(
            (rule) => `${rule.id}: ${rule.nodes.map((node) => node.html.slice(0, 120)).join(" ")}`)""",
        OPTIONS,
    )
    return found


def test_axe_is_at_work(program: Program, served: Served) -> None:
    """What it is to find, it finds."""
    stage = Stage.sample(MONDAY_MORNING)
    served.app = pages_of(stage, evolve(SETTINGS, secure_cookies=False))
    browser = ChromiumBrowser(program, served, DESKTOP)
    browser.open("/")
    browser.tab.evaluate("document.querySelector('label').remove(); document.documentElement.lang = ''")
    found = " ".join(_said_by_axe(browser))
    browser.close()
    assert "label: " in found
    assert "html-has-lang: " in found


def test_at_no_width_does_anything_stick_out(program: Program, served: Served) -> None:
    """640 pixels are 1280 at 200 %."""
    stage = Stage.sample(MONDAY_MORNING)
    served.app = pages_of(stage, evolve(SETTINGS, secure_cookies=False))
    browser = ChromiumBrowser(program, served, DESKTOP)
    browser.open("/")
    browser.send("begin", {})
    wider: list[tuple[str, int, str]] = []
    for fields in ({"identifier": "x"}, {"identifier": "2 84 03 33 900 001 47"}, {"channel": "email"}):
        browser.tab.set_viewport_size({"width": DESKTOP.width, "height": DESKTOP.height})
        page = browser.send("main", fields)
        for width in (320, 360, 480, 640, 768, 1024, 1280, 1920):
            browser.tab.set_viewport_size({"width": width, "height": 800})
            wider += [(page.headings[0], width, found) for found in browser.tab.evaluate(STICKING_OUT)]
    browser.close()
    assert [] == wider


def test_on_paper_there_is_nothing_to_press(program: Program, served: Served) -> None:
    stage = Stage.sample(MONDAY_MORNING)
    served.app = pages_of(stage, evolve(SETTINGS, secure_cookies=False))
    browser = ChromiumBrowser(program, served, DESKTOP)
    browser.open("/")
    browser.send("begin", {})
    browser.tab.emulate_media(media="print")
    assert browser.tab.locator("h1").is_visible()
    assert browser.tab.locator(".phone").is_visible()
    assert not browser.tab.locator(".buttons").is_visible()
    browser.close()
