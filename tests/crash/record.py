"""What stands in the files of a host, read by plain SQL: nothing here asks the library what it believes.

The text of a snapshot is read as JSON, and a digest is looked for as the text that stands for it, so that a mistake in
the library's own reading is not repeated here.
"""

import base64
import json
import sqlite3
from collections import Counter
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final, final

from attrs import frozen

__all__ = [
    "ACCOUNTS",
    "INBOX",
    "STORE",
    "Seen",
    "counted",
    "damage",
    "journeys_of",
    "opened",
    "seen",
    "shown",
    "text_of",
]

STORE: Final = "recovery.sqlite"
ACCOUNTS: Final = "accounts.sqlite"
INBOX: Final = "inbox.sqlite"

_BUSY: Final = 10.0


@contextmanager
def opened(path: Path) -> Generator[sqlite3.Connection]:
    """A connection of one's own to a file that exists, for reading; a file that is not there yet reads as empty."""
    where = f"file:{path}?mode=ro" if path.exists() else ":memory:"
    with closing(sqlite3.connect(where, uri=True, timeout=_BUSY, isolation_level=None)) as connection:
        yield connection


def _has(connection: sqlite3.Connection, table: str) -> bool:
    return bool(connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone())


def text_of(digest: bytes) -> str:
    """A digest as it stands in a snapshot."""
    return base64.b64encode(digest).decode("ascii")


def counted(store: sqlite3.Connection) -> dict[str, str]:
    """Every guess that is counted now, by its kind and its name, with the moment at which it ages out.

    A comparison of a new password with the current one has no name of its own in the files, and does not age.
    """
    if not _has(store, "ledgers"):
        return {}
    found: dict[str, str] = {}
    for (text,) in store.execute("SELECT snapshot FROM ledgers"):
        ledger = json.loads(text)
        for kind, field in (("code", "code_guesses"), ("answer", "answers"), ("current", "current_password_guesses")):
            found.update({f"{kind}:{mark['guess']}": mark["until"] for mark in ledger.get(field, ())})
        for tries in ledger.get("sign_ins", ()):
            found.update({f"sign_in:{mark['guess']}": mark["until"] for mark in tries["tally"]})
    comparisons = "SELECT id, snapshot ->> '$.journey.comparisons' AS made FROM journeys WHERE made > 0"
    for journey, made in store.execute(comparisons):
        found.update({f"comparison:{journey}:{number}": "" for number in range(made)})
    return found


@final
@frozen
class Seen:
    """How everything stands at the end, without what is drawn at random.

    Attributes:
        accounts: what the directory holds.
        ledgers: what is counted, sent and live, by account.
        journeys: the chart, state and deadline of each journey whose handle somebody has.
        promises: every promised message: whose, by which channel, where it is.
        delivered: what arrived, in order.
    """

    accounts: list[Any]
    ledgers: dict[str, Any]
    journeys: list[Any]
    promises: list[Any]
    delivered: list[Any]


def shown(ours: Seen, theirs: Seen) -> list[str]:
    """What differs between two ends, in words."""
    return [
        f"{name}: expected {getattr(theirs, name)}, got {getattr(ours, name)}"
        for name in ("accounts", "ledgers", "journeys", "promises", "delivered")
        if getattr(ours, name) != getattr(theirs, name)
    ]


def seen(folder: Path, handles: frozenset[bytes]) -> Seen:
    """How everything stands in these files now, for people who have these handles."""
    with opened(folder / ACCOUNTS) as accounts, opened(folder / STORE) as store, opened(folder / INBOX) as inbox:
        arrived = (
            inbox.execute("SELECT channel, message FROM messages ORDER BY channel, position").fetchall()
            if _has(inbox, "messages")
            else []
        )
        return Seen(
            accounts=[
                _account(text)
                for (text,) in accounts.execute("SELECT held FROM accounts WHERE position > 0 ORDER BY position")
            ],
            ledgers={
                who: _plain(json.loads(text)) for who, text in store.execute("SELECT account, snapshot FROM ledgers")
            },
            journeys=journeys_of(store, handles),
            promises=sorted(
                Counter(store.execute("SELECT account, channel, state, tries FROM outbox").fetchall()).items()
            ),
            delivered=[(channel, _message(text)) for channel, text in arrived],
        )


def journeys_of(store: sqlite3.Connection, handles: frozenset[bytes]) -> list[Any]:
    """The chart, state and deadline of each journey whose handle is one of these."""
    rows = store.execute("SELECT handle, snapshot, deadline FROM journeys").fetchall()
    journeys = ((json.loads(text)["journey"], deadline) for handle, text, deadline in rows if handle in handles)
    return sorted((journey["chart"], journey["state"], deadline) for journey, deadline in journeys)


_DRAWN: Final = frozenset({"guess", "digest", "journey"})


def _plain(value: Any) -> Any:
    """The same value without names of guesses and journeys, and without digests."""
    if isinstance(value, dict):
        return {name: "" if name in _DRAWN else _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list) else value


def _account(text: str) -> Any:
    held = json.loads(text)
    held["password_hash"] = held["password_hash"] is not None
    for contact in held["contacts"]:
        contact["id"] = ""
    return held


def _message(text: str) -> Any:
    message = json.loads(text)
    message["secret"] = message["secret"] is not None
    return message


def damage(folder: Path) -> list[str]:
    """What SQLite itself finds wrong with the files."""
    found: list[str] = []
    for name in (STORE, ACCOUNTS, INBOX):
        with opened(folder / name) as connection:
            found += (f"{name}: {said}" for (said,) in connection.execute("PRAGMA integrity_check") if said != "ok")
    return found
