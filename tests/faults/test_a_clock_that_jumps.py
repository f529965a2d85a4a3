"""A clock that is put back, or leaps, in the middle of a story: nobody gets in who would not, every deadline stays as
it was set, and what is raised is of the library's own kinds."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final, final

import pytest

from msa_recovery.application.recovery import Recovery
from msa_recovery.application.reply import Reply
from msa_recovery.application.subject import OPEN
from msa_recovery.cli.playing import STORIES
from msa_recovery.cli.stage import Stage
from msa_recovery.cli.story import NotAsExpected
from msa_recovery.domain.errors import CallerError
from msa_recovery.domain.journey import FINAL, SIGNED_IN, State
from msa_recovery.domain.secret import Secret
from msa_recovery.testing.tapped import Call
from tests.support.theatre import stage_of

from .state import whole

BACK: Final = {"a second back": timedelta(seconds=-1), "an hour back": timedelta(hours=-1)}
LEAPS: Final = {
    "a day on": timedelta(days=1),
    "400 days on": timedelta(days=400),
    "to the year 8000": datetime(8000, 1, 1, tzinfo=UTC) - datetime(2026, 11, 23, tzinfo=UTC),
}


@final
class Clockwork:
    """Passes every call on, and moves the library's clock once, before the call of that number.

    Attributes:
        early: by how much the clock is ahead by now.
        opened: where a journey from before the move was let in by it, whether or not a private space opened.
        moved: deadlines that were moved and must not be.
    """

    def __init__(self, recovery: Recovery, stage: Stage, at: int, by: timedelta) -> None:
        self._recovery, self._stage, self._left, self._by = recovery, stage, at, by
        self._before: dict[str, State] = {}
        self.early = timedelta()
        self.calls = 0
        self.opened: list[State] = []
        self.moved: list[str] = []

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._recovery, name)
        if not callable(method):
            return method

        def called(*arguments: Any) -> Any:
            self.early += self._by if self.calls == self._left else timedelta()
            self.calls += 1
            before = self._deadlines()
            answer = method(*arguments)
            after = self._deadlines()
            self.moved += (f"{name}: {what}" for what, until in before.items() if after.get(what, until) != until)
            if isinstance(answer, Reply):
                self._hears(answer, arguments[0])
            return answer

        return called

    def _hears(self, reply: Reply, handle: object) -> None:
        state = reply.view.state
        if not self.early:
            self._before[reply.handle.reveal()] = state
            return
        before = self._before.get(handle.reveal()) if isinstance(handle, Secret) else None
        if before is not None and (reply.account is not None or (state is not before and state in OPEN | SIGNED_IN)):
            self.opened.append(state)

    def _deadlines(self) -> dict[str, datetime]:
        """Of every code and temporary password that is live, by its name; of every journey that is not over and is
        still in the same state with the same code."""
        store, found = whole(self._stage.store), dict[str, datetime]()
        for stored in store._ledgers.values():
            found |= {f"a code, {code.journey} {code.issue}": code.until for code in stored.ledger.codes}
            for password in (stored.ledger.sent_password, stored.ledger.letter_password):
                if password is not None:
                    found[f"a temporary password, {password.digest.hex()}"] = password.until
        for name, stored_journey in store._journeys.items():
            journey = stored_journey.journey
            if journey.state not in FINAL:
                code = "" if journey.code is None else journey.code.digest.hex()
                found[f"a journey, {name} {journey.state} {code} {stored_journey.handle.hex()}"] = journey.deadline
        return found


@cache
def played(number: int, at: int, by: timedelta) -> Clockwork:
    """Play a story until it goes another way because of its clock."""
    story = STORIES[number]
    clocks = list[Clockwork]()

    def tap(call: Call, go: Callable[[], Any]) -> Any:
        return go() + clocks[0].early if call.port == "clock" else go()

    def reached(recovery: Recovery, stage: Stage) -> Clockwork:
        clocks.append(Clockwork(recovery, stage, at, by))
        return clocks[0]

    # A deadline passed that had not, or a wait has begun again: the story says so in its own way, if only by looking at
    # the last of no messages.
    with suppress(NotAsExpected, CallerError, IndexError):
        story.play(stage_of(story, tap, reached=reached))
    return clocks[0]


by_story: Final = pytest.mark.parametrize("number", range(len(STORIES)), ids=lambda number: STORIES[number].title)


def _places(number: int) -> range:
    """Before which calls of a story the clock moves: two of them, not the same in every story."""
    calls = played(number, -1, timedelta()).calls
    step = max(1, calls // 2)
    return range(1 + number % step, calls, step)


def _all(number: int, moves: Mapping[str, timedelta]) -> dict[str, Clockwork]:
    return {f"{how} at {at}": played(number, at, by) for at in _places(number) for how, by in moves.items()}


@by_story
def test_a_clock_that_is_put_back_moves_no_deadline(number: int) -> None:
    """Whatever is thrown of another kind than the library's own fails the test by itself."""
    assert [] == [(how, each.moved) for how, each in _all(number, BACK).items() if each.moved]


@by_story
def test_a_clock_that_leaps_moves_no_deadline(number: int) -> None:
    assert [] == [(how, each.moved) for how, each in _all(number, LEAPS).items() if each.moved]


@by_story
def test_nothing_that_was_begun_before_a_leap_over_every_deadline_opens_anything(number: int) -> None:
    """Invariant 6."""
    leaps = {how: LEAPS[how] for how in ("400 days on", "to the year 8000")}
    assert [] == [(how, each.opened) for how, each in _all(number, leaps).items() if each.opened]
