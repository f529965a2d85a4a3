"""Every story goes on as it should while its host is killed again and again (R16, invariants 11 and 14).

No message is lost, none is sent under two keys, every effect on the directory is applied once and in order, every guess
that was compared stays counted, and in the end everything stands as if nobody had died. ``make crash`` does the same at
every call of every port, and for longer at random.
"""

from collections.abc import Callable

import pytest

from msa_recovery.cli.playing import STORIES
from msa_recovery.cli.story import Story

from .hosts import Zygote
from .plans import EveryGap, Whenever
from .playing import play
from .record import Seen

End = Callable[[Story], Seen]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_a_story_goes_on_after_a_death_between_any_two_things_that_last(
    story: Story, hosts: Zygote, undisturbed: End
) -> None:
    outcome = play(hosts, story, EveryGap(), undisturbed=undisturbed(story))
    assert () == outcome.violations
    assert outcome.kills > 0


@pytest.mark.parametrize("seed", range(len(STORIES)), ids=lambda seed: STORIES[seed].title)
def test_a_story_goes_on_after_deaths_at_any_moment(seed: int, hosts: Zygote, undisturbed: End) -> None:
    """Also in the middle of what SQLite writes, and while it makes its files."""
    story = STORIES[seed]
    assert () == play(hosts, story, Whenever(seed, most=4), undisturbed=undisturbed(story)).violations
