"""Checkpoints: a host signs, now and then, over all facts up to the last one, while every other one goes on.

The digest runs over every fact from the first one on, so that a checkpoint vouches for all that it covers, also where
the key of a fact is no longer in the ring. Nothing is locked, and only what followed the last checkpoint is read.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Final

from attrs import evolve

from . import questions as ask
from .erasing import digest_of
from .errors import AuditBroken, Contended
from .facts import Checkpoint, KeptFact
from .ports import Purpose, Vault
from .questions import Script
from .records import Change
from .sealed import key_named_by
from .world import ATTEMPTS, World

__all__ = ["NOTHING", "checkpoint", "digest_with", "is_genuine"]

_PAGE: Final = 1_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

NOTHING: Final = Checkpoint(0, _EPOCH, 0, 0, b"", b"", b"")
"""Before the first checkpoint."""


def checkpoint(world: World) -> Script[Checkpoint]:
    """Sign over all facts up to now; the last checkpoint itself where nothing followed it and its key still signs.

    Raises:
        AuditBroken: no key of the ring signed the last checkpoint as it stands there. A further one would vouch for
            what somebody else wrote: ``msa-recovery audit verify`` says more.
    """
    now = yield from ask.now()
    for _ in range(ATTEMPTS):
        last = (yield from ask.last_checkpoint()) or NOTHING
        if last is not NOTHING and not is_genuine(world.vault, last):
            raise AuditBroken(last.number)
        following = evolve(last, number=last.number + 1, at=now, before=last.mac)
        while facts := (yield from ask.facts_after(following.through, _PAGE)):
            digest = following.digest
            for fact in facts:
                digest = digest_with(digest, fact)
            following = evolve(following, through=facts[-1].sequence, facts=following.facts + len(facts), digest=digest)
        if following.through == last.through and key_named_by(last.mac) in ("", world.vault.signer):
            return last
        signed = evolve(following, mac=world.vault.digest(Purpose.AUDIT, *_covered(following)))
        if (yield from ask.commit(Change(checkpoint=signed))):
            return signed
    raise Contended


def digest_with(digest: bytes, fact: KeptFact) -> bytes:
    """The digest over one fact more, which is the same once the fact is erased."""
    return hashlib.sha256(digest + digest_of(fact).encode("utf-8", "surrogatepass")).digest()


def is_genuine(vault: Vault, checkpoint: Checkpoint) -> bool:
    """Whether a key of the ring signed this checkpoint as it stands."""
    named = key_named_by(checkpoint.mac)
    return vault.holds(named) and vault.verify(Purpose.AUDIT, checkpoint.mac, *_covered(checkpoint))


def _covered(checkpoint: Checkpoint) -> tuple[bytes, ...]:
    at = (checkpoint.at - _EPOCH) // timedelta(microseconds=1)
    numbers = (checkpoint.number, at, checkpoint.through, checkpoint.facts)
    return (b"checkpoint", *(str(each).encode() for each in numbers), checkpoint.digest, checkpoint.before)
