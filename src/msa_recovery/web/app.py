"""The one place that puts the pages together."""

from collections.abc import Mapping
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from msa_recovery import AsyncRecovery

from .api import Api
from .doors import Doors, Endpoint
from .faults import faulty
from .franceconnect import FranceConnect
from .headers import Headers
from .limiting import Counter
from .looks import STATIC, Looks
from .pages import Pages
from .settings import Settings
from .site import Site, StandIn
from .steps import Steps

__all__ = ["recovery_app"]

_ANY: Final = (HTTPException, Exception)
_DEFAULTS: Final = Settings()


def recovery_app(
    recovery: AsyncRecovery,
    *,
    site: Site | None = None,
    franceconnect: FranceConnect | None = None,
    settings: Settings = _DEFAULTS,
) -> Starlette:
    """The pages of a recovery and the JSON API beside them, to be mounted under any path or run alone.

    Whatever delivers messages and ends journeys that are due (``relay``, ``lapse_due``, ``purge``) runs elsewhere.

    Args:
        recovery: made by ``compose_async``.
        site: the host's own sign-in and session; a stand-in that has neither when nothing is said.
        franceconnect: the other way in for individuals; no page speaks of it when nothing is said.
        settings: what else a host may set.

    Raises:
        CallerError: a setting cannot be used.
    """
    looks = Looks(settings)
    host = site or StandIn(recovery, secure_cookies=settings.secure_cookies)
    counter = Counter(settings)
    doors = Doors(recovery, settings, looks, counter)
    pages = Pages(recovery, host, looks, franceconnect is not None)
    steps = Steps(recovery, looks, franceconnect)
    api = Api(recovery, host, settings, counter)
    looked_at = {
        "/": pages.home,
        "/step": steps.show,
        "/help": pages.help,
        "/language/{language}": pages.language,
        "/space": pages.space,
        "/account": pages.account,
    }
    if franceconnect is not None:
        looked_at |= {"/franceconnect": steps.leave, "/franceconnect/callback": steps.come_back}
    sent = {
        "/begin": pages.begin,
        "/sign-in": pages.sign_in,
        "/step": steps.send,
        "/strength": steps.strength,
        "/change": pages.change,
        "/enter": pages.enter,
        "/sign-out": pages.sign_out,
    }
    return Starlette(
        routes=[
            *(Route(path, doors.looked_at(look), methods=["GET"]) for path, look in looked_at.items()),
            *(Route(path, doors.sent(post), methods=["POST"]) for path, post in sent.items()),
            Route("/static/{name}", _static(looks.static), methods=["GET"]),
            Mount("/api", Starlette(routes=api.routes(), exception_handlers=dict.fromkeys(_ANY, faulty))),
        ],
        middleware=[Middleware(Headers, https=settings.secure_cookies)],
        exception_handlers=dict.fromkeys(_ANY, doors.fault),
    )


def _static(files: Mapping[str, bytes]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in files:
            raise HTTPException(404)
        # The address of each carries the digest of what is in it.
        keep = {"cache-control": "public, max-age=31536000, immutable"}
        return Response(files[name], media_type=STATIC[name], headers=keep)

    return endpoint
