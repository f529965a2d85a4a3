"""What spin says of a Promela model of the charts: whether it found an error, and which rows are reached."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Final, final

from attrs import frozen

from msa_recovery.domain.journey import ChartName
from msa_recovery.exploration.promela import ROW

__all__ = ["PROPERTIES", "Judgement", "NoSpin", "RowName", "judged"]

PROPERTIES: Final = ("completed_is_earned", "the_holder_gets_in")
"""The temporal properties of the model; what else must hold stands in it as assertions."""

_LABEL: Final = re.compile(rf"row = (\d+) {re.escape(ROW)}(\S+) (\S+) \*/")
_UNREACHED: Final = re.compile(r'"row = (\d+)"')
_STATES: Final = re.compile(r"(\d+) states, stored")
_ERRORS: Final = re.compile(r"errors: (\d+)")
RowName = tuple[ChartName, str]
"""Which chart, and the label of the row."""

_DEEPEST: Final = 3_000_000


@final
class NoSpin(Exception):
    """spin or a C compiler is missing."""


@final
@frozen
class Judgement:
    """What was found.

    Attributes:
        rows: the rows that some run takes, by chart and label.
        unreached: the others.
        states: how many states the model has.
        errors: what is wrong, in words; empty when nothing is.
    """

    rows: frozenset[RowName]
    unreached: frozenset[RowName]
    states: int
    errors: tuple[str, ...]


def judged(model: str, folder: Path, *, temporal: bool = True) -> Judgement:
    """Let spin search the whole state space of a model.

    Args:
        model: in Promela.
        folder: where the model, the verifier and its trails go.
        temporal: whether the temporal properties are checked as well as the assertions.

    Raises:
        NoSpin: it is not installed.
        RuntimeError: it does not understand the model, or has not enough memory.
    """
    for tool in ("spin", "gcc"):
        if shutil.which(tool) is None:
            raise NoSpin(f"{tool} is not installed: apt-get install spin gcc libc6-dev")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "charts.pml").write_text(model, encoding="utf-8")
    # Without -o3 spin merges statements, and what was merged counts as unreached.
    _run(folder, "spin", "-o3", "-a", "charts.pml")
    _run(folder, "gcc", "-O2", "-DSAFETY", "-DNOCLAIM", "-DCOLLAPSE", "-o", "safety", "pan.c")
    said = _run(folder, "./safety", f"-m{_DEEPEST}")
    labels = {number: (ChartName(chart), label) for number, chart, label in _LABEL.findall(model)}
    unreached = frozenset(labels[number] for number in set(_UNREACHED.findall(said)))
    errors = _errors("an assertion", said)
    if temporal and not errors:
        _run(folder, "gcc", "-O2", "-DCOLLAPSE", "-o", "temporal", "pan.c")
        for name in PROPERTIES:
            errors += _errors(name, _run(folder, "./temporal", "-a", "-N", name, f"-m{_DEEPEST}"))
    found = _STATES.search(said)
    return Judgement(frozenset(labels.values()) - unreached, unreached, int(found[1]) if found else 0, errors)


def _errors(what: str, said: str) -> tuple[str, ...]:
    found = _ERRORS.search(said)
    if found is None or "max search depth too small" in said or "out of memory" in said:
        raise RuntimeError(f"spin came to no end: {said[-2_000:]}")
    if found[1] == "0":
        return ()
    first = next((line for line in said.splitlines() if line.startswith("pan:1:")), "pan found an error")
    return (f"{what}: {first.removeprefix('pan:1: ')}",)


def _run(folder: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    said = done.stdout + done.stderr
    if done.returncode or "Error:" in said:
        raise RuntimeError(f"{' '.join(command)}: {said[-2_000:]}")
    return said
