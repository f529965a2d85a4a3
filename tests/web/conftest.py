"""A host with the pages, and somebody who looks at them."""

from collections.abc import Iterator
from typing import Any

import pytest

from msa_recovery.cli.playing import MONDAY_MORNING
from msa_recovery.cli.stage import Stage

from .browser import HttpBrowser, Loop
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
