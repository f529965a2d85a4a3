"""The long form, run by hand (``make crash``): in every story, every call dies before each call of a port and each
commit, one death at a time; then between any two things that last, one after the other; then at random."""

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import count
from multiprocessing import get_context
from typing import Final

from msa_recovery.cli.playing import STORIES

from .hosts import zygote
from .plans import EveryGap, Never, OneGapOfEveryCall, Whenever
from .playing import Outcome, play

_SEEDS: Final = 5
_DEATHS: Final = 50


def main() -> int:
    """Play everything, say what must never be, and sum up in one line; 1 if there was something to say."""
    kills = restarts = violations = 0
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        for title, outcomes in pool.map(_played, range(len(STORIES))):
            found = [violation for outcome in outcomes for violation in outcome.violations]
            kills += sum(outcome.kills for outcome in outcomes)
            restarts += sum(outcome.restarts for outcome in outcomes)
            violations += len(found)
            print(f"{'WRONG' if found else 'ok   '}  {title}", *found, sep="\n       ", flush=True)  # noqa: T201
    print(f"stories {len(STORIES)} kills {kills} restarts {restarts} violations {violations}")  # noqa: T201
    return int(violations > 0)


def _played(number: int) -> tuple[str, list[Outcome]]:
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


if __name__ == "__main__":
    sys.exit(main())
