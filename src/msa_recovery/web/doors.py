"""What stands before every page: who calls, how often, whether a form is ours, and what is said of a failure."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final, final

from attrs import frozen
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from msa_recovery import AsyncRecovery, InfrastructureError

from .body import form_of
from .limiting import Counter
from .looks import Looks
from .origin import origin_of
from .settings import Settings
from .visit import Visit

__all__ = ["Doors"]

_PAGES: Final = {403: "stale", 404: "not_found", 429: "too_many", 503: "trouble"}
_OURS: Final = 500
_RETRY_AFTER: Final = 5

Look = Callable[[Visit], Awaitable[Response]]
Post = Callable[[Visit, Mapping[str, str]], Awaitable[Response]]
Endpoint = Callable[[Request], Awaitable[Response]]


@final
@frozen(eq=False)
class Doors:
    """Makes endpoints of what the pages do.

    Attributes:
        recovery: the library.
        settings: the host's.
        looks: draws the pages that say what failed.
        counter: counts requests.
    """

    recovery: AsyncRecovery
    settings: Settings
    looks: Looks
    counter: Counter

    def looked_at(self, look: Look) -> Endpoint:
        """The endpoint of a page."""

        async def endpoint(request: Request) -> Response:
            return await self._answered(request, look, post=False)

        return endpoint

    def sent(self, post: Post) -> Endpoint:
        """The endpoint of a form; one that is not ours, or not of this browser, is answered with 403."""

        async def taken(visit: Visit) -> Response:
            form = await form_of(visit.request)
            if not visit.sent_by_us(form):
                raise HTTPException(403)
            return await post(visit, form)

        async def endpoint(request: Request) -> Response:
            return await self._answered(request, taken, post=True)

        return endpoint

    async def _answered(self, request: Request, look: Look, *, post: bool) -> Response:
        visit = Visit.of(request, self.recovery, self.settings)
        origin = origin_of(request, self.settings.trusted_proxies)
        wait = await self.counter.too_many(origin, post=post)
        try:
            if wait is not None:
                return self._failed(visit, 429, wait)
            return visit.finish(await look(visit))
        except HTTPException as fault:
            return visit.finish(self._failed(visit, fault.status_code))
        except InfrastructureError:
            return self._failed(visit, 503, _RETRY_AFTER)

    def fault(self, request: Request, error: Exception) -> Response:
        """What no page expected: an address that does not exist, a method that is not for it."""
        status = error.status_code if isinstance(error, HTTPException) else 500
        headers = error.headers if isinstance(error, HTTPException) else None
        response = self._failed(Visit.of(request, self.recovery, self.settings), status)
        response.headers.update(headers or {})
        return response

    def _failed(self, visit: Visit, status: int, wait: int | None = None) -> Response:
        name = _PAGES.get(status, "trouble" if status >= _OURS else "refused")
        minutes = None if wait is None else max(1, -(-wait // 60))
        response = self.looks.page(visit, "failed", None, status=status, failed=name, minutes=minutes)
        if wait is not None:
            response.headers["retry-after"] = str(wait)
        return response
