"""Debian's Chromium, driven by Playwright, and a server on this machine for it to visit. No request goes elsewhere."""

import os
import shutil
import socket
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any, Final, final
from urllib.parse import urlencode

import uvicorn
from attrs import frozen
from playwright.sync_api import Browser as Program
from playwright.sync_api import Page as Tab
from playwright.sync_api import Request, sync_playwright

from .browser import BASE
from .page import Page, read

__all__ = ["DESKTOP", "PHONE", "ChromiumBrowser", "Program", "Served", "View", "chromium", "executable", "serving"]

_FLAGS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@final
@frozen
class View:
    """How a person looks at the pages.

    Attributes:
        width: CSS pixels.
        height: CSS pixels.
        scripts: whether the browser runs them.
        dark: whether it asks for dark colours.
    """

    width: int
    height: int
    scripts: bool = True
    dark: bool = False


PHONE: Final = View(320, 640)
DESKTOP: Final = View(1280, 900)


def executable() -> str | None:
    """Where Chromium is: named by ``CHROMIUM``, or where Debian puts it; ``None`` when there is none.

    The headless shell is the same engine without the desktop program around it, and needs half of its time.
    """
    return os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or shutil.which("chromium")


@contextmanager
def chromium() -> Generator[Program]:
    """A browser without windows yet."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=list(_FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@final
class Served:
    """A server whose host can be exchanged between two stories."""

    def __init__(self) -> None:
        self.app: Any = None
        self.port = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def serving() -> Generator[Served]:
    """A server on a free port of this machine."""
    served = Served()
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        served.port = listening.getsockname()[1]
        config = uvicorn.Config(served, lifespan="off", log_level="error", proxy_headers=False, server_header=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            while not server.started:
                thread.join(0.01)
            yield served
        finally:
            server.should_exit = True
            thread.join()


@final
class ChromiumBrowser:
    """One person's browser.

    Args:
        program: Chromium.
        served: what it visits.
        view: how the person looks at it.
        address: whom the peer says that it forwards for.
        language: what the person reads.
    """

    def __init__(
        self, program: Program, served: Served, view: View, address: str = "192.0.2.1", language: str = "fr"
    ) -> None:
        self._program = program
        self._served = served
        self._view = view
        self._address = address
        self._language = language
        self._tab: Tab | None = None
        self._cookies: list[Any] = []
        self._at = ""
        self._read: Page | None = None
        self.elsewhere: list[str] = []

    @property
    def scripts(self) -> bool:
        """Whether it runs them."""
        return self._view.scripts

    @property
    def tab(self) -> Tab:
        """The window, opened again where it was if it was closed meanwhile."""
        if self._tab is None:
            context = self._program.new_context(
                viewport={"width": self._view.width, "height": self._view.height},
                java_script_enabled=self._view.scripts,
                color_scheme="dark" if self._view.dark else "light",
                locale={"fr": "fr-FR", "en": "en-GB"}[self._language],
                extra_http_headers={"x-forwarded-for": self._address},
                reduced_motion="reduce",
            )
            context.on("request", self._asked)
            context.add_cookies(self._cookies)
            self._tab = context.new_page()
            if self._at:
                self._tab.goto(self._at)
        return self._tab

    def _asked(self, request: Request) -> None:
        if not request.url.startswith(f"{self._served.address}/"):
            self.elsewhere.append(request.url)

    def close(self) -> None:
        """Close the window; what the browser keeps is kept."""
        if self._tab is not None:
            self._cookies, self._at = list(self._tab.context.cookies()), self._tab.url
            self._tab.context.close()
            self._tab = None

    @property
    def page(self) -> Page:
        if self._read is None:
            self._read = read(self.tab.content())
        return self._read

    def open(self, path: str) -> Page:
        self.tab.goto(f"{self._served.address}{BASE}{path}")
        return self._fresh()

    def send(self, form: str, fields: Mapping[str, str]) -> Page:
        """Fill a form in as a person does, field by field, and click on its button."""
        within = self.tab.locator(f"form[id='{form}']")
        closed = within.locator("xpath=ancestor::details[not(@open)]/summary")
        if closed.count():
            closed.first.click()
        for name, text in fields.items():
            field = within.locator(f"[name='{name}']")
            match field.first.get_attribute("type"):
                case "radio":
                    within.locator(f"[name='{name}'][value='{text}']").check()
                case "hidden":
                    pass
                case _:
                    field.fill(text)
        button = self.tab.locator(f"button[form='{form}'], form[id='{form}'] button:not([type='button'])")
        with self.tab.expect_navigation():
            button.click()
        return self._fresh()

    def forge(self, path: str, fields: Mapping[str, str]) -> None:
        answer = self.tab.context.request.post(
            f"{self._served.address}{BASE}{path}",
            headers={"content-type": "application/x-www-form-urlencoded"},
            data=urlencode(fields),
        )
        self._read = read(answer.text())

    def cookie(self, name: str) -> str | None:
        kept = self._cookies if self._tab is None else self._tab.context.cookies()
        return {cookie.get("name"): cookie.get("value") for cookie in kept}.get(f"msa-{name}")

    def plant(self, name: str, value: str) -> None:
        self.tab.context.add_cookies([{"name": f"msa-{name}", "value": value, "url": f"{self._served.address}/"}])

    def _fresh(self) -> Page:
        self._read = None
        return self.page
