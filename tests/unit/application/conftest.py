"""Every test of the application runs twice: with the driver that calls, and with the one that awaits."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support.house import House


@pytest.fixture(params=["sync", "async"])
def driver(request: pytest.FixtureRequest) -> str:
    """Which driver."""
    return str(request.param)


@pytest.fixture
def open_house(driver: str) -> Iterator[Callable[..., House]]:
    """Opens a house, with what a test wants to be different."""
    opened: list[House] = []

    def make(**wanted: Any) -> House:
        opened.append(House(driver, **wanted))
        return opened[-1]

    yield make
    for house in opened:
        house.host.close()


@pytest.fixture
def house(open_house: Callable[..., House]) -> House:
    """A house as usual."""
    return open_house()
