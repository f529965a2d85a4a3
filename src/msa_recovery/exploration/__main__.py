"""``python -m msa_recovery.exploration``: walk everything at small caps, and say what was found."""

import argparse
import sys
from typing import Final

from msa_recovery.domain.machine import CHARTS

from .decisions import undecided
from .runs import PROFILES, alike, at_small_caps
from .search import Exploration, explore
from .setting import Setting
from .stories import runnable
from .walker import RowName

_ROWS: Final = tuple((chart.name, row.label) for chart in CHARTS.values() for row in chart.rows)


def main() -> int:
    """Explore, print a line for each setting, and what no setting reaches."""
    parser = argparse.ArgumentParser(prog="python -m msa_recovery.exploration", description=__doc__)
    parser.add_argument("--profile", choices=PROFILES, help="one of the profiles only")
    parser.add_argument("--only", default="", help="only the settings whose name has this in it")
    parser.add_argument("--most", type=int, help="how many states of a setting to visit at most")
    asked = parser.parse_args()
    guards, walked, failed, reached = undecided(), dict[tuple[object, ...], Exploration](), False, set[RowName]()
    for profile, policy in PROFILES.items():
        if asked.profile not in (None, profile):
            continue
        for setting in at_small_caps(policy):
            if asked.only not in setting.name:
                continue
            # The same caps have the same states: they are walked once, and said of each profile.
            found = walked.get(alike(setting))
            seconds = 0.0
            if found is None:
                found = walked[alike(setting)] = explore(setting, most=asked.most, guards=guards)
                seconds = found.seconds
            reached |= set(found.rows)
            failed = failed or bool(found.violations)
            _say(setting, found, seconds)
    if asked.profile is None and not asked.only:
        failed = _say_what_is_dead(reached) or failed
        for label, guard in sorted(each for left in guards.values() for each in left):
            print(f"no profile needs {guard} in {label}")
    return 1 if failed else 0


def _say(setting: Setting, found: Exploration, seconds: float) -> None:
    """One line, and each violation as a story that can be run."""
    print(
        setting.name,
        f"states {len(found.states)}{'' if found.complete else '+'}",
        f"transitions {found.transitions}",
        f"rows {len(found.rows)}/{len(_ROWS)}",
        f"seconds {seconds:.1f}",
        f"violations {len(found.violations)}",
        flush=True,
    )
    for violation in found.violations:
        print(runnable(setting, violation), flush=True)


def _say_what_is_dead(reached: set[RowName]) -> bool:
    dead = [row for row in _ROWS if row not in reached]
    for chart, label in dead:
        print(f"no setting reaches row {label} of the chart {chart}")
    return bool(dead)


if __name__ == "__main__":
    sys.exit(main())
