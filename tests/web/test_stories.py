"""Every story of the demonstration, told by somebody who has nothing but the pages, without scripts."""

import pytest

from msa_recovery.cli.playing import MONDAY_MORNING, STORIES
from msa_recovery.cli.stage import Stage
from msa_recovery.cli.story import Story

from .browser import HttpBrowser, Loop
from .clicked import clicked_stage, pages_of


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_a_story_goes_the_same_way_through_the_pages(story: Story) -> None:
    bare = Stage.sample(MONDAY_MORNING, story.disguise)
    pages = pages_of(bare)
    with Loop() as loop:
        story.play(clicked_stage(bare, lambda address: HttpBrowser(pages, loop, address)))
