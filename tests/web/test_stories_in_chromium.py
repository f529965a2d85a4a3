"""Every story of the demonstration, clicked through in Debian's Chromium: narrow or wide, with scripts or without."""

from collections import deque

import pytest
from attrs import evolve

from msa_recovery.cli.playing import MONDAY_MORNING, STORIES
from msa_recovery.cli.stage import Stage
from msa_recovery.cli.stories_harassment import HARASSMENT
from msa_recovery.cli.story import Story

from .browser import Browser, WireBrowser
from .chromium import ChromiumBrowser, Program, Served, View
from .clicked import SETTINGS, clicked_stage, pages_of
from .rotation import in_turns

HOME = "192.0.2.1"
MOST_WINDOWS = 6


@pytest.mark.parametrize(
    ("story", "view"),
    in_turns(STORIES),
    ids=lambda value: value.title if isinstance(value, Story) else str(value),
)
def test_a_story_is_clicked_through(story: Story, view: View, program: Program, served: Served) -> None:
    bare = Stage.sample(MONDAY_MORNING, story.disguise)
    served.app = pages_of(bare, evolve(SETTINGS, secure_cookies=False))
    everybody: list[ChromiumBrowser | WireBrowser] = []
    windows: deque[ChromiumBrowser] = deque()

    def somebody(address: str) -> Browser:
        """The owner sits at home, in front of Chromium; whoever harasses has a script."""
        if story in HARASSMENT and address != HOME:
            everybody.append(WireBrowser(served.address, address))
            return everybody[-1]
        if len(windows) >= MOST_WINDOWS:
            windows.popleft().close()
        windows.append(ChromiumBrowser(program, served, view, address))
        everybody.append(windows[-1])
        return windows[-1]

    try:
        story.play(clicked_stage(bare, somebody))
    finally:
        for browser in everybody:
            browser.close()
    elsewhere = [url for browser in everybody if isinstance(browser, ChromiumBrowser) for url in browser.elsewhere]
    assert [] == elsewhere, "no request leaves the host"
