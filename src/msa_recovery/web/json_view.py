"""A view as the API describes it: the codes to act on, and beside them the words to show."""

from datetime import datetime
from typing import Any

from msa_recovery import Helpdesk, Problem, View

from .words import Words

__all__ = ["described"]


def described(view: View, words: Words) -> dict[str, Any]:
    """Everything that the pages show of a step."""
    return {
        "chart": view.chart,
        "state": view.state,
        "title": words.title(view),
        "lead": words.lead(view),
        "problem": None if view.problem is None else _problem(view.problem, words),
        "may": list(view.may),
        "now": _moment(words.now),
        "deadline": _moment(view.deadline),
        "questions": [{"kind": kind, "text": text} for kind, text in words.questions(view)],
        "choices": [
            {"channel": choice.channel, "name": words.channel(choice.channel), "mask": choice.mask}
            for choice in view.choices
        ],
        "channel": view.channel,
        "mask": view.mask,
        "code_deadline": _moment(view.code_deadline),
        "attempts_left": view.attempts_left,
        "resend_at": _moment(view.resend_at),
        "contacts": words.contacts(view),
        "help": _help(view.help, words),
    }


def _problem(problem: Problem, words: Words) -> dict[str, Any]:
    return {
        "code": problem.code,
        "text": words.problem(problem),
        "field": problem.field,
        "retry_at": _moment(problem.retry_at),
        "limit": problem.limit,
        "reasons": [{"code": reason, "text": words.rule(reason)} for reason in problem.reasons],
    }


def _help(helpdesk: Helpdesk, words: Words) -> dict[str, str]:
    return {
        "name": helpdesk.name,
        "phone": helpdesk.phone,
        "email": helpdesk.email,
        "hours": words.hours(helpdesk),
        "open_now": words.open_now(helpdesk),
    }


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
