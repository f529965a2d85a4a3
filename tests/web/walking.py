"""Somebody who walks through the pages with what arrives on the phone, and stops where a test begins."""

from typing import Final

from msa_recovery import Channel
from msa_recovery.cli.stage import Stage

from .browser import Browser
from .page import Page

__all__ = ["CAMILLE", "LEA", "PASSWORD", "begin", "secret", "to_code", "to_contacts", "to_new_password", "to_sign_in"]

CAMILLE: Final = "2 84 03 33 900 001 47"
LEA: Final = "2 95 06 40 906 008 53"
PASSWORD: Final = "Tournesol-bleu-47!"


def secret(stage: Stage, channel: Channel = Channel.SMS) -> str:
    """The code or the password that arrived last."""
    carried = stage.delivered(channel)[-1].secret
    assert carried is not None
    return carried.reveal()


def begin(browser: Browser) -> Page:
    browser.open("/")
    return browser.send("begin", {})


def to_code(browser: Browser, identifier: str = CAMILLE) -> Page:
    begin(browser)
    browser.send("main", {"identifier": identifier})
    return browser.send("main", {"channel": "sms"})


def to_sign_in(browser: Browser, stage: Stage, identifier: str = CAMILLE) -> Page:
    to_code(browser, identifier)
    return browser.send("main", {"code": secret(stage)})


def to_new_password(browser: Browser, stage: Stage) -> Page:
    to_sign_in(browser, stage)
    return browser.send("main", {"password": secret(stage)})


def to_contacts(browser: Browser, stage: Stage) -> Page:
    to_new_password(browser, stage)
    return browser.send("main", {"password": PASSWORD, "repeated": PASSWORD})
