"""What belongs to the host and not to the library: its own sign-in, and the session that the private space needs."""

from typing import Final, Protocol, final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from msa_recovery import AccountKey, AsyncRecovery, Secret

from .cookies import Jar

__all__ = ["Site", "StandIn"]

_MINUTES: Final = 30


class Site(Protocol):
    """A host, as the pages see it."""

    async def check(self, identifier: str, password: str) -> AccountKey | None:
        """The account, if this is its usual password. An unknown identifier takes as long as a wrong password (R14)."""
        ...

    async def open(self, request: Request, account: AccountKey) -> Response:
        """Open the host's session, and lead to the private space. Asked only for whoever may be let in (R21)."""
        ...

    async def account(self, request: Request) -> AccountKey | None:
        """Who is signed in with the host, for the pages of *Mon compte*."""
        ...

    async def name(self, account: AccountKey) -> str:
        """How the person is greeted; empty where nothing is known."""
        ...

    async def close(self, request: Request) -> Response:
        """End the session, and lead to where the host wants people who left."""
        ...


@final
class StandIn:
    """A host that has nothing of its own: no usual sign-in, and a private space that is one page.

    Its session is a sealed cookie that lives for half an hour. A service brings a :class:`Site` of its own.

    Args:
        recovery: seals the cookie.
        secure_cookies: as in the settings.
    """

    def __init__(self, recovery: AsyncRecovery, *, secure_cookies: bool = True) -> None:
        self._recovery = recovery
        self._jar = Jar(secure=secure_cookies)

    async def check(self, identifier: str, password: str) -> AccountKey | None:  # noqa: ARG002 - the protocol's
        """Nobody has a usual password here."""
        return None

    async def open(self, request: Request, account: AccountKey) -> Response:
        """Seal the account into a cookie, and lead to the page that stands for the private space."""
        until = int((await self._recovery.now()).timestamp()) + _MINUTES * 60
        response = RedirectResponse(f"{request.scope.get('root_path', '')}/space", status_code=303)
        sealed = self._recovery.tokens.seal(Secret(f"{until} {account}"), "space")
        self._jar.put(response, "space", sealed, minutes=_MINUTES)
        return response

    async def account(self, request: Request) -> AccountKey | None:
        """Whom the cookie names, until its time is over."""
        sealed = self._jar.get(request, "space")
        opened = None if sealed is None else self._recovery.tokens.unseal(sealed, "space")
        if opened is None:
            return None
        until, _, account = opened.reveal().partition(" ")
        return AccountKey(account) if (await self._recovery.now()).timestamp() < int(until) else None

    async def name(self, account: AccountKey) -> str:  # noqa: ARG002 - the protocol's
        """Nothing is known of anybody here."""
        return ""

    async def close(self, request: Request) -> Response:
        """Take the cookie back."""
        response = RedirectResponse(f"{request.scope.get('root_path', '')}/", status_code=303)
        self._jar.drop(response, "space")
        return response
