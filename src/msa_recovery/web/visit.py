"""One request of one browser: who it is, what it reads, what it keeps, and what it is told when it comes back."""

import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, final

from attrs import define, field, frozen
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from msa_recovery import AsyncRecovery, Caller, Language, Problem, ProblemCode, Secret

from .cookies import Jar
from .languages import language_of
from .origin import origin_of
from .settings import Settings

__all__ = ["Said", "Visit"]

_FILLED_AGAIN: Final = ("identifier", "kind", "answer", "channel", "value")

_LONGEST_KEPT: Final = 200
"""What was typed is shown again up to so many code points: no honest field is longer."""


_AFTER_A_LAPSE: Final = timedelta(minutes=15)


@final
@frozen(kw_only=True)
class Said:
    """What a page says once, after a redirect.

    Attributes:
        notice: the name of a notice, if it is one.
        problem: what went wrong, if something did.
        typed: what was typed, so that nobody types it twice; never a password or a code.
    """

    notice: str | None = None
    problem: Problem | None = None
    typed: Mapping[str, str] = field(factory=dict[str, str], repr=False)

    @property
    def fields(self) -> Mapping[str, str]:
        """Every field that is filled again, empty where nothing was typed."""
        return dict.fromkeys(_FILLED_AGAIN, "") | dict(self.typed)


@final
@define(eq=False)
class Visit:
    """A request, and the answer's cookies.

    Attributes:
        request: as it came.
        recovery: the library.
        settings: the host's.
        language: what the person reads.
    """

    request: Request
    recovery: AsyncRecovery
    settings: Settings
    language: Language
    _jar: Jar
    _visitor: str
    _kept: dict[str, str | None] = field(factory=dict[str, str | None])

    @classmethod
    def of(cls, request: Request, recovery: AsyncRecovery, settings: Settings) -> "Visit":
        """The visit that a request belongs to; a browser that was never here gets a name of its own."""
        jar = Jar(secure=settings.secure_cookies)
        known = jar.get(request, "visitor")
        new = secrets.token_urlsafe(32)
        visitor = known if known is not None and len(known) == len(new) and known.isascii() else new
        language = language_of(jar.get(request, "language"), request.headers.get("accept-language", ""))
        visit = cls(request, recovery, settings, language, jar, visitor)
        if visitor is new:
            visit.keep("visitor", new)
        return visit

    # -- cookies -------------------------------------------------------------------------------------------------

    def keep(self, what: str, value: str) -> None:
        """Have the browser keep this with the answer."""
        self._kept[what] = value

    def forget(self, what: str) -> None:
        """Have the browser forget this with the answer."""
        if self._jar.get(self.request, what) is not None:
            self._kept[what] = None

    def keep_sealed(self, what: str, text: Secret) -> None:
        """Have this browser keep a text that it can neither read nor change, nor another one use."""
        self.keep(what, self.recovery.tokens.seal(text, f"{what} {self._visitor}"))

    def kept_sealed(self, what: str) -> Secret | None:
        """What this browser was given to keep, or ``None``."""
        kept = self._jar.get(self.request, what)
        return None if kept is None else self.recovery.tokens.unseal(kept, f"{what} {self._visitor}")

    @property
    def handle(self) -> Secret | None:
        """The handle of the journey that this browser is on."""
        kept = self._jar.get(self.request, "journey")
        return None if kept is None else Secret(kept)

    def keep_handle(self, handle: Secret) -> None:
        """The journey that this browser is on from now on (R34)."""
        self.keep("journey", handle.reveal())

    def finish(self, response: Response) -> Response:
        """The answer, with its cookies."""
        for what, value in self._kept.items():
            if value is None:
                self._jar.drop(response, what)
            else:
                self._jar.put(response, what, value)
        return response

    # -- forms ---------------------------------------------------------------------------------------------------

    @property
    def form_token(self) -> str:
        """What every form of this browser carries, and no other site can know."""
        return self.recovery.tokens.sign(self._visitor)

    def sent_by_us(self, form: Mapping[str, str]) -> bool:
        """Whether a form is one of ours, sent from one of our pages in this browser."""
        site = self.request.headers.get("sec-fetch-site", "same-origin")
        return site in {"same-origin", "none"} and self.recovery.tokens.verify(form.get("token", ""), self._visitor)

    def caller(self, request_id: str = "") -> Caller:
        """Who calls the library."""
        return Caller(
            origin=origin_of(self.request, self.settings.trusted_proxies),
            language=self.language,
            request_id=request_id[:128] or None,
        )

    # -- where to ------------------------------------------------------------------------------------------------

    @property
    def base(self) -> str:
        """The path under which the pages are mounted; never the host's name (R33)."""
        path: str = self.request.scope.get("root_path", "")
        return path

    def redirect(self, path: str, said: Said | None = None) -> Response:
        """Lead on to one of our own pages, which says something once."""
        if said is not None:
            self.keep("said", self._sealed(said))
        return RedirectResponse(f"{self.base}{path}", status_code=303)

    def said(self) -> Said:
        """What this page is to say once; it is forgotten with the answer."""
        kept = self._jar.get(self.request, "said")
        self.forget("said")
        opened = None if kept is None else self.recovery.tokens.unseal(kept, f"said {self._visitor}")
        return Said() if opened is None else _read(json.loads(opened.reveal()))

    def _sealed(self, said: Said) -> str:
        return self.recovery.tokens.seal(Secret(json.dumps(_written(said))), f"said {self._visitor}")

    # -- what was typed before the time was over -------------------------------------------------------------------

    def keep_identifier(self, typed: str, until: datetime) -> None:
        """Keep an identifier for the page after a lapse, so that nobody types it twice (R56): sealed, for the time that
        the journey had and a quarter of an hour."""
        text = json.dumps([(until + _AFTER_A_LAPSE).timestamp(), typed[:_LONGEST_KEPT]])
        self.keep("identifier", self.recovery.tokens.seal(Secret(text), f"identifier {self._visitor}"))

    def kept_identifier(self, now: datetime) -> str:
        """The identifier that was kept, if it still may be shown."""
        kept = self._jar.get(self.request, "identifier")
        opened = None if kept is None else self.recovery.tokens.unseal(kept, f"identifier {self._visitor}")
        if opened is None:
            return ""
        until, typed = json.loads(opened.reveal())
        return str(typed) if now.timestamp() < until else ""


def _written(said: Said) -> dict[str, Any]:
    problem = said.problem
    return {
        "notice": said.notice,
        "problem": None
        if problem is None
        else [
            problem.code,
            problem.field,
            None if problem.retry_at is None else problem.retry_at.isoformat(),
            problem.limit,
            list(problem.reasons),
        ],
        "typed": {name: text[:_LONGEST_KEPT] for name, text in said.typed.items()},
    }


def _read(written: dict[str, Any]) -> Said:
    if written["problem"] is None:
        return Said(notice=written["notice"], typed=written["typed"])
    code, beside, retry_at, limit, reasons = written["problem"]
    at = None if retry_at is None else datetime.fromisoformat(retry_at)
    problem = Problem(ProblemCode(code), beside, at, limit, tuple(reasons))
    return Said(notice=written["notice"], problem=problem, typed=written["typed"])
