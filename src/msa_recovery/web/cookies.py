"""The cookies of the pages, all alike: this host's alone, out of reach of scripts, not sent along by other sites."""

from typing import final

from attrs import frozen
from starlette.requests import Request
from starlette.responses import Response

__all__ = ["Jar"]


@final
@frozen
class Jar:
    """Puts cookies into answers and reads them from requests.

    Attributes:
        secure: whether they are ``__Host-`` cookies, which no other host of the same domain can set (R34).
    """

    secure: bool

    def name(self, what: str) -> str:
        """The cookie's full name."""
        return f"__Host-msa-{what}" if self.secure else f"msa-{what}"

    def get(self, request: Request, what: str) -> str | None:
        """Its value, or ``None``."""
        return request.cookies.get(self.name(what))

    def put(self, response: Response, what: str, value: str, *, minutes: int | None = None) -> None:
        """Have the browser keep it until it is closed, or for so many minutes."""
        response.set_cookie(
            self.name(what),
            value,
            max_age=None if minutes is None else 60 * minutes,
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="lax",
        )

    def drop(self, response: Response, what: str) -> None:
        """Have the browser forget it. The answer names no moment, so that it is the same for everybody (R13)."""
        self.put(response, what, "", minutes=0)
