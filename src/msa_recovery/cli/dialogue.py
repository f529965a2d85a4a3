"""What the demonstration shows in a terminal and asks there, with the words that work in every field."""

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final, TypeVar, final

from msa_recovery.application.caller import Language
from msa_recovery.domain.problem import Problem
from msa_recovery.texts import moment_text

from .boxes import Boxes
from .cast import cast_of
from .forms import chosen
from .page import Button, Page, drawn
from .screens import HOME, explained
from .sheet import sheet
from .stage import Stage
from .terminal import Terminal
from .words import WORDS

__all__ = ["Dialogue", "GoHome", "Leave", "Redraw"]

_T = TypeVar("_T")

_QUIT: Final = "q"
_CAST: Final = "?"
_LATER: Final = re.compile(r"\+ ?([0-9]{1,3}) ?(s|mn|min|m|h|j|d)", re.IGNORECASE)
_UNITS: Final = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "mn": timedelta(minutes=1),
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "j": timedelta(days=1),
    "d": timedelta(days=1),
}


class Redraw(Exception):
    """The clock moved, or the accounts were shown: what is on the screen is out of date."""


class GoHome(Exception):
    """The person wants the home page."""


class Leave(Exception):
    """The person has seen enough."""


@final
class Dialogue:
    """Between the demonstration and the person. Whatever is asked may be answered by :class:`Redraw`,
    :class:`GoHome` or :class:`Leave`.

    Args:
        stage: the accounts, the clock and the library.
        terminal: where the person sits.
        language: what the person reads.
        moved: called when the person has moved the clock.
    """

    def __init__(self, stage: Stage, terminal: Terminal, language: Language, moved: Callable[[], None]) -> None:
        self._stage = stage
        self._terminal = terminal
        self._language = language
        self._moved = moved
        self._words = WORDS[language]
        self._boxes = Boxes(stage, self._words, language)
        self._remarks: list[tuple[str, bool]] = []

    # -- asking --------------------------------------------------------------------------------------------------------

    def menu(self, title: str, lead: str, offered: Sequence[tuple[str, _T]]) -> _T:
        """Show numbered choices until one of them is taken."""
        buttons = tuple(Button(str(number), label) for number, (label, _) in enumerate(offered, start=1))
        while True:
            (typed,) = self.asked(self.page(title, lead, buttons), (self._words.your_choice, False))
            choice = chosen(typed, offered)
            if choice is not None:
                return choice[1]
            self.warn(self._words.not_a_choice)

    def asked(self, page: Page, *fields: tuple[str, bool]) -> tuple[str, ...]:
        """Show a page and ask for each field; from the start again when the clock was moved."""
        while True:
            self.draw(page)
            try:
                return tuple(self.ask(label, hidden=hidden) for label, hidden in fields)
            except Redraw:
                continue

    def ask(self, label: str, *, hidden: bool = False) -> str:
        """What is typed into one field."""
        typed = self._terminal.ask(label, hidden=hidden)
        word = typed.strip().casefold()
        if word == _QUIT:
            raise Leave
        if word == HOME:
            raise GoHome
        if word == _CAST:
            self.show_cast()
            raise Redraw
        if later := _LATER.fullmatch(word):
            self._stage.wait(int(later[1]) * _UNITS[later[2]])
            self._moved()
            raise Redraw
        return typed

    # -- showing -------------------------------------------------------------------------------------------------------

    def page(self, title: str, lead: str, buttons: tuple[Button, ...]) -> Page:
        """One of the host's own pages."""
        return Page(title=title, lead=lead, buttons=buttons, commands=self._words.commands)

    def draw(self, page: Page) -> None:
        """Show a page, what has arrived, and right above the field what went wrong."""
        moment = moment_text(self._stage.clock.now(), self._language)
        self._terminal.show(drawn(page, moment, self._boxes.drawn(), self._terminal.width))
        for remark, good in self._remarks:
            self._terminal.remark(remark, good=good)
        self._remarks.clear()

    def praise(self, what: str) -> None:
        """Say with the next page what went well."""
        self._remarks.append((what, True))

    def warn(self, what: str) -> None:
        """Say with the next page what went wrong."""
        self._remarks.append((self._words.attention.format(problem=what), False))

    def trouble(self, problem: Problem) -> None:
        """The same of what the library refuses."""
        now, policy = self._stage.clock.now(), self._stage.recovery.policy
        self.warn(explained(problem, self._language, now=now, policy=policy))

    def show_cast(self) -> None:
        """Show the accounts that the person may play."""
        now, policy = self._stage.clock.now(), self._stage.recovery.policy
        self._terminal.show(sheet(cast_of(self._stage.directory), self._words, self._language, now=now, policy=policy))
