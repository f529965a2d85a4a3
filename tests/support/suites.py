"""A suite in a folder of somebody else's, as pytest runs it there."""

import subprocess
import sys
from pathlib import Path

__all__ = ["ran"]


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
