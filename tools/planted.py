"""Plant each bug, see who finds it and how fast, and write the table into docs/verification.md: ``make planted``.

All that looks for bugs is imported once, and the tests are collected once. Each bug then lives in a fork of that
process, which plants it and goes on up to the first violation, or the first test that fails. What was found out is
kept in build/planted.jsonl, as long as the domain stays what it is: a run that was broken off goes on where it was.

``FLAGS=--missed`` asks again about the bugs that somebody did not find, ``--report`` only writes the table.
"""

import gc
import hashlib
import json
import os
import resource
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from time import process_time
from typing import Final

import pytest
from attrs import frozen

from tests.exploration.bugs import BUGS, ROWS
from tests.exploration.finding import found
from tests.exploration.planting import AnotherText, Bug, planted

_ROOT = Path(__file__).resolve().parent.parent
_DOMAIN = _ROOT / "src" / "msa_recovery" / "domain"
_KEPT = _ROOT / "build" / "planted.jsonl"
_PAGE = _ROOT / "docs" / "verification.md"
_BEGIN, _END = "<!-- planted: begin -->", "<!-- planted: end -->"
_EXPLORATION: Final = "exploration"
_SUITES: Final = {
    "unit": (
        "tests/unit/domain",
        "tests/unit/test_challenge.py",
        "tests/unit/test_contacts.py",
        "tests/unit/test_identifiers.py",
        "tests/unit/test_temporary.py",
        "tests/unit/application",
    ),
    "property": (
        "tests/property/test_invariants.py",
        "tests/property/test_step.py",
        "tests/property/test_moments.py",
    ),
}
"""Who is asked besides the exploration, the quickest first."""

_LONGEST = 60
"""Seconds of the processor for one bug; without one, the suites run to their end."""

Row = dict[str, str]


@frozen
class _Job:
    """One question: does this one find that bug? ``None`` is no bug at all, which nobody may find."""

    bug: Bug | None
    who: str

    @property
    def name(self) -> str:
        """The same in every run, as long as the bug and the domain are."""
        return hashlib.sha256(repr((_domain(), self.bug, self.who)).encode()).hexdigest()[:20]

    def __str__(self) -> str:
        return f"{self.who}: {'nothing' if self.bug is None else f'{self.bug.breaks} | {self.bug.what}'}"


@cache
def _domain() -> str:
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in sorted(_DOMAIN.glob("*.py")))).hexdigest()


def _jobs() -> Iterator[_Job]:
    for who in (_EXPLORATION, *_SUITES):
        yield from (_Job(bug, who) for bug in (*BUGS, *ROWS))


def _kept() -> dict[str, Row]:
    if not _KEPT.exists():
        return {}
    return {row["name"]: row for row in map(json.loads, _KEPT.read_text("utf-8").splitlines())}


def _keep(job: _Job, result: Row) -> None:
    _KEPT.parent.mkdir(exist_ok=True)
    with _KEPT.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"name": job.name, **result}) + "\n")


