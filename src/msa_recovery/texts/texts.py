"""Everything that a person reads, in either language: what a screen says, and what a message says."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Final, final

from attrs import Attribute, field, frozen

from msa_recovery.application.caller import Language
from msa_recovery.application.messages import Message, MessageKind
from msa_recovery.domain.account import Channel
from msa_recovery.domain.challenge import WINDOW_MONTHS, ChallengeKind
from msa_recovery.domain.contacts import ContactKind
from msa_recovery.domain.errors import CallerError, NotText
from msa_recovery.domain.events import EventName
from msa_recovery.domain.helpdesk import Helpdesk
from msa_recovery.domain.journey import ChartName, State
from msa_recovery.domain.passwords import PasswordRule, Strength
from msa_recovery.domain.policy import Policy
from msa_recovery.domain.problem import Problem
from msa_recovery.domain.view import View

from . import times
from .catalogue import Entry, TextFault, UnknownText, catalogue, title_id
from .written import Paragraph, RenderedMessage, WrittenMessage, role_of

__all__ = ["Overrides", "Texts"]

Overrides = Mapping[Language, Mapping[str, str]]
"""A host's own words: by language and id, with the placeholders of the text that they replace, or fewer."""

_HOST: Final = re.compile(r"(?=.{1,32}\Z)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
"""A host name that leaves room for the rest of an SMS (R51)."""


def _kept(overrides: Overrides) -> Overrides:
    if unknown := sorted(set(overrides) - set(Language)):
        raise CallerError(f"overrides: no language {', '.join(unknown)}, only {', '.join(Language)}")
    return MappingProxyType({Language(language): MappingProxyType(dict(own)) for language, own in overrides.items()})


def _check_overrides(_: "Texts", __: "Attribute[Overrides]", value: Overrides) -> None:
    for language, own in value.items():
        shipped = catalogue(language).entries
        for name, text in own.items():
            if name not in shipped:
                raise UnknownText(name)
            if not isinstance(text, str):
                raise NotText(name, text)
            entry = Entry((text,))
            if unknown := sorted(entry.placeholders - shipped[name].placeholders):
                raise TextFault(name, f"it is never given {', '.join(unknown)}")
            if entry.stray_percent:
                raise TextFault(name, "a per cent sign is written %%, a placeholder %(name)s")


def _no_overrides() -> Overrides:
    return {}


def _check_host(_: "Texts", __: "Attribute[str | None]", value: str | None) -> None:
    if value is not None and not _HOST.fullmatch(value):
        raise CallerError("sms_host: a host name in lower case of at most 32 characters, or None")


@lru_cache(maxsize=1_024)
def _grouped(number: int, language: Language) -> str:
    """``10 000 000`` in French, ``10,000,000`` in English."""
    from babel.numbers import format_decimal

    return format_decimal(number, locale=str(language))


def _saying(texts: "Texts", language: Language) -> times.Say:
    def say(id: str, **values: object) -> str:  # noqa: A002
        return texts.text(id, language, values)

    return say


@lru_cache(maxsize=1_024)
def _hours(texts: "Texts", helpdesk: Helpdesk, language: Language) -> str:
    return times.hours(helpdesk, language, _saying(texts, language))


def _paragraphs(template: str, values: Mapping[str, object]) -> Iterator[Paragraph]:
    for piece in template.split("\n\n"):
        yield Paragraph(role_of(piece), piece % dict(values))


@final
@frozen(eq=False)
class Texts:
    """The words of the library, or a host's own in their place.

    Moments are aware, and told as clocks in metropolitan France show them. What a text is given never holds an
    identifier (R49).

    Attributes:
        overrides: the host's own words; what is wrong in them is said at once, not when somebody reads it.
        sms_host: the host whose pages may fill in the code of an SMS by themselves: it then ends in ``@host #code``
            (R52). At most 32 characters, so that one segment holds it (R51).

    Raises:
        UnknownText: the shipped words have no text of this id.
        TextFault: a text has a placeholder that it is never given, or a stray per cent sign.
        NotText: a text is no ``str``.
        CallerError: an unknown language, or ``sms_host`` is no host name.
    """

    overrides: Overrides = field(factory=_no_overrides, converter=_kept, validator=_check_overrides, repr=False)
    sms_host: str | None = field(default=None, validator=_check_host)

    def text(self, id: str, language: Language, values: Mapping[str, object], number: int | None = None) -> str:  # noqa: A002
        """One text by its id.

        Args:
            id: such as ``state.recovery.identifying.lead``.
            language: what the person reads.
            values: what the placeholders stand for.
            number: how many of what the text names: it chooses among the plural forms, where there are some.

        Raises:
            UnknownText: no text has this id.
            TextFault: a placeholder of the text was given no value.
        """
        entry = self._entry(id, language)
        if missing := sorted(entry.placeholders - set(values)):
            raise TextFault(id, f"no value for {', '.join(missing)}")
        form = catalogue(language).form_of(number) if number is not None and len(entry.forms) > 1 else 0
        return entry.forms[form] % dict(values)

    def _entry(self, id: str, language: Language) -> Entry:  # noqa: A002
        own = self.overrides.get(language, {}).get(id)
        entry = catalogue(language).entries.get(id) if own is None else Entry((own,))
        if entry is None:
            raise UnknownText(id)
        return entry

    # -- screens -------------------------------------------------------------------------------------------------

    def state_title(self, chart: ChartName, state: State, language: Language) -> str:
        """The title of a step."""
        return self.text(title_id(chart, state), language, {})

    def state_lead(self, view: View, policy: Policy, language: Language) -> str:
        """What stands under the title: what to do now, and how the code or the temporary password went out."""
        by_channel = "" if view.channel is None else f".{view.channel}"
        name = f"state.{view.chart}.{view.state}.lead{by_channel}"
        return self.text(name, language, {"digits": policy.code_digits, "min": policy.password_min})

    def problem_text(self, problem: Problem, language: Language, *, now: datetime, policy: Policy) -> str:
        """What went wrong, what to do about it, and when it will be possible, if waiting helps.

        A refused password is followed by a sentence for each of its reasons; a host that lists them by itself takes
        them from :meth:`rule_text` and gives a problem without reasons here.
        """
        values = {} if problem.limit is None else {"limit": _grouped(problem.limit, language)}
        sentences = [self.text(f"problem.{problem.code}", language, values, problem.limit)]
        sentences += [self.rule_text(PasswordRule(reason), policy, language) for reason in problem.reasons]
        if problem.retry_at is not None and problem.retry_at > now:
            when = times.retry(problem.retry_at, now, language, _saying(self, language))
            sentences.append(self.text("problem.retry", language, {"when": when}))
        return " ".join(sentences)

    def rule_text(self, rule: PasswordRule, policy: Policy, language: Language) -> str:
        """What a new password must be, as one sentence."""
        return self.text(f"rule.{rule}", language, {"min": policy.password_min, "max": policy.password_max})

    def question_text(self, kind: ChallengeKind, language: Language) -> str:
        """The knowledge question of a first sign-in, with its window in months (R25)."""
        return self.text(f"question.{kind}", language, {"months": WINDOW_MONTHS[kind]})

    def channel_text(self, channel: Channel, language: Language) -> str:
        """The name of a channel."""
        return self.text(f"channel.{channel}", language, {})

    def contact_kind_text(self, kind: ContactKind, language: Language) -> str:
        """The name of a contact detail."""
        return self.text(f"contact.{kind}", language, {})

    def event_text(self, event: EventName, language: Language) -> str:
        """The words on the button that sends an event."""
        return self.text(f"event.{event}", language, {})

    def strength_text(self, strength: Strength, language: Language) -> str:
        """Faible, moyen or fort."""
        return self.text(f"strength.{strength}", language, {})

    def page_text(self, name: str, language: Language, /, *, number: int | None = None, **values: object) -> str:
        """What a host's page says besides the steps: a label, a link, a notice.

        Args:
            name: the id without its ``page.``.
            language: what the person reads.
            number: how many: stands for ``%(count)s``, and chooses among the plural forms.
            values: what the other placeholders stand for.
        """
        given = values if number is None else {**values, "count": _grouped(number, language)}
        return self.text(f"page.{name}", language, given, number)

    def lasting_text(self, length: timedelta, language: Language) -> str:
        """A length of time in words, rounded down: never more than is left."""
        return times.lasting(length, language)

    def open_text(self, helpdesk: Helpdesk, language: Language, *, now: datetime) -> str:
        """Whether somebody answers there now, and until when or from when on (R57); empty when no hours are known."""
        say, closes = _saying(self, language), times.open_until(helpdesk, now)
        if closes is not None:
            return self.page_text("open_now", language, time=times.time_of_day(closes, language, say))
        opens = times.opens_next(helpdesk, now)
        return (
            "" if opens is None else self.page_text("closed_now", language, when=times.retry(opens, now, language, say))
        )

    def hours_text(self, helpdesk: Helpdesk, language: Language) -> str:
        """When somebody answers there, in a usual week; empty when no hours are known."""
        return _hours(self, helpdesk, language)

    def moment_text(self, moment: datetime, language: Language) -> str:
        """A moment in words, cut to the minute: ``lundi 23 novembre 2026 à 14 h 30``."""
        return times.until(moment, language, _saying(self, language))

    def helpdesk_text(self, helpdesk: Helpdesk, language: Language, now: datetime | None = None) -> str:
        """Whom to call: name, phone, hours and e-mail, a line each.

        Args:
            helpdesk: whom.
            language: of the text.
            now: for what is read at once, this moment (aware): then it says as well whether somebody answers (R57).
        """
        hours = self.hours_text(helpdesk, language)
        lines = [helpdesk.name, self.text("help.phone", language, {"phone": helpdesk.phone})]
        lines += [self.text("help.hours", language, {"hours": hours})] if hours else []
        if hours and now is not None:
            lines.append(self.text("help.open" if times.answers_now(helpdesk, now) else "help.closed", language, {}))
        return "\n".join([*lines, self.text("help.email", language, {"email": helpdesk.email})])

    # -- messages ------------------------------------------------------------------------------------------------

    def message_text(self, message: Message) -> RenderedMessage:
        """A message in words: what it is for, until when, what to do if it was not you, and whom to call (R52).

        Raises:
            UnknownText: nothing of this kind goes by this channel.
        """
        written = self.written_message(message)
        return RenderedMessage(written.subject, "\n\n".join(paragraph.text for paragraph in written.paragraphs))

    def written_message(self, message: Message) -> WrittenMessage:
        """The same words, paragraph by paragraph, for a page that is laid out.

        Raises:
            UnknownText: nothing of this kind goes by this channel.
        """
        language, channel = message.language, message.channel
        name = f"message.{message.kind}.{channel}"
        subject = "" if channel is Channel.SMS else self.text(f"{name}.subject", language, {})
        fills_in = self.sms_host is not None and channel is Channel.SMS and message.kind is MessageKind.CODE
        name = f"{name}.with_host" if fills_in else name
        template = self._entry(name, language).forms[0]
        if channel is not Channel.SMS:
            # Filled in one go, so that whatever stands around a body, each paragraph keeps its role.
            frame = self._entry(f"message.frame.{channel}", language).forms[0]
            template = frame.replace("%(body)s", template)
        values = self._values(message, subject)
        if missing := sorted(Entry((template,)).placeholders - set(values)):
            raise TextFault(name, f"no value for {', '.join(missing)}")
        return WrittenMessage(subject, tuple(_paragraphs(template, values)))

    def _values(self, message: Message, subject: str) -> dict[str, object]:
        language, say = message.language, _saying(self, message.language)
        values: dict[str, object] = {
            "phone": message.help.phone,
            "host": self.sms_host,
            "subject": subject,
            "name": message.help.name,
            "help": self.helpdesk_text(message.help, language),
            "day": times.day(times.local(message.written_at).date(), language, say),
        }
        if message.secret is not None:
            values["secret"] = message.secret.reveal()
        if message.until is not None:
            values["until"] = (
                times.short_until(message.until, message.written_at, language, say)
                if message.channel is Channel.SMS
                else times.until(message.until, language, say)
            )
        return values
