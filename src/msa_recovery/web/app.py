"""The one place that puts the pages together."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, final

from msa_recovery import AsyncRecovery, CallerError

try:
    from starlette.applications import Starlette
    from starlette.exceptions import HTTPException
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route
    from starlette.types import ASGIApp

    from .api import Api
    from .doors import Doors, Endpoint
    from .faults import faulty
    from .headers import Headers
    from .limiting import Counter
    from .looks import STATIC, Looks
    from .pages import Pages
    from .settings import Settings
    from .site import Site, StandIn
    from .steps import Steps
except ModuleNotFoundError as missing:
    raise CallerError(f"the pages need {missing.name}: pip install 'msa-recovery[web]'") from None

if TYPE_CHECKING:
    from msa_recovery.adapters.franceconnect import AsyncFranceConnect

    from .franceconnect import Elsewhere

__all__ = ["recovery_app"]

_DEFAULTS: Final = Settings()

_ASKED: Final = ("check", "open", "account", "name", "close")
"""The methods of a :class:`Site`."""


def recovery_app(
    recovery: AsyncRecovery,
    *,
    site: Site | None = None,
    franceconnect: "AsyncFranceConnect | None" = None,
    settings: Settings = _DEFAULTS,
) -> Starlette:
    """The pages of a recovery and the JSON API beside them, to be mounted under any path or run alone.

    Whatever delivers messages and ends journeys that are due (``relay``, ``lapse_due``, ``purge``) runs elsewhere.

    Args:
        recovery: made by ``compose_async``.
        site: the host's own sign-in and session; a stand-in that has neither when nothing is said.
        franceconnect: the other way in for individuals (extra ``franceconnect``), registered with the callback
            ``/franceconnect/callback`` under the path of the pages; no page speaks of it when nothing is said. The host
            closes it.
        settings: what else a host may set.

    Raises:
        CallerError: a setting cannot be used, or an argument is something else than it should be.
    """
    _check(recovery, site, settings)
    looks = Looks(settings)
    host = site or StandIn(recovery, secure_cookies=settings.secure_cookies)
    counter = Counter(settings)
    doors = Doors(recovery, settings, looks, counter)
    steps = Steps(recovery, looks, franceconnect is not None)
    elsewhere = None if franceconnect is None else _elsewhere(steps, franceconnect)
    pages = Pages(recovery, host, looks, elsewhere)
    api = Api(recovery, host, settings, counter)
    looked_at = {
        "/": pages.home,
        "/step": steps.show,
        "/help": pages.help,
        "/language/{language}": pages.language,
        "/space": pages.space,
        "/account": pages.account,
    }
    if elsewhere is not None:
        looked_at |= {
            "/franceconnect": elsewhere.leave,
            "/franceconnect/callback": elsewhere.come_back,
            "/franceconnect/sign-out": elsewhere.sign_out,
        }
    sent = {
        "/begin": pages.begin,
        "/sign-in": pages.sign_in,
        "/step": steps.send,
        "/strength": steps.strength,
        "/change": pages.change,
        "/enter": pages.enter,
        "/sign-out": pages.sign_out,
    }

    async def fault(request: Request, error: Exception) -> Response:
        called = request.url.path.removeprefix(request.scope.get("root_path", "")).startswith("/api/")
        return faulty(request, error) if called else doors.fault(request, error)

    return _Covered(
        https=settings.secure_cookies,
        routes=[
            *(Route(path, doors.looked_at(look), methods=["GET"]) for path, look in looked_at.items()),
            *(Route(path, doors.sent(post), methods=["POST"]) for path, post in sent.items()),
            Route("/static/{name}", _static(looks.static), methods=["GET"]),
            *api.routes(),
        ],
        exception_handlers=dict.fromkeys((HTTPException, Exception), fault),
    )


@final
class _Covered(Starlette):
    """An application whose headers lie around everything: Starlette answers what nobody expected outside of all
    middleware that it is given."""

    def __init__(self, *, https: bool, **more: Any) -> None:
        super().__init__(**more)
        self._https = https

    def build_middleware_stack(self) -> ASGIApp:
        return Headers(super().build_middleware_stack(), https=self._https)


def _static(files: Mapping[str, bytes]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in files:
            raise HTTPException(404)
        # The address of each carries the digest of what is in it.
        keep = {"cache-control": "public, max-age=31536000, immutable"}
        return Response(files[name], media_type=STATIC[name], headers=keep)

    return endpoint


def _check(recovery: object, site: object, settings: object) -> None:
    """What would otherwise end in an error once somebody clicks."""
    if not isinstance(recovery, AsyncRecovery):
        makers = "compose_async makes one, and so does AsyncRecovery.of(recovery)"
        raise CallerError(f"recovery: an AsyncRecovery, not {_kind(recovery)}: {makers}")
    if site is not None:
        lacking = [name for name in _ASKED if not callable(getattr(site, name, None))]
        if isinstance(site, type) or lacking:
            raise CallerError(f"site: an object with the methods of a Site, not {_kind(site)}")
    if not isinstance(settings, Settings):
        raise CallerError(f"settings: a Settings, not {_kind(settings)}")


def _kind(given: object) -> str:
    return f"the class {given.__name__}" if isinstance(given, type) else type(given).__name__


def _elsewhere(steps: Steps, client: "AsyncFranceConnect") -> "Elsewhere":
    # Imported here: the extra franceconnect is for hosts that have it.
    from msa_recovery.adapters.franceconnect import AsyncFranceConnect

    from .franceconnect import Elsewhere

    if not isinstance(client, AsyncFranceConnect):
        raise CallerError(f"franceconnect: an AsyncFranceConnect, not {_kind(client)}")
    return Elsewhere(steps, client)
