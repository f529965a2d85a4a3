"""Restore, one step, ready to store: what a service does that keeps a journey between two requests.

Both sides read the journey and the ledger from the text of a store and write them to such text, with the same codec.
What stands between differs: the product takes a pure step; python-statemachine first builds a machine at the stored
state, for the machine of one journey is not that of another, and then sends it the event. Each row of the charts is
measured, and that both sides write the same text is checked before.
"""

import gc
from collections.abc import Callable, Iterator
from statistics import median
from time import perf_counter_ns
from typing import Final, final

from msa_recovery.adapters.codec import Codec, JourneySnapshot
from msa_recovery.application.caller import Language
from msa_recovery.domain.ledger import Ledger
from msa_recovery.domain.machine import step
from msa_recovery.domain.situation import Case

from .peers import RestoredStatemachine
from .report import Line, pairwise
from .situations import Given, one_for_each_row

__all__ = ["lines"]

_ROUNDS: Final = 12
_CALLS_A_TURN: Final = 4

_Texts = tuple[str, str]
_Side = Callable[[Given, _Texts], _Texts]


def lines() -> Iterator[Line]:
    """Measure, and say how the product does."""
    codec = Codec()
    every = [(given, _written(codec, given.case)) for given in one_for_each_row().values()]
    ours, peer = _product(codec), _Peer(codec)
    for given, texts in every:
        if ours(given, texts) != peer(given, texts):
            raise AssertionError(f"python-statemachine comes to another text than the product: {given.row.label}")
        if peer.machine.kept_state() is not given.row.target:
            raise AssertionError(f"python-statemachine goes elsewhere than the product: {given.row.label}")
    product, statemachine = _microseconds((ours, peer), every)
    what = f"restore, one step, ready to store, median of {len(every)} rows"
    yield Line.median_of(f"{what}: ours", product, "us")
    yield Line.median_of(f"{what}: statemachine / ours", pairwise(statemachine, product), "times", least=10)


def _product(codec: Codec) -> _Side:
    def turn(given: Given, texts: _Texts) -> _Texts:
        return _written(codec, step(_read(codec, texts), given.event, given.context).case)

    return turn


@final
class _Peer:
    """The same, with a machine of python-statemachine built anew."""

    def __init__(self, codec: Codec) -> None:
        self._codec = codec
        self.machine = RestoredStatemachine()

    def __call__(self, given: Given, texts: _Texts) -> _Texts:
        case = _read(self._codec, texts)
        return _written(self._codec, self.machine.take(case, given.event, given.context, given.row).case)


def _read(codec: Codec, texts: _Texts) -> Case:
    return Case(codec.journey(texts[0]).journey, codec.ledger(texts[1]))


def _written(codec: Codec, case: Case) -> _Texts:
    return codec.journey_text(JourneySnapshot(case.journey, Language.FR)), codec.ledger_text(case.ledger or Ledger())


def _microseconds(sides: tuple[_Side, ...], every: list[tuple[Given, _Texts]]) -> list[list[float]]:
    """For each side the median time, row by row."""
    times: list[list[list[int]]] = [[[] for _ in every] for _ in sides]
    gc.collect()
    gc.disable()
    try:
        for turn in range(_ROUNDS):
            for row, (given, texts) in enumerate(every):
                for number in range(len(sides)):
                    side = (number + turn) % len(sides)
                    for _ in range(_CALLS_A_TURN):
                        start = perf_counter_ns()
                        sides[side](given, texts)
                        times[side][row].append(perf_counter_ns() - start)
            # A machine holds circles, which somebody has to collect: not while it is timed, to its advantage.
            gc.collect()
    finally:
        gc.enable()
    return [[median(row) / 1_000 for row in side] for side in times]
