"""The library as somebody has it who only sees its pages: every call of a story is clicked through in a browser."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, cast, final

from attrs import evolve, fields

from msa_recovery import (
    AccountKey,
    AsyncRecovery,
    Caller,
    EventName,
    Input,
    OrderLetter,
    Policy,
    Problem,
    ProblemCode,
    Recovery,
    Reply,
    Secret,
    UseFranceConnect,
)
from msa_recovery.cli.host import Opened
from msa_recovery.cli.stage import Stage
from msa_recovery.domain.events import Lapse
from msa_recovery.texts import page_text, problem_text, state_title
from msa_recovery.web import Settings, StandIn, recovery_app

from .browser import Browser, mounted
from .page import Page

__all__ = ["Clicked", "HostOfStage", "Served", "clicked_stage"]

_NOT_CLICKED: Final = (OrderLetter, UseFranceConnect, Lapse)
"""What no page of a person sends: an agent's letter, what FranceConnect vouches for, the operator's batch."""

_FIELDS: Final[Mapping[EventName, str]] = MappingProxyType({EventName.EDIT_CONTACT: "edit-{kind}"})

SETTINGS: Final = Settings(trusted_proxies=("127.0.0.1",), posts="999999/second", gets="999999/second")


@final
class HostOfStage:
    """The host of a stage: its sample accounts sign in, and the stand-in keeps the session."""

    def __init__(self, stage: Stage, recovery: AsyncRecovery, *, secure_cookies: bool) -> None:
        self._directory = stage.directory
        stand_in = StandIn(recovery, secure_cookies=secure_cookies)
        self.open, self.account, self.name, self.close = stand_in.open, stand_in.account, stand_in.name, stand_in.close

    async def check(self, identifier: str, password: str) -> AccountKey | None:
        return self._directory.sign_in(identifier, Secret(password))


def pages_of(stage: Stage, settings: Settings = SETTINGS) -> Any:
    """The pages of a stage, mounted."""
    recovery = AsyncRecovery.of(stage.recovery)
    site = HostOfStage(stage, recovery, secure_cookies=settings.secure_cookies)
    return mounted(recovery_app(recovery, site=site, settings=settings))


@final
class _NobodySignsIn:
    """A directory whose usual sign-in is asked by nobody but the pages."""

    def __init__(self, directory: object) -> None:
        self._directory = directory

    def sign_in(self, identifier: object, password: object) -> None:
        return None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._directory, name)


Served = Callable[[str], Browser]
"""A new browser for somebody at this address."""


def clicked_stage(bare: Stage, served: Served) -> Stage:
    """A stage whose library is reached through pages alone."""
    return evolve(bare, directory=cast(Any, _NobodySignsIn(bare.directory)), recovery=cast(Any, Clicked(bare, served)))


@final
class Clicked:
    """Stands where ``Recovery`` stood.

    What it answers is what the page shows: where the library is asked, it is only to compare, and for what a page says
    in words.
    """

    def __init__(self, bare: Stage, served: Served) -> None:
        self._bare = bare
        self._recovery: Recovery = bare.recovery
        self._served = served
        self._browsers: dict[str, Browser] = {}
        # The caller is kept too, so that no other one gets its id.
        self._theirs: dict[int, tuple[Caller, Browser]] = {}
        self._sent: dict[str, dict[str, str]] = {}

    def __getattr__(self, name: str) -> Any:
        """What no person does: the relay, the batches."""
        return getattr(self._recovery, name)

    @property
    def policy(self) -> Policy:
        return self._recovery.policy

    def begin(self, caller: Caller) -> Reply:
        browser = self._of(caller)
        browser.open("/")
        browser.send("begin", {})
        return self._reply(browser)

    def begin_change(self, account: AccountKey, caller: Caller) -> Reply:
        browser = self._of(caller)
        until = int(self._bare.clock.now().timestamp()) + 60
        browser.plant("space", self._recovery.tokens.seal(Secret(f"{until} {account}"), "space"))
        browser.open("/account")
        browser.send("change", {})
        return self._reply(browser)

    def resume(self, handle: Secret, caller: Caller) -> Reply:
        browser = self._on(handle, caller)
        if browser.cookie("journey") is not None:
            browser.open("/step")
        if browser.cookie("journey") is None:
            # The page says that the request is no longer open here; the library says why.
            assert "notice.gone" == browser.page.value("data-notice")
            return self._recovery.resume(handle, caller)
        return self._reply(browser)

    def send(self, handle: Secret, event: Input, caller: Caller) -> Reply:
        browser = self._on(handle, caller)
        if isinstance(event, _NOT_CLICKED):
            reply = self._recovery.send(handle, event, caller)
            browser.plant("journey", reply.handle.reveal())
            browser.open("/step")
            return self._reply(browser, at_least=reply.view.problem)
        texts = {attribute.name: getattr(event, attribute.name) for attribute in fields(type(event))}
        if caller.request_id is not None and caller.request_id in self._sent:
            browser.forge("/step", self._sent[caller.request_id])
            return self._reply(browser)
        if browser.cookie("journey") is None:
            assert "notice.gone" == browser.page.value("data-notice")
            return self._recovery.send(handle, event, caller)
        if browser.page.value("data-state") is None:
            browser.open("/step")
        form = _FIELDS.get(event.name, "").format(**texts) or None
        found = browser.page.forms.get(form) if form else browser.page.form_of(event.name)
        if found is None or not _offered(browser.page, event.name, texts):
            return self._forged(browser, handle, event, caller, texts)
        if caller.request_id is not None:
            self._sent[caller.request_id] = {**found.fields, **texts}
        browser.send(found.id, texts)
        return self._reply(browser)

    def sign_in(self, identifier: str, password: str, caller: Caller) -> Reply | Problem | Opened | None:
        browser = self._of(caller)
        browser.open("/")
        page = browser.send("sign-in", {"identifier": identifier, "password": password})
        if page.value("data-state") is not None:
            return self._reply(browser)
        if page.headings == [page_text("private", caller.language)]:
            opened = self._recovery.tokens.unseal(browser.cookie("space") or "", "space")
            assert opened is not None
            return Opened(AccountKey(opened.reveal().partition(" ")[2]), None)
        waits = problem_text(Problem(ProblemCode.SIGN_IN_MUST_WAIT), caller.language, now=self._now, policy=self.policy)
        return Problem(ProblemCode.SIGN_IN_MUST_WAIT) if waits in page.words else None

    # -- the browsers --------------------------------------------------------------------------------------------

    @property
    def _now(self) -> datetime:
        return self._bare.clock.now()

    def _of(self, caller: Caller) -> Browser:
        """The browser of a person: the same one, whatever they begin in it."""
        if id(caller) not in self._theirs:
            self._theirs[id(caller)] = caller, self._new(caller)
        return self._theirs[id(caller)][1]

    def _new(self, caller: Caller) -> Browser:
        return self._served("192.0.2.250" if caller.origin is None else caller.origin.network.partition("/")[0])

    def _on(self, handle: Secret, caller: Caller) -> Browser:
        """The browser that is on this journey; for a handle that was taken from one, another browser."""
        browser = self._browsers.get(handle.reveal())
        if browser is None or browser.cookie("journey") != handle.reveal():
            browser = self._new(caller)
            browser.open("/")
            browser.plant("journey", handle.reveal())
            browser.open("/step")
            self._browsers[handle.reveal()] = browser
        return browser

    def _forged(
        self, browser: Browser, handle: Secret, event: Input, caller: Caller, texts: Mapping[str, str]
    ) -> Reply:
        """What no page offers, sent all the same, as somebody does who writes requests by hand."""
        token = next((form.fields["token"] for form in browser.page.forms.values() if "token" in form.fields), "")
        before = browser.cookie("journey")
        browser.forge("/step", {"token": token, "request_id": "forged", "event": event.name, **texts})
        if browser.cookie("journey") is None or browser.page.value("data-notice") == "notice.moved_on":
            return self._recovery.send(handle, event, caller)
        if browser.cookie("journey") == before and not browser.page.form_of(EventName.ABANDON):
            return self._recovery.send(handle, event, caller)
        return self._reply(browser)

    # -- what the page shows -------------------------------------------------------------------------------------

    def _reply(self, browser: Browser, at_least: Problem | None = None) -> Reply:
        handle, page = browser.cookie("journey"), browser.page
        assert handle is not None, f"a journey, not {page.words}"
        self._browsers[handle] = browser
        reply = self._recovery.resume(Secret(handle), Caller())
        view = reply.view
        assert (view.state, view.chart) == (page.value("data-state"), page.value("data-chart"))
        assert [state_title(view.chart, view.state, Caller().language)] == page.headings
        shown = self._problem(page) or at_least
        for choice in view.choices:
            assert choice.mask is None or choice.mask in page.words
        assert [line.text for line in view.contacts if line.text and line.text not in page.words] == []
        assert view.mask is None or view.mask in page.words
        return evolve(reply, view=evolve(view, problem=shown))

    def _problem(self, page: Page) -> Problem | None:
        code = page.value("data-problem")
        if code is None:
            return None
        retry_at = page.value("data-retry-at")
        return Problem(
            ProblemCode(code),
            retry_at=None if retry_at is None else datetime.fromisoformat(retry_at),
            reasons=tuple(page.values("data-reason")),
        )


def _offered(page: Page, event: EventName, texts: Mapping[str, str]) -> bool:
    """Whether a person can choose what is to be sent: a radio button or a line of this name is there."""
    chosen = {EventName.CHOOSE_CHANNEL: "channel", EventName.ANSWER_CHALLENGE: "kind"}.get(event)
    if chosen is None:
        return True
    return any(
        found.get("name") == chosen and found.get("value") == texts[chosen]
        for tag, found in page.attributes
        if tag == "input"
    )
