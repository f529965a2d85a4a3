"""How a reply is made: of a scene that was just committed, or of a journey as it stands."""

from attrs import evolve

from msa_recovery.domain.contacts import ContactKind, pretty
from msa_recovery.domain.journey import SIGNED_IN, State, passed
from msa_recovery.domain.problem import Problem
from msa_recovery.domain.screens import view_of
from msa_recovery.domain.secret import Secret
from msa_recovery.domain.situation import Case, Context
from msa_recovery.domain.view import ContactDetail

from . import questions as ask
from .deciding import apply_intents
from .outgoing import open_edit
from .questions import Script
from .records import StoredJourney
from .reply import Reply
from .subject import OPEN, Subject, held
from .world import Scene, World

__all__ = ["as_it_stands", "reply_of", "shown"]


def reply_of(world: World, scene: Scene, handle: Secret, context: Context, problem: Problem | None = None) -> Reply:
    """The reply for a scene that was loaded, or just committed."""
    journey, subject = scene.stored.journey, scene.subject
    account = None if subject is None else subject.account
    named = account is not None and (journey.state in SIGNED_IN or journey.state in OPEN)
    view = view_of(
        scene.case,
        context,
        help=account.fund if named and account is not None else world.helpdesk,
        problem=problem,
        contacts=_contacts(world, scene.stored, subject) if journey.state is State.CONFIRMING_CONTACTS else (),
    )
    return Reply(handle, view, subject.key if subject is not None and _is_open(scene.case, context) else None)


def _is_open(case: Case, context: Context) -> bool:
    """Whether the private space may be opened: not with a journey of long ago, nor after a later password (R22)."""
    journey, ledger = case.journey, case.ledger
    same_epoch = ledger is not None and journey.epoch == ledger.epoch
    return journey.state in OPEN and same_epoch and not passed(journey.deadline, context.now)


def _contacts(world: World, stored: StoredJourney, subject: Subject | None) -> tuple[ContactDetail, ...]:
    """One line of each kind: what is on file, and over it what this journey corrected."""
    edits = {edit.kind: edit for edit in stored.journey.edits}
    lines: list[ContactDetail] = []
    for kind in ContactKind:
        edit = edits.get(kind)
        on_file = None if subject is None or subject.account is None else subject.account.contact(kind)
        if edit is not None:
            value = open_edit(edit, stored.journey.id, world.vault)
        else:
            value = None if on_file is None else on_file.value
        lines.append(ContactDetail(kind, None if value is None else pretty(value), edit is not None))
    return tuple(lines)


def as_it_stands(stored: StoredJourney) -> Script[Scene]:
    """A journey with the ledger of the account that it holds, before anybody asks the directory."""
    profile = stored.journey.profile
    ledger = None if profile is None else (yield from ask.load_ledger(profile.pseudonym))
    return Scene(stored, ledger, None)


def shown(
    world: World, scene: Scene, handle: Secret, context: Context, problem: Problem | None = None
) -> Script[Reply]:
    """The reply for a journey as it stands, nothing changed; effects that a failure left open are applied first."""
    if scene.ledger is not None:
        yield from apply_intents(world, scene.ledger.open_intents)
    subject = yield from held(scene.stored, world.vault, world.policy)
    return reply_of(world, evolve(scene, subject=subject), handle, context, problem)
