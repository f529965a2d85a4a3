"""Every story of the demonstration, clicked through in Debian's Chromium: narrow or wide, with scripts or without."""

from collections import deque

import pytest
from attrs import evolve

from msa_recovery.cli.playing import MONDAY_MORNING, STORIES
from msa_recovery.cli.stage import Stage
from msa_recovery.cli.story import Story

from .chromium import Chromium, ChromiumBrowser, Served, View
from .clicked import SETTINGS, clicked_stage, pages_of
from .rotation import in_turns

MOST_WINDOWS = 6


@pytest.mark.parametrize(
    ("story", "view"), in_turns(STORIES), ids=lambda value: value.title if isinstance(value, Story) else str(value)
)
def test_a_story_is_clicked_through(story: Story, view: View, program: Chromium, served: Served) -> None:
    bare = Stage.sample(MONDAY_MORNING, story.disguise)
    served.app = pages_of(bare, evolve(SETTINGS, secure_cookies=False))
    everybody: list[ChromiumBrowser] = []
    windows: deque[ChromiumBrowser] = deque()

    def somebody(address: str) -> ChromiumBrowser:
        if len(windows) >= MOST_WINDOWS:
            windows.popleft().close()
        browser = ChromiumBrowser(program, served, view, address)
        everybody.append(browser)
        windows.append(browser)
        return browser

    try:
        story.play(clicked_stage(bare, somebody))
    finally:
        for browser in everybody:
            browser.close()
    assert [] == [url for browser in everybody for url in browser.elsewhere], "no request leaves the host"
