"""A harness that finds nothing proves nothing: bugs are planted into the host, and each is found, by the check that is
there for it."""

from collections.abc import Callable
from typing import Final

import pytest

from msa_recovery.cli.playing import STORIES
from msa_recovery.cli.story import Story

from .hosts import Zygote
from .plans import EveryGap
from .planted import BUGS
from .playing import play
from .record import Seen

_CHANGE: Final = "a voluntary change of the password"
_FORTH: Final = "back and forth: the code stays good and none is sent again"
_FIVE: Final = "five wrong current passwords end a change, not the sign-in"

FOUND: Final = {
    "a guess is compared before it is counted": (_FORTH, "count"),
    "a guess is counted in the commit of its step": (_FORTH, "count"),
    "a guess is counted anew when it is made again": (_FIVE, "story"),
    "wrong guesses are forgiven at a restart": (_FIVE, "count"),
    "messages are promised in a transaction of their own": (_FORTH, "whole"),
    "effects are noted in a transaction of their own": (_CHANGE, "whole"),
    "the answer to a request is not remembered": (_FORTH, "story"),
    "effects are applied before they are committed": (_CHANGE, "effect"),
    "effects are applied and never closed": (_CHANGE, "effect"),
    "effects are closed before they are applied": (_CHANGE, "effect"),
    "effects are applied backwards": (_CHANGE, "effect"),
    "the directory does not remember what it did": (_CHANGE, "effect"),
    "the directory remembers what it has not done yet": (_CHANGE, "effect"),
    "a message has another key at every try": (_FORTH, "key"),
    "a message is crossed off before it is handed over": (_FORTH, "message"),
    "a message is claimed for ever": (_FORTH, "message"),
}
"""By bug: the story in which it shows, and the check that finds it."""


def _story(title: str) -> Story:
    return next(story for story in STORIES if story.title == title)


def test_every_bug_is_looked_for() -> None:
    assert BUGS.keys() == FOUND.keys()


_OF_A_COMMIT: Final = "messages are promised in a transaction of their own"


@pytest.mark.parametrize("bug", FOUND)
def test_a_planted_bug_is_found(bug: str, hosts: Zygote, undisturbed: Callable[[Story], Seen]) -> None:
    title, check = FOUND[bug]
    story = _story(title)
    outcome = play(hosts, story, EveryGap(), bug, undisturbed(story))
    assert check in {violation.check for violation in outcome.violations}


# Each takes some seconds: one that splits the commit of a store here, the others in `make test-long`.
@pytest.mark.parametrize(
    "bug", [pytest.param(bug, marks=[] if bug == _OF_A_COMMIT else [pytest.mark.long]) for bug in FOUND]
)
def test_a_planted_bug_is_found_on_a_server(bug: str, hosts: Zygote, undisturbed: Callable[[Story], Seen]) -> None:
    title, check = FOUND[bug]
    story = _story(title)
    outcome = play(hosts, story, EveryGap(), bug, undisturbed(story), on_server=True)
    assert check in {violation.check for violation in outcome.violations}
