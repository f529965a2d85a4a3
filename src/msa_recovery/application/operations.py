"""What an operator does to an account: never more than a person could, but sooner, and always with a fact."""

from attrs import evolve

from msa_recovery.domain.audit import Fact, FactName
from msa_recovery.domain.identifiers import parse_identifier
from msa_recovery.domain.problem import Problem
from msa_recovery.domain.secret import Secret

from . import questions as ask
from .auditing import chain_of_account, linked
from .caller import Caller
from .errors import Contended, NotAnAgent
from .facts import AccountHead, AuditRow
from .questions import Script
from .records import Change
from .subject import named_by
from .world import ATTEMPTS, World

__all__ = ["unblock"]


def unblock(world: World, identifier: Secret, caller: Caller) -> Script[Problem | None]:
    """Forgive what was counted of an account (invariant 4 excepts it, since it leaves a fact).

    An identifier of nobody is forgiven alike: an operator learns of it nowhere but in the directory.
    """
    if not caller.agent:
        raise NotAnAgent
    who = parse_identifier(identifier.reveal())
    if isinstance(who, Problem):
        return who
    now = yield from ask.now()
    for _ in range(ATTEMPTS):
        subject = yield from named_by(who, world.vault, world.policy)
        stored = yield from ask.load_ledger(subject.profile.pseudonym)
        row = AuditRow(now, stored.account, "", Fact(FactName.UNBLOCKED))
        links, head = linked(world.vault, chain_of_account(stored.account), stored.head, (row,))
        forgiven = evolve(stored, ledger=stored.ledger.unblocked())
        moved = AccountHead(stored.account, head, stored.head.count)
        if (yield from ask.commit(Change(ledger=forgiven, write_ledger=True, audit=links, account_head=moved))):
            return None
    raise Contended
