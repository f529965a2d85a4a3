"""The pages outside a journey: home with the sign-in form, help, and what belongs to the private space."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, final

from attrs import frozen
from starlette.exceptions import HTTPException
from starlette.responses import Response

from msa_recovery import (
    AsyncRecovery,
    CallerError,
    Problem,
    ProblemCode,
    Reply,
    UnknownAccount,
    UnknownHandle,
)

from .looks import Looks
from .site import Site
from .visit import Said, Visit

if TYPE_CHECKING:
    from .franceconnect import Elsewhere

__all__ = ["Pages"]

_BACK: Final = frozenset({"home", "step", "help", "space", "account"})
"""The pages that the link to the other language may come back to: never an address from the request."""


@final
@frozen(eq=False)
class Pages:
    """What the routes outside a journey answer.

    Attributes:
        recovery: the library.
        site: the host.
        looks: draws the pages.
        elsewhere: the way to FranceConnect, if there is one.
    """

    recovery: AsyncRecovery
    site: Site
    looks: Looks
    elsewhere: "Elsewhere | None"

    async def home(self, visit: Visit) -> Response:
        """Se connecter, FranceConnect, S'inscrire, J'ai oublié mon mot de passe."""
        now = await self.recovery.now()
        signed_in = await self.site.account(visit.request) is not None
        return self.looks.page(
            visit,
            "home",
            now,
            said=visit.said(),
            goes_on=await self._goes_on(visit),
            signed_in=signed_in,
            franceconnect=self.elsewhere is not None,
            signed_in_there=not signed_in and self.elsewhere is not None and self.elsewhere.is_signed_in(visit),
        )

    async def _goes_on(self, visit: Visit) -> bool:
        """Whether this browser has a journey that is not over."""
        if visit.handle is None:
            return False
        try:
            reply = await self.recovery.resume(visit.handle, visit.caller())
        except CallerError:
            return False
        return bool(reply.view.may)

    async def begin(self, visit: Visit, form: Mapping[str, str]) -> Response:
        """J'ai oublié mon mot de passe."""
        reply = await self.recovery.begin(visit.caller(form.get("request_id", "")))
        visit.keep_handle(reply.handle)
        return visit.redirect("/step")

    async def sign_in(self, visit: Visit, form: Mapping[str, str]) -> Response:
        """The host's own password check first; then whether it is a temporary password."""
        identifier, password = form.get("identifier", ""), form.get("password", "")
        typed = {"identifier": identifier}
        for name, text in (("identifier", identifier), ("password", password)):
            if not text:
                return visit.redirect("/", Said(problem=Problem(ProblemCode.TEXT_MISSING, name), typed=typed))
        caller = visit.caller(form.get("request_id", ""))
        account = await self.site.check(identifier, password)
        if account is not None:
            pending = await self.recovery.pending(account, caller)
            if pending is None:
                return await self.site.open(visit.request, account)
            visit.keep_handle(pending.handle)
            return visit.redirect("/step")
        match await self.recovery.sign_in(identifier, password, caller):
            case Reply() as reply:
                visit.keep_handle(reply.handle)
                return visit.redirect("/step")
            case Problem() as problem:
                return visit.redirect("/", Said(problem=problem, typed=typed))
            case None:
                return visit.redirect("/", Said(notice="sign_in_refused", typed=typed))

    async def help(self, visit: Visit) -> Response:
        """The help-desk, with its hours, and whether somebody answers now."""
        return self.looks.page(visit, "help", await self.recovery.now())

    async def language(self, visit: Visit) -> Response:
        """The other language, by a link."""
        chosen, back = visit.request.path_params["language"], visit.request.query_params.get("back", "")
        if chosen not in {"fr", "en"}:
            raise HTTPException(404)
        visit.keep("language", chosen)
        return visit.redirect("/" if back not in _BACK or back == "home" else f"/{back}")

    # -- the private space -----------------------------------------------------------------------------------------

    async def space(self, visit: Visit) -> Response:
        """Mon espace privé: a page that stands for it."""
        return await self._signed_in(visit, "space")

    async def account(self, visit: Visit) -> Response:
        """Mon compte > Email & Mot de passe."""
        return await self._signed_in(visit, "account")

    async def _signed_in(self, visit: Visit, page: str) -> Response:
        account = await self.site.account(visit.request)
        if account is None:
            return visit.redirect("/")
        name = await self.site.name(account)
        return self.looks.page(visit, page, await self.recovery.now(), said=visit.said(), name=name)

    async def change(self, visit: Visit, form: Mapping[str, str]) -> Response:
        """Modifier mon mot de passe."""
        account = await self.site.account(visit.request)
        if account is None:
            return visit.redirect("/")
        try:
            reply = await self.recovery.begin_change(account, visit.caller(form.get("request_id", "")))
        except UnknownAccount:
            # Closed while its owner was signed in.
            return await self.site.close(visit.request)
        visit.keep_handle(reply.handle)
        return visit.redirect("/step")

    async def enter(self, visit: Visit, _: Mapping[str, str]) -> Response:
        """Accéder à Mon espace privé: what a journey that came to its good end opens."""
        if visit.handle is None:
            return visit.redirect("/")
        visit.forget("journey")
        try:
            reply = await self.recovery.resume(visit.handle, visit.caller())
        except (UnknownHandle, UnknownAccount):
            return visit.redirect("/", Said(notice="notice.gone"))
        if reply.account is None:
            return visit.redirect("/", Said(notice="notice.gone"))
        return await self.site.open(visit.request, reply.account)

    async def sign_out(self, visit: Visit, _: Mapping[str, str]) -> Response:
        """Se déconnecter: the host ends its session, and no journey of it stays here."""
        visit.forget("journey")
        return await self.site.close(visit.request)
