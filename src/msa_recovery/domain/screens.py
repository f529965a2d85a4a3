"""Which view each state has: what of a case is shown, and nothing else.

A decoy's case shows what an account's of the same profile and ledger shows: nothing here looks at whether it is real.
"""

from attrs import evolve

from .account import ELECTRONIC, MATRIX, Way
from .events import EventName, Lapse
from .helpdesk import Helpdesk
from .journey import FINAL, State
from .machine import accepted
from .policy import Policy
from .problem import Problem
from .situation import Case, Context, Situation
from .view import Choice, ContactDetail, View

__all__ = ["view_of"]

_NOT_A_PERSONS = frozenset({EventName.LAPSE, EventName.ORDER_LETTER})


def view_of(
    case: Case,
    context: Context,
    *,
    help: Helpdesk,  # noqa: A002 - the view's own word
    problem: Problem | None = None,
    contacts: tuple[ContactDetail, ...] = (),
) -> View:
    """The view of a case at one moment.

    Args:
        case: the journey, and its ledger if it holds an account.
        context: for the moment, the policy and the origin; its evidence is not looked at.
        help: whom the person may call at this step.
        problem: what the last event ran into.
        contacts: the contact details to confirm, gathered by the shell; shown in ``confirming_contacts`` only.
    """
    journey, state = case.journey, case.journey.state
    situation = Situation(case, Lapse(), context)
    view = View(
        chart=journey.chart,
        state=state,
        problem=problem,
        may=tuple(event for event in accepted(journey) if event not in _NOT_A_PERSONS),
        deadline=None if state in FINAL else journey.deadline,
        help=help,
    )
    match state:
        case State.ANSWERING_CHALLENGE:
            return evolve(view, questions=MATRIX[situation.subject.type].challenges)
        case State.CHOOSING_CHANNEL:
            usable = (way for channel in ELECTRONIC if (way := situation.usable(channel)))
            return evolve(view, choices=tuple(Choice(way.channel, _shown(way, context.policy)) for way in usable))
        case State.CONFIRMING_CODE:
            return _with_code(view, situation)
        case State.AWAITING_SIGN_IN:
            return _with_way(view, situation)
        case State.PROVING_PASSWORD:
            return evolve(view, attempts_left=context.policy.current_password_tries - journey.current_password_tries)
        case State.CONFIRMING_CONTACTS:
            return evolve(view, contacts=contacts)
        case _:
            return view


def _shown(way: Way | None, policy: Policy) -> str | None:
    return way.mask or None if way is not None and policy.show_masks else None


def _with_way(view: View, situation: Situation) -> View:
    way = situation.subject.way(situation.channel)
    return evolve(view, channel=situation.channel, mask=_shown(way, situation.policy))


def _with_code(view: View, situation: Situation) -> View:
    journey, ledger, now, policy = situation.journey, situation.ledger, situation.now, situation.policy
    slot = ledger.slot(journey, now)
    return evolve(
        _with_way(view, situation),
        code_deadline=None if slot is None else slot.until,
        attempts_left=0 if slot is None else slot.guesses_left,
        resend_at=ledger.next_send_at(journey, situation.origin, now, policy),
    )
