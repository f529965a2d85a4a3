"""Plant each bug, see who finds it and how fast, and write the table into docs/verification.md: ``make planted``.

What was found out is kept in build/planted.jsonl, so that a run that was broken off goes on where it was.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from time import perf_counter

from tests.exploration.bugs import BUGS, ROWS
from tests.exploration.finding import found

_ROOT = Path(__file__).resolve().parent.parent
_KEPT = _ROOT / "build" / "planted.jsonl"
_PAGE = _ROOT / "docs" / "verification.md"
_BEGIN, _END = "<!-- planted: begin -->", "<!-- planted: end -->"
_SUITES = {
    "unit": ("tests/unit/domain",),
    "property": ("tests/property/test_step.py", "tests/property/test_invariants.py"),
}
_LONGEST = 600


def _kept() -> dict[str, dict[str, str]]:
    if not _KEPT.exists():
        return {}
    rows = [json.loads(line) for line in _KEPT.read_text("utf-8").splitlines()]
    return {row["bug"]: row for row in rows}


def _keep(row: dict[str, str]) -> None:
    _KEPT.parent.mkdir(exist_ok=True)
    with _KEPT.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")
    print(*row.values(), sep=" | ", flush=True)


def _by_tests(number: int, suite: str) -> str:
    """Whether a test fails, and after how long."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "tests.exploration.with_bug", "-p", "no:cacheprovider"]
    began = perf_counter()
    environment = {**os.environ, "PLANTED_BUG": str(number)}
    try:
        done = subprocess.run(  # noqa: S603 - our own tests
            [*command, *_SUITES[suite]], cwd=_ROOT, env=environment, capture_output=True, timeout=_LONGEST, check=False
        )
    except subprocess.TimeoutExpired:
        return f"not in {_LONGEST} s"
    if done.returncode not in {0, 1}:
        raise RuntimeError(f"the tests did not run: {done.stdout[-2_000:].decode()}")
    return f"{perf_counter() - began:.0f} s" if done.returncode else "no"


def main() -> None:
    """Find out what is not known yet, then write the table."""
    bugs = {f"{bug.breaks} | {bug.what}": bug for bug in (*BUGS, *ROWS)}
    rows = {name: _kept().get(name, {"bug": name}) for name in bugs}
    for name, row in rows.items():
        if "exploration" not in row:
            seen = found(bugs[name])
            row["exploration"] = "no" if seen is None else f"{seen.seconds:.2f} s, {seen.states} states"
            row["breach"] = "" if seen is None else seen.breach
            _keep(row)
    # The rows are what the exploration is asked for; tests are asked for the bugs that somebody might write.
    for suite in _SUITES if "--tests" in sys.argv else ():
        for number, name in enumerate(list(bugs)[: len(BUGS)]):
            if suite not in rows[name]:
                rows[name][suite] = _by_tests(number, suite)
                _keep(rows[name])
                _write(list(rows.values()))
    _write(list(rows.values()))


def _write(rows: list[dict[str, str]]) -> None:
    bugs = [
        f"| {row['bug']} | {row['exploration']} | {row['breach']} | {row.get('property', '')} | {row.get('unit', '')} |"
        for row in rows[: len(BUGS)]
    ]
    charts = [f"| {row['bug']} | {row['exploration']} | {row['breach']} |" for row in rows[len(BUGS) :]]
    table = "\n".join(
        [
            _BEGIN,
            "",
            "| breaks | bug | exploration | what it says | Hypothesis | unit tests |",
            "|---|---|---|---|---|---|",
            *bugs,
            "",
            "One bug for each row: the row leads elsewhere.",
            "",
            "| row | bug | exploration | what it says |",
            "|---|---|---|---|",
            *charts,
            "",
            _END,
        ]
    )
    page = _PAGE.read_text("utf-8")
    before, rest = page.split(_BEGIN)
    _PAGE.write_text(before + table + rest.split(_END)[1], "utf-8")


if __name__ == "__main__":
    main()
