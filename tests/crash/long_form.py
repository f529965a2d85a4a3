"""One story in the long form: in a module of its own, which the workers that are spawned can import."""

from collections.abc import Iterator
from functools import partial
from itertools import count
from typing import Final

from msa_recovery.cli.playing import STORIES
from tests.support import postgres

from .hosts import zygote
from .plans import EveryGap, Never, OneGapOfEveryCall, Whenever
from .playing import Outcome
from .playing import play as _play

__all__ = ["played"]

_SEEDS: Final = 5
_DEATHS: Final = 50


def played(number: int, *, on_server: bool) -> tuple[str, list[Outcome]]:
    """Play a story under every plan; its title, and what came of each."""
    try:
        return STORIES[number].title, list(_outcomes(number, on_server=on_server))
    finally:
        postgres.drop_all()


def _outcomes(number: int, *, on_server: bool) -> Iterator[Outcome]:
    story = STORIES[number]
    with zygote() as hosts:
        play = partial(_play, on_server=on_server)
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
