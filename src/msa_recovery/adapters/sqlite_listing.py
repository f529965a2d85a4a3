"""What the SQLite store shows to an operator: always a page, always read off an index."""

import sqlite3
from typing import Any, Final

from msa_recovery.domain.account import Channel

from .sqlite_rows import JOURNEY, MESSAGE

__all__ = ["DEAD_MESSAGES", "FINISHED", "NEWEST_MESSAGES", "UNDER_WAY", "named", "waiting"]

# Every moment and every sequence is over 0; saying so makes each a search of its index.
UNDER_WAY: Final = f"{JOURNEY} WHERE finished_at IS NULL AND deadline > 0 ORDER BY deadline LIMIT ?"
FINISHED: Final = f"{JOURNEY} WHERE finished_at > 0 ORDER BY finished_at DESC LIMIT ?"
DEAD_MESSAGES: Final = f"{MESSAGE} WHERE state = 'dead' ORDER BY sequence DESC LIMIT ?"
NEWEST_MESSAGES: Final = f"{MESSAGE} WHERE sequence > 0 ORDER BY sequence DESC LIMIT ?"

_NAMED: Final = f"{MESSAGE} WHERE id >= ? AND id < ? LIMIT ?"
_BEHIND_ALL: Final = "\x7f"
_MOST_ALIKE: Final = 1_000

_WAITING: Final = f"{MESSAGE} WHERE state = 'waiting' AND channel = ? ORDER BY due, sequence LIMIT ?"
_DUE: Final = 7


def waiting(cursor: sqlite3.Cursor, limit: int) -> list[tuple[Any, ...]]:
    """Rows of ``MESSAGE`` that wait, the longest due first: the index has them channel by channel."""
    found = [row for channel in Channel for row in cursor.execute(_WAITING, (channel, limit)).fetchall()]
    return sorted(found, key=lambda row: row[_DUE])[:limit]


def named(cursor: sqlite3.Cursor, name: str) -> list[tuple[Any, ...]]:
    """Rows of ``MESSAGE`` of this name, of which what stands before the first dot may be cut short."""
    begin, dot, end = name.partition(".")
    found = cursor.execute(_NAMED, (begin, begin + _BEHIND_ALL, _MOST_ALIKE)).fetchall()
    return [row for row in found if row[0].partition(".")[1:] == (dot, end)]
