"""What the tables hold of the audit, in every database: facts, heads, checkpoints, and what is forgotten."""

from collections.abc import Callable, Iterator
from typing import Final, final

from msa_recovery.application.auditing import chain_of_account, chain_of_journey, chain_of_message
from msa_recovery.application.facts import AuditRow, Checkpoint, Head, KeptFact
from msa_recovery.domain.audit import Fact, FactName
from msa_recovery.domain.ledger import Ledger
from msa_recovery.domain.problem import ProblemCode

from .codec import Codec
from .sql_schema import as_moment
from .sql_steps import Row

__all__ = [
    "ENDED",
    "FACT",
    "FACTS_AFTER",
    "FACTS_OF",
    "IDLE",
    "JOURNEYS_OF",
    "LAST_CHECKPOINT",
    "MARK",
    "NOTHING_GOES_ON",
    "NO_LEDGER",
    "SqlTrail",
    "audited",
    "checkpoint_of",
]

FACT: Final = "SELECT sequence, at, account, journey, name, row, reason, chain, number, mac FROM audit"
FACTS_AFTER: Final = f"{FACT} WHERE sequence > ? ORDER BY sequence LIMIT ?"
FACTS_OF: Final = f"{FACT} WHERE account = ? AND account <> '' ORDER BY sequence LIMIT ?"

_CHECKPOINT: Final = "SELECT number, at, through, facts, digest, before, mac FROM checkpoints"
LAST_CHECKPOINT: Final = f"{_CHECKPOINT} WHERE number > 0 ORDER BY number DESC LIMIT 1"

ENDED: Final = (
    "SELECT id, facts, head, version FROM journeys WHERE finished_at IS NOT NULL AND finished_at < ?"
    " ORDER BY finished_at LIMIT ?"
)
JOURNEYS_OF: Final = (
    "SELECT id, facts, head, version FROM journeys WHERE pseudonym = ? AND pseudonym <> '' ORDER BY finished_at LIMIT ?"
)

NOTHING_GOES_ON: Final = (
    "NOT EXISTS (SELECT 1 FROM journeys WHERE pseudonym = ledgers.account AND pseudonym <> '' AND finished_at IS NULL)"
    " AND NOT EXISTS (SELECT 1 FROM intents WHERE account = ledgers.account)"
)
IDLE: Final = (
    f"SELECT account, version FROM ledgers WHERE version > 0 AND until < ? AND {NOTHING_GOES_ON}"  # noqa: S608 - ours
    " ORDER BY until LIMIT ?"
)
NO_LEDGER: Final = Codec().ledger_text(Ledger())
"""What stands in a row of the ledgers, in version 0, that only holds the head of a chain."""

MARK: Final = "SELECT value FROM marks WHERE name = ?"
"""Two marks, which only ever grow, outlive what is deleted: no ledger is given a version that a deleted one had
(``ledgers``), and up to which place facts have been erased for their age (``erased``)."""


def checkpoint_of(row: Row) -> Checkpoint:
    """What a row of ``LAST_CHECKPOINT`` holds."""
    number, at, *rest = row
    return Checkpoint(number, as_moment(at), *rest)


def audited(fact: KeptFact) -> AuditRow:
    """A fact as it was committed."""
    why = None if fact.reason is None else ProblemCode(fact.reason)
    told = Fact(FactName(fact.name), fact.row, why)
    return AuditRow(as_moment(fact.at), fact.account, fact.journey, told, fact.chain, fact.number, fact.mac)


_PAGE: Final = 1_000
_LEAST: Final = -(2**63)
"""No store counts from here, but somebody who forges a row may."""

_CHAINS: Final = (
    f"{FACT} WHERE (chain, number, sequence) > (CAST(? AS TEXT), ?, ?) ORDER BY chain, number, sequence LIMIT ?"
)
_HEADS: Final = (
    # In the order of the names of the chains.
    (
        "SELECT account, facts, head FROM ledgers WHERE account > CAST(? AS TEXT) ORDER BY account LIMIT ?",
        chain_of_account,
    ),
    ("SELECT id, facts, head FROM journeys WHERE id > CAST(? AS TEXT) ORDER BY id LIMIT ?", chain_of_journey),
    ("SELECT id, facts, head FROM outbox WHERE id > CAST(? AS TEXT) ORDER BY id LIMIT ?", chain_of_message),
)
_POINTS: Final = f"{_CHECKPOINT} WHERE number > ? ORDER BY number LIMIT ?"


@final
class SqlTrail:
    """What an auditor reads (``application/verifying.py``), page by page, in one transaction.

    Args:
        ask: executes a statement, and answers its rows.
        bound: a text that was read, as it is bound again.
    """

    def __init__(self, ask: Callable[[str, Row], list[Row]], bound: Callable[[str], str | bytes] = str) -> None:
        self._ask = ask
        self._bound = bound

    def by_chain(self) -> Iterator[KeptFact]:
        after: Row = (self._bound(""), _LEAST, _LEAST)
        while page := self._ask(_CHAINS, (*after, _PAGE)):
            yield from (KeptFact(*row) for row in page)
            after = (self._bound(page[-1][7]), page[-1][8], page[-1][0])

    def in_order(self) -> Iterator[KeptFact]:
        after = _LEAST
        while page := self._ask(FACTS_AFTER, (after, _PAGE)):
            yield from (KeptFact(*row) for row in page)
            after = page[-1][0]

    def heads(self) -> Iterator[tuple[str, Head]]:
        for question, chain_of in _HEADS:
            after = self._bound("")
            while page := self._ask(question, (after, _PAGE)):
                yield from ((chain_of(name), Head(facts, head)) for name, facts, head in page)
                after = self._bound(page[-1][0])

    def checkpoints(self) -> Iterator[Checkpoint]:
        after = 0
        while page := self._ask(_POINTS, (after, _PAGE)):
            yield from map(checkpoint_of, page)
            after = page[-1][0]
