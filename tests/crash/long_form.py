"""One story in the long form: in a module of its own, which the workers that are spawned can import."""

from collections.abc import Iterator
from itertools import count
from typing import Final

from msa_recovery.cli.playing import STORIES

from .hosts import zygote
from .plans import EveryGap, Never, OneGapOfEveryCall, Whenever
from .playing import Outcome, play

__all__ = ["played"]

_SEEDS: Final = 5
_DEATHS: Final = 50


def played(number: int) -> tuple[str, list[Outcome]]:
    """Play a story under every plan; its title, and what came of each."""
    return STORIES[number].title, list(_outcomes(number))


def _outcomes(number: int) -> Iterator[Outcome]:
    story = STORIES[number]
    with zygote() as hosts:
        undisturbed = play(hosts, story, Never())
        yield undisturbed
        for point in count():
            outcome = play(hosts, story, OneGapOfEveryCall(point), undisturbed=undisturbed.end)
            yield outcome
            if outcome.kills == 0:
                break
        yield play(hosts, story, EveryGap(), undisturbed=undisturbed.end)
        for seed in range(_SEEDS):
            plan = Whenever(1_000 * seed + number, most=_DEATHS, share=1)
            yield play(hosts, story, plan, undisturbed=undisturbed.end)
