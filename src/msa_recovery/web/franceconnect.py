"""Where FranceConnect is plugged in. Without it no page speaks of FranceConnect."""

from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response

from msa_recovery import UseFranceConnect

__all__ = ["FranceConnect"]


class FranceConnect(Protocol):
    """An OpenID Connect client of FranceConnect, as the pages see it."""

    async def start(self, request: Request, callback: str) -> Response:
        """Send the person there, with what :meth:`finish` will check in cookies of its own.

        Args:
            request: what the person clicked.
            callback: the path on this host to which FranceConnect shall send the person back. The host's name comes
                from the client's own settings, never from the request (R33).
        """
        ...

    async def finish(self, request: Request) -> UseFranceConnect | None:
        """What FranceConnect vouches for when the person comes back; ``None`` when it does not."""
        ...
