"""What importing the library costs, beside the import of python-statemachine that it is built on."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Final

from .report import Line, pairwise

__all__ = ["lines"]

_RUNS: Final = 21
_OURS: Final = "from msa_recovery import *"
_PEERS: Final = "import statemachine"


def lines() -> Iterator[Line]:
    """Measure in fresh interpreters, in turns; the first run of each writes the byte code and is not counted."""
    for imported in (_OURS, _PEERS):
        _milliseconds(imported)
    runs = [(_milliseconds(_OURS), _milliseconds(_PEERS)) for _ in range(_RUNS)]
    ours, peers = [run[0] for run in runs], [run[1] for run in runs]
    yield Line.median_of(_OURS, ours, "ms")
    yield Line.median_of(f"{_OURS} / {_PEERS}", pairwise(ours, peers), "times", most=1.8)


def _milliseconds(imported: str) -> float:
    """The time of the statement alone, without the start of the interpreter."""
    program = f"from time import perf_counter as t\nstart = t()\n{imported}\nprint((t() - start) * 1_000)"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)  # noqa: S603
    return float(done.stdout)
