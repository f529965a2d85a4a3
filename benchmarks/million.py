"""What the embedded store's calls cost with a thousand journeys, and with a million: ``make bench-million``.

Each call is made on both files in turns, each time for another journey, and its statements are shown with the plan by
which SQLite answers them. Both files lie in memory where there is room: there a sync costs nothing, so that nothing
hides what a larger table costs.
"""

import gc
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Final, TypeVar, final

from attrs import evolve

from msa_recovery.adapters.postgres_store import PostgresStore
from msa_recovery.adapters.sqlite_store import SqliteStore
from msa_recovery.application.records import Change, MessageId, OutboxRow, OutboxState, StoredJourney, StoredLedger
from msa_recovery.domain.account import Channel

from .filling import KEPT_LONG, fill
from .host import START
from .plans import heard, plans
from .recorded import Names, Recorded, recorded, renamed
from .report import Line, header, pairwise

__all__ = ["FEW", "MANY", "Calls", "executed", "figures", "lines", "main"]

T = TypeVar("T")

FEW: Final = 1_000
MANY: Final = 1_000_000
_TURNS: Final = 12
_CALLS_A_TURN: Final = 4
_AT_ONCE: Final = 10
"""How many rows are asked for by the calls that ask for several."""

_ROOM: Final = 8_000_000_000
_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - made for such files

_Call = Callable[[], object]


def lines(many: int = MANY) -> Iterator[Line | str]:
    """Fill both files, measure every call in turns, and show the plans."""
    known = recorded()
    roomy = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM
    with TemporaryDirectory(dir=_MEMORY if roomy else None) as folder:
        paths = [Path(folder) / f"{size}.sqlite" for size in (FEW, many)]
        for path, size in zip(paths, (FEW, many), strict=True):
            fill(path, known, size)
        sides = [Calls(SqliteStore(path), size, known) for path, size in zip(paths, (FEW, many), strict=True)]
        megabytes = paths[1].stat().st_size / 1_000_000
        yield f"{FEW:,} and {many:,} journeys and ledgers ({megabytes:,.0f} MB), {'in memory' if roomy else 'on disk'}"
        yield from figures(sides, many)
        for statement, steps in plans(paths[1], executed(sides, heard())):
            yield "\n".join((statement, *(f"    {step}" for step in steps or ("(nothing is looked up)",))))


def figures(sides: "list[Calls]", many: int) -> Iterator[Line]:
    """What each call costs on both sides, the small one first."""
    for side in sides:
        side.warm_up()
    for what in sides[0].every:
        times = _microseconds([side.every[what] for side in sides])
        yield Line.median_of(f"{what}: {many:,} journeys", times[1], "us")
        yield Line.median_of(f"{what}: {many:,} / {FEW:,}", pairwise(times[1], times[0]), "times", most=2)
    # The one call that is not flat: it counts the rows that other keys have sealed, and here these are all.
    rotated = [_once(partial(side.store.keys_besides, "no key", START)) * 1_000 for side in sides]
    yield Line(f"keys_besides, all rows of another key: {many:,} journeys", rotated[1], "ms")


def executed(sides: "list[Calls]", hearing: AbstractContextManager[T]) -> T:
    """What is heard while every call is made on the large side; then both are closed."""
    with hearing as heard:
        for prepare in sides[1].every.values():
            prepare()()
    for side in sides:
        side.store.close()
    return heard


def _microseconds(sides: list[Callable[[], _Call]]) -> list[list[float]]:
    """For each side the medians of its turns."""
    times: list[list[float]] = [[] for _ in sides]
    gc.collect()
    gc.disable()
    try:
        for turn in range(-1, _TURNS):
            for place in range(len(sides)):
                side = (place + turn) % len(sides)
                taken = median(_once(sides[side]()) for _ in range(_CALLS_A_TURN))
                # The first turn compiles the statements.
                if turn >= 0:
                    times[side].append(taken * 1_000_000)
    finally:
        gc.enable()
    return times


def _once(call: _Call) -> float:
    start = perf_counter()
    call()
    return perf_counter() - start


