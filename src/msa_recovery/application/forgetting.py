"""An account is forgotten: nothing is kept of it any more, and the audit stays whole (RGPD 17, R59)."""

from typing import Final

from msa_recovery.domain.account import Pseudonym
from msa_recovery.domain.audit import Fact, FactName
from msa_recovery.domain.identifiers import parse_identifier
from msa_recovery.domain.ledger import Ledger
from msa_recovery.domain.problem import Problem
from msa_recovery.domain.secret import Secret

from . import questions as ask
from .auditing import chain_of_message, linked, tombstone
from .caller import Caller
from .deciding import apply_intents
from .erasing import erased, forgotten_as, tombstone_of
from .errors import Contended, NotAnAgent
from .facts import AuditRow, Forgotten
from .questions import Script
from .records import Change, OutboxState, StoredLedger, Traces
from .subject import named_by
from .world import ATTEMPTS, World

__all__ = ["forget"]

_BATCH: Final = 500
"""How many journeys, messages and facts go in one transaction: others wait for it."""


def forget(world: World, identifier: Secret, caller: Caller) -> Script[Problem | None]:
    """Delete all that is kept of an account, counts included (invariant 4 excepts it, since it leaves a fact).

    Effects on the directory that are still open are applied first. What was kept under an identifier of the account
    before the directory knew it goes as well. It may be cut short anywhere: what is left goes the next time.
    """
    if not caller.agent:
        raise NotAnAgent
    who = parse_identifier(identifier.reveal())
    if isinstance(who, Problem):
        return who
    subject = yield from named_by(who, world.vault, world.policy)
    others = () if subject.account is None else subject.account.identifiers
    earlier = (Pseudonym(world.vault.pseudonym(each.canonical)) for each in (who, *others))
    for name in dict.fromkeys((subject.profile.pseudonym, *earlier)):
        yield from _forget(world, name, anyway=name == subject.profile.pseudonym)
    return None


def _forget(world: World, account: Pseudonym, *, anyway: bool) -> Script[None]:
    """Forget what is kept under one pseudonym; say so ``anyway``, also where it was nothing."""
    attempts = 0
    while attempts < ATTEMPTS:
        stored = yield from ask.load_ledger(account)
        if stored.open_intents:
            yield from apply_intents(world, stored.open_intents)
            attempts += 1
            continue
        traces = yield from ask.traces(account, _BATCH)
        more = _BATCH in (len(traces.journeys), len(traces.messages), len(traces.facts))
        if not (anyway or more or traces != Traces() or stored.ledger != Ledger() or stored.head.count):
            return
        change = yield from _change(world, stored, traces, more=more)
        if not (yield from ask.commit(change)):
            attempts += 1
        elif not more:
            return
    raise Contended


def _change(world: World, stored: StoredLedger, traces: Traces, *, more: bool) -> Script[Change]:
    now = yield from ask.now()
    name = yield from ask.draw_journey_id()
    audit = [tombstone(world, each, now) for each in traces.journeys]
    for message in traces.messages:
        if message.state is OutboxState.WAITING:
            dropped = AuditRow(now, "", "", Fact(FactName.MESSAGE_DROPPED))
            audit += linked(world.vault, chain_of_message(message.id), message.head, (dropped,))[0]
    left = tuple(erased(fact, name) for fact in traces.facts)
    if left:
        audit.append(tombstone_of(world.vault, name, left, now))
    forgotten: tuple[Forgotten, ...] = ()
    if not more:
        gone, last = forgotten_as(world.vault, stored, name, now)
        forgotten = (gone,)
        audit.append(last)
    return Change(
        purged=traces.journeys,
        discarded=traces.messages,
        erased=left,
        audit=tuple(audit),
        forgotten=forgotten,
    )
