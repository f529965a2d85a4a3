"""A suite in a folder of somebody else's, as pytest runs it there."""

import subprocess
import sys
from pathlib import Path
from typing import Final

__all__ = ["QUICK", "ran"]

QUICK: Final = """
from hypothesis import Phase, settings

settings.register_profile("quick", deadline=None, derandomize=True, max_examples=60, phases=[Phase.generate])
settings.load_profile("quick")
"""
"""A ``conftest.py``: the same in every run; and what was found is not made shorter, which takes minutes."""


def ran(folder: Path, *what: str) -> tuple[int, str]:
    """What pytest ends with there, and all that it says; a warning is an error."""
    done = subprocess.run(  # noqa: S603 - what our own docs have
        [sys.executable, "-W", "error", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *what],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout + done.stderr
