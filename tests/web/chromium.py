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
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, Route, sync_playwright

from .browser import BASE
from .page import Page as Read
from .page import read

__all__ = ["DESKTOP", "PHONE", "ChromiumBrowser", "Served", "View", "chromium", "executable", "serving"]

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
    """Where Chromium is: named by ``CHROMIUM``, or where Debian puts it; ``None`` when there is none."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium")


@contextmanager
def chromium() -> Generator[Chromium]:
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
        chromium: the program.
        served: what it visits.
        view: how the person looks at it.
        address: whom the peer says that it forwards for.
        language: what the person reads.
    """

    def __init__(
        self, chromium: Chromium, served: Served, view: View, address: str = "192.0.2.1", language: str = "fr"
    ) -> None:
        self._served = served
        self.context: BrowserContext = chromium.new_context(
            viewport={"width": view.width, "height": view.height},
            java_script_enabled=view.scripts,
            color_scheme="dark" if view.dark else "light",
            locale={"fr": "fr-FR", "en": "en-GB"}[language],
            extra_http_headers={"x-forwarded-for": address},
            reduced_motion="reduce",
        )
        self.elsewhere: list[str] = []
        self.context.route(lambda url: not url.startswith(served.address), self._goes_elsewhere)
        self.tab: Page = self.context.new_page()
        self._read: Read | None = None

    def _goes_elsewhere(self, route: Route) -> None:
        self.elsewhere.append(route.request.url)
        route.abort()

    @property
    def page(self) -> Read:
        if self._read is None:
            self._read = read(self.tab.content())
        return self._read

    def open(self, path: str) -> Read:
        self.tab.goto(f"{self._served.address}{BASE}{path}")
        return self._fresh()

    def send(self, form: str, fields: Mapping[str, str]) -> Read:
        """Fill a form in as a person does, field by field, and click on its button."""
        tab = self.tab
        within = tab.locator(f"form[id='{form}']")
        for line in within.locator("xpath=ancestor::details[not(@open)]").all():
            line.locator("summary").click()
        for name, text in fields.items():
            field = within.locator(f"[name='{name}']")
            match field.first.get_attribute("type"):
                case "radio":
                    within.locator(f"[name='{name}'][value='{text}']").check()
                case "hidden":
                    pass
                case _:
                    field.fill(text)
        with tab.expect_navigation():
            tab.locator(f"button[form='{form}'], form[id='{form}'] button:not([type='button'])").click()
        return self._fresh()

    def forge(self, path: str, fields: Mapping[str, str]) -> None:
        answer = self.context.request.post(
            f"{self._served.address}{BASE}{path}",
            headers={"content-type": "application/x-www-form-urlencoded"},
            data=urlencode(fields),
        )
        self._read = read(answer.text())

    def cookie(self, name: str) -> str | None:
        found = {cookie.get("name"): cookie.get("value") for cookie in self.context.cookies()}
        return found.get(f"msa-{name}")

    def plant(self, name: str, value: str) -> None:
        self.context.add_cookies([{"name": f"msa-{name}", "value": value, "url": f"{self._served.address}/"}])

    def close(self) -> None:
        """Leave."""
        self.context.close()

    def _fresh(self) -> Read:
        self._read = None
        return self.page
