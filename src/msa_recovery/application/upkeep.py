"""What is due without anybody asking: journeys whose deadline is over, and those that were kept long enough."""

from datetime import datetime

from attrs import evolve

from msa_recovery.domain.events import Lapse
from msa_recovery.domain.ledger import OriginTag
from msa_recovery.domain.machine import step
from msa_recovery.domain.situation import Case, Context

from . import questions as ask
from .auditing import chain_of_journey, linked, tombstone
from .questions import Script
from .records import AuditRow, Change, StoredJourney
from .world import World

__all__ = ["lapse_due", "purge"]


def lapse_due(world: World, limit: int) -> Script[int]:
    """Let journeys lapse whose deadline is over, at most ``limit``; how many did. Safe to run side by side: it asks for
    more where others were quicker, so that fewer than ``limit`` means that nothing is left.

    One that the store cannot read keeps no other one waiting: the store says so when all the rest is done.
    """
    now = yield from ask.now()
    lapsed = 0
    while lapsed < limit and (due := (yield from ask.due(now, limit - lapsed))):
        for stored in due:
            lapsed += yield from _lapse(world, stored, now)
    return lapsed


def _lapse(world: World, stored: StoredJourney, now: datetime) -> Script[bool]:
    """Let one journey lapse; its deadline alone decides, so no ledger is needed."""
    result = step(Case(stored.journey), Lapse(), Context(now, world.policy, OriginTag("")))
    profile = stored.journey.profile
    account = "" if profile is None else profile.pseudonym
    rows = tuple(AuditRow(now, account, stored.journey.id, fact) for fact in result.audit)
    links, head = linked(world.vault, chain_of_journey(stored.journey.id), stored.head, rows)
    lapsed = evolve(stored, journey=result.case.journey, finished_at=now, head=head)
    return (yield from ask.commit(Change(journey=lapsed, audit=links)))


def purge(world: World, limit: int) -> Script[int]:
    """Delete journeys that finished longer ago than the policy keeps them (R59), at most ``limit``; how many.

    Each leaves a tombstone. What others were quicker with is listed anew, so that fewer than ``limit`` means that
    nothing is left.
    """
    now = yield from ask.now()
    gone = 0
    while gone < limit and (old := (yield from ask.ended(now - world.policy.retention, limit - gone))):
        tombstones = tuple(tombstone(world, each, now) for each in old)
        if (yield from ask.commit(Change(purged=old, audit=tombstones))):
            gone += len(old)
    return gone
