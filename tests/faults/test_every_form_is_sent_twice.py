"""Every form of every story is sent twice under one request id, in turn and at the same time: it acts once, answers the
same, and never tells a handle again (R39)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from threading import Barrier
from typing import Any, Final, final

import pytest
from attrs import evolve

from msa_recovery.application.caller import Caller
from msa_recovery.application.errors import UnknownHandle
from msa_recovery.application.recovery import Recovery
from msa_recovery.application.reply import Reply
from msa_recovery.cli.playing import STORIES
from msa_recovery.cli.stage import Stage
from msa_recovery.domain.inputs import Input
from msa_recovery.domain.secret import Secret
from tests.support.theatre import stage_of

from .state import End, end_of, whole

Send = Callable[[], Reply]


def once(send: Send) -> list[object]:
    """What a browser does when nobody clicks twice."""
    return [send()]


def in_turn(send: Send) -> list[object]:
    """Two clicks, the second after the first was answered."""
    return [send(), _outcome(send)]


def at_once(send: Send) -> list[object]:
    """Two clicks at the same time."""
    start = Barrier(2)

    def sends(_: int) -> object:
        start.wait()
        return _outcome(send)

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(sends, range(2)))


def _outcome(send: Send) -> object:
    try:
        return send()
    except UnknownHandle as unknown:
        return unknown


@final
class Impatient:
    """Sends each form in some way, and goes on with the answer that it gets.

    Attributes:
        wrong: what must not be.
    """

    def __init__(self, recovery: Recovery, stage: Stage, how: Callable[[Send], list[object]]) -> None:
        self._recovery, self._stage, self._how = recovery, stage, how
        self._requests = 0
        self.handles: set[Any] = set()
        self.wrong: list[str] = []

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._recovery, name)
        if not callable(method):
            return method

        def called(*arguments: Any) -> Any:
            return self._noted(method(*arguments))

        return called

    def send(self, handle: Secret, event: Input, caller: Caller) -> Reply:
        self._requests += 1
        caller = caller if caller.request_id else evolve(caller, request_id=f"form {self._requests}")
        answers = self._how(lambda: self._recovery.send(handle, event, caller))
        replies = [answer for answer in answers if isinstance(answer, Reply)]
        if not replies:
            raise UnknownHandle
        minted = [reply for reply in replies if reply.handle != handle]
        if len(minted) > 1:
            self.wrong.append(f"{event.name}: a handle was told twice")
        same = len({repr(reply.view) for reply in replies})
        if not minted and (same, len(answers)) != (1, len(replies)):
            self.wrong.append(f"{event.name}: two answers: {answers}")
        # Of a right sign-in one answer has the new handle, and the other tells nothing.
        reply: Reply = self._noted((minted or replies)[0])
        return reply

    def _noted(self, answer: Any) -> Any:
        if isinstance(answer, Reply):
            from msa_recovery.application.world import hash_of

            self.handles.add(hash_of(answer.handle))
        return answer


def played(number: int, how: Callable[[Send], list[object]]) -> tuple[End, int, list[str]]:
    """Play a story; how it ends, with how many facts, and what must not be."""
    people = list[Impatient]()

    def reached(recovery: Recovery, stage: Stage) -> Impatient:
        people.append(Impatient(recovery, stage, how))
        return people[0]

    stage = stage_of(STORIES[number], reached=reached)
    STORIES[number].play(stage)
    for channel in stage.inboxes:
        stage.delivered(channel)
    return end_of(stage, frozenset(people[0].handles)), len(whole(stage.store).audit()), people[0].wrong


@cache
def undisturbed(number: int) -> tuple[End, int]:
    """How a story ends when every form is sent once."""
    end, facts, _ = played(number, once)
    return end, facts


HOW: Final = {"in turn": in_turn, "at the same time": at_once}


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("number", range(len(STORIES)), ids=lambda number: STORIES[number].title)
def test_every_form_acts_once_and_is_answered_alike(number: int, how: str) -> None:
    expected, facts = undisturbed(number)
    end, ours, wrong = played(number, HOW[how])
    assert ([], [], facts) == (wrong, expected.differences(end), ours)
