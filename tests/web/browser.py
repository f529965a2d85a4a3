"""A browser without a screen and without scripts: it keeps cookies, fills forms in, and follows redirects."""

import asyncio
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Final, Protocol, Self, final

import httpx
from starlette.applications import Starlette
from starlette.routing import Mount

from .page import Page, read

__all__ = ["BASE", "Browser", "HttpBrowser", "Loop", "WireBrowser", "mounted"]

BASE: Final = "/mot-de-passe"
"""Where the tests mount the pages."""

_HOST: Final = "espace.example"


def mounted(app: Any) -> Starlette:
    """A host that mounts the pages."""
    return Starlette(routes=[Mount(BASE, app)])


class Browser(Protocol):
    """What the stories need of a browser."""

    def open(self, path: str) -> Page: ...
    def send(self, form: str, fields: Mapping[str, str]) -> Page: ...
    def forge(self, path: str, fields: Mapping[str, str]) -> None: ...
    def cookie(self, name: str) -> str | None: ...
    def plant(self, name: str, value: str) -> None: ...
    @property
    def page(self) -> Page: ...


@final
class Loop:
    """Runs what is awaited, one after the other, on one event loop."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._runner.close()

    def run(self, awaited: Any) -> Any:
        """What it returns."""
        return self._runner.run(awaited)


class _Cookies:
    """A client's cookies under their short names."""

    def __init__(self, cookies: httpx.Cookies, prefix: str, host: str) -> None:
        self._cookies = cookies
        self._prefix = prefix
        self._host = host

    def get(self, name: str) -> str | None:
        return self._cookies.get(f"{self._prefix}{name}")

    def put(self, name: str, value: str) -> None:
        if self.get(name) is not None:
            self._cookies.delete(f"{self._prefix}{name}")
        self._cookies.set(f"{self._prefix}{name}", value, domain=self._host, path="/")


class _WithoutScreen:
    """What both browsers without a screen do alike."""

    _cookies: _Cookies

    def __init__(self) -> None:
        self.answers: list[httpx.Response] = []
        self._page = Page("")

    @property
    def page(self) -> Page:
        return self._page

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        """One request, no redirect followed."""
        raise NotImplementedError

    def open(self, path: str) -> Page:
        return self.followed(self.request("GET", f"{BASE}{path}"))

    def send(self, form: str, fields: Mapping[str, str]) -> Page:
        """Fill in a form of the page, as far as it has these fields, and send it."""
        filled = self._page.forms[form]
        return self.followed(self.request("POST", filled.action, data={**filled.fields, **fields}))

    def forge(self, path: str, fields: Mapping[str, str]) -> None:
        self.followed(self.request("POST", f"{BASE}{path}", data=dict(fields)))

    def cookie(self, name: str) -> str | None:
        return self._cookies.get(name)

    def plant(self, name: str, value: str) -> None:
        self._cookies.put(name, value)

    def followed(self, answer: httpx.Response) -> Page:
        """The page that an answer leads to."""
        for _ in range(5):
            if not answer.is_redirect:
                break
            answer = self.request("GET", answer.headers["location"])
        self._page = read(answer.text)
        return self._page


@final
class HttpBrowser(_WithoutScreen):
    """A browser that speaks with an application in this process.

    Args:
        app: the host, with the pages mounted.
        loop: where it runs.
        address: whom the peer says that it forwards for.
        language: what the person reads.
    """

    def __init__(self, app: Any, loop: Loop, address: str = "192.0.2.1", language: str = "fr") -> None:
        super().__init__()
        self._loop = loop
        headers = {"x-forwarded-for": address, "accept-language": language}
        self._client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app, client=("127.0.0.1", 50_000)),
            base_url=f"https://{_HOST}",
            headers=headers,
        )
        self._cookies = _Cookies(self._client.cookies, "__Host-msa-", _HOST)

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        answer: httpx.Response = self._loop.run(self._client.request(method, path, **more))
        self.answers.append(answer)
        return answer


@final
class WireBrowser(_WithoutScreen):
    """A browser that speaks with a server on this machine: for those in a story who are many, and have a script.

    Args:
        server: its address.
        address: whom the peer says that it forwards for.
    """

    def __init__(self, server: str, address: str) -> None:
        super().__init__()
        self._client = httpx.Client(base_url=server, headers={"x-forwarded-for": address, "accept-language": "fr"})
        self._cookies = _Cookies(self._client.cookies, "msa-", "127.0.0.1")

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        answer = self._client.request(method, path, **more)
        self.answers.append(answer)
        return answer

    def close(self) -> None:
        """Leave."""
        self._client.close()
