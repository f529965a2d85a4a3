"""Facts lose whose they were, when and what was told, and the audit stays whole.

What is left of such a fact keeps its place, its chain, its number and its MAC, so that the facts around it are verified
as before, and instead of the rest the digest that a checkpoint took of it. Whoever has no key could leave the same
behind: so all that one erasure left is signed over by a fact of its own, the tombstone ``facts_erased``.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from attrs import evolve

from msa_recovery.domain.audit import Fact, FactName

from .auditing import chain_of_forgotten, covered, linked
from .facts import AuditRow, Forgotten, Head, KeptFact
from .ports import Vault
from .records import StoredLedger

__all__ = [
    "chain_of_erasure",
    "digest_of",
    "erased",
    "erasure_of",
    "forgotten_as",
    "is_erased",
    "tombstone_of",
    "with_left",
]

_ERASED: Final = "erased:"


def chain_of_erasure(name: str) -> str:
    """The chain of one erasure: its tombstone alone."""
    return f"{_ERASED}{name}"


def erased(fact: KeptFact, name: str) -> KeptFact:
    """What the erasure of this name leaves of a fact: no account, no journey, no moment, no row and no reason."""
    left = f"{_ERASED}{name}:{digest_of(fact)}"
    return evolve(fact, at=0, account="", journey="", row=left, reason=None)


def is_erased(fact: KeptFact) -> bool:
    """Whether this is what an erasure left, signed over or not."""
    return fact.row.startswith(_ERASED)


def erasure_of(fact: KeptFact) -> str:
    """The chain of the erasure that left this."""
    return fact.row.rpartition(":")[0]


def digest_of(fact: KeptFact) -> str:
    """The digest of a fact, its MAC and its place included; of an erased one, the digest of what it was."""
    if is_erased(fact):
        return fact.row.rpartition(":")[2]
    return _hashed(str(fact.sequence).encode(), fact.mac, covered(fact)).hexdigest()


def with_left(digest: bytes, left: KeptFact) -> bytes:
    """The digest over what an erasure left, and one more of it. The name of the chain has no part in it: that of an
    account is changed when the account is forgotten, and a wrong one shows in the numbers and MACs of both chains."""
    fields = (str(left.sequence), str(left.at), left.account, left.journey, left.name, left.row, str(left.number))
    texts = (each.encode("utf-8", "surrogatepass") for each in fields)
    return _hashed(digest, *texts, left.mac, b"" if left.reason is None else b"a reason").digest()


def tombstone_of(vault: Vault, name: str, left: Iterable[KeptFact], now: datetime) -> AuditRow:
    """The fact that signs over all that an erasure left."""
    digest = b""
    for each in left:
        digest = with_left(digest, each)
    row = AuditRow(now, "", "", Fact(FactName.FACTS_ERASED, digest.hex()))
    (link,), _ = linked(vault, chain_of_erasure(name), Head(), (row,))
    return link


def forgotten_as(vault: Vault, stored: StoredLedger, name: str, now: datetime) -> tuple[Forgotten, AuditRow]:
    """An account whose facts are all erased, and the last fact of its chain, which has that name from now on."""
    row = AuditRow(now, "", "", Fact(FactName.FORGOTTEN))
    (last,), _ = linked(vault, chain_of_forgotten(name), stored.head, (row,))
    return Forgotten(stored.account, stored.version, stored.head.count, last.chain), last


def _hashed(*fields: bytes) -> "hashlib._Hash":
    running = hashlib.sha256()
    for field in fields:
        running.update(len(field).to_bytes(4, "big"))
        running.update(field)
    return running
