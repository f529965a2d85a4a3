"""A FastAPI service: the pages of the recovery under a path, and a JSON API of its own that meets journeys too."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from math import ceil
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from pydantic import BaseModel
from starlette.middleware.sessions import SessionMiddleware

from msa_recovery import (
    AccountKey,
    AsyncRecovery,
    Caller,
    Channel,
    InfrastructureError,
    Origin,
    Problem,
    Reply,
    Secret,
    UnknownAccount,
    compose_async,
)
from msa_recovery.adapters.clocks import SystemClock
from msa_recovery.adapters.console import ConsoleMessenger
from msa_recovery.adapters.keyring import read_keys
from msa_recovery.adapters.password_hashing import Argon2idHasher
from msa_recovery.adapters.sqlite_directory import SqliteDirectory
from msa_recovery.contrib.worker import AsyncWorker
from msa_recovery.sample import sample_accounts
from msa_recovery.web import Settings, recovery_app

INSECURE = "INSECURE_COOKIES" in os.environ  # for http on your own machine alone


# -- what the pages ask of a host: its sign-in and its session ---------------------------------------------------------


class OurSite:
    """The usual passwords, and a session that ends when a recovery ends every session of the account."""

    def __init__(self, accounts: SqliteDirectory) -> None:
        self._accounts = accounts

    async def check(self, identifier: str, password: str) -> AccountKey | None:
        return await asyncio.to_thread(self._accounts.sign_in, identifier, Secret(password))

    async def open(self, request: Request, account: AccountKey) -> RedirectResponse:
        await self.remember(request, account)
        return RedirectResponse("/espace-prive", status_code=303)

    async def remember(self, request: Request, account: AccountKey) -> None:
        revoked = await asyncio.to_thread(self._accounts.sessions_revoked, account)
        request.session.clear()
        request.session.update(account=account, revoked=revoked)

    async def account(self, request: Request) -> AccountKey | None:
        account = request.session.get("account")
        if account is None:
            return None
        try:
            revoked = await asyncio.to_thread(self._accounts.sessions_revoked, AccountKey(account))
        except UnknownAccount:
            return None
        return AccountKey(account) if request.session["revoked"] == revoked else None

    async def name(self, account: AccountKey) -> str:
        found = await asyncio.to_thread(self._accounts.get, account)
        return found.names[0] if found and found.names else ""

    async def close(self, request: Request) -> RedirectResponse:
        request.session.clear()
        return RedirectResponse("/mot-de-passe/", status_code=303)


# -- dependencies ------------------------------------------------------------------------------------------------------


def the_recovery(request: Request) -> AsyncRecovery:
    return request.app.state.recovery


def the_site(request: Request) -> OurSite:
    return request.app.state.site


def the_caller(request: Request) -> Caller:
    return Caller(origin=Origin(request.client.host) if request.client else None)


async def signed_in(request: Request, site: Annotated[OurSite, Depends(the_site)]) -> AccountKey:
    account = await site.account(request)
    if account is None:
        raise HTTPException(401)
    return account


# -- an API of our own -------------------------------------------------------------------------------------------------

api = APIRouter()


class SignInForm(BaseModel):
    identifier: str
    password: str


@api.post("/api/session")
async def sign_in(
    form: SignInForm,
    request: Request,
    site: Annotated[OurSite, Depends(the_site)],
    recovery: Annotated[AsyncRecovery, Depends(the_recovery)],
    caller: Annotated[Caller, Depends(the_caller)],
) -> JSONResponse:
    account = await site.check(form.identifier, form.password)  # the usual check comes first
    if account is not None:
        pending = await recovery.pending(account, caller)  # are there contact details to confirm?
        if pending is not None:
            return journey(pending)
        await site.remember(request, account)
        return JSONResponse({"account": account})
    match await recovery.sign_in(form.identifier, form.password, caller):  # then: is it a temporary password?
        case Reply() as reply:
            return journey(reply)
        case Problem() as problem:
            raise HTTPException(429, headers={"Retry-After": await seconds_until(problem.retry_at, recovery)})
        case None:
            raise HTTPException(401)


async def seconds_until(moment: datetime, recovery: AsyncRecovery) -> str:
    """By the clock that the moment is of."""
    return str(max(1, ceil((moment - await recovery.now()).total_seconds())))


def journey(reply: Reply) -> JSONResponse:
    """The client goes on at /mot-de-passe/api/journey, with this handle as its bearer token, and enters at its end."""
    return JSONResponse({"handle": reply.handle.reveal(), "state": reply.view.state}, status_code=202)


@api.get("/api/me")
async def me(account: Annotated[AccountKey, Depends(signed_in)]) -> dict[str, str]:
    return {"account": account}


@api.get("/espace-prive")
async def private_space(
    account: Annotated[AccountKey, Depends(signed_in)], site: Annotated[OurSite, Depends(the_site)]
) -> HTMLResponse:
    return HTMLResponse(
        f"<!doctype html><html lang=fr><title>Espace</title><h1>Bonjour {await site.name(account)}</h1>"
    )


@api.get("/")
async def home() -> RedirectResponse:
    return RedirectResponse("/mot-de-passe/")


# -- the application ---------------------------------------------------------------------------------------------------


async def unavailable(_request: Request, _failure: Exception) -> JSONResponse:
    """A port failed: nothing is half done, and the same call may be made again."""
    return JSONResponse({"detail": "Service Unavailable"}, status_code=503, headers={"Retry-After": "5"})


async def closed(_request: Request, _error: Exception) -> JSONResponse:
    """The account was closed after the usual check: nobody is signed in."""
    return JSONResponse({"detail": "Unauthorized"}, status_code=401)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with app.state.recovery as recovery:
        await recovery.start()  # lacks the ring a key, or is the store out of order: it is known here
        worker = AsyncWorker(recovery)  # every process of the service may have one
        working = asyncio.create_task(worker.run())
        yield
        worker.stop()
        await working


def create_app() -> FastAPI:
    accounts = SqliteDirectory(Path("accounts.sqlite"), Argon2idHasher(), SystemClock())
    console = ConsoleMessenger(lambda message: print(message, end="\n\n", flush=True))
    app = FastAPI(lifespan=lifespan)
    app.state.site = OurSite(accounts)
    app.state.recovery = compose_async(
        accounts=accounts,
        keys=read_keys(Path("keys.toml")),
        store="recovery.sqlite",
        messengers=dict.fromkeys(Channel, console),
    )
    app.add_middleware(
        SessionMiddleware, secret_key=Path("secret.key").read_text(encoding="ascii"), https_only=not INSECURE
    )
    app.include_router(api)
    app.add_exception_handler(InfrastructureError, unavailable)
    app.add_exception_handler(UnknownAccount, closed)
    settings = Settings(secure_cookies=not INSECURE)
    app.mount("/mot-de-passe", recovery_app(app.state.recovery, site=app.state.site, settings=settings))
    return app


if __name__ == "__main__":  # people who do not exist, for trying it
    with SqliteDirectory(Path("accounts.sqlite"), Argon2idHasher(), SystemClock()) as directory:
        directory.add(sample_accounts(SystemClock(), Argon2idHasher()))
