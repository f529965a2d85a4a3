"""What every test here plays with: hosts of one process, and how each story ends when nobody dies."""

from collections.abc import Callable, Iterator

import pytest

from msa_recovery.cli.story import Story

from .hosts import Zygote, zygote
from .plans import Never
from .playing import play
from .record import Seen


@pytest.fixture(scope="session")
def hosts() -> Iterator[Zygote]:
    """A process that hosts are forked from."""
    with zygote() as started:
        yield started


@pytest.fixture(scope="session")
def undisturbed(hosts: Zygote) -> Callable[[Story], Seen]:
    """How everything stands at the end of a story in which nobody dies."""
    known: dict[str, Seen] = {}

    def end_of(story: Story) -> Seen:
        if story.title not in known:
            outcome = play(hosts, story, Never())
            assert () == outcome.violations
            assert outcome.end is not None
            known[story.title] = outcome.end
        return known[story.title]

    return end_of
