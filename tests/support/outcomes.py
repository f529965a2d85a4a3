"""What a test asks of a step: the account's memory afterwards, who was told what, what one effect alone collects."""

from msa_recovery.domain.account import Channel
from msa_recovery.domain.compiler import EFFECTS
from msa_recovery.domain.events import Event
from msa_recovery.domain.ledger import Ledger
from msa_recovery.domain.machine import Step
from msa_recovery.domain.requests import Notice, Notify
from msa_recovery.domain.situation import Case, Context, Draft, Situation

__all__ = ["drafted", "ledger_of", "notices"]


def ledger_of(outcome: Step) -> Ledger:
    """The account's memory after a step."""
    assert outcome.case.ledger is not None
    return outcome.case.ledger


def notices(outcome: Step) -> list[tuple[Notice, tuple[Channel, ...]]]:
    """Who is told what: each notice, and the channels that it goes by."""
    asked = (request for request in outcome.requests if isinstance(request, Notify))
    return [(each.notice, tuple(way.channel for way in each.ways)) for each in asked]


def drafted(effect: str, case: Case, event: Event, context: Context) -> Draft:
    """What one effect alone collects."""
    draft = Draft()
    EFFECTS[effect](Situation(case, event, context), draft)
    return draft
