"""The demonstration in a browser: the pages of a recovery, and beside them what arrived."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, final

from attrs import evolve

from msa_recovery.application.async_recovery import AsyncRecovery
from msa_recovery.application.caller import Caller, Language, Origin
from msa_recovery.application.messages import Message
from msa_recovery.domain.account import AccountKey, Channel
from msa_recovery.domain.events import EventName
from msa_recovery.domain.inputs import OrderLetter
from msa_recovery.domain.secret import Secret
from msa_recovery.texts import RenderedMessage, event_text, message_text, moment_text, problem_text
from msa_recovery.web import Settings, StandIn, recovery_app

from .boxes import address_of, in_a_line
from .cast import cast_of
from .folder import DemoFolder, Visit
from .sheet import shows
from .stage import Stage
from .words import WORDS, Words

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

__all__ = ["WebDemo"]

_PAGES: Final = Path(__file__).with_name("pages")
_FILES: Final = {"demo.css": "text/css; charset=utf-8", "demo.js": "text/javascript; charset=utf-8"}
_AGENT: Final = Origin("203.0.113.9")
_SECOND: Final = timedelta(seconds=1)
_KEPT_EVERY: Final = 5
_EARLIER_SHOWN: Final = 3
_LATER: Final[Mapping[str, timedelta]] = {
    "1m": timedelta(minutes=1),
    "31m": timedelta(minutes=31),
    "1d": timedelta(days=1),
    "3d": timedelta(days=3),
}


@final
class WebDemo:
    """One visit.

    Args:
        stage: the accounts, the clock and the library.
        folder: where the visit is kept.
    """

    def __init__(self, stage: Stage, folder: DemoFolder) -> None:
        self._stage = stage
        self._folder = folder
        self._told_agent = ""
        self._recovery = AsyncRecovery.of(stage.recovery)
        stand_in = StandIn(self._recovery, secure_cookies=False)
        self.open, self.account, self.close = stand_in.open, stand_in.account, stand_in.close

    def app(self) -> "Starlette":
        """The host: the pages at its root, what is the demonstration's alone under ``/demo``."""
        from jinja2 import Environment, FileSystemLoader
        from starlette.applications import Starlette
        from starlette.routing import Mount, Route

        self._drawn = Environment(loader=FileSystemLoader(_PAGES), autoescape=True, trim_blocks=True)
        pages = recovery_app(
            self._recovery, site=self, settings=Settings(secure_cookies=False, templates=_PAGES, sign_up="/demo/")
        )
        return Starlette(
            routes=[
                Route("/demo/", self._table),
                Route("/demo/boxes", self._boxes),
                Route("/demo/clock", self._later, methods=["POST"]),
                Route("/demo/letter", self._letter, methods=["POST"]),
                Route("/demo/{name}", self._file),
                Mount("/", pages),
            ],
            lifespan=self._running,
        )

    # -- what belongs to the host ----------------------------------------------------------------------------------

    async def check(self, identifier: str, password: str) -> AccountKey | None:
        """The usual password of a sample account."""
        return await asyncio.to_thread(self._stage.directory.sign_in, identifier, Secret(password))

    async def name(self, account: AccountKey) -> str:
        """As it stands on letters."""
        return self._stage.member(account).held.account.postal_address[0]

    # -- the clock -------------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def _running(self, _: object) -> AsyncGenerator[None]:
        ticking = asyncio.create_task(self._tick())
        try:
            yield
        finally:
            ticking.cancel()
            with suppress(asyncio.CancelledError):
                await ticking
            self._keep()

    async def _tick(self) -> None:
        """While somebody is here the clock goes on by itself; between two visits it stands still (decision 27)."""
        seconds = 0
        while True:
            await asyncio.sleep(1)
            self._stage.wait(_SECOND)
            seconds += 1
            if seconds % _KEPT_EVERY == 0:
                self._keep()

    def _keep(self) -> None:
        now = self._stage.clock.now()
        self._folder.keep(evolve(self._folder.last() or Visit(now), moment=now))

    # -- the table -------------------------------------------------------------------------------------------------

    async def _table(self, request: "Request") -> "Response":
        return await self._page("table.html", request)

    async def _boxes(self, request: "Request") -> "Response":
        return await self._page("boxes.html", request)

    async def _page(self, name: str, request: "Request") -> "Response":
        from starlette.responses import HTMLResponse

        words = WORDS[_language(request.query_params.get("lang"))]
        shown = await asyncio.to_thread(self._shown, words)
        text = self._drawn.get_template(name).render(
            words=words, order=event_text(EventName.ORDER_LETTER, words.language), agent=self._told_agent, **shown
        )
        csp = "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'"
        return HTMLResponse(text, headers={"content-security-policy": csp, "cache-control": "no-store"})

    def _shown(self, words: Words) -> dict[str, object]:
        now, policy = self._stage.clock.now(), self._stage.recovery.policy
        cast = [
            (" / ".join(each.identifiers), shows(each, words, words.language, now, policy))
            for each in cast_of(self._stage.directory)
        ]
        boxes = [self._box(channel, self._stage.delivered(channel), words) for channel in Channel]
        return {"moment": moment_text(now, words.language), "boxes": boxes, "cast": cast}

    @staticmethod
    def _box(channel: Channel, messages: tuple[Message, ...], words: Words) -> dict[str, object]:
        newest: RenderedMessage | None = message_text(messages[-1]) if messages else None
        return {
            "title": words.boxes[channel],
            "newest": newest,
            "when": moment_text(messages[-1].written_at, words.language) if messages else "",
            "to": address_of(messages[-1]) if messages else "",
            "earlier": [in_a_line(message) for message in messages[:-1][-_EARLIER_SHOWN:]],
        }

    async def _later(self, request: "Request") -> "Response":
        form = await self._form(request)
        self._stage.wait(_LATER.get(form.get("later", ""), timedelta()))
        self._keep()
        return _back(form)

    async def _letter(self, request: "Request") -> "Response":
        form = await self._form(request)
        language = _language(form.get("lang"))
        agent = Caller(origin=_AGENT, language=language, agent=True)
        reply = await self._recovery.begin(agent)
        sent = await self._recovery.send(reply.handle, OrderLetter(form.get("identifier", "")), agent)
        problem, policy = sent.view.problem, self._recovery.policy
        done = WORDS[language].agent_done
        self._told_agent = done if problem is None else problem_text(problem, language, now=self._now, policy=policy)
        return _back(form)

    async def _form(self, request: "Request") -> dict[str, str]:
        from urllib.parse import parse_qsl

        from starlette.exceptions import HTTPException

        if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
            raise HTTPException(403)
        return dict(parse_qsl((await request.body()).decode("ascii", "replace")))

    async def _file(self, request: "Request") -> "Response":
        from starlette.exceptions import HTTPException
        from starlette.responses import Response

        name = request.path_params["name"]
        if name not in _FILES:
            raise HTTPException(404)
        return Response((_PAGES / name).read_bytes(), media_type=_FILES[name])

    @property
    def _now(self) -> datetime:
        return self._stage.clock.now()


def _language(said: str | None) -> Language:
    return Language.EN if said == Language.EN else Language.FR


def _back(form: Mapping[str, str]) -> "Response":
    from starlette.responses import RedirectResponse

    return RedirectResponse(f"/demo/?lang={_language(form.get('lang'))}", status_code=303)
