"""What a script uses without asking: values, pure functions, and what it makes of a call."""

import hashlib
from datetime import datetime
from typing import final

from attrs import field, frozen

from msa_recovery.domain.helpdesk import Helpdesk
from msa_recovery.domain.ledger import OriginTag
from msa_recovery.domain.policy import Policy
from msa_recovery.domain.secret import Secret
from msa_recovery.domain.situation import Case, Context

from .caller import Caller
from .ports import Vault
from .records import HandleHash, StoredJourney, StoredLedger
from .subject import Subject

__all__ = ["Scene", "World", "context_of", "hash_of"]


@final
@frozen(eq=False)
class World:
    """The keyed functions, the limits, and whom a person calls who has not signed in."""

    vault: Vault = field(repr=False)
    policy: Policy
    helpdesk: Helpdesk


@final
@frozen
class Scene:
    """What was loaded for one attempt: a journey, and of whom the event speaks the ledger and the directory's view."""

    stored: StoredJourney
    ledger: StoredLedger | None
    subject: Subject | None

    @property
    def case(self) -> Case:
        """What the domain works on."""
        return Case(self.stored.journey, None if self.ledger is None else self.ledger.ledger)


def hash_of(handle: Secret) -> HandleHash:
    """What the store knows of a handle (R34)."""
    return HandleHash(hashlib.sha256(handle.reveal().encode("utf-8", "surrogatepass")).digest())


def context_of(world: World, caller: Caller, now: datetime) -> Context:
    """What a step may know of a call; its evidence is gathered later."""
    tag = "" if caller.origin is None else world.vault.pseudonym(f"origin:{caller.origin.network}")
    return Context(now, world.policy, OriginTag(tag), caller.agent)
