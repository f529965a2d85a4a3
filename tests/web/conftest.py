"""A host with the pages, and somebody who looks at them."""

from collections.abc import Generator, Iterator
from typing import Any

import pytest

from msa_recovery.cli.playing import MONDAY_MORNING
from msa_recovery.cli.stage import Stage

from .browser import HttpBrowser, Loop
from .chromium import Program, Served, chromium, executable, serving
from .clicked import pages_of


@pytest.fixture
def loop() -> Iterator[Loop]:
    with Loop() as running:
        yield running


@pytest.fixture
def stage() -> Stage:
    return Stage.sample(MONDAY_MORNING)


@pytest.fixture
def pages(stage: Stage) -> Any:
    return pages_of(stage)


@pytest.fixture
def browser(pages: Any, loop: Loop) -> HttpBrowser:
    return HttpBrowser(pages, loop)


@pytest.fixture(scope="module")
def program() -> Generator[Program]:
    """Debian's Chromium, started once for a file: while it runs, Playwright keeps an event loop in this thread,
    and no other test of the same worker could have one."""
    if executable() is None:
        pytest.skip("no Chromium here: apt-get install chromium, or name one in CHROMIUM")
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def served() -> Generator[Served]:
    """A server for it to visit."""
    with serving() as running:
        yield running
