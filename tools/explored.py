"""Walk everything at the policies' own caps, and write the counts into docs/verification.md: ``make explore-full``.

Each setting is walked in a process of its own, which gives its memory back. What was found out is kept in
build/explored.jsonl for as long as neither the domain nor the exploration changes, so that a run that was broken off
goes on where it was. ``FLAGS="--only past"`` names settings, ``--report`` only writes the table.
"""

import argparse
import hashlib
import json
import resource
import sys
from datetime import UTC, datetime
from functools import cache
from multiprocessing import Process
from pathlib import Path
from textwrap import fill
from typing import Any

from msa_recovery.domain.machine import CHARTS
from msa_recovery.exploration.decisions import undecided
from msa_recovery.exploration.runs import PROFILES, alike, at_full_caps
from msa_recovery.exploration.search import explore
from msa_recovery.exploration.setting import CAPS, Setting
from msa_recovery.exploration.stories import runnable

_ROOT = Path(__file__).resolve().parent.parent
_KEPT = _ROOT / "build" / "explored.jsonl"
_PAGE = _ROOT / "docs" / "verification.md"
_BEGIN, _END = "<!-- explored: begin -->", "<!-- explored: end -->"
_READ = ("domain", "exploration")
_CHOOSE = frozenset({"__main__.py", "runs.py"})
"""Files that choose what is walked, and do not change what is found there."""

_WIDTH = 118
_ROWS = sum(len(chart.rows) for chart in CHARTS.values())

Row = dict[str, Any]


@cache
def _judged() -> str:
    """What stands in the files that decide what is found."""
    folders = (_ROOT / "src" / "msa_recovery" / name for name in _READ)
    files = sorted(file for folder in folders for file in folder.glob("*.py") if file.name not in _CHOOSE)
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:20]


def _name(setting: Setting) -> str:
    """The same for settings that have the same states, in every run."""
    return hashlib.sha256(repr((_judged(), alike(setting))).encode()).hexdigest()[:20]


def _kept() -> dict[str, Row]:
    if not _KEPT.exists():
        return {}
    return {row["name"]: row for row in map(json.loads, _KEPT.read_text("utf-8").splitlines())}


def _settings() -> list[tuple[str, Setting]]:
    """All of them, with their profile: those of one journey first, then those of small caps."""
    every = [(name, setting) for name, policy in PROFILES.items() for setting in at_full_caps(policy)]
    return sorted(every, key=lambda each: (each[1].journeys, _sum_of_caps(each[1])))


def _sum_of_caps(setting: Setting) -> int:
    return sum(getattr(setting.policy, name) for name in CAPS)


def _walk(setting: Setting) -> None:
    """In a process of its own: walk, and keep what was found."""
    guards = undecided()
    found = explore(setting, guards=guards)
    row: Row = {
        "name": _name(setting),
        "setting": setting.name,
        "states": len(found.states),
        "transitions": found.transitions,
        "rows": sorted(found.rows),
        "idle": sorted({each for left in guards.values() for each in left}),
        "seconds": round(found.seconds, 1),
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "violations": [violation.breach for violation in found.violations],
        "day": f"{datetime.now(UTC):%Y-%m-%d}",
    }
    for violation in found.violations:
        print(runnable(setting, violation), flush=True)
    _KEPT.parent.mkdir(exist_ok=True)
    with _KEPT.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")


def _say(setting: Setting, row: Row) -> None:
    counts = f"states {row['states']} transitions {row['transitions']} rows {len(row['rows'])}/{_ROWS}"
    print(setting.name, counts, f"seconds {row['seconds']} violations {len(row['violations'])}", flush=True)


def _run(only: str, profile: str | None) -> None:
    for name, setting in _settings():
        if only not in setting.name or profile not in (None, name):
            continue
        if _name(setting) not in _kept():
            walk = Process(target=_walk, args=(setting,))
            walk.start()
            walk.join()
            if walk.exitcode:
                print(f"{setting.name}: not walked to the end", flush=True)
                continue
        _say(setting, _kept()[_name(setting)])


def main() -> int:
    """Walk what is not known yet, then write the table; 1 if something is violated."""
    parser = argparse.ArgumentParser(prog="python -m tools.explored", description=__doc__)
    parser.add_argument("--only", default="", help="only the settings whose name has this in it")
    parser.add_argument("--profile", choices=PROFILES, help="one of the profiles only")
    parser.add_argument("--report", action="store_true", help="walk nothing")
    asked = parser.parse_args()
    if not asked.report:
        _run(asked.only, asked.profile)
    kept = _kept()
    _write(kept)
    return 1 if any(kept.get(_name(setting), {}).get("violations") for _, setting in _settings()) else 0


def _write(kept: dict[str, Row]) -> None:
    """A line for each setting that was walked; what has the same states under another profile stands there once.

    What was walked elsewhere keeps its line, with its day.
    """
    settings = {_name(setting): setting for _, setting in reversed(_settings())}
    before, rest = _PAGE.read_text("utf-8").split(_BEGIN)
    known, rest = rest.split(_END)
    earlier = {line.split(" | ")[0].removeprefix("| "): line for line in known.splitlines() if line.startswith("| ")}
    lines, left = list[str](), list[str]()
    for name, setting in reversed(settings.items()):
        row = kept.get(name)
        if row is None and setting.name in earlier:
            lines.append(earlier[setting.name])
            continue
        if row is None:
            left.append(setting.name)
            continue
        counts = (row["states"], row["transitions"], f"{len(row['rows'])}/{_ROWS}", row["seconds"], row["megabytes"])
        lines.append(f"| {' | '.join(map(str, (setting.name, *counts, len(row['violations']), row['day'])))} |")
    head = "| setting | states | transitions | rows | seconds | MB | violations | day |"
    table = ["", head, "|---|---|---|---|---|---|---|---|", *lines, ""]
    table += (
        [fill(f"Not walked to the end yet: {', '.join(left)}.", _WIDTH, break_on_hyphens=False), ""] if left else []
    )
    _PAGE.write_text("\n".join([before + _BEGIN, *table, _END]) + rest, "utf-8")


if __name__ == "__main__":
    sys.exit(main())
