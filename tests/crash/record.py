"""What stands in the tables of a host, read by plain SQL: nothing here asks the library what it believes.

The text of a snapshot is read as JSON, and a digest is looked for as the text that stands for it, so that a mistake in
the library's own reading is not repeated here.
"""

import base64
import json
from collections import Counter
from typing import Any, Final, final

from attrs import frozen

from .files import Files, Rows, opened

__all__ = ["Seen", "counted", "journeys_of", "seen", "shown", "text_of"]


def text_of(digest: bytes) -> str:
    """A digest as it stands in a snapshot."""
    return base64.b64encode(digest).decode("ascii")


def counted(store: Rows) -> dict[str, str]:
    """Every guess that is counted now, by its kind and its name, with the moment at which it ages out.

    A comparison of a new password with the current one has no name of its own in the files, and does not age.
    """
    if not store.has("ledgers"):
        return {}
    found: dict[str, str] = {}
    for (text,) in store.execute("SELECT snapshot FROM ledgers"):
        ledger = json.loads(text)
        for kind, field in (("code", "code_guesses"), ("answer", "answers"), ("current", "current_password_guesses")):
            found.update({f"{kind}:{mark['guess']}": mark["until"] for mark in ledger.get(field, ())})
        for tries in ledger.get("sign_ins", ()):
            found.update({f"sign_in:{mark['guess']}": mark["until"] for mark in tries["tally"]})
    for journey, text in store.execute("SELECT id, snapshot FROM journeys"):
        made = json.loads(text)["journey"].get("comparisons", 0)
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


def seen(files: Files, handles: frozenset[bytes]) -> Seen:
    """How everything stands in these files now, for people who have these handles."""
    with opened(files.accounts) as accounts, files.store_rows() as store, opened(files.inbox) as inbox:
        arrived = (
            inbox.execute("SELECT channel, message FROM messages ORDER BY channel, position").fetchall()
            if inbox.has("messages")
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


def journeys_of(store: Rows, handles: frozenset[bytes]) -> list[Any]:
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
