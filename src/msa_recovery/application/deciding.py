"""One attempt at one event: gather the evidence, reserve and compare a guess, take the step; and one commit of it."""

from datetime import datetime
from typing import final

from attrs import evolve, frozen

from msa_recovery.domain.audit import Fact, FactName
from msa_recovery.domain.events import ChoosePassword, Event, Guessing, Naming, SignIn
from msa_recovery.domain.guessing import Refused, reserve
from msa_recovery.domain.journey import FINAL, Journey
from msa_recovery.domain.ledger import GuessId
from msa_recovery.domain.machine import Step, step, taken_as
from msa_recovery.domain.requests import (
    Intent,
    MintHandle,
    Notify,
    SendCode,
    SendTemporaryPassword,
)
from msa_recovery.domain.secret import Secret
from msa_recovery.domain.situation import Case, Context, Guess, Verdict

from . import questions as ask
from .auditing import chain_of_journey, linked, microseconds, note_of_account
from .gathering import Drawn, Memory, compared, compared_with_nothing, gather, target_of, temporary_password_of
from .outgoing import Letterhead, intent_of, open_intent, parcels, seal_intent, seal_parcel
from .questions import Script
from .records import Answered, AuditRow, Change, IntentRow, MessageId, OutboxRow, StoredJourney
from .subject import Subject, seal_key
from .world import Scene, World, hash_of

__all__ = ["Committed", "Decided", "apply_intents", "commit", "decide"]

_REMEMBERED = 8
"""How many answered requests a journey remembers."""


@final
@frozen
class Decided:
    """What one attempt came to, not yet committed.

    Attributes:
        scene: what it was decided on, the reservation included.
        event: as the chart took it.
        step: what the chart made of it.
        drawn: the secrets that its requests may carry.
    """

    scene: Scene
    event: Event
    step: Step
    drawn: Drawn


def decide(
    world: World, scene: Scene, event: Event, context: Context, memory: Memory, *, new: bool = False
) -> Script[Decided | None]:
    """Gather, reserve and compare, and step; ``None`` when the reservation met somebody else's commit.

    ``new`` says that the journey is not in the store yet: its reservations are written to the ledger alone.
    """
    taken = taken_as(scene.case, event, context.now)
    evidence, drawn = yield from gather(scene.case, taken, scene.subject, world.vault, context.now, world.policy)
    context = evolve(context, evidence=evidence)
    if isinstance(taken, Guessing) and scene.subject is not None:
        guessed = yield from _guess(world, scene, taken, scene.subject, context, memory, new)
        if guessed is None:
            return None
        scene, guess = guessed
        context = evolve(context, evidence=evolve(evidence, guess=guess))
    return Decided(scene, taken, step(scene.case, taken, context), drawn)


def _guess(
    world: World, scene: Scene, event: Guessing, subject: Subject, context: Context, memory: Memory, new: bool
) -> Script[tuple[Scene, Guess] | None]:
    """Reserve, durably; then compare. What an earlier attempt compared with the same thing is not compared again."""
    case, target = scene.case, target_of(scene.case, event)
    guess = memory.guess(target, world.vault)
    if memory.verdict is not None and memory.target == target:
        return scene, _evidence(world, case, event, subject, context, memory.verdict, guess)
    outcome = reserve(case, event, guess, context)
    if isinstance(outcome, Refused):
        yield from compared_with_nothing(case, event, subject, world.vault, context.now)
        return scene, outcome.guess
    if outcome.case is not case:
        reserved = yield from _reserve(scene, outcome.case, new)
        if reserved is None:
            return None
        scene = reserved
    memory.target = target
    memory.verdict = yield from compared(scene.case, event, subject, world.vault, context.now)
    return scene, _evidence(world, scene.case, event, subject, context, memory.verdict, guess)


def _evidence(
    world: World, case: Case, event: Guessing, subject: Subject, context: Context, verdict: Verdict, guess: GuessId
) -> Guess:
    """What became of a guess; for a right temporary password, also how it had travelled."""
    if verdict is not Verdict.RIGHT or not isinstance(event, SignIn):
        return Guess(verdict, guess)
    used = temporary_password_of(case, event.password, subject, world.vault, context.now)
    return Guess(verdict, guess, channel=None if used is None else used.channel)


def _reserve(scene: Scene, case: Case, new: bool) -> Script[Scene | None]:
    """Commit a reservation, and only that (R3)."""
    stored, ledger, counted = evolve(scene.stored, journey=case.journey), scene.ledger, False
    if ledger is not None and case.ledger is not None and case.ledger is not ledger.ledger:
        ledger, counted = evolve(ledger, ledger=case.ledger), True
    done = yield from ask.commit(Change(journey=None if new else stored, ledger=ledger, write_ledger=counted))
    if not done:
        return None
    if ledger is not None and counted:
        ledger = evolve(ledger, version=ledger.version + 1, kept=True)
    return Scene(stored if new else evolve(stored, version=stored.version + 1), ledger, scene.subject)


# -- the commit --------------------------------------------------------------------------------------------------------


@final
@frozen
class Committed:
    """What was committed.

    Attributes:
        scene: the journey and the ledger as they are now.
        handle: the person's handle from now on.
        intents: the effects on the directory that are to be applied next.
    """

    scene: Scene
    handle: Secret
    intents: tuple[IntentRow, ...]


