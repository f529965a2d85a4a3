"""What a store shows to an operator: always a page, always read off an index."""

from typing import Final

from msa_recovery.application.records import OutboxRow
from msa_recovery.domain.account import Channel, Pseudonym

from .sql_rows import JOURNEY, MESSAGE, message_of
from .sql_steps import Row, Steps

__all__ = [
    "DEAD_MESSAGES",
    "FINISHED",
    "LOST_MESSAGES",
    "NEWEST_MESSAGES",
    "UNDER_WAY",
    "named",
    "open_intents",
    "waiting",
]

# Every moment and every sequence is over 0; saying so makes each a search of its index.
UNDER_WAY: Final = f"{JOURNEY} WHERE finished_at IS NULL AND deadline > 0 ORDER BY deadline LIMIT ?"
FINISHED: Final = f"{JOURNEY} WHERE finished_at > 0 ORDER BY finished_at DESC LIMIT ?"
DEAD_MESSAGES: Final = f"{MESSAGE} WHERE state = 'dead' ORDER BY sequence DESC LIMIT ?"
LOST_MESSAGES: Final = f"{MESSAGE} WHERE state = 'lost' ORDER BY sequence DESC LIMIT ?"
NEWEST_MESSAGES: Final = f"{MESSAGE} WHERE sequence > 0 ORDER BY sequence DESC LIMIT ?"

_WAITING: Final = f"{MESSAGE} WHERE state = 'waiting' AND channel = ? ORDER BY due, sequence LIMIT ?"
_DUE: Final = 7

_NAMED: Final = f"{MESSAGE} WHERE id >= ? AND id < ? LIMIT ?"
_BEHIND_ALL: Final = "\x7f"
_MOST_ALIKE: Final = 1_000

_OPEN: Final = "SELECT DISTINCT account FROM intents WHERE account {} ? ORDER BY account LIMIT ?"


def waiting(limit: int) -> Steps[tuple[OutboxRow, ...]]:
    """Messages that wait, the longest due first: the index has them channel by channel."""
    found: list[Row] = []
    for channel in Channel:
        found += yield _WAITING, (channel.value, limit)
    return tuple(map(message_of, sorted(found, key=lambda row: row[_DUE])[:limit]))


def open_intents(after: str, limit: int) -> Steps[tuple[Pseudonym, ...]]:
    """Accounts that have open intents, those behind this one first."""
    rows = yield _OPEN.format(">"), (after, limit)
    rows += yield _OPEN.format("<="), (after, limit - len(rows))
    return tuple(Pseudonym(account) for (account,) in rows)


def named(name: str) -> Steps[tuple[OutboxRow, ...]]:
    """Messages of this name, of which what stands before the first dot may be cut short."""
    begin, dot, end = name.partition(".")
    found = yield _NAMED, (begin, begin + _BEHIND_ALL, _MOST_ALIKE)
    return tuple(message_of(row) for row in found if row[0].partition(".")[1:] == (dot, end))
