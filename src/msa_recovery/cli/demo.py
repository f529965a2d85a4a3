"""The demonstration: a person walks through the host's pages and the journey, in a terminal."""

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final, final

from msa_recovery.application.caller import Caller, Language, Origin
from msa_recovery.application.errors import CallerError
from msa_recovery.application.reply import Reply
from msa_recovery.domain.account import AccountKey, VerifiedIdentity
from msa_recovery.domain.events import EventName, UseFranceConnect
from msa_recovery.domain.inputs import OrderLetter
from msa_recovery.domain.journey import FINAL, ChartName, State
from msa_recovery.domain.passwords import normalised
from msa_recovery.domain.problem import Problem
from msa_recovery.domain.secret import Secret
from msa_recovery.domain.view import View
from msa_recovery.texts import event_text, state_title, strength_text

from .cast import cast_of
from .dialogue import Dialogue, GoHome, Leave, Redraw
from .folder import DemoFolder, Visit
from .forms import Forms
from .host import Opened, sign_in
from .page import Button
from .screens import HOME, page_of
from .stage import Stage
from .terminal import Terminal
from .words import WORDS

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Demo"]

_PERSON: Final = Origin("192.0.2.1")
_AGENT: Final = Origin("203.0.113.9")

_STRANGER: Final = VerifiedIdentity(
    subject="stranger",
    given_names=("Personne",),
    family_name="Inconnue",
    birthdate="1970-01-01",
    gender="female",
    birthplace="33063",
    birthcountry="99100",
)


