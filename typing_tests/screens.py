"""A host that mounts the pages or draws screens of its own, as its type checker sees it.

As in ``host.py``, a line that must be refused says so.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import assert_type

from celery import Celery
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from msa_recovery import AccountKey, AsyncRecovery, Caller, Input, Language, Recovery, Reply, View
from msa_recovery.adapters.franceconnect import (
    PRODUCTION,
    Arrival,
    AsyncFranceConnect,
    Departure,
    FranceConnect,
    NotSignedIn,
    Registration,
    Why,
)
from msa_recovery.contrib.celery_tasks import add_tasks
from msa_recovery.contrib.forms import Field, Form, forms_of
from msa_recovery.contrib.inputs import fields_of, input_of, kind_of
from msa_recovery.contrib.schedule import Schedule
from msa_recovery.contrib.worker import AsyncWorker, Worker
from msa_recovery.texts import (
    TEXTS,
    RenderedMessage,
    Texts,
    lasting_text,
    moment_text,
    page_text,
    problem_text,
    state_lead,
    state_title,
)
from msa_recovery.web import Settings, Site, StandIn, recovery_app


class OurSite:
    """A site is one by its shape."""

    async def check(self, identifier: str, password: str) -> AccountKey | None:
        return None

    async def open(self, request: Request, account: AccountKey) -> RedirectResponse:
        return RedirectResponse(f"/{account}")

    async def account(self, request: Request) -> AccountKey | None:
        return None

    async def name(self, account: AccountKey) -> str:
        return account

    async def close(self, request: Request) -> Response:
        return Response()


class Shut:
    """No site: it opens no session."""

    async def check(self, identifier: str, password: str) -> AccountKey | None:
        return None


def mounted(recovery: AsyncRecovery, sync: Recovery, registration: Registration) -> Starlette:
    site: Site = OurSite()
    shut: Site = Shut()  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
    settings = Settings(
        sign_up="/inscription",
        trusted_proxies=["10.0.0.0/8"],
        texts=TEXTS,
        templates=Path("templates"),
        posts="60/minute",
    )
    Settings(sign_up=1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Settings("/inscription")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    recovery_app(sync)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    recovery_app(recovery, site=StandIn(recovery, secure_cookies=False))
    franceconnect = AsyncFranceConnect(registration, PRODUCTION)
    recovery_app(recovery, franceconnect=FranceConnect(registration, PRODUCTION))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    del shut
    return recovery_app(recovery, site=site, franceconnect=franceconnect, settings=settings)


def there_and_back(franceconnect: FranceConnect, query: str) -> Arrival | Why:
    departure = franceconnect.start()
    assert_type(departure, Departure)
    came = franceconnect.finish(query, departure.kept)
    assert_type(came, Arrival | NotSignedIn)
    return came.why if isinstance(came, NotSignedIn) else came


def drawn(view: View, texts: Texts) -> tuple[Form, ...]:
    forms = forms_of(view, Language.FR)
    for form in forms:
        assert_type(form.fields, tuple[Field, ...])
        assert_type(form.key, str)
    forms_of(view, "fr")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    return forms_of(view, Language.EN, texts)


def sent(recovery: Recovery, reply: Reply, event: str, texts: Mapping[str, str]) -> Reply:
    given = input_of(event, texts)
    assert_type(given, Input | None)
    kind = kind_of(event)
    if kind is not None:
        assert_type(fields_of(kind), tuple[str, ...])
    recovery.send(reply.handle, given, Caller())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    return reply if given is None else recovery.send(reply.handle, given, Caller())


def said(recovery: Recovery, view: View, now: datetime) -> str:
    if view.problem is not None:
        problem_text(view.problem, Language.FR)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
        return problem_text(view.problem, Language.FR, now=now, policy=recovery.policy)
    assert_type(page_text("sign_in", Language.FR, number=2), str)
    lasting_text(60, Language.FR)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    when = moment_text(now, Language.FR) + lasting_text(timedelta(minutes=1), Language.FR)
    return state_title(view.chart, view.state, Language.FR) + state_lead(view, recovery.policy, Language.FR) + when


def own_words() -> Texts:
    Texts({"fr": {"page.sign_in": "Entrer"}})  # type: ignore[dict-item]  # pyright: ignore[reportArgumentType]
    assert_type(TEXTS.message_text, object)  # type: ignore[assert-type]  # pyright: ignore[reportAssertTypeFailure]
    return Texts({Language.FR: {"page.sign_in": "Entrer"}}, sms_host="msa.example")


def worked(app: Celery, recovery: Recovery, awaited: AsyncRecovery) -> None:
    add_tasks(app, recovery, Schedule(lapse_due=timedelta(seconds=5)), relay=timedelta(seconds=5))
    add_tasks(app, awaited)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Schedule(purge=3600)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Worker(recovery, schedule=Schedule()).stop()
    Worker(awaited)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    AsyncWorker(awaited).stop()
    AsyncWorker(recovery)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def subject_of(rendered: RenderedMessage) -> str:
    return rendered.subject
