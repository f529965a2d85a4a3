"""The page of each step of a journey, made from its view and from the words of the library."""

from datetime import datetime, timedelta
from typing import Final

from msa_recovery.application.caller import Language
from msa_recovery.domain.events import EventName
from msa_recovery.domain.helpdesk import Helpdesk
from msa_recovery.domain.journey import FINAL, State
from msa_recovery.domain.passwords import PasswordRule
from msa_recovery.domain.policy import Policy
from msa_recovery.domain.problem import Problem
from msa_recovery.domain.view import View
from msa_recovery.texts import (
    channel_text,
    contact_kind_text,
    event_text,
    helpdesk_text,
    problem_text,
    question_text,
    rule_text,
    state_lead,
    state_title,
)

from .page import Button, Page
from .words import Words

__all__ = ["lasting", "page_of", "trouble"]

_NAMES_THE_FUND: Final = frozenset({State.AWAITING_SIGN_IN, State.BLOCKED})


def page_of(view: View, words: Words, language: Language, *, now: datetime, policy: Policy) -> Page:
    """The page of a step."""
    return Page(
        title=state_title(view.chart, view.state, language),
        lead=state_lead(view, policy, language),
        lines=_lines(view, words, language, now),
        buttons=_buttons(view, words, language),
        notes=_notes(view, words, language, now),
        commands=words.commands,
    )


def trouble(problem: Problem, words: Words, language: Language, *, now: datetime, policy: Policy) -> str:
    """What went wrong, as it stands beside the field: each reason against a password on a line of its own."""
    from attrs import evolve

    sentence = problem_text(evolve(problem, reasons=()), language, now=now, policy=policy)
    reasons = [f"  - {rule_text(PasswordRule(reason), policy, language)}" for reason in problem.reasons]
    return "\n".join([words.attention.format(problem=sentence), *reasons])


def lasting(length: timedelta, language: Language) -> str:
    """A length of time in words, rounded down: never more than is left."""
    from babel.dates import format_timedelta

    units = (timedelta(days=1), timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1))
    unit = next((unit for unit in units if length >= 2 * unit), units[-1])
    return format_timedelta(length // unit * unit, threshold=2, granularity="second", locale=str(language))


def _lines(view: View, words: Words, language: Language, now: datetime) -> tuple[str, ...]:
    """What the step shows: the questions, the channels, where the code went, the contact details."""
    match view.state:
        case State.ANSWERING_CHALLENGE if len(view.questions) == 1:
            return (question_text(view.questions[0], language),)
        case State.ANSWERING_CHALLENGE:
            return _numbered(question_text(kind, language) for kind in view.questions)
        case State.CHOOSING_CHANNEL:
            return _numbered(
                " ".join(filter(None, (channel_text(choice.channel, language), choice.mask))) for choice in view.choices
            )
        case State.CONFIRMING_CODE:
            sent = () if view.mask is None else (words.sent_to.format(mask=view.mask),)
            if view.code_deadline is None:
                return sent
            left = words.code_until.format(left=lasting(view.code_deadline - now, language))
            return (*sent, left, *_tries(view, words))
        case State.AWAITING_SIGN_IN if view.mask:
            return (words.sent_to.format(mask=view.mask),)
        case State.PROVING_PASSWORD:
            return _tries(view, words)
        case State.CONFIRMING_CONTACTS:
            return (*_contacts(view, words, language), "", words.edit_hint)
        case _:
            return ()
