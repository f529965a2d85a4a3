"""What is due without anybody asking: journeys whose deadline is over, and those that were kept long enough."""

from datetime import datetime
from itertools import takewhile
from typing import Final

from attrs import evolve

from msa_recovery.domain.account import Pseudonym
from msa_recovery.domain.events import Lapse
from msa_recovery.domain.ledger import Ledger, OriginTag
from msa_recovery.domain.machine import step
from msa_recovery.domain.situation import Case, Context

from . import questions as ask
from .auditing import chain_of_account, chain_of_journey, linked, microseconds, tombstone
from .erasing import erased, forgotten_as, tombstone_of
from .facts import Forgotten, KeptFact
from .questions import Script
from .records import AuditRow, Change, StoredJourney
from .world import World

__all__ = ["lapse_due", "purge"]

_PAGE: Final = 1_000
"""How many facts are read at a time. Some of them name nobody, and lose nothing."""


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
    """Delete what was kept long enough by the policy (R59): journeys that are finished, ledgers in which nothing can
    matter any more, and of facts whose they were, when and what they told. At most ``limit`` together; how many.

    Each journey leaves a tombstone, and so does what is erased at a time. What others were quicker with is listed anew,
    so that fewer than ``limit`` means that nothing is left.
    """
    now = yield from ask.now()
    gone = yield from _delete_journeys(world, limit, now)
    gone += yield from _delete_ledgers(world, limit - gone, now)
    return gone + (yield from _erase_facts(world, limit - gone, now))


def _delete_journeys(world: World, limit: int, now: datetime) -> Script[int]:
    gone = 0
    while gone < limit and (old := (yield from ask.ended(now - world.policy.retention, limit - gone))):
        tombstones = tuple(tombstone(world, each, now) for each in old)
        if (yield from ask.commit(Change(purged=old, audit=tombstones))):
            gone += len(old)
    return gone


def _delete_ledgers(world: World, limit: int, now: datetime) -> Script[int]:
    """A while after nothing in them matters: a clock that was ahead for less must not have forgotten what counts."""
    gone = 0
    while gone < limit and (idle := (yield from ask.idle(now - world.policy.retention, limit - gone))):
        if (yield from ask.commit(Change(idle=idle))):
            gone += len(idle)
    return gone


def _erase_facts(world: World, limit: int, now: datetime) -> Script[int]:
    """In the order in which they were committed, up to the first one that is kept for longer."""
    gone, before = 0, microseconds(now - world.policy.audit_retention)
    while gone < limit:
        through = yield from ask.erased_through()
        facts = yield from ask.facts_after(through, _PAGE)
        old = tuple(takewhile(lambda fact: fact.at < before, facts))
        if not old:
            break
        named = tuple(fact for fact in old if fact.account)[: limit - gone]
        reached = named[-1].sequence if len(named) == limit - gone else old[-1].sequence
        name = yield from ask.draw_journey_id()
        left = tuple(erased(fact, name) for fact in named)
        audit = [tombstone_of(world.vault, name, left, now)] if left else []
        forgotten: list[Forgotten] = []
        for account, last in _ends_of_accounts(named).items():
            stored = yield from ask.load_ledger(account)
            if stored.head.count == last and stored.ledger == Ledger() and not stored.open_intents:
                # Nothing was left of it but the head of this chain.
                each, end = forgotten_as(world.vault, stored, f"{name}.{len(forgotten)}", now)
                forgotten.append(each)
                audit.append(end)
        change = Change(erased=left, erased_through=(through, reached), forgotten=tuple(forgotten), audit=tuple(audit))
        if (yield from ask.commit(change)):
            gone += len(left)
    return gone


def _ends_of_accounts(facts: tuple[KeptFact, ...]) -> dict[Pseudonym, int]:
    """The accounts of whose own chains there are facts, with the number of the last one."""
    return {
        Pseudonym(fact.account): fact.number
        for fact in facts
        if fact.chain == chain_of_account(Pseudonym(fact.account))
    }