@final
class Demo:
    """One visit.

    Args:
        stage: the accounts, the clock and the library.
        terminal: where the person sits.
        language: what the person reads.
        folder: what is kept of the visit, and where the last one was left; nothing is kept without one.
    """

    def __init__(self, stage: Stage, terminal: Terminal, language: Language, folder: DemoFolder | None = None) -> None:
        self._stage = stage
        self._folder = folder
        self._terminal = terminal
        self._language = language
        self._words = WORDS[language]
        self._caller = Caller(origin=_PERSON, language=language)
        self._dialogue = Dialogue(stage, terminal, language, self._keep)
        self._forms = Forms(self._words, language, self._dialogue.ask, self._strength)
        self._here: Secret | None = None
        self._left: Secret | None = None
        self._account: AccountKey | None = None

    def run(self) -> None:
        """Go on until the person leaves, or nothing more is typed."""
        last = None if self._folder is None else self._folder.last()
        self._greet(again=last is not None)
        try:
            page = self._home if last is None else partial(self._go_on, last)
            while True:
                with suppress(GoHome):
                    page()
                page = self._home
        except (Leave, EOFError, KeyboardInterrupt):
            self._terminal.show("", self._words.goodbye)

    def _greet(self, *, again: bool) -> None:
        self._terminal.show(self._words.welcome)
        if self._folder is not None:
            self._terminal.show(self._words.kept.format(folder=self._folder.path))
        if again:
            self._dialogue.praise(self._words.again)
        else:
            self._dialogue.show_cast()

    # -- between two visits ----------------------------------------------------------------------------------------

    def _go_on(self, last: Visit) -> None:
        """Show what the person looked at when the last visit ended."""
        self._left, self._account = last.left, last.account
        reply = None
        if last.here is not None:
            # Its journey may be gone, or its account.
            with suppress(CallerError):
                reply = self._stage.recovery.resume(last.here, self._caller)
        if reply is not None:
            self._walk(reply)
        if self._account is not None:
            self._private_space(self._account)

    def _keep(self) -> None:
        """Keep where the person is."""
        if self._folder is not None:
            self._folder.keep(Visit(self._stage.clock.now(), self._here, self._left, self._account))

    # -- the host's pages ------------------------------------------------------------------------------------------

    def _home(self) -> None:
        words = self._words
        doors: list[tuple[str, Callable[[], None]]] = [
            (words.page("sign_in"), self._sign_in),
            (words.page("forgotten"), lambda: self._recover(self._stage.recovery.begin(self._caller))),
            (event_text(EventName.USE_FRANCECONNECT, self._language), self._franceconnect),
            (words.agent, self._order_letter),
        ]
        self._here = self._account = None
        if self._left is not None:
            handle = self._left
            doors.append(
                (words.page("go_on"), lambda: self._recover(self._stage.recovery.resume(handle, self._caller)))
            )
        self._keep()
        self._dialogue.menu(words.page("brand"), words.home_lead, doors)()

    def _sign_in(self) -> None:
        words = self._words
        page = self._dialogue.page(
            words.page("sign_in"), "", (Button(words.enter, words.page("sign_in")), Button(HOME, words.page("home")))
        )
        while True:
            identifier, password = self._dialogue.asked(
                page, (words.page("identifier"), False), (words.page("password"), True)
            )
            match sign_in(self._stage, identifier, password, self._caller):
                case Opened(account, to_confirm):
                    return self._private_space(account) if to_confirm is None else self._recover(to_confirm)
                case Reply() as reply:
                    return self._recover(reply)
                case Problem() as problem:
                    self._dialogue.trouble(problem)
                case None:
                    self._dialogue.warn(words.page("sign_in_refused"))

    def _franceconnect(self) -> None:
        reply = self._stage.recovery.begin(self._caller)
        self._recover(self._through_franceconnect(reply))

    def _through_franceconnect(self, reply: Reply) -> Reply:
        """FranceConnect's own pages are elsewhere: here it is only said whom it vouches for."""
        persons = [
            (member.held.account.postal_address[0], member.held.identity)
            for member in cast_of(self._stage.directory)
            if member.held.identity is not None
        ]
        words = self._words
        identity = self._dialogue.menu(
            words.franceconnect_title, words.franceconnect_lead, [*persons, (words.stranger, _STRANGER)]
        )
        return self._stage.recovery.send(reply.handle, UseFranceConnect(identity), self._caller)

    def _order_letter(self) -> None:
        words, agent = self._words, Caller(origin=_AGENT, language=self._language, agent=True)
        enter = Button(words.enter, event_text(EventName.ORDER_LETTER, self._language))
        page = self._dialogue.page(words.agent_title, words.agent_lead, (enter, Button(HOME, words.page("home"))))
        while True:
            (identifier,) = self._dialogue.asked(page, (words.page("identifier"), False))
            reply = self._stage.recovery.begin(agent)
            problem = self._stage.recovery.send(reply.handle, OrderLetter(identifier), agent).view.problem
            if problem is None:
                self._dialogue.praise(words.agent_done)
                return
            self._dialogue.trouble(problem)

    def _private_space(self, account: AccountKey) -> None:
        words, self._account = self._words, account
        name = self._stage.member(account).held.account.postal_address[0]
        while True:
            self._keep()
            action = self._dialogue.menu(
                words.page("private"),
                words.page("signed_in_as", name=name),
                [
                    (" > ".join(words.page(name) for name in ("account", "account_details", "change")), self._change),
                    (words.page("sign_out"), self._sign_out),
                ],
            )
            action(account)

    def _sign_out(self, _: AccountKey) -> None:
        raise GoHome

    # -- the journey -----------------------------------------------------------------------------------------------

    def _recover(self, reply: Reply) -> None:
        """Walk through a recovery, and into the private space that it opens."""
        self._walk(reply)
        if self._account is not None:
            self._private_space(self._account)

    def _change(self, account: AccountKey) -> None:
        self._walk(self._stage.recovery.begin_change(account, self._caller))

    def _walk(self, reply: Reply) -> None:
        """Walk through a journey to its end; whoever is let in by it is signed in from then on."""
        offered = reply.view.chart is ChartName.RECOVERY
        while reply.view.state not in FINAL:
            self._here = reply.handle
            self._left = reply.handle if offered else self._left
            self._keep()
            reply = self._one_step(reply)
        self._here, self._account = reply.handle, reply.account or self._account
        self._left = None if offered else self._left
        self._keep()
        self._end(reply)
        self._here = None

    def _one_step(self, reply: Reply) -> Reply:
        """Show a step and send what is typed; what the library answers."""
        view, recovery = reply.view, self._stage.recovery
        self._draw_step(view)
        try:
            event = self._forms.filled_in(view)
            if isinstance(event, EventName):
                return self._through_franceconnect(reply)
            if event is None:
                return recovery.resume(reply.handle, self._caller)
            after = recovery.send(reply.handle, event, self._caller)
        except Redraw:
            return recovery.resume(reply.handle, self._caller)
        if view.state is State.PERSONALISING_PASSWORD and after.view.state is State.CONFIRMING_CONTACTS:
            changed = state_title(ChartName.CHANGE, State.COMPLETED, self._language)
            self._dialogue.praise(changed)
        return after

    def _end(self, reply: Reply) -> None:
        """Show how the journey ended, until it was read."""
        while True:
            self._draw_step(reply.view)
            try:
                self._dialogue.ask(f"{self._words.enter}{self._words.colon}{self._words.page('proceed')}")
            except Redraw:
                continue
            return

    def _draw_step(self, view: View) -> None:
        if view.problem is not None:
            self._dialogue.trouble(view.problem)
        now, policy = self._stage.clock.now(), self._stage.recovery.policy
        self._dialogue.draw(page_of(view, self._words, self._language, now=now, policy=policy))

    def _strength(self, typed: str) -> str:
        return strength_text(self._stage.meter.measure(Secret(normalised(typed)), ()), self._language)
