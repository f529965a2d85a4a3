"""What a script uses without asking: values, pure functions, and what it makes of a call."""

import hashlib
from datetime import datetime
from typing import Final, final

from attrs import field, frozen

from msa_recovery.domain.account import Channel
from msa_recovery.domain.helpdesk import Helpdesk
from msa_recovery.domain.ledger import OriginTag
from msa_recovery.domain.policy import Policy
from msa_recovery.domain.secret import Secret
from msa_recovery.domain.situation import Case, Context

from .caller import Caller
from .errors import UnknownHandle
from .ports import Vault
from .records import HandleHash, StoredJourney, StoredLedger
from .subject import Subject

__all__ = ["ATTEMPTS", "Scene", "World", "context_of", "hash_of"]

ATTEMPTS: Final = 32
"""How often an event is decided again when others change the same account, before it is given up as contended."""

_LONGEST_HANDLE: Final = 1_024
"""In characters; no source of secrets has reason to draw a longer one."""


@final
@frozen(eq=False)
class World:
    """The keyed functions, the limits, whom a person calls who has not signed in, and the channels that have a
    messenger."""

    vault: Vault = field(repr=False)
    policy: Policy
    helpdesk: Helpdesk
    channels: frozenset[Channel]


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
    """What the store knows of a handle (R34).

    Raises:
        UnknownHandle: it is longer than any handle; its length is judged before any other work (R35).
    """
    text = handle.reveal()
    if len(text) > _LONGEST_HANDLE:
        raise UnknownHandle
    return HandleHash(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())


def context_of(world: World, caller: Caller, now: datetime) -> Context:
    """What a step may know of a call; its evidence is gathered later."""
    tag = "" if caller.origin is None else world.vault.pseudonym(f"origin:{caller.origin.network}")
    return Context(now, world.policy, OriginTag(tag), caller.agent)
