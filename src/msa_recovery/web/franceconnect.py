"""The way to FranceConnect and back. Without it no page speaks of FranceConnect."""

import logging
from typing import Final, final

from attrs import frozen
from starlette.responses import RedirectResponse, Response

from msa_recovery import InfrastructureError, UseFranceConnect
from msa_recovery.adapters.franceconnect import AsyncFranceConnect, Misconfigured, NotSignedIn, Why

from .steps import Steps
from .visit import Said, Visit

__all__ = ["Elsewhere"]

_LOG: Final = logging.getLogger(__name__)

_DEPARTURE: Final = "franceconnect"
_SESSION: Final = "franceconnect_session"

_AGAIN: Final = Said(notice="notice.franceconnect_again")
_NOTICES: Final = {
    Why.CANCELLED: Said(notice="notice.franceconnect_cancelled"),
    Why.TOO_LATE: _AGAIN,
    Why.NOT_STARTED_HERE: _AGAIN,
    Why.CODE_REFUSED: _AGAIN,
}
_FAILED: Final = Said(notice="notice.franceconnect_failed")


@final
@frozen(eq=False)
class Elsewhere:
    """What the routes of FranceConnect answer.

    A failure is told to the person as a notice, with the other way still open, and to the operator in the log: whose
    fault it is stands in the message, and nothing that came from outside.

    Attributes:
        steps: takes what FranceConnect vouches for.
        client: registered with the callback ``/franceconnect/callback`` under the path of the pages, and with the home
            page as the place to come back to after a logout.
    """

    steps: Steps
    client: AsyncFranceConnect

    async def leave(self, visit: Visit) -> Response:
        """Se connecter avec FranceConnect. The journey under way, if there is one, waits as it is."""
        try:
            departure = await self.client.start()
        except (InfrastructureError, Misconfigured) as failure:
            return _failed(visit, failure)
        visit.keep_sealed(_DEPARTURE, departure.kept)
        return RedirectResponse(departure.url, status_code=303)

    async def come_back(self, visit: Visit) -> Response:
        """The person comes back, as somebody or as nobody; this browser's departure is used up in any case."""
        kept = visit.kept_sealed(_DEPARTURE)
        visit.forget(_DEPARTURE)
        try:
            # Bytes that are no text are nobody's callback; decoded so, they are no failure either.
            came = await self.client.finish(visit.request.scope["query_string"].decode("latin-1"), kept)
        except (InfrastructureError, Misconfigured) as failure:
            return _failed(visit, failure)
        if isinstance(came, NotSignedIn):
            return _home(visit, _NOTICES[came.why])
        visit.keep_sealed(_SESSION, came.id_token)
        return await self.steps.vouched(visit, UseFranceConnect(came.identity))

    async def sign_out(self, visit: Visit) -> Response:
        """End the session there too: a link, since no form may lead to another host."""
        id_token = visit.kept_sealed(_SESSION)
        visit.forget(_SESSION)
        if id_token is None:
            return _home(visit, None)
        try:
            return RedirectResponse(await self.client.logout_url(id_token), status_code=303)
        except (InfrastructureError, Misconfigured) as failure:
            return _failed(visit, failure)

    @staticmethod
    def is_signed_in(visit: Visit) -> bool:
        """Whether this browser came back as somebody and did not sign out there yet."""
        return visit.kept_sealed(_SESSION) is not None


def _failed(visit: Visit, failure: InfrastructureError | Misconfigured) -> Response:
    _LOG.error("%s: %s", type(failure).__name__, failure)
    return _home(visit, _FAILED)


def _home(visit: Visit, said: Said | None) -> Response:
    """Where the person clicked, as far as that is known."""
    return visit.redirect("/" if visit.handle is None else "/step", said)
