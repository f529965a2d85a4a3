"""How a journey begins: at the first page, with a temporary password from any device, or after a usual sign-in."""

from datetime import datetime, timedelta
from typing import cast

from attrs import evolve

from msa_recovery.domain.account import AccountKey, Profile
from msa_recovery.domain.audit import Fact, FactName
from msa_recovery.domain.events import Lapse
from msa_recovery.domain.events import SignIn as SignInEvent
from msa_recovery.domain.identifiers import parse_identifier
from msa_recovery.domain.inputs import SignIn, read
from msa_recovery.domain.journey import ChartName, Journey, JourneyId, State
from msa_recovery.domain.machine import CHARTS
from msa_recovery.domain.problem import Problem, ProblemCode
from msa_recovery.domain.secret import Secret
from msa_recovery.domain.situation import Context

from . import questions as ask
from .auditing import chain_of_journey, linked, note_of_account
from .caller import Caller
from .deciding import Decided, apply_intents, commit, decide
from .errors import Contended, InfrastructureError, NotForAgents, UnknownAccount, UnknownHandle
from .gathering import Memory, request_of
from .questions import Script
from .records import AuditRow, Change, StoredJourney, StoredLedger
from .reply import Reply
from .script import send, time_is_up
from .showing import as_it_stands, reply_of, shown
from .subject import Subject, named_by, of_account, seal_key
from .world import ATTEMPTS, Scene, World, context_of, hash_of

__all__ = ["begin", "begin_change", "pending", "resume", "sign_in"]


def begin(world: World, caller: Caller) -> Script[Reply]:
    """Begin a recovery at its first page."""
    now = yield from ask.now()
    context = context_of(world, caller, now)
    state = CHARTS[ChartName.RECOVERY].initial
    scene, handle = yield from _new(world, caller, now, ChartName.RECOVERY, state, world.policy.journey_lifetime, None)
    return (yield from _begun(world, scene, handle, context))


def resume(world: World, handle: Secret, caller: Caller) -> Script[Reply]:
    """Where the journey of this handle is; nothing happens to it, but that it lapses if its time is up."""
    now = yield from ask.now()
    context = context_of(world, caller, now)
    stored = yield from ask.load(hash_of(handle))
    if stored is None:
        raise UnknownHandle
    scene = yield from as_it_stands(stored)
    if time_is_up(scene, now):
        return (yield from send(world, handle, Lapse(), caller))
    return (yield from shown(world, scene, handle, context))


def pending(world: World, account: AccountKey, caller: Caller) -> Script[Reply | None]:
    """After a usual sign-in: a journey that asks for the contact details, if they are still to be confirmed.

    A directory that fails does not stop the usual sign-in: the person is asked at the next one (invariant 8)."""
    try:
        subject, now = yield from _signed_in(world, account)
    except InfrastructureError as failure:
        if failure.port == "accounts":
            return None
        raise
    if subject.account is None or not subject.account.contacts_to_confirm:
        return None
    return (yield from _after_sign_in(world, subject, caller, now, ChartName.RECOVERY, State.CONFIRMING_CONTACTS))


def begin_change(world: World, account: AccountKey, caller: Caller) -> Script[Reply]:
    """Begin a voluntary change of the password of somebody who is signed in."""
    subject, now = yield from _signed_in(world, account)
    state = CHARTS[ChartName.CHANGE].initial
    return (yield from _after_sign_in(world, subject, caller, now, ChartName.CHANGE, state))


def _signed_in(world: World, key: AccountKey) -> Script[tuple[Subject, datetime]]:
    """The account as it is, once every effect on it that was still open has been applied."""
    now = yield from ask.now()
    for _ in range(ATTEMPTS):
        account = yield from ask.get(key)
        if account is None:
            raise UnknownAccount
        subject = of_account(account, world.vault, world.policy)
        ledger = yield from ask.load_ledger(subject.profile.pseudonym)
        if not ledger.open_intents:
            return subject, now
        yield from apply_intents(world, ledger.open_intents)
    raise Contended


