"""The long form, run by hand (``make crash``): in every story, every call dies before each call of a port and each
commit, one death at a time; then between any two things that last, one after the other; then at random."""

import argparse
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

from msa_recovery.cli.playing import STORIES

from .long_form import played


def main() -> int:
    """Play everything, say what must never be, and sum up in one line; 1 if there was something to say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", action="store_true", help="with the store on a server, in a schema of its own")
    parser.add_argument("--after", type=int, default=0, help="go on after so many stories, which were played before")
    given = parser.parse_args()
    numbers = range(given.after, len(STORIES))
    kills = restarts = violations = 0
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        for title, outcomes in pool.map(partial(played, on_server=given.postgres), numbers):
            found = [violation for outcome in outcomes for violation in outcome.violations]
            kills += sum(outcome.kills for outcome in outcomes)
            restarts += sum(outcome.restarts for outcome in outcomes)
            violations += len(found)
            print(f"{'WRONG' if found else 'ok   '}  {title}", *found, sep="\n       ", flush=True)  # noqa: T201
    print(f"stories {len(numbers)} kills {kills} restarts {restarts} violations {violations}")  # noqa: T201
    return int(violations > 0)


if __name__ == "__main__":
    sys.exit(main())
