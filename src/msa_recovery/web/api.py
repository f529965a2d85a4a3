"""The JSON API beside the pages, for hosts that draw their own screens: the same library, the same views.

The handle goes in the ``Authorization`` header and never in a cookie, so that no other site can send it along. What a
person did wrong is in the view, as on the pages; a fault of the caller is a problem document (RFC 9457).
"""

import re
from collections.abc import Awaitable, Callable
from typing import final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from msa_recovery import (
    AsyncRecovery,
    Caller,
    EventNotAccepted,
    InfrastructureError,
    JourneyFinished,
    Problem,
    ProblemCode,
    Reply,
    Secret,
    UnknownAccount,
    UnknownHandle,
)
from msa_recovery.contrib.inputs import input_of

from .faults import Fault, refused
from .json_body import texts_of
from .json_view import described
from .languages import language_of
from .limiting import Counter
from .openapi import KEY_FORM, document
from .origin import origin_of
from .settings import Settings
from .site import Site
from .words import Words

__all__ = ["Api"]


@final
class Api:
    """The routes under ``/api``.

    Args:
        recovery: the library.
        site: the host.
        settings: its settings.
        counter: counts requests.
    """

    def __init__(self, recovery: AsyncRecovery, site: Site, settings: Settings, counter: Counter) -> None:
        self._recovery = recovery
        self._site = site
        self._settings = settings
        self._counter = counter
        self._document = document(recovery.policy)

    def routes(self) -> list[BaseRoute]:
        """Every one of them."""
        return [
            Route("/api/openapi.json", self._endpoint(self._described), methods=["GET"]),
            Route("/api/journeys", self._endpoint(self._begin), methods=["POST"]),
            Route("/api/journey", self._endpoint(self._show), methods=["GET"]),
            Route("/api/journey/events", self._endpoint(self._send), methods=["POST"]),
            Route("/api/journey/strength", self._endpoint(self._strength), methods=["POST"]),
            Route("/api/journey/enter", self._endpoint(self._enter), methods=["POST"]),
            Route("/api/sign-in", self._endpoint(self._sign_in), methods=["POST"]),
        ]

    async def _described(self, request: Request) -> Response:
        base: str = request.scope.get("root_path", "")
        return JSONResponse({**self._document, "servers": [{"url": f"{base}/api"}]})

    async def _begin(self, request: Request) -> Response:
        await texts_of(request, ())
        reply = await self._recovery.begin(self._caller(request))
        return await self._answer(request, reply, status=201)

    async def _show(self, request: Request) -> Response:
        return await self._answer(request, await self._recovery.resume(_handle(request), self._caller(request)))

    async def _send(self, request: Request) -> Response:
        handle = _handle(request)
        texts = await texts_of(request, None)
        event = input_of(texts["event"], texts)
        if event is None:
            raise refused(Fault.BAD_REQUEST, "event: none of a person's")
        return await self._answer(request, await self._recovery.send(handle, event, self._caller(request)))

    async def _strength(self, request: Request) -> Response:
        handle = _handle(request)
        texts = await texts_of(request, ("password",))
        await self._recovery.resume(handle, self._caller(request))
        return JSONResponse({"strength": await self._recovery.strength(texts["password"])})

    async def _enter(self, request: Request) -> Response:
        handle = _handle(request)
        await texts_of(request, ())
        reply = await self._recovery.resume(handle, self._caller(request))
        if reply.account is None:
            raise refused(Fault.NOT_OPEN)
        return _entered(await self._site.open(request, reply.account))

    async def _sign_in(self, request: Request) -> Response:
        texts = await texts_of(request, ("identifier", "password"))
        identifier, password, caller = texts["identifier"], texts["password"], self._caller(request)
        account = await self._site.check(identifier, password)
        if account is not None:
            pending = await self._recovery.pending(account, caller)
            if pending is None:
                return _entered(await self._site.open(request, account))
            return await self._answer(request, pending)
        match await self._recovery.sign_in(identifier, password, caller):
            case Reply() as reply:
                return await self._answer(request, reply)
            case Problem(ProblemCode.SIGN_IN_MUST_WAIT, retry_at=at):
                now = await self._recovery.now()
                raise refused(Fault.TOO_MANY, wait=60 if at is None else max(1, round((at - now).total_seconds())))
            case _:
                raise refused(Fault.SIGN_IN_REFUSED)

    # -- around every call -----------------------------------------------------------------------------------------

    def _endpoint(self, call: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            origin = origin_of(request, self._settings.trusted_proxies)
            wait = await self._counter.too_many(origin, post=request.method == "POST")
            try:
                if wait is not None:
                    raise refused(Fault.TOO_MANY, wait=wait)
                return await call(request)
            except UnknownHandle:
                raise refused(Fault.UNKNOWN_HANDLE) from None
            except UnknownAccount:
                raise refused(Fault.UNKNOWN_HANDLE) from None
            except EventNotAccepted:
                raise refused(Fault.EVENT_NOT_ACCEPTED) from None
            except JourneyFinished:
                raise refused(Fault.JOURNEY_FINISHED) from None
            except InfrastructureError:
                raise refused(Fault.UNAVAILABLE, wait=5) from None

        return endpoint

    def _caller(self, request: Request) -> Caller:
        key = request.headers.get("idempotency-key")
        if key is not None and not re.fullmatch(KEY_FORM, key):
            raise refused(Fault.BAD_REQUEST, "Idempotency-Key: 1 to 128 signs of ASCII, no space")
        return Caller(
            origin=origin_of(request, self._settings.trusted_proxies),
            language=language_of(None, request.headers.get("accept-language", "")),
            request_id=key,
        )

    async def _answer(self, request: Request, reply: Reply, status: int = 200) -> Response:
        language = language_of(None, request.headers.get("accept-language", ""))
        words = Words(self._settings.texts, language, self._recovery.policy, await self._recovery.now())
        answer = {
            "handle": reply.handle.reveal(),
            "opens": reply.account is not None,
            "view": described(reply.view, words),
        }
        return JSONResponse(answer, status_code=status, headers={"content-language": language})


def _handle(request: Request) -> Secret:
    scheme, _, handle = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not handle.strip():
        raise refused(Fault.UNKNOWN_HANDLE)
    return Secret(handle.strip())


def _entered(opened: Response) -> Response:
    """Where the host leads to, as data; its cookies come along."""
    answer = JSONResponse({"location": opened.headers.get("location", "")})
    for name, value in opened.raw_headers:
        if name == b"set-cookie":
            answer.raw_headers.append((name, value))
    return answer
