"""What a template may say: the words of one language, filled with what the view holds."""

from datetime import datetime
from typing import TYPE_CHECKING, Final, final

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
from msa_recovery.texts import Texts

if TYPE_CHECKING:
    from msa_recovery.domain.view import ContactDetail

__all__ = ["TYPED_RULES", "Words"]

TYPED_RULES: Final = (
    PasswordRule.TOO_SHORT,
    PasswordRule.NO_DIGIT,
    PasswordRule.NO_UPPER,
    PasswordRule.NO_LOWER,
    PasswordRule.NO_SPECIAL,
)
"""The rules that can be ticked off while a password is typed."""


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

    def say(self, name: str, /, *, number: int | None = None, **values: object) -> str:
        """A text of the pages."""
        return self.texts.page_text(name, self.language, number=number, **values)

    def title(self, view: View) -> str:
        """The title of a step."""
        return self.texts.state_title(view.chart, view.state, self.language)

    def lead(self, view: View) -> str:
        """What stands under it."""
        return self.texts.state_lead(view, self.policy, self.language)

    def button(self, event: str) -> str:
        """The words on the button of an event."""
        return self.texts.event_text(EventName(event), self.language)

    def problem(self, problem: Problem) -> str:
        """What went wrong, without the reasons against a password."""
        bare = evolve(problem, reasons=())
        return self.texts.problem_text(bare, self.language, now=self._known_now, policy=self.policy)

    def dead_code(self) -> str:
        """That no code is live, where nothing has been typed yet."""
        return self.problem(Problem(ProblemCode.CODE_NOT_LIVE))

    def rule(self, rule: str) -> str:
        """What a new password must be."""
        return self.texts.rule_text(PasswordRule(rule), self.policy, self.language)

    def rules(self) -> list[tuple[str, str]]:
        """Those that can be ticked off, with their sentences."""
        return [(rule.value, self.rule(rule)) for rule in TYPED_RULES]

    def strengths(self) -> list[tuple[str, str]]:
        """Faible, moyen, fort."""
        return [(each.value, self.texts.strength_text(each, self.language)) for each in Strength]

    def questions(self, view: View) -> list[tuple[str, str]]:
        """The questions of a first sign-in, any one of which is answered."""
        return [(kind.value, self.texts.question_text(kind, self.language)) for kind in view.questions]

    def contacts(self, view: View) -> "list[tuple[ContactDetail, str]]":
        """The contact details, each with its name."""
        return [(line, self.texts.contact_kind_text(line.kind, self.language)) for line in view.contacts]

    def channel(self, channel: Channel) -> str:
        """The name of a channel."""
        return self.texts.channel_text(channel, self.language)

    def left(self, until: datetime) -> str:
        """How long it is until then."""
        return self.texts.lasting_text(until - self._known_now, self.language)

    def moment(self, moment: datetime) -> str:
        """A moment in words."""
        return self.texts.moment_text(moment, self.language)

    def hours(self, helpdesk: Helpdesk) -> str:
        """When somebody answers there."""
        return self.texts.hours_text(helpdesk, self.language)

    def open_now(self, helpdesk: Helpdesk) -> str:
        """Whether somebody answers there now (R57)."""
        return "" if self.now is None else self.texts.open_text(helpdesk, self.language, now=self.now)

    @property
    def _known_now(self) -> datetime:
        if self.now is None:
            raise ValueError("no moment is known here")
        return self.now
