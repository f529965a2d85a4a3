"""The page of each step of a journey, made from its view and from the words of the library."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from attrs import evolve

from msa_recovery.application.caller import Language
from msa_recovery.domain.events import EventName
from msa_recovery.domain.journey import FINAL, State
from msa_recovery.domain.passwords import PasswordRule
from msa_recovery.domain.policy import Policy
from msa_recovery.domain.problem import Problem, ProblemCode
from msa_recovery.domain.view import View
from msa_recovery.texts import (
    channel_text,
    contact_kind_text,
    event_text,
    helpdesk_text,
    lasting_text,
    problem_text,
    question_text,
    rule_text,
    state_lead,
    state_title,
)

from .page import Button, Page
from .words import Words

__all__ = ["HOME", "explained", "page_of"]

HOME: Final = "0"
"""What is typed to get to the home page; the journey waits."""

_TYPED: Final = frozenset(
    {
        EventName.IDENTIFY,
        EventName.ANSWER_CHALLENGE,
        EventName.CHOOSE_CHANNEL,
        EventName.SUBMIT_CODE,
        EventName.SIGN_IN,
        EventName.PROVE_PASSWORD,
        EventName.CHOOSE_PASSWORD,
    }
)
"""The events that come with what is typed."""

_COUNTS: Final = frozenset({ProblemCode.CODE_WRONG, ProblemCode.CURRENT_PASSWORD_WRONG})
"""The problems that say how many tries are left."""

_NAMES_THE_FUND: Final = frozenset({State.AWAITING_SIGN_IN, State.BLOCKED})


def page_of(view: View, words: Words, language: Language, *, now: datetime, policy: Policy) -> Page:
    """The page of a step."""
    return Page(
        title=state_title(view.chart, view.state, language),
        lead=state_lead(view, policy, language),
        lines=_lines(view, words, language, now, policy),
        buttons=_buttons(view, words, language),
        notes=_notes(view, words, language, now),
        commands=words.commands,
    )


def explained(problem: Problem, language: Language, *, now: datetime, policy: Policy) -> str:
    """What went wrong, as it stands beside the field: each reason against a password on a line of its own (R42)."""
    sentence = problem_text(evolve(problem, reasons=()), language, now=now, policy=policy)
    reasons = [f"  - {rule_text(PasswordRule(reason), policy, language)}" for reason in problem.reasons]
    return "\n".join([sentence, *reasons])


def _lines(view: View, words: Words, language: Language, now: datetime, policy: Policy) -> tuple[str, ...]:
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
            sent = () if view.mask is None else (words.page("sent_to", mask=view.mask),)
            if view.code_deadline is None:
                dead = problem_text(Problem(ProblemCode.CODE_NOT_LIVE), language, now=now, policy=policy)
                return sent if view.problem is not None else (*sent, dead)
            left = words.page("code_until", left=lasting_text(view.code_deadline - now, language))
            return (*sent, left, *_tries(view, words))
        case State.AWAITING_SIGN_IN if view.mask:
            return (words.page("sent_to", mask=view.mask),)
        case State.PROVING_PASSWORD:
            return _tries(view, words)
        case State.CONFIRMING_CONTACTS:
            return (*_contacts(view, words, language), "", words.edit_hint)
        case _:
            return ()


def _numbered(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{number}  {line}" for number, line in enumerate(lines, start=1))


def _tries(view: View, words: Words) -> tuple[str, ...]:
    """How many tries are left, unless the problem says so already."""
    if view.attempts_left is None or (view.problem is not None and view.problem.code in _COUNTS):
        return ()
    return (words.page("tries", number=view.attempts_left),)


def _contacts(view: View, words: Words, language: Language) -> tuple[str, ...]:
    return _numbered(
        f"{contact_kind_text(line.kind, language)}{words.colon}{line.text or words.page('nothing')}"
        + (f" {words.page('edited')}" if line.edited else "")
        for line in view.contacts
    )


def _buttons(view: View, words: Words, language: Language) -> tuple[Button, ...]:
    if view.state in FINAL:
        return (Button(words.enter, words.page("proceed")),)
    main = () if view.state is State.CONFIRMING_CONTACTS else (Button(words.enter, _main(view, language)),)
    others = (Button(words.buttons[event], event_text(event, language)) for event in view.may if event in words.buttons)
    return (*main, *others, Button(HOME, words.page("home")))


def _main(view: View, language: Language) -> str:
    """What stands on the button of the field: the first event of the step, as the chart lists it."""
    return event_text(next(event for event in view.may if event in _TYPED), language)


def _notes(view: View, words: Words, language: Language, now: datetime) -> tuple[str, ...]:
    called = (
        helpdesk_text(view.help, language, now)
        if view.state in _NAMES_THE_FUND
        else f"{words.page('help')} {view.help.name}{words.colon}{view.help.phone}"
    )
    if view.deadline is None or view.code_deadline is not None:
        return (called,)
    return (words.page("time_left", left=lasting_text(view.deadline - now, language)), called)
