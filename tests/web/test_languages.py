"""French and English, as the browser asks or a link says; every word of the pages stands in the catalogues."""

import re
from pathlib import Path

import pytest

import msa_recovery.web
from msa_recovery import Language
from msa_recovery.texts.catalogue import catalogue
from msa_recovery.web.languages import language_of

from .browser import BASE, HttpBrowser, Loop
from .walking import begin

WEB = Path(msa_recovery.web.__file__).parent
CLI = WEB.parent / "cli"


@pytest.mark.parametrize(
    ("chosen", "accepted", "language"),
    [
        (None, "", "fr"),
        (None, "fr-FR,fr;q=0.9,en;q=0.8", "fr"),
        (None, "en-GB,en;q=0.9,fr;q=0.8", "en"),
        (None, "de-DE,de;q=0.9,en;q=0.8,fr;q=0.1", "en"),
        (None, "de,*;q=0.5", "fr"),
        (None, "en;q=0", "fr"),
        (None, "en;q=x,fr", "fr"),
        (None, "en," * 10_000, "en"),
        ("en", "fr", "en"),
        ("fr", "en", "fr"),
        ("xx", "en", "en"),
    ],
)
def test_a_link_says_the_language_and_before_it_the_browser(chosen: str | None, accepted: str, language: str) -> None:
    assert language == language_of(chosen, accepted)


def test_the_other_language_is_a_link_that_comes_back_here(browser: HttpBrowser) -> None:
    begin(browser)
    page = browser.open("/language/en?back=step")
    assert ["Checking who you are"] == page.headings
    assert "en" == page.value("lang")
    assert ["Vérification de votre identité"] == browser.open("/language/fr?back=step").headings


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "step/../..", "", "nowhere"])
def test_the_link_leads_to_no_address_from_the_request(browser: HttpBrowser, back: str) -> None:
    answer = browser.request("GET", f"{BASE}/language/en", params={"back": back})
    assert f"{BASE}/" == answer.headers["location"]


def test_the_messages_are_in_the_language_of_the_pages(pages: object, loop: Loop) -> None:
    browser = HttpBrowser(pages, loop, language="en")
    assert ["Checking who you are"] == begin(browser).headings


def asked_for() -> set[str]:
    """Every text that a template, the pages or the demonstration names."""
    found = set[str]()
    for path in (*WEB.rglob("*.html"), *WEB.rglob("*.svg")):
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r"['\"]([\w.]+)['\"] \| t\b", text))
        found |= set(re.findall(r"time_left\([^)]*, \"(\w+)\"\)", text))
    for path in (*WEB.glob("*.py"), *CLI.glob("*.py")):
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r"notice=[\"']([\w.]+)[\"']", text))
        found |= set(re.findall(r"\bpage\([\"'](\w+)[\"']", text))
        found |= set(re.findall(r"_text\([\"'](\w+)[\"']", text))
    for name in ("trouble", "not_found", "refused", "too_many"):
        found |= {name, f"{name}_lead"}
    return found


@pytest.mark.parametrize("language", Language)
def test_every_text_of_the_pages_is_said_somewhere(language: Language) -> None:
    texts = {name.removeprefix("page.") for name in catalogue(language).entries if name.startswith("page.")}
    assert set() == texts - asked_for() - {"open_now", "closed_now", "account", "account_details", "change"}
