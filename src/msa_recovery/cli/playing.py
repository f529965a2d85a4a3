"""Plays every story, and says of each whether it went as it should."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Final

from .stage import Disguise, Stage
from .stories_doors import DOORS
from .stories_first import FIRST_SIGN_INS
from .stories_harassment import HARASSMENT
from .stories_limits import LIMITS
from .stories_usual import USUAL
from .story import NotAsExpected, Story

__all__ = ["MONDAY_MORNING", "STORIES", "SetStage", "play"]

STORIES: Final = (*USUAL, *FIRST_SIGN_INS, *LIMITS, *DOORS, *HARASSMENT)
"""Every story, in the order in which they are told."""

MONDAY_MORNING: Final = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""When every story begins."""

SetStage = Callable[[datetime, Disguise], Stage]
"""Makes a new stage, with what its clock shows first and what the library sees of its directory."""


def play(stories: Iterable[Story], write: Callable[[str], None], set_stage: SetStage = Stage.sample) -> bool:
    """Play each story on a stage of its own; whether all of them went as expected.

    Args:
        stories: what to play.
        write: takes a line for each story, and one for all of them at the end.
        set_stage: a new stage for each.
    """
    told = [_told(story, write, set_stage) for story in stories]
    write(f"{len(told)} stories, {sum(told)} as expected")
    return all(told)


def _told(story: Story, write: Callable[[str], None], set_stage: SetStage) -> bool:
    try:
        story.play(set_stage(MONDAY_MORNING, story.disguise))
    except NotAsExpected as surprise:
        fault = str(surprise)
    except Exception as error:  # noqa: BLE001 - whatever it is, the other stories are still to be told
        fault = f"{type(error).__name__}: {error}"
    else:
        write(f"ok     {story.title}")
        return True
    write(f"WRONG  {story.title}: {fault}")
    return False
