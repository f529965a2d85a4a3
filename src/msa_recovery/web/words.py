"""What a template may say: the words of one language, filled with what the view holds."""

import re
from datetime import datetime
from typing import Final, final

from attrs import evolve, frozen

from msa_recovery import (
    Channel,
    EventName,
    Helpdesk,
    Language,
    PasswordRule,
    Policy,
    Problem,
    ProblemCode,
    Strength,
    View,
)
from msa_recovery.texts import Texts, kept_together

__all__ = ["TYPED_RULES", "Words", "label"]

TYPED_RULES: Final = (
    PasswordRule.TOO_SHORT,
    PasswordRule.NO_DIGIT,
    PasswordRule.NO_UPPER,
    PasswordRule.NO_LOWER,
    PasswordRule.NO_SPECIAL,
)
"""The rules that can be ticked off while a password is typed."""


_NO_BREAK: Final = "\N{NO-BREAK SPACE}"

_TOGETHER: Final = re.compile(r" (?=[:;?!»])|(?<=«) ")
"""Where French has a space and no line may end."""


def label(texts: Texts, language: Language, name: str, /, *, number: int | None = None, **values: object) -> str:
    """A text of the pages, which says the same whoever reads it and when; what its placeholders stand for is given."""
    return _set(texts.page_text(name, language, number=number, **values), language)


def _set(text: str, language: Language) -> str:
    """A text as it is set: in French no line begins with a colon or a question mark."""
    whole = kept_together(text)
    return _TOGETHER.sub(_NO_BREAK, whole) if language is Language.FR else whole


@final
@frozen
class Words:
    """Texts, bound to who reads them and when.

    Attributes:
        texts: the shipped ones, or the host's.
        language: what the person reads.
        policy: the limits that some texts name.
        now: the moment that times are told from, or ``None``; then only what needs none is said.
    """

    texts: Texts
    language: Language
    policy: Policy
    now: datetime | None

    def unbroken(self, text: str) -> str:
        """What stays on one line, such as a telephone number."""
        return text.replace(" ", _NO_BREAK)

    def title(self, view: View) -> str:
        """The title of a step."""
        return self._set(self.texts.state_title(view.chart, view.state, self.language))

    def lead(self, view: View) -> str:
        """What stands under it."""
        return self._set(self.texts.state_lead(view, self.policy, self.language))

    def button(self, event: str) -> str:
        """The words on the button of an event."""
        return self._set(self.texts.event_text(EventName(event), self.language))

    def problem(self, problem: Problem) -> str:
        """What went wrong, without the reasons against a password."""
        bare = evolve(problem, reasons=())
        return self._set(self.texts.problem_text(bare, self.language, now=self._known_now, policy=self.policy))

    def dead_code(self) -> str:
        """That no code is live, where nothing has been typed yet."""
        return self.problem(Problem(ProblemCode.CODE_NOT_LIVE))

    def rule(self, rule: str) -> str:
        """What a new password must be."""
        return self._set(self.texts.rule_text(PasswordRule(rule), self.policy, self.language))

    def rules(self) -> list[tuple[str, str]]:
        """Those that can be ticked off, with their sentences."""
        return [(rule.value, self.rule(rule)) for rule in TYPED_RULES]

    def strengths(self) -> list[tuple[str, str]]:
        """Faible, moyen, fort."""
        return [(each.value, self.texts.strength_text(each, self.language)) for each in Strength]

    def questions(self, view: View) -> list[tuple[str, str]]:
        """The questions of a first sign-in, any one of which is answered."""
        return [(kind.value, self._set(self.texts.question_text(kind, self.language))) for kind in view.questions]

    def contacts(self, view: View) -> list[dict[str, object]]:
        """The contact details: kind, name, text, and whether this journey corrected it."""
        return [
            {
                "kind": line.kind.value,
                "name": self.texts.contact_kind_text(line.kind, self.language),
                "text": line.text,
                "edited": line.edited,
            }
            for line in view.contacts
        ]

    def channel(self, channel: Channel) -> str:
        """The name of a channel."""
        return self._set(self.texts.channel_text(channel, self.language))

    def left(self, until: datetime) -> str:
        """How long it is until then."""
        return self._set(self.texts.lasting_text(until - self._known_now, self.language))

    def moment(self, moment: datetime) -> str:
        """A moment in words."""
        return self._set(self.texts.moment_text(moment, self.language))

    def hours(self, helpdesk: Helpdesk) -> str:
        """When somebody answers there."""
        return self._set(self.texts.hours_text(helpdesk, self.language))

    def open_now(self, helpdesk: Helpdesk) -> str:
        """Whether somebody answers there now (R57)."""
        return "" if self.now is None else self._set(self.texts.open_text(helpdesk, self.language, now=self.now))

    def _set(self, text: str) -> str:
        return _set(text, self.language)

    @property
    def _known_now(self) -> datetime:
        if self.now is None:
            raise ValueError("no moment is known here")
        return self.now
