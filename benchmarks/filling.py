"""A file as full as a service's that has run for long: so many journeys and ledgers, and what belongs to them.

The texts are the codec's own, of journeys that really ran, under other names; the bare driver puts them there, many at
once. Of a hundred journeys one is over and waits to lapse, one is under way, one has a message that waits, one has
effects that are still open, six were kept long enough, and the others are finished. What another key sealed is the
same in every file, whatever its size: the rest of a rotation.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from attrs import evolve

from msa_recovery.adapters.codec import Codec
from msa_recovery.adapters.sql_schema import as_number
from msa_recovery.adapters.sqlite_store import SqliteStore
from msa_recovery.application.auditing import chain_of_journey
from msa_recovery.application.records import StoredJourney
from msa_recovery.domain.journey import State

from .bare import journey_row, ledger_row, rows_of
from .host import START
from .recorded import Names, Recorded

__all__ = ["KEPT_LONG", "OTHER_KEY", "fill", "tables"]

OTHER_KEY: Final = "another"
"""The key that an earlier ring sealed with."""

KEPT_LONG: Final = timedelta(days=30)
"""What finished longer ago than this may be deleted."""

_KIND: Final = 100
_OVER, _UNDER_WAY, _WAITING, _OPEN = range(4)
_OLD: Final = range(4, 10)
_OTHERS: Final = 20
"""How many rows of each table another key has sealed."""

_MAC: Final = b"\x08another." + b"m" * 32
"""As long as a true one."""

_INSERTS: Final = {
    "journeys": "(handle, deadline, finished_at, pseudonym, account, snapshot, keys, facts, head, id, version)",
    "ledgers": "(snapshot, keys, keys_until, until, account, version, facts, head)",
    "outbox": "(id, account, journey, channel, contact, until, sealed, keys, due, tries, state, version, facts, head)",
    "intents": "(account, number, journey, sealed, keys)",
    "audit": "(at, account, journey, name, row, reason, chain, number, mac)",
}

_Row = tuple[Any, ...]
_Numbered = tuple[int, Names]


def fill(path: Path, known: tuple[Recorded, ...], count: int) -> None:
    """Make a file with so many journeys, numbered from 0 and named after their number (``Names.drawn``)."""
    store = SqliteStore(path)
    store.open_intents(1)
    store.close()
    connection = sqlite3.connect(path, isolation_level=None)
    for setting in ("journal_mode = MEMORY", "synchronous = OFF", "cache_size = -1000000"):
        connection.execute(f"PRAGMA {setting}")
    connection.execute("BEGIN")
    for table, columns, rows in tables(known, count):
        marks = ", ".join("?" * (columns.count(",") + 1))
        connection.executemany(f"INSERT INTO {table} {columns} VALUES ({marks})", rows)  # noqa: S608
    connection.execute("COMMIT")
    connection.close()


def tables(known: tuple[Recorded, ...], count: int) -> Iterator[tuple[str, str, Iterator[_Row]]]:
    """Each table, what its columns are called, and its rows, of so many journeys."""
    wrong, right, new = known
    # In the order of the journeys' names: it makes the same tables, in a fraction of the time.
    every = sorted(((number, Names.drawn(str(number))) for number in range(count)), key=lambda each: each[1].journey)
    for table, rows in (
        ("journeys", _journeys(every, wrong, new)),
        ("ledgers", _ledgers(every, right)),
        ("outbox", _messages(every, right)),
        ("intents", _intents(every, new)),
        ("audit", _facts(every, known)),
    ):
        yield table, _INSERTS[table], rows


def _renaming(names: Names, text: str) -> Callable[[Names], str]:
    """What puts other names into a text in which these stand."""
    return lambda other: text.replace(names.journey, other.journey).replace(names.account, other.account)


def _names(stored: StoredJourney) -> Names:
    profile = stored.journey.profile
    assert profile is not None
    return Names(stored.journey.id, profile.pseudonym, stored.handle)


def _journeys(every: Iterable[_Numbered], wrong: Recorded, new: Recorded) -> Iterator[_Row]:
    codec = Codec()
    completed = new.change.journey
    assert completed is not None
    completed = evolve(completed, journey=evolve(completed.journey, state=State.COMPLETED), finished_at=START)
    forms: list[tuple[_Row, Callable[[Names], str]]] = []
    for stored in (wrong.journey, completed):
        row = journey_row(stored, codec)
        forms.append((row, _renaming(_names(stored), row[5])))
    for number, names in every:
        kind = number % _KIND
        row, snapshot = forms[kind not in (_OVER, _UNDER_WAY)]
        ago = timedelta(seconds=number % 80_000 + 1)
        finished = START - ago - (KEPT_LONG if kind in _OLD else timedelta(0))
        yield (
            names.handle,
            as_number(START + ago if kind == _UNDER_WAY else START - ago),
            None if kind in (_OVER, _UNDER_WAY) else as_number(finished),
            names.account,
            row[4],
            snapshot(names),
            OTHER_KEY if number < _OTHERS else row[6],
            *row[7:9],
            names.journey,
            3,
        )


def _ledgers(every: Iterable[_Numbered], known: Recorded) -> Iterator[_Row]:
    ledger = known.change.ledger
    assert ledger is not None
    row = ledger_row(ledger, Codec())
    snapshot = _renaming(_names(known.journey), row[0])
    for number, names in every:
        yield snapshot(names), OTHER_KEY if number < _OTHERS else row[1], *row[2:4], names.account, 3, 0, b""


def _messages(every: Iterable[_Numbered], known: Recorded) -> Iterator[_Row]:
    """Two of each journey: one is delivered and scrubbed; so is the other one, but of those that wait."""
    (row,) = rows_of(known, Codec()).messages
    contact, until, sealed, keys = row[4:8]
    for number, names in every:
        head = (names.account, names.journey, "sms", contact, until)
        yield f"{names.journey}.1.1", *head, b"", "", as_number(START), 1, "delivered", 3, 1, _MAC
        other = number < _OTHERS
        waits = other or number % _KIND == _WAITING
        # What another key sealed is not due: or it would be claimed, and be fewer for the next one who looks.
        due = as_number(START + timedelta(days=3_650) if other else START - timedelta(seconds=number % 80_000))
        body = (sealed, OTHER_KEY if other else keys) if waits else (b"", "")
        state = ("waiting", 1, 0, b"") if waits else ("delivered", 1, 1, _MAC)
        yield f"{names.journey}.2.1", *head, *body, due, 0, *state


def _intents(every: Iterable[_Numbered], known: Recorded) -> Iterator[_Row]:
    rows = rows_of(known, Codec()).intents
    for number, names in every:
        other = number < _OTHERS
        if other or number % _KIND == _OPEN:
            for place, row in enumerate(rows, start=1):
                yield names.account, place, names.journey, row[3], OTHER_KEY if other else row[4]


def _facts(every: Iterable[_Numbered], known: Iterable[Recorded]) -> Iterator[_Row]:
    facts = [fact for each in known for fact in rows_of(each, Codec()).facts]
    for _, names in every:
        for at, _, _, name, row, reason, _, number, mac in facts:
            chain = chain_of_journey(names.journey)
            yield at, names.account, names.journey, name, row, reason, chain, number, mac