def _after_sign_in(
    world: World, subject: Subject, caller: Caller, now: datetime, chart: ChartName, state: State
) -> Script[Reply]:
    context = context_of(world, caller, now)
    scene, handle = yield from _new(world, caller, now, chart, state, world.policy.signed_in_lifetime, subject)
    return (yield from _begun(world, scene, handle, context))


def _new(
    world: World,
    caller: Caller,
    now: datetime,
    chart: ChartName,
    state: State,
    lifetime: timedelta,
    subject: Subject | None,
) -> Script[tuple[Scene, Secret]]:
    """A journey that is not in the store yet."""
    name = JourneyId((yield from ask.draw_journey_id()))
    handle = yield from ask.draw_handle()
    journey, account, ledger = Journey(name, chart, state, now + lifetime), b"", None
    if subject is not None:
        ledger = yield from ask.load_ledger(subject.profile.pseudonym)
        journey = evolve(journey, profile=subject.profile, epoch=ledger.ledger.epoch)
        account = seal_key(subject, name, world.vault)
    stored = StoredJourney(journey, hash_of(handle), caller.language, account)
    return Scene(stored, ledger, subject), handle


def _begun(world: World, scene: Scene, handle: Secret, context: Context) -> Script[Reply]:
    """Store a new journey. Its ledger is only read: whatever moves it meanwhile is judged at the next event."""
    journey = scene.stored.journey
    row = AuditRow(context.now, _pseudonym(journey.profile), journey.id, Fact(FactName.JOURNEY_BEGUN))
    links, head = linked(world.vault, chain_of_journey(journey.id), scene.stored.head, (row,))
    if not (yield from ask.commit(Change(journey=evolve(scene.stored, head=head), audit=links))):
        raise Contended
    return reply_of(world, scene, handle, context)


def _pseudonym(profile: Profile | None) -> str:
    return "" if profile is None else profile.pseudonym


# -- a sign-in at the door ---------------------------------------------------------------------------------------------


def sign_in(world: World, identifier: Secret, password: Secret, caller: Caller) -> Script[Reply | Problem | None]:
    """Try what was typed in a host's sign-in form as a temporary password.

    ``None`` when it is none of ours; a problem when nothing more is compared from here for a while. Until it is right,
    only the ledger is written.
    """
    if caller.agent:
        raise NotForAgents
    who = parse_identifier(identifier.reveal())
    event = read(SignIn(password.reveal()), world.policy)
    if isinstance(who, Problem) or not isinstance(event, SignInEvent):
        return None
    now = yield from ask.now()
    context = context_of(world, caller, now)
    request = request_of(world, caller, who.canonical, event.password.reveal())
    memory = Memory(request or (yield from ask.draw_guess_id()))
    for _ in range(ATTEMPTS):
        subject = yield from named_by(who, world.vault, world.policy)
        lifetime = world.policy.journey_lifetime
        scene, handle = yield from _new(
            world, caller, now, ChartName.RECOVERY, State.AWAITING_SIGN_IN, lifetime, subject
        )
        if scene.ledger is not None and scene.ledger.open_intents:
            yield from apply_intents(world, scene.ledger.open_intents)
            continue
        decided = yield from decide(world, scene, event, context, memory, new=True)
        if decided is None:
            continue
        if decided.step.case.journey.state is not State.PERSONALISING_PASSWORD:
            return (yield from _not_right(world, decided, context))
        done = yield from commit(world, decided, handle, context)
        if done is not None:
            return reply_of(world, done.scene, done.handle, context)
    raise Contended


def _not_right(world: World, decided: Decided, context: Context) -> Script[Problem | None]:
    # The door knows whose ledger it is from the start.
    step, ledger = decided.step, cast(StoredLedger, decided.scene.ledger)
    problem = step.problem
    refused = Fact(FactName.SIGN_IN_REFUSED, reason=None if problem is None else problem.code)
    facts = (refused, *(fact for fact in step.audit if fact.name is not FactName.ROW_FIRED))
    rows = tuple(AuditRow(context.now, ledger.account, "", fact) for fact in facts)
    yield from note_of_account(world, ledger, rows)
    must_wait = problem is not None and problem.code is ProblemCode.SIGN_IN_MUST_WAIT
    return problem if must_wait else None
