"""Load, step and commit on the stores, beside the bare drivers that read and write the same rows.

Each transaction is of another journey and account. Both sides begin with the same rows, and in the end all rows of all
tables must be the same. They take turns of a few transactions, each side first as often as the other, and a turn
counts with the median of its transactions: a sync that waits for what somebody else writes to the disk is no matter of
either.
"""

import gc
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

from msa_recovery.adapters.codec import Codec
from msa_recovery.adapters.postgres_store import PostgresStore
from msa_recovery.adapters.sqlite_store import SqliteStore
from msa_recovery.application.ports import Store
from msa_recovery.domain.account import Pseudonym

from .bare import BareFile, contents, rows_of
from .bare_postgres import BareServer, schemas, server
from .bare_postgres import contents as contents_of_server
from .recorded import Recorded, recorded, renamed, taken
from .report import Line, pairwise

__all__ = ["lines", "postgres_lines"]

_TURNS: Final = 40
_WARM: Final = 2
"""Turns at the beginning that do not count: both sides compile their statements."""

_A_TURN: Final = 12
_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - made for such files
"""Where Linux keeps files in memory: there a sync costs nothing, and what the library itself costs stands out."""


def lines() -> Iterator[Line]:
    """Measure each event, on the disk and, where there is such a place, in memory."""
    every = recorded()
    for known in every:
        yield from _lines(known, None, "on disk", 0.7)
    if _MEMORY.is_dir():
        for known in every:
            yield from _lines(known, _MEMORY, "no sync", None)


def postgres_lines() -> Iterator[Line | str]:
    """Measure each event on PostgreSQL, one connection on each side, if there is a server."""
    if server() is None:
        yield "load + step + commit, PostgreSQL: left out, no server answers (MSA_RECOVERY_TEST_POSTGRES)"
        return
    for known in recorded():
        product, bare = _on_a_server(known)
        what = f"load + step + commit, PostgreSQL, {known.what}"
        yield Line.median_of(f"{what}: ours", product, "a second")
        yield Line.median_of(f"{what}: ours / bare driver", pairwise(product, bare), "times", least=0.7)


def _on_a_server(known: Recorded) -> tuple[list[float], list[float]]:
    """Turn by turn, of the product and of the bare driver."""
    codec = Codec()
    every = [renamed(known, str(number)) for number in range(_TURNS * _A_TURN)]
    with schemas(2) as (ours, theirs):
        for url in (ours, theirs):
            filler = BareServer(url)
            filler.fill(every, codec)
            filler.close()
        store, bare = PostgresStore(ours, codec), BareServer(theirs)
        rows = [rows_of(each, codec) for each in every]
        times = _in_turns((lambda number: _event(store, every[number]), lambda number: bare.take(rows[number])))
        store.close()
        bare.close()
        if contents_of_server(ours) != contents_of_server(theirs):
            raise AssertionError(f"{known.what}: the bare driver wrote other rows than the product")
    return times[0][_WARM:], times[1][_WARM:]


def _lines(known: Recorded, place: Path | None, where: str, least: float | None) -> Iterator[Line]:
    with TemporaryDirectory(dir=place) as folder:
        product, bare = _transactions_a_second(known, Path(folder))
    what = f"load + step + commit, {where}, {known.what}"
    yield Line.median_of(f"{what}: ours", product, "a second")
    yield Line.median_of(f"{what}: ours / bare driver", pairwise(product, bare), "times", least=least)


def _transactions_a_second(known: Recorded, folder: Path) -> tuple[list[float], list[float]]:
    """Turn by turn, of the product and of the bare driver."""
    ours, theirs = folder / "product.sqlite", folder / "bare.sqlite"
    codec = Codec()
    every = [renamed(known, str(number)) for number in range(_TURNS * _A_TURN)]
    _fill(ours, every, codec)
    shutil.copy(ours, theirs)
    store, bare = SqliteStore(ours, codec), BareFile(theirs)
    rows = [rows_of(each, codec) for each in every]

    times = _in_turns((lambda number: _event(store, every[number]), lambda number: bare.take(rows[number])))
    store.close()
    bare.close()
    if contents(ours) != contents(theirs):
        raise AssertionError(f"{known.what}: the bare driver wrote other rows than the product")
    return times[0][_WARM:], times[1][_WARM:]


def _event(store: Store, known: Recorded) -> None:
    """One event as the application runs it, without the account, the vault and the answer."""
    journey = store.load(known.journey.handle)
    assert journey is not None
    ledger = store.ledger(known.ledger.account)
    if not store.commit(taken(known, journey, ledger)):
        raise AssertionError("nobody else writes here")


def _fill(path: Path, every: Sequence[Recorded], codec: Codec) -> None:
    store = SqliteStore(path, codec)
    store.ledger(Pseudonym("nobody"))
    store.close()
    bare = BareFile(path)
    bare.fill(every, codec)
    bare.close()


def _in_turns(sides: Sequence[Callable[[int], None]]) -> list[list[float]]:
    speeds: list[list[float]] = [[] for _ in sides]
    gc.collect()
    gc.disable()
    try:
        for turn in range(_TURNS):
            numbers = range(turn * _A_TURN, (turn + 1) * _A_TURN)
            for place in range(len(sides)):
                side = (place + turn) % len(sides)
                speeds[side].append(1 / median(_seconds(sides[side], number) for number in numbers))
    finally:
        gc.enable()
    return speeds


def _seconds(transaction: Callable[[int], None], number: int) -> float:
    start = perf_counter()
    transaction(number)
    return perf_counter() - start