class _Planter:
    """A plugin of pytest: where the tests would run, a child for each job does what the job says.

    Attributes:
        jobs: what is to be found out.
        job: in a child, its own.
        began: in a child, the seconds of the processor when the bug was planted.
        failed: in a child, the test that failed first.
    """

    def __init__(self, jobs: list[_Job]) -> None:
        self.jobs = jobs
        self.job: _Job | None = None
        self.began = 0.0
        self.failed = ""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """In a child this returns ``None``, and pytest goes on with the tests that are left in the session."""
        if session.testsfailed:
            raise SystemExit("some tests cannot even be collected")
        # What was imported is not looked through again by every child.
        gc.freeze()
        running: dict[int, _Job] = {}
        for job in self.jobs:
            if len(running) == (os.cpu_count() or 1):
                _wait(running)
            child = os.fork()
            if not child:
                return self._be(job, session)
            running[child] = job
        while running:
            _wait(running)
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what failed first."""
        if report.failed and not self.failed:
            self.failed = report.nodeid

    def _be(self, job: _Job, session: pytest.Session) -> bool | None:
        self.job = job
        os.nice(1)
        if job.bug is not None:
            used = int(process_time())
            resource.setrlimit(resource.RLIMIT_CPU, (used + _LONGEST, used + _LONGEST + 1))
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        if job.who == _EXPLORATION:
            self.began = process_time()
            _keep(job, _explored(job))
            os._exit(0)
        session.items = sorted(
            (item for item in session.items if item.nodeid.startswith(_SUITES[job.who])),
            key=lambda item: _place(item.nodeid, job),
        )
        if job.bug is not None:
            # Kept: the bug is taken out again with the last name of this.
            self.bug = planted(job.bug)
            self.bug.__enter__()
        self.began = process_time()
        return None

    def end(self) -> None:
        """In a child: keep what was found out, and be gone."""
        if self.job is not None:
            file, _, test = self.failed.partition("::")
            seconds = f"{process_time() - self.began:.1f} s"
            result = f"{seconds}, `{Path(file).name}`" if file else "no"
            _keep(self.job, {"result": result, "says": test, "seconds": seconds})
            os._exit(0)


def _place(test: str, job: _Job) -> tuple[bool, int]:
    """First the tests that bear the name of the module that has the bug, then in the order of the suite."""
    change = None if job.bug is None else job.bug.change
    own = isinstance(change, AnotherText) and f"test_{change.module}" in test
    return not own, next(place for place, begins in enumerate(_SUITES[job.who]) if test.startswith(begins))


def _explored(job: _Job) -> Row:
    assert job.bug is not None
    seen = found(job.bug)
    if seen is None:
        return {"result": "no", "says": ""}
    return {"result": f"{seen.seconds:.2f} s, {seen.states} states", "says": seen.breach}


def _wait(running: dict[int, _Job]) -> None:
    child, ended = os.wait()
    job = running.pop(child)
    if os.WIFSIGNALED(ended):
        _keep(job, {"result": f"not in {_LONGEST} s", "says": ""})
    elif ended:
        raise SystemExit(f"{job}: the tests did not run ({ended})")
    row = _kept()[job.name]
    print(job, row["result"], row["says"], sep=" | ", flush=True)
    if job.bug is None and row["result"] != "no":
        raise SystemExit("the tests fail without any bug")


def _run(jobs: list[_Job]) -> None:
    """First what nobody may find: else every bug would count as found."""
    sound = [job for who in _SUITES if (job := _Job(None, who)).name not in _kept()]
    os.chdir(_ROOT)
    os.environ["HYPOTHESIS_PROFILE"] = "planted"
    planter = _Planter([*sound, *jobs])
    quiet = ["-x", "-p", "no:cacheprovider", "-p", "no:cov", "-p", "no:terminal", "--capture=no"]
    quiet += ["-o", "faulthandler_timeout=0", "-o", "addopts=", "--import-mode=importlib", "-m", "not long"]
    ended = pytest.main([*quiet, *(each for suite in _SUITES.values() for each in suite)], plugins=[planter])
    planter.end()
    if ended:
        raise SystemExit(int(ended))


def main() -> None:
    """Find out what is not known yet, then write the table."""
    kept = _kept()
    again = {"no"} if "--missed" in sys.argv else set[str]()
    jobs = [job for job in _jobs() if kept.get(job.name, {"result": "no" if again else ""})["result"] in {"", *again}]
    if jobs and "--report" not in sys.argv:
        _run(jobs)
    _write(_kept())


def _write(kept: dict[str, Row]) -> None:
    def cells(bug: Bug) -> str:
        seen = {who: kept.get(_Job(bug, who).name, {"result": "", "says": ""}) for who in (_EXPLORATION, *_SUITES)}
        found = seen[_EXPLORATION]
        tests = " | ".join(seen[who]["result"] for who in ("property", "unit"))
        return f"| {bug.breaks} | {bug.what} | {found['result']} | {found['says']} | {tests} |"

    head = "bug | exploration | what it says | Hypothesis | unit tests |"
    table = "\n".join(
        [
            _BEGIN,
            "",
            f"| breaks | {head}",
            "|---|---|---|---|---|---|",
            *map(cells, BUGS),
            "",
            "One bug for each row: the row leads elsewhere.",
            "",
            f"| row | {head}",
            "|---|---|---|---|---|---|",
            *map(cells, ROWS),
            "",
            _END,
        ]
    )
    page = _PAGE.read_text("utf-8")
    before, rest = page.split(_BEGIN)
    _PAGE.write_text(before + table + rest.split(_END)[1], "utf-8")


if __name__ == "__main__":
    main()
