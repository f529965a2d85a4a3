"""What happens to one event of a journey, written once: load, decide, commit in one transaction, apply the effects.

A script is a generator of questions (``questions.py``); the drivers answer them, by calling or by awaiting. A conflict
with somebody else's commit starts the attempt again, with the same guess and the same moment: nothing is half done.
"""

from datetime import datetime
from typing import Final, final

from attrs import evolve, frozen

from msa_recovery.domain.events import Abandon, Event, EventName, Lapse, Naming
from msa_recovery.domain.inputs import (
    ChoosePassword,
    Input,
    OrderLetter,
    ProvePassword,
    SignIn,
    SubmitCode,
    read,
    texts_of,
)
from msa_recovery.domain.journey import FINAL, State
from msa_recovery.domain.machine import accepted
from msa_recovery.domain.problem import Problem
from msa_recovery.domain.secret import Secret
from msa_recovery.domain.situation import Context, is_over

from . import questions as ask
from .caller import Caller
from .deciding import apply_intents, commit, decide
from .errors import (
    Contended,
    EventNotAccepted,
    JourneyFinished,
    NotAnAgent,
    NotForAgents,
    UnknownAccount,
    UnknownHandle,
)
from .gathering import Memory, request_of
from .questions import Script
from .records import Answered, StoredJourney
from .reply import Reply
from .showing import as_it_stands, reply_of, shown
from .subject import Subject, held, named
from .world import ATTEMPTS, Scene, World, context_of, hash_of

__all__ = ["send", "time_is_up"]

_THE_PERSONS_OWN: Final = (SubmitCode, SignIn, ProvePassword, ChoosePassword)
"""What carries a secret of the person, which no agent ever has (R58)."""


@final
@frozen
class _Call:
    """One call of ``send``, the same in every attempt."""

    handle: Secret
    name: EventName
    event: Event | Problem
    caller: Caller
    context: Context
    memory: Memory


def send(world: World, handle: Secret, typed: Input, caller: Caller) -> Script[Reply]:
    """Take one event of the person who holds this handle."""
    if isinstance(typed, OrderLetter) and not caller.agent:
        raise NotAnAgent
    if isinstance(typed, _THE_PERSONS_OWN) and caller.agent:
        raise NotForAgents
    who, event = hash_of(handle), read(typed, world.policy)
    now = yield from ask.now()
    # What could not be read may be of any length, and is no guess.
    request = b"" if isinstance(event, Problem) else request_of(world, caller, who.hex(), typed.name, *texts_of(typed))
    memory = Memory(request or (yield from ask.draw_guess_id()))
    call = _Call(handle, typed.name, event, caller, context_of(world, caller, now), memory)
    for _ in range(ATTEMPTS):
        reply = yield from _attempt(world, call)
        if reply is not None:
            return reply
    raise Contended


def _attempt(world: World, call: _Call) -> Script[Reply | None]:
    """Decide the event once; ``None`` when it must be decided again: somebody else's commit came in between, or effects
    on the directory were still to be applied."""
    stored = yield from ask.load(hash_of(call.handle))
    if stored is None:
        raise UnknownHandle
    request = _request_name(world, stored, call)
    before = next((answered for answered in stored.answered if answered.request == request), None)
    event = _event(stored, call) if before is None else before.problem
    if event is None or isinstance(event, Problem):
        scene = yield from as_it_stands(stored)
        if not time_is_up(scene, call.context.now):
            return (yield from shown(world, scene, call.handle, call.context, event))
        event = Lapse()
    subject = yield from _subject(world, stored, event)
    ledger = None if subject is None else (yield from ask.load_ledger(subject.profile.pseudonym))
    if ledger is not None and ledger.open_intents:
        yield from apply_intents(world, ledger.open_intents)
        return None
    stored = evolve(stored, language=call.caller.language)
    decided = yield from decide(world, Scene(stored, ledger, subject), event, call.context, call.memory)
    if decided is None:
        return None
    problem = decided.step.problem
    answered = Answered(request, problem) if request and before is None else None
    done = yield from commit(world, decided, call.handle, call.context, answered)
    if done is None:
        return None
    yield from apply_intents(world, done.intents)
    return reply_of(world, done.scene, done.handle, call.context, problem)


def _event(stored: StoredJourney, call: _Call) -> Event | Problem | None:
    """The event as it was read; a problem if it cannot be; ``None`` if the journey lapsed, which answers anything."""
    journey = stored.journey
    if journey.state is State.LAPSED:
        return None
    if journey.state in FINAL:
        raise JourneyFinished(journey.state)
    if call.name not in accepted(journey):
        raise EventNotAccepted(journey.state, call.name)
    return call.event


def _subject(world: World, stored: StoredJourney, event: Event) -> Script[Subject | None]:
    if isinstance(event, Naming):
        return (yield from named(event, world.vault, world.policy))
    try:
        return (yield from held(stored, world.vault, world.policy))
    except UnknownAccount:
        # Whoever leaves needs no account; the journey of a closed one can still be left, and lapses.
        if isinstance(event, Abandon | Lapse):
            return None
        raise


def time_is_up(scene: Scene, now: datetime) -> bool:
    """Whether a journey that is not over yet would lapse at its next event."""
    return scene.stored.journey.state not in FINAL and is_over(scene.case, now)


def _request_name(world: World, stored: StoredJourney, call: _Call) -> bytes:
    if call.caller.request_id is None:
        return b""
    return world.vault.fingerprint(f"{stored.journey.id}:{call.name}:{call.caller.request_id}")
