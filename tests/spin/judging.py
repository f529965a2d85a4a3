"""What spin says of a Promela model of the charts: whether it found an error, and which rows are reached."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Final, final

from attrs import frozen

from msa_recovery.domain.journey import ChartName
from msa_recovery.exploration.promela import ROW

__all__ = ["Judgement", "NoSpin", "RowName", "comes_true", "judged"]

_SAFETY: Final = "completed_is_earned"
_LIVENESS: Final = "the_holder_gets_in"

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


def judged(model: str, folder: Path) -> Judgement:
    """Let spin search the whole state space of a model, for what must never be: its assertions, and one property.

    Args:
        model: in Promela.
        folder: where the model, the verifier and its trails go.

    Raises:
        NoSpin: it is not installed.
        RuntimeError: it does not understand the model, or has not enough memory.
    """
    _verifier(model, folder, "safety", "-DSAFETY")
    said = _run(folder, "./safety", f"-m{_DEEPEST}", "-N", _SAFETY)
    names = {number: (ChartName(chart), label) for number, chart, label in _LABEL.findall(model)}
    unreached = frozenset(names[number] for number in set(_UNREACHED.findall(said)))
    found = _STATES.search(said)
    return Judgement(
        frozenset(names.values()) - unreached, unreached, int(found[1]) if found else 0, _errors("never", said)
    )


def comes_true(model: str, folder: Path) -> tuple[str, ...]:
    """What keeps what must come true in the end from coming true; empty when nothing does. As :func:`judged`."""
    _verifier(model, folder, "liveness")
    return _errors(_LIVENESS, _run(folder, "./liveness", "-a", f"-m{_DEEPEST}", "-N", _LIVENESS))


def _verifier(model: str, folder: Path, name: str, *options: str) -> None:
    for tool in ("spin", "gcc"):
        if shutil.which(tool) is None:
            raise NoSpin(f"{tool} is not installed: apt-get install spin gcc libc6-dev")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "charts.pml").write_text(model, encoding="utf-8")
    # Without -o3 spin merges statements, and what was merged counts as unreached.
    _run(folder, "spin", "-o3", "-a", "charts.pml")
    _run(folder, "gcc", "-O2", "-DCOLLAPSE", *options, "-o", name, "pan.c")


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
