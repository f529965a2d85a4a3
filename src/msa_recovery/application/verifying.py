"""Whether the audit is whole: every chain to its end, and every checkpoint. What is not is said, with where.

It reads everything once in the order of the chains and once in the order of the commits, and keeps no more than one
fact at a time. A fact whose key is no longer in the ring is taken on trust where a later checkpoint vouches for it that
a key of the ring signed.
"""

from collections.abc import Iterator
from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from typing import Final, Protocol, final

from attrs import frozen

from msa_recovery.domain.audit import LAST, TAKEN_UP_AGAIN, FactName

from .auditing import covered
from .checkpoints import NOTHING, digest_with, is_genuine
from .erasing import erasure_of, is_erased, with_left
from .facts import Checkpoint, Head, KeptFact
from .ports import Purpose, Vault
from .sealed import key_named_by

__all__ = ["Finding", "Trail", "Wrong", "verified"]

_END: Final = "\U0010ffff"
"""Sorts behind the name of every chain."""


class Trail(Protocol):
    """What an auditor reads of a store: all of it as it was at one moment, whatever hosts go on writing."""

    def by_chain(self) -> Iterator[KeptFact]:
        """Every fact, chain by chain, each in the order of its numbers."""
        ...

    def in_order(self) -> Iterator[KeptFact]:
        """Every fact, in the order of the commits."""
        ...

    def heads(self) -> Iterator[tuple[str, Head]]:
        """Every chain whose head stands in some row, with the head, in the order of the chains."""
        ...

    def checkpoints(self) -> Iterator[Checkpoint]:
        """Every checkpoint, in the order of their numbers."""
        ...


@final
class Wrong(StrEnum):
    """What can be wrong. Stable codes: one is added, never renamed."""

    EDITED = "edited"
    REMOVED = "removed"
    INSERTED = "inserted"
    REORDERED = "reordered"
    CUT = "cut"
    HEAD_CHANGED = "head_changed"
    END_UNKNOWN = "end_unknown"
    KEY_MISSING = "key_missing"
    NOT_AS_ERASED = "not_as_erased"
    CHECKPOINT_EDITED = "checkpoint_edited"
    CHECKPOINT_REMOVED = "checkpoint_removed"
    NOT_AS_SIGNED = "not_as_signed"


@final
@frozen
class Finding:
    """One thing that is wrong.

    Attributes:
        wrong: what.
        where: which chain or checkpoint.
        number: of the fact there, or of the checkpoint.
        says: the same for a person.
    """

    wrong: Wrong
    where: str
    number: int
    says: str


def verified(trail: Trail, vault: Vault, known: tuple[int, bytes] | None = None) -> Iterator[Finding]:
    """Everything that is wrong with an audit, as it is found; nothing if it is whole.

    Args:
        trail: where it is read.
        vault: with every key that facts name which no later checkpoint vouches for.
        known: number and MAC of a checkpoint that were noted elsewhere: it must still be there. Only so it shows that
            the whole file was put back to an earlier state.
    """
    genuine = NOTHING
    for point in trail.checkpoints():
        if is_genuine(vault, point):
            genuine = point
    yield from _chains(trail, vault, genuine.through)
    erasures = _Erasures()
    facts = erasures.watching(trail.in_order())
    yield from _checkpoints(trail, facts, vault, genuine.number, known)
    yield from erasures.judged(facts)


# -- the chains --------------------------------------------------------------------------------------------------------


def _chains(trail: Trail, vault: Vault, vouched: int) -> Iterator[Finding]:
    heads = trail.heads()
    owner, head = next(heads, (_END, Head()))
    for chain, facts in groupby(trail.by_chain(), key=attrgetter("chain")):
        while owner < chain:
            yield from _gone(owner, head)
            owner, head = next(heads, (_END, Head()))
        if owner == chain:
            yield from _chain(chain, facts, head, vault, vouched)
            owner, head = next(heads, (_END, Head()))
        else:
            yield from _chain(chain, facts, None, vault, vouched)
    while owner != _END:
        yield from _gone(owner, head)
        owner, head = next(heads, (_END, Head()))


def _gone(chain: str, head: Head) -> Iterator[Finding]:
    """A chain without any fact."""
    if head.count:
        yield Finding(Wrong.CUT, chain, 1, f"{chain}: all {head.count} facts were removed")


def _chain(chain: str, facts: Iterator[KeptFact], head: Head | None, vault: Vault, vouched: int) -> Iterator[Finding]:
    """One chain, from its first fact to its end."""
    last, intact = _BEFORE, True
    for fact in facts:
        finding = _link(last, fact, vault, vouched, intact=intact)
        if finding is not None:
            yield finding
        if finding is None or finding.wrong is not Wrong.INSERTED:
            # Behind a MAC that may be another one than it was, nothing can be said of the next one.
            last, intact = fact, finding is None or finding.wrong not in (Wrong.EDITED, Wrong.KEY_MISSING)
    yield from _end(chain, last, head)


_BEFORE: Final = KeptFact(0, 0, "", "", "", "", None, "", 0, b"")
"""What stands before the first fact of a chain."""


