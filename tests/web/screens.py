"""Every screen of the source text, in its order, with the mistakes that can be made there: as pages in a browser."""

from collections.abc import Iterator
from typing import Final

from msa_recovery import Channel
from msa_recovery.cli.stage import Stage

from .chromium import ChromiumBrowser
from .walking import CAMILLE, LEA, PASSWORD, secret

__all__ = ["NAMES", "screens"]

NAMES: Final = (
    *("home", "home-wrong", "help", "identity", "identity-wrong", "question", "question-wrong", "channel"),
    *("channel-wrong", "code", "code-wrong", "code-dead", "sign-in", "sign-in-wrong", "personalise"),
    *("personalise-wrong", "contacts", "contacts-edit", "contacts-wrong", "completed", "space", "account"),
    *("current-password", "current-password-wrong", "new-password", "changed", "abandoned", "lapsed", "letter"),
    *("moved-on", "not-found", "refused"),
)
"""What :func:`screens` stops at."""


def screens(browser: ChromiumBrowser, stage: Stage) -> Iterator[str]:
    """Walk through all of them; each name when its screen is there."""
    yield from _to_the_code(browser)
    yield from _with_the_code(browser, stage)
    yield from _in_the_private_space(browser)
    yield from _ends(browser, stage)


def _to_the_code(browser: ChromiumBrowser) -> Iterator[str]:
    browser.open("/")
    browser.tab.locator(".where summary").click()
    yield "home"
    browser.send("sign-in", {"identifier": CAMILLE, "password": "Nonsense-12!"})
    yield "home-wrong"
    browser.open("/help")
    yield "help"
    browser.open("/")
    browser.send("begin", {})
    yield "identity"
    browser.send("main", {"identifier": "2 84 03 33 900 001 48"})
    yield "identity-wrong"
    browser.send("main", {"identifier": LEA})
    browser.tab.locator(".where summary").click()
    yield "question"
    browser.send("main", {"kind": "benefit_amount", "answer": "beaucoup"})
    yield "question-wrong"
    browser.send("go_back", {})
    browser.send("main", {"identifier": CAMILLE})
    yield "channel"
    browser.send("main", {})
    yield "channel-wrong"


def _with_the_code(browser: ChromiumBrowser, stage: Stage) -> Iterator[str]:
    browser.send("main", {"channel": "sms"})
    yield "code"
    browser.send("main", {"code": "12"})
    yield "code-wrong"
    stage.wait(stage.recovery.policy.code_lifetime(Channel.SMS))
    browser.open("/step")
    yield "code-dead"
    browser.send("resend_code", {})
    browser.send("main", {"code": secret(stage)})
    yield "sign-in"
    temporary = secret(stage)
    browser.send("main", {"password": f"{temporary[1:]}{temporary[0]}"})
    yield "sign-in-wrong"
    browser.send("main", {"password": temporary})
    browser.tab.locator("#password").press_sequentially("Tournesol")
    if browser.scripts:
        browser.tab.locator(".meter[data-now]").wait_for()
    yield "personalise"
    browser.send("main", {"password": "court", "repeated": "autre"})
    yield "personalise-wrong"
    browser.send("main", {"password": PASSWORD, "repeated": PASSWORD})
    yield "contacts"
    browser.tab.locator("[data-kind='mobile'] summary").click()
    yield "contacts-edit"
    browser.send("edit-email", {"value": "camille"})
    yield "contacts-wrong"
    browser.send("main", {})
    yield "completed"


def _in_the_private_space(browser: ChromiumBrowser) -> Iterator[str]:
    browser.send("enter", {})
    yield "space"
    browser.open("/account")
    yield "account"
    browser.send("change", {})
    yield "current-password"
    browser.send("main", {"password": "Nonsense-12!"})
    yield "current-password-wrong"
    browser.send("main", {"password": PASSWORD})
    yield "new-password"
    browser.send("main", {"password": f"{PASSWORD}?", "repeated": f"{PASSWORD}?"})
    yield "changed"


def _ends(browser: ChromiumBrowser, stage: Stage) -> Iterator[str]:
    browser.open("/")
    browser.send("begin", {})
    browser.send("abandon", {})
    yield "abandoned"
    browser.send("begin", {})
    stage.wait(stage.recovery.policy.journey_lifetime)
    browser.open("/step")
    yield "lapsed"
    browser.send("begin", {})
    browser.send("main", {"identifier": stage.member("individual-no-contact").identifier})
    assert stage.delivered(Channel.LETTER)
    yield "letter"
    browser.tab.evaluate("document.querySelector('#abandon [name=event]').value = 'confirm_contacts'")
    browser.send("abandon", {})
    yield "moved-on"
    browser.open("/nowhere")
    yield "not-found"
    browser.open("/")
    browser.tab.evaluate("document.querySelector('#begin [name=token]').value = 'of another page'")
    browser.send("begin", {})
    yield "refused"
