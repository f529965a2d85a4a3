"""What the attacks need."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.support.house import House


@pytest.fixture
def disk() -> Iterator[Path]:
    """Where a small disk can be mounted, and anybody gets to it."""
    with TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.fixture
def house() -> Iterator[House]:
    """A house as usual, whose driver calls; the other one runs the same scripts."""
    house = House()
    yield house
    house.host.close()