def _link(last: KeptFact, fact: KeptFact, vault: Vault, vouched: int, *, intact: bool) -> Finding | None:
    """What is wrong with a fact that follows another one in its chain."""
    chain, number = fact.chain, fact.number
    if number <= last.number:
        return Finding(Wrong.INSERTED, chain, number, f"{chain}: another fact {number} was inserted")
    if last.name in LAST - TAKEN_UP_AGAIN:
        return Finding(Wrong.INSERTED, chain, number, f"{chain}: fact {number} was inserted behind its end")
    if number > last.number + 1:
        which = f"{last.number + 1} to {number - 1}"
        return Finding(Wrong.REMOVED, chain, last.number + 1, f"{chain}: facts {which} were removed")
    if fact.sequence < last.sequence:
        return Finding(Wrong.REORDERED, chain, number, f"{chain}: fact {number} stands before the one that it follows")
    if is_erased(fact):
        # Its MAC is that of what it was: the next fact is verified by it, and its tombstone signs over it.
        return None
    key = key_named_by(fact.mac)
    if key and not vault.holds(key):
        if fact.sequence <= vouched:
            return None
        why = f"fact {number} cannot be verified: no key {key!r} in the ring, and no checkpoint vouches for it"
        return Finding(Wrong.KEY_MISSING, chain, number, f"{chain}: {why}")
    if not intact or (key and vault.verify(Purpose.AUDIT, fact.mac, b"fact", last.mac, covered(fact))):
        return None
    return Finding(Wrong.EDITED, chain, number, f"{chain}: fact {number} was edited, or stands in for another one")


def _end(chain: str, last: KeptFact, head: Head | None) -> Iterator[Finding]:
    """Whether a chain ends where its head, or its last fact, says."""
    if head is None:
        if last.name not in LAST:
            why = "the row with its head, or the tombstone behind its last fact, was removed"
            yield Finding(Wrong.END_UNKNOWN, chain, last.number, f"{chain}: where it ends is not known: {why}")
    elif last.number < head.count:
        cut = f"facts {last.number + 1} to {head.count} were cut off"
        yield Finding(Wrong.CUT, chain, last.number + 1, f"{chain}: {cut}")
    elif last.number > head.count or last.mac != head.mac:
        yield Finding(
            Wrong.HEAD_CHANGED, chain, head.count, f"{chain}: its head says fact {head.count}, its facts {last.number}"
        )


# -- what was erased ---------------------------------------------------------------------------------------------------


@final
class _Erasures:
    """Whether every erasure left what its tombstone, which comes later, signed over. It keeps a digest for each erasure
    of which the tombstone has not come yet. That the tombstone itself is genuine is judged with its chain."""

    def __init__(self) -> None:
        self._left: dict[str, tuple[bytes, int]] = {}
        self._wrong: list[Finding] = []

    def watching(self, facts: Iterator[KeptFact]) -> Iterator[KeptFact]:
        """The same facts."""
        for fact in facts:
            if is_erased(fact):
                chain = erasure_of(fact)
                digest, first = self._left.get(chain, (b"", fact.sequence))
                self._left[chain] = with_left(digest, fact), first
            elif fact.name == FactName.FACTS_ERASED:
                digest, first = self._left.pop(fact.chain, (b"", fact.sequence))
                if digest.hex() != fact.row:
                    self._wrong.append(_not_as_erased(fact.chain, first))
            yield fact

    def judged(self, rest: Iterator[KeptFact]) -> Iterator[Finding]:
        """What is wrong, once the rest of the facts is read."""
        for _ in rest:
            pass
        yield from self._wrong
        yield from (_not_as_erased(chain, first) for chain, (_, first) in self._left.items())


def _not_as_erased(chain: str, first: int) -> Finding:
    says = f"{chain}: no tombstone signed over what is left of facts from sequence {first} on, as it stands"
    return Finding(Wrong.NOT_AS_ERASED, chain, first, says)


# -- the checkpoints ---------------------------------------------------------------------------------------------------


def _checkpoints(
    trail: Trail, facts: Iterator[KeptFact], vault: Vault, vouched: int, known: tuple[int, bytes] | None
) -> Iterator[Finding]:
    fact = None
    before, found_known = NOTHING, known is None
    for point in trail.checkpoints():
        count, digest = before.facts, before.digest
        fact = next(facts, None) if fact is None else fact
        while fact is not None and fact.sequence <= point.through:
            count, digest = count + 1, digest_with(digest, fact)
            fact = next(facts, None)
        yield from _checkpoint(before, point, vault, vouched)
        if (count, digest) != (point.facts, point.digest):
            yield _not_as_signed(before, point, count)
        found_known = found_known or (point.number, point.mac) == known
        before = point
    if known is not None and not found_known:
        says = f"checkpoint {known[0]}: it is not the one that was noted elsewhere, or is gone"
        yield Finding(Wrong.CHECKPOINT_REMOVED, "checkpoint", known[0], says)


def _checkpoint(before: Checkpoint, point: Checkpoint, vault: Vault, vouched: int) -> Iterator[Finding]:
    """What is wrong with a checkpoint itself. One whose key is gone is vouched for by a later one, or by none."""
    number = point.number
    if number != before.number + 1 or point.before != before.mac:
        says = f"checkpoint {number}: one before it was removed or changed"
        yield Finding(Wrong.CHECKPOINT_REMOVED, "checkpoint", number, says)
    key = key_named_by(point.mac)
    if not vault.holds(key):
        if number > vouched:
            says = f"checkpoint {number}: no key {key!r} in the ring, and no later checkpoint vouches for it"
            yield Finding(Wrong.KEY_MISSING, "checkpoint", number, says)
    elif not is_genuine(vault, point):
        yield Finding(Wrong.CHECKPOINT_EDITED, "checkpoint", number, f"checkpoint {number}: it was edited")


def _not_as_signed(before: Checkpoint, point: Checkpoint, count: int) -> Finding:
    signed, there = point.facts - before.facts, count - before.facts
    what = "they are not those that were signed" if signed == there else f"{signed} were signed, {there} are there"
    where = f"facts with a sequence from {before.through + 1} to {point.through}"
    return Finding(Wrong.NOT_AS_SIGNED, "checkpoint", point.number, f"checkpoint {point.number}: {where}: {what}")