@final
class Calls:
    """The calls of a store, each made ready before it is timed: of a journey and account drawn at random."""

    def __init__(self, store: SqliteStore | PostgresStore, size: int, known: tuple[Recorded, ...]) -> None:
        self.store = store
        self._size = size
        self._known = known
        self._signer = next(iter(known[0].journey.keys))
        self._chance = Random(size)
        self._fresh = count()
        self._hours = count(1)
        self.every: Mapping[str, Callable[[], _Call]] = {
            "load": self._load,
            "ledger": self._ledger,
            "commit, a new journey": self._begin,
            "commit, an event": self._event,
            "commit, with effects": self._with_effects,
            "commit, effects applied": self._applied,
            "commit, a message delivered": self._delivered,
            "commit, sealed anew": self._resealed,
            f"due, {_AT_ONCE}": lambda: lambda: self._full(self.store.due(START, _AT_ONCE)),
            "purge, 1": lambda: self._purge,
            f"claim, {_AT_ONCE}": self._claim,
            f"open_intents, {_AT_ONCE}": lambda: lambda: self._full(self.store.open_intents(_AT_ONCE)),
            "keys_besides": lambda: lambda: self.store.keys_besides(self._signer, START),
            f"journeys_to_reseal, {_AT_ONCE}": self._to_reseal(self.store.journeys_to_reseal),
            f"messages_to_reseal, {_AT_ONCE}": self._to_reseal(self.store.messages_to_reseal),
            f"intents_to_reseal, {_AT_ONCE}": self._to_reseal(self.store.intents_to_reseal),
        }

    def warm_up(self) -> None:
        """Read for a while, as a service does that runs: the upper levels of the trees come into the cache."""
        for _ in range(500):
            self._any()

    # -- what a call is made for ---------------------------------------------------------------------------------------

    def _names(self) -> Names:
        """Those of a journey that is never deleted."""
        return Names.drawn(str(self._chance.randrange(self._size // 100) * 100 + self._chance.randrange(10, 100)))

    def _any(self) -> tuple[StoredJourney, StoredLedger]:
        """A journey and its ledger, as an event has read them when it commits."""
        names = self._names()
        journey = self.store.load(names.handle)
        assert journey is not None
        return journey, self.store.ledger(names.account)

    def _new(self, known: Recorded) -> Recorded:
        return renamed(known, f"new {self._size} {next(self._fresh)}")

    @staticmethod
    def _full(found: tuple[Any, ...]) -> None:
        assert len(found) == _AT_ONCE

    def _purge(self) -> None:
        """Delete one, with a tombstone as long as a true one."""
        ended = self.store.ended(START - KEPT_LONG, 1)
        assert len(ended) == 1
        self._committed(Change(purged=ended, audit=self._known[0].change.audit[:1]))

    def _committed(self, change: Change) -> None:
        assert self.store.commit(change)

    # -- the calls -----------------------------------------------------------------------------------------------------

    def _load(self) -> _Call:
        names = self._names()
        return lambda: self.store.load(names.handle)

    def _ledger(self) -> _Call:
        names = self._names()
        return lambda: self.store.ledger(names.account)

    def _begin(self) -> _Call:
        known = self._new(self._known[0])
        change = Change(journey=evolve(known.journey, version=0), audit=known.change.audit)
        return lambda: self._committed(change)

    def _event(self) -> _Call:
        journey, ledger = self._any()
        new = self._new(self._known[1]).change
        return lambda: self._committed(
            Change(journey=journey, ledger=ledger, write_ledger=True, outbox=new.outbox, audit=new.audit)
        )

    def _with_effects(self) -> _Call:
        journey, ledger = self._any()
        new = self._new(self._known[2]).change
        change = Change(
            journey=journey, ledger=ledger, write_ledger=True, outbox=new.outbox, intents=new.intents, audit=new.audit
        )
        return lambda: self._committed(change)

    def _applied(self) -> _Call:
        intents = self._new(self._known[2]).change.intents
        self._committed(Change(intents=intents))
        return lambda: self._committed(Change(applied=intents, durable=False))

    def _delivered(self) -> _Call:
        waiting = self._waiting()
        done = evolve(waiting, sealed=b"", state=OutboxState.DELIVERED, version=1)
        return lambda: self._committed(Change(outbox=(done,)))

    def _resealed(self) -> _Call:
        journey, _ = self._any()
        waiting = evolve(self._waiting(), version=1)
        return lambda: self._committed(Change(resealed=(journey, waiting)))

    def _waiting(self) -> OutboxRow:
        (message,) = self._new(self._known[1]).change.outbox
        message = evolve(message, id=MessageId(message.id), due=START + timedelta(days=3_650))
        self._committed(Change(outbox=(message,)))
        return message

    def _claim(self) -> _Call:
        # An hour after the last time, what was claimed then may be claimed again.
        now = START + timedelta(hours=next(self._hours))
        until = now + timedelta(minutes=1)
        return lambda: self._full(self.store.claim(now, until, _AT_ONCE, frozenset({Channel.SMS, Channel.EMAIL})))

    def _to_reseal(self, page: Callable[[str, None, int], tuple[Any, ...]]) -> Callable[[], _Call]:
        return lambda: lambda: self._full(page(self._signer, None, _AT_ONCE))


def main(lines: Callable[[int], Iterator[Line | str]]) -> None:
    """Print every figure and every plan; with a number, of so many journeys."""
    print(header(), flush=True)
    for line in lines(int(sys.argv[1]) if len(sys.argv) > 1 else MANY):
        print(line, flush=True)


if __name__ == "__main__":
    main(lines)
