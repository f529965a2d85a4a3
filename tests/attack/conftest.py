"""What the attacks need."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest


@pytest.fixture
def disk() -> Iterator[Path]:
    """Where a small disk can be mounted, and anybody gets to it."""
    with TemporaryDirectory() as folder:
        yield Path(folder)