def commit(
    world: World, decided: Decided, handle: Secret, context: Context, answered: Answered | None = None
) -> Script[Committed | None]:
    """Commit everything that an event did, in one transaction; ``None`` when somebody else's commit came in between."""
    scene, result = decided.scene, decided.step
    journey, ledger = result.case.journey, scene.ledger
    if any(isinstance(request, MintHandle) for request in result.requests):
        handle = yield from ask.draw_handle()
    # At the door, a journey begins with the event that was right.
    told = result.audit if scene.stored.version else (Fact(FactName.JOURNEY_BEGUN), *result.audit)
    facts, head = linked(world.vault, chain_of_journey(journey.id), scene.stored.head, _facts(told, journey, context))
    # Field by field: evolve costs three times as much, in the path of every event.
    stored = StoredJourney(
        journey=journey,
        handle=hash_of(handle),
        language=scene.stored.language,
        account=_account_of(world, decided),
        answered=(*scene.stored.answered, answered)[-_REMEMBERED:] if answered else scene.stored.answered,
        finished_at=context.now if journey.state in FINAL else None,
        version=scene.stored.version,
        head=head,
    )
    intents = _intents(world, decided, context.now)
    changed = bool(intents) or result.case.ledger is not scene.case.ledger
    if changed and ledger is not None and result.case.ledger is not None:
        numbered = evolve(result.case.ledger, intents=intents[-1].number) if intents else result.case.ledger
        ledger = evolve(ledger, ledger=numbered)
    change = Change(
        journey=stored,
        ledger=ledger,
        write_ledger=changed,
        outbox=_messages(world, decided, stored, context),
        intents=intents,
        audit=facts,
    )
    if not (yield from ask.commit(change)):
        return None
    if ledger is not None and changed:
        ledger = evolve(ledger, version=ledger.version + 1)
    return Committed(Scene(evolve(stored, version=stored.version + 1), ledger, scene.subject), handle, intents)


def _facts(facts: tuple[Fact, ...], journey: Journey, context: Context) -> tuple[AuditRow, ...]:
    account = "" if journey.profile is None else journey.profile.pseudonym
    return tuple(AuditRow(context.now, account, journey.id, fact) for fact in facts)


def _account_of(world: World, decided: Decided) -> bytes:
    """The sealed key of the account: a new one whenever an account was named and taken up."""
    subject, journey = decided.scene.subject, decided.step.case.journey
    if subject is None or journey.profile is None or not isinstance(decided.event, Naming):
        return decided.scene.stored.account
    if subject.profile.pseudonym != journey.profile.pseudonym:
        return decided.scene.stored.account
    return seal_key(subject, journey.id, world.vault)


def _messages(world: World, decided: Decided, stored: StoredJourney, context: Context) -> tuple[OutboxRow, ...]:
    subject = decided.scene.subject
    if subject is None:
        return ()
    head = Letterhead(subject, stored.journey.id, stored.language, context.now)
    rows: list[OutboxRow] = []
    # By the moment, for the same reason as the numbers of effects: a messenger that knew it would not send it again.
    event = f"{stored.journey.id}.{stored.version + 1}.{microseconds(context.now)}"
    for request in decided.step.requests:
        if not isinstance(request, SendCode | SendTemporaryPassword | Notify):
            continue
        secret = decided.drawn.code if isinstance(request, SendCode) else decided.drawn.temporary_password
        for way, until, parcel in parcels(request, head, secret):
            name = MessageId(f"{event}.{len(rows) + 1}")
            rows.append(seal_parcel(parcel, way, until, name, head, world.vault))
    return tuple(rows)


def _intents(world: World, decided: Decided, now: datetime) -> tuple[IntentRow, ...]:
    subject, ledger = decided.scene.subject, decided.step.case.ledger
    if subject is None or ledger is None:
        return ()
    password = decided.event.password if isinstance(decided.event, ChoosePassword) else Secret("")
    wanted = [request for request in decided.step.requests if isinstance(request, Intent)]
    journey = decided.step.case.journey.id
    # By the moment: a store that was put back from a copy gives no number, and so no name, a second time.
    first = max(ledger.intents + 1, microseconds(now))
    return tuple(
        seal_intent(intent_of(request, password, journey, world.vault), subject, number, journey, world.vault)
        for number, request in enumerate(wanted, start=first)
    )


def apply_intents(world: World, rows: tuple[IntentRow, ...]) -> Script[None]:
    """Apply effects on the directory, in their order, each once in effect; then they are no longer open.

    One that the directory can never do is closed as well, with a fact: it must not keep the later ones waiting.
    """
    if not rows:
        return
    now = yield from ask.now()
    refused: list[AuditRow] = []
    for row in rows:
        key, intent = open_intent(row, world.vault)
        if not (yield from ask.apply(key, intent, row.key)):
            refused.append(AuditRow(now, row.account, row.journey, Fact(FactName.INTENT_REFUSED)))
    if refused:
        ledger = yield from ask.load_ledger(rows[0].account)
        yield from note_of_account(world, ledger, tuple(refused), applied=rows)
    else:
        # Taken back by a power cut, they are open again, and applied again without further effect.
        yield from ask.commit(Change(applied=rows, durable=False))
