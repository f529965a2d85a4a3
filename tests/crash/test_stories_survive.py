"""Every story goes on as it should while its host is killed again and again (R16, invariants 11 and 14).

No message is lost, none is sent under two keys, every effect on the directory is applied once and in order, every guess
that was compared stays counted, and in the end everything stands as if nobody had died. ``make crash`` does the same at
every call of every port, and for longer at random; ``make crash FLAGS=--postgres`` with the store on a server.
"""

from collections.abc import Callable

import pytest

from msa_recovery.cli.playing import STORIES
from msa_recovery.cli.story import Story

from .hosts import Zygote
from .plans import EveryGap, Plan, Whenever
from .playing import play
from .record import Seen

End = Callable[[Story], Seen]


# The long form: a call that died in all its gaps in one story does so again in the next.
@pytest.mark.long
@pytest.mark.parametrize("number", range(len(STORIES)), ids=lambda number: STORIES[number].title)
def test_a_story_goes_on_as_if_nobody_had_died(number: int, hosts: Zygote, undisturbed: End) -> None:
    """Between any two things that last; and, every third story, at random, in the middle of what SQLite writes."""
    story = STORIES[number]
    plans: dict[str, Plan] = {"at every gap": EveryGap()}
    if number % 3 == 0:
        # `make crash` has every story die at random.
        plans["at any moment"] = Whenever(number, most=4)
    # One test for both: how the story ends when nobody dies is known then.
    outcomes = {how: play(hosts, story, plan, undisturbed=undisturbed(story)) for how, plan in plans.items()}
    assert dict.fromkeys(plans, ()) == {how: outcome.violations for how, outcome in outcomes.items()}
    assert outcomes["at every gap"].kills > 0


@pytest.mark.parametrize("first", [0, 2, 4])
def test_stories_go_on_as_if_nobody_had_died(first: int, hosts: Zygote, undisturbed: End) -> None:
    """A dozen stories on one plan: what died in all its gaps in one of them dies in a gap or not at all in the next."""
    gaps, numbers = EveryGap(), range(first, len(STORIES), 6)
    plans: list[tuple[int, Plan]] = [(number, gaps) for number in numbers]
    plans += [(number, Whenever(number, most=4)) for number in numbers[::3]]
    outcomes = [
        (STORIES[number].title, play(hosts, STORIES[number], plan, undisturbed=undisturbed(STORIES[number])))
        for number, plan in plans
    ]
    assert [] == [(title, outcome.violations) for title, outcome in outcomes if outcome.violations]
    assert 12 == len(numbers)
    assert sum(outcome.kills for _, outcome in outcomes) > 70


# One here, some in `make test-long`, all of them by `make crash FLAGS=--postgres`.
@pytest.mark.parametrize(
    "number",
    [pytest.param(number, marks=[] if number == 12 else [pytest.mark.long]) for number in range(0, len(STORIES), 6)],
    ids=lambda number: STORIES[number].title,
)
def test_a_story_whose_store_is_on_a_server_goes_on_as_on_a_file(number: int, hosts: Zygote, undisturbed: End) -> None:
    """R16: whether the server did what a host asked of it last, the host that died never learned."""
    story = STORIES[number]
    plans: dict[str, Plan] = {"at every gap": EveryGap(), "at any moment": Whenever(number, most=4)}
    outcomes = {
        how: play(hosts, story, plan, undisturbed=undisturbed(story), on_server=True) for how, plan in plans.items()
    }
    assert dict.fromkeys(plans, ()) == {how: outcome.violations for how, outcome in outcomes.items()}
    assert outcomes["at every gap"].kills > 0
