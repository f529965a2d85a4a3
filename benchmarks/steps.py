"""One pure step beside its peers: the same rows, guards, effects and situations on every side.

Each side is given a case, an event and a context, and returns the very :class:`Step` that the product returns, which is
checked for every row before anything is timed. All sides end in the same ``concluded`` and judge the deadline by the
same rule. Calls are timed one by one, in turns of a few; what the clock itself costs is deducted.
"""

import gc
from collections.abc import Iterator
from statistics import median
from time import perf_counter_ns
from typing import Final, Protocol, final

from msa_recovery.domain.events import Event
from msa_recovery.domain.machine import Step, step
from msa_recovery.domain.situation import Case, Context

from .by_hand import ByHand
from .peers import AutomatPeer, BareDict, StatemachinePeer, TransitionsPeer
from .report import Line, pairwise
from .situations import Given, one_for_each_row

__all__ = ["lines"]

_ROUNDS: Final = 24
_CALLS_A_TURN: Final = 8


class _Side(Protocol):
    """One way to take a step."""

    def restore(self, given: Given) -> None:
        """Make ready for :meth:`take`; not timed."""
        ...

    def take(self, case: Case, event: Event, context: Context) -> Step:
        """Take the step."""
        ...


@final
class _Product:
    def restore(self, given: Given) -> None:
        """Nothing to do."""

    take = staticmethod(step)


def lines() -> Iterator[Line]:
    """Measure, and say how the product does."""
    given = tuple(one_for_each_row().values())
    statemachine, transitions, automat = StatemachinePeer(), TransitionsPeer(), AutomatPeer()
    sides: tuple[_Side, ...] = (_Product(), ByHand(), BareDict(), statemachine, transitions, automat)
    for side in sides:
        _check_same_steps(side, given)
    for peer in (statemachine, transitions, automat):
        _check_same_states(peer, given)
    product, by_hand, bare_dict, on_statemachine, on_transitions, on_automat = _microseconds(sides, given)
    what = f"one step, median of {len(given)} rows"
    yield Line.median_of(f"{what}: ours", product, "us")
    yield Line.median_of(f"{what}: python-statemachine / ours", pairwise(on_statemachine, product), "times", least=15)
    yield Line.median_of(f"{what}: transitions / ours", pairwise(on_transitions, product), "times", least=1.5)
    yield Line.median_of(f"{what}: Automat, told the row / ours", pairwise(on_automat, product), "times")
    yield Line.median_of(f"{what}: ours / a bare dict", pairwise(product, bare_dict), "times")
    yield Line.median_of(f"{what}: ours / hand-written ifs", pairwise(product, by_hand), "times", most=1.5)


def _check_same_steps(side: _Side, every: tuple[Given, ...]) -> None:
    for given in every:
        side.restore(given)
        if side.take(given.case, given.event, given.context) != step(given.case, given.event, given.context):
            raise AssertionError(f"{type(side).__name__} takes another step than the product: {given.row.label}")


def _check_same_states(peer: AutomatPeer | StatemachinePeer | TransitionsPeer, every: tuple[Given, ...]) -> None:
    for given in every:
        peer.restore(given)
        peer.take(given.case, given.event, given.context)
        if peer.kept_state(given.case.journey.chart) is not given.row.target:
            raise AssertionError(f"{type(peer).__name__} goes elsewhere than the product: {given.row.label}")


def _microseconds(sides: tuple[_Side, ...], every: tuple[Given, ...]) -> list[list[float]]:
    """For each side the median time of a step, row by row."""
    clock_itself = _clock_itself()
    times: list[list[list[int]]] = [[[] for _ in every] for _ in sides]
    gc.collect()
    gc.disable()
    try:
        for turn in range(_ROUNDS):
            for row, given in enumerate(every):
                for number in range(len(sides)):
                    side = (number + turn) % len(sides)
                    times[side][row] += _turn(sides[side], given)
    finally:
        gc.enable()
    return [[(median(row) - clock_itself) / 1_000 for row in side] for side in times]


def _turn(side: _Side, given: Given) -> list[int]:
    case, event, context = given.case, given.event, given.context
    restore, take = side.restore, side.take
    times: list[int] = []
    for _ in range(_CALLS_A_TURN):
        restore(given)
        start = perf_counter_ns()
        take(case, event, context)
        times.append(perf_counter_ns() - start)
    return times


def _clock_itself() -> float:
    """What two readings of the clock are apart when nothing is between them, in nanoseconds."""
    return median(-(perf_counter_ns() - perf_counter_ns()) for _ in range(10_001))
