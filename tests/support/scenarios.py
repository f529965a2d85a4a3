"""One situation for each row of both charts, and what happens in it: the charts by example."""

from typing import Any, Final

from attrs import evolve, field, frozen

from msa_recovery.domain import events
from msa_recovery.domain.account import AccountType, Profile
from msa_recovery.domain.contacts import ContactKind
from msa_recovery.domain.journey import FINAL, ChartName, State
from msa_recovery.domain.ledger import Ledger
from msa_recovery.domain.passwords import PasswordRule
from msa_recovery.domain.problem import ProblemCode as Code
from msa_recovery.domain.requests import (
    MarkContacts,
    MintHandle,
    Notify,
    ReplacePassword,
    RevokeSessions,
    SendCode,
    SendTemporaryPassword,
)
from msa_recovery.domain.situation import Case, Context, Evidence, Verdict

from . import cases
from .cases import (
    BOTH,
    BY_EMAIL,
    BY_SMS,
    CODE,
    CODE_SENT,
    IDENTIFY,
    LAST_CODE_SENT,
    NEW_EMAIL,
    NEW_PASSWORD,
    NEWCOMER,
    NO_EMAIL,
    NOW,
    PAYROLL,
    POST_ONLY,
    PROVE,
    SERIAL,
    SIGN_IN,
    at,
    case_in,
    code_is_live,
    guessed,
    letter_is_live,
    letters_are_spent,
)

__all__ = ["IN_PROGRESS", "SCENARIOS", "Scenario"]


@frozen
class Scenario:
    """One situation, and what the row that fires in it does.

    Attributes:
        number: the row's place among those of its state and event.
        case: before.
        event: what happens.
        context: what is known besides.
        target: the state afterwards.
        requests: what the outside is asked for, in order.
        problem: what the person is told.
    """

    number: int
    case: Case = field(repr=False)
    event: events.Event = field(repr=False)
    context: Context = field(repr=False)
    target: State
    requests: tuple[type, ...] = ()
    problem: Code | None = None

    @property
    def label(self) -> str:
        """The row's name."""
        return f"{self.case.journey.state}.{self.event.name}.{self.number}"


def _about(profile: Profile) -> Context:
    """The event names this account."""
    return at(evidence=Evidence(profile=profile))


def _change(state: State, **journey: Any) -> Case:
    """A voluntary change."""
    return case_in(state, chart=CHANGE, **journey)


IDENTIFYING: Final = State.IDENTIFYING
ANSWERING: Final = State.ANSWERING_CHALLENGE
CHOOSING: Final = State.CHOOSING_CHANNEL
CONFIRMING: Final = State.CONFIRMING_CODE
AWAITING: Final = State.AWAITING_SIGN_IN
PERSONALISING: Final = State.PERSONALISING_PASSWORD
CONTACTS: Final = State.CONFIRMING_CONTACTS
PROVING: Final = State.PROVING_PASSWORD
BLOCKED: Final = State.BLOCKED
COMPLETED: Final = State.COMPLETED
FRANCECONNECTED: Final = State.SIGNED_IN_WITH_FRANCECONNECT
CHANGE: Final = ChartName.CHANGE

IN_PROGRESS: Final = (
    *((ChartName.RECOVERY, state) for state in State if state not in (*FINAL, PROVING)),
    *((CHANGE, state) for state in (PROVING, PERSONALISING)),
)
"""Every (chart, state) that is not over."""

FRANCECONNECT: Final = events.UseFranceConnect(cases.IDENTITY)
ORDER: Final = events.OrderLetter(cases.NIR)
RESEND: Final = events.ResendCode()
BACK: Final = events.GoBack()
CONFIRM: Final = events.ConfirmContacts()
ABANDON: Final = events.Abandon()
LAPSE: Final = events.Lapse()

_NOW: Final = at()
_LATE: Final = at(NOW + 60 * cases.MINUTE)
_AGENT: Final = at(evidence=Evidence(BOTH), agent=True)
_RIGHT: Final = at(evidence=cases.RIGHT)
_WRONG: Final = at(evidence=cases.WRONG)
_NOT_OFFERED: Final = at(evidence=guessed(Verdict.NOT_OFFERED))
_NOT_LIVE: Final = at(evidence=guessed(Verdict.NOT_LIVE))
_MUST_WAIT: Final = at(evidence=guessed(Verdict.MUST_WAIT, NOW + cases.MINUTE))
_WEAK: Final = at(evidence=evolve(guessed(Verdict.RULES_FAIL), broken_rules=(PasswordRule.TOO_WEAK,)))
_ONE_LEFT: Final = at(evidence=Evidence(held=frozenset({ContactKind.EMAIL})))

_INDIVIDUALS_ONLY: Final = Code.FRANCECONNECT_INDIVIDUALS_ONLY
_FARMER: Final = cases.profile(type_=AccountType.FARMER)
_PROVED: Final[dict[str, Any]] = {"profile": NEWCOMER, "challenge_passed": True}
_DEAD: Final = code_is_live(0)
_TOO_SOON: Final = Ledger(next_send=NOW + cases.MINUTE)
_POSTED: Final = (SendTemporaryPassword, Notify)
_ACCEPTED: Final = (ReplacePassword, RevokeSessions, Notify)

S = Scenario

# fmt: off
SCENARIOS: Final = (
    S(1, case_in(IDENTIFYING, **_PROVED), IDENTIFY, _about(NEWCOMER), CHOOSING),
    S(2, case_in(IDENTIFYING), IDENTIFY, _about(NEWCOMER), ANSWERING),
    S(3, case_in(IDENTIFYING), IDENTIFY, _about(BOTH), CHOOSING),
    S(4, case_in(IDENTIFYING, letter_is_live()), IDENTIFY, _about(POST_ONLY), AWAITING),
    S(5, case_in(IDENTIFYING), IDENTIFY, _about(POST_ONLY), AWAITING, (SendTemporaryPassword,)),
    S(6, case_in(IDENTIFYING, letters_are_spent()), IDENTIFY, _about(POST_ONLY), BLOCKED, (Notify,)),
    S(1, case_in(IDENTIFYING), FRANCECONNECT, _about(BOTH), FRANCECONNECTED),
    S(2, case_in(IDENTIFYING), FRANCECONNECT, _about(_FARMER), IDENTIFYING, problem=_INDIVIDUALS_ONLY),
    S(1, case_in(IDENTIFYING), ORDER, _AGENT, AWAITING, _POSTED),
    S(2, case_in(IDENTIFYING, letters_are_spent()), ORDER, _AGENT, IDENTIFYING, problem=Code.LETTERS_SPENT),
    S(1, case_in(ANSWERING), PAYROLL, _NOT_OFFERED, ANSWERING, problem=Code.CHALLENGE_NOT_OFFERED),
    S(2, case_in(ANSWERING), SERIAL, _RIGHT, CHOOSING),
    S(3, case_in(ANSWERING, letter_is_live()), SERIAL, _WRONG, AWAITING),
    S(4, case_in(ANSWERING), SERIAL, _WRONG, AWAITING, _POSTED),
    S(5, case_in(ANSWERING, letters_are_spent()), SERIAL, _WRONG, BLOCKED, (Notify,)),
    S(1, case_in(ANSWERING), BACK, _NOW, IDENTIFYING),
    S(1, case_in(CHOOSING, code_is_live(), **CODE_SENT), BY_SMS, _NOW, CONFIRMING),
    S(2, case_in(CHOOSING), BY_EMAIL, _NOW, CONFIRMING, (SendCode,)),
    S(3, case_in(CHOOSING, letter_is_live(), codes_sent=3), BY_SMS, _NOW, AWAITING),
    S(4, case_in(CHOOSING, codes_sent=3), BY_SMS, _NOW, AWAITING, _POSTED),
    S(5, case_in(CHOOSING, letters_are_spent(), codes_sent=3), BY_SMS, _NOW, BLOCKED, (Notify,)),
    S(6, case_in(CHOOSING, _TOO_SOON), BY_SMS, _NOW, CHOOSING, problem=Code.SEND_TOO_SOON),
    S(1, case_in(CHOOSING), BACK, _NOW, IDENTIFYING),
    S(1, case_in(CONFIRMING, _DEAD), CODE, _NOT_LIVE, CONFIRMING, problem=Code.CODE_NOT_LIVE),
    S(2, case_in(CONFIRMING), CODE, _RIGHT, AWAITING, (SendTemporaryPassword,)),
    S(3, case_in(CONFIRMING, code_is_live(1)), CODE, _WRONG, CONFIRMING, problem=Code.CODE_WRONG),
    S(4, case_in(CONFIRMING, _DEAD), CODE, _WRONG, CONFIRMING, problem=Code.CODE_WRONG_AND_DEAD),
    S(5, case_in(CONFIRMING, letter_is_live(), **LAST_CODE_SENT), CODE, _WRONG, AWAITING),
    S(6, case_in(CONFIRMING, _DEAD, **LAST_CODE_SENT), CODE, _WRONG, AWAITING, _POSTED),
    S(7, case_in(CONFIRMING, letters_are_spent(), **LAST_CODE_SENT), CODE, _WRONG, BLOCKED, (Notify,)),
    S(1, case_in(CONFIRMING), RESEND, _NOW, CONFIRMING, (SendCode,)),
    S(2, case_in(CONFIRMING, letter_is_live(), **LAST_CODE_SENT), RESEND, _NOW, AWAITING),
    S(3, case_in(CONFIRMING, _DEAD, **LAST_CODE_SENT), RESEND, _NOW, AWAITING, _POSTED),
    S(4, case_in(CONFIRMING, letters_are_spent(), **LAST_CODE_SENT), RESEND, _NOW, BLOCKED, (Notify,)),
    S(5, case_in(CONFIRMING, **LAST_CODE_SENT), RESEND, _NOW, CONFIRMING, problem=Code.CODE_ALREADY_LIVE),
    S(1, case_in(CONFIRMING), BACK, _NOW, CHOOSING),
    S(1, case_in(AWAITING), SIGN_IN, _MUST_WAIT, AWAITING, problem=Code.SIGN_IN_MUST_WAIT),
    S(2, case_in(AWAITING), SIGN_IN, _RIGHT, PERSONALISING, (MintHandle,)),
    S(3, case_in(AWAITING), SIGN_IN, _WRONG, AWAITING, problem=Code.SIGN_IN_WRONG),
    S(1, case_in(PERSONALISING, comparisons=10), NEW_PASSWORD, _RIGHT, BLOCKED, (Notify,)),
    S(2, case_in(PERSONALISING), NEW_PASSWORD, _WRONG, CONTACTS, (MarkContacts, *_ACCEPTED)),
    S(3, case_in(PERSONALISING), NEW_PASSWORD, _WEAK, PERSONALISING, problem=Code.PASSWORD_REFUSED),
    S(1, case_in(CONTACTS), NEW_EMAIL, _ONE_LEFT, CONTACTS),
    S(2, case_in(CONTACTS), NO_EMAIL, _ONE_LEFT, CONTACTS, problem=Code.CONTACT_LAST_ONE),
    S(1, case_in(CONTACTS), CONFIRM, _NOW, COMPLETED, (MarkContacts,)),
    S(1, _change(PROVING), PROVE, _MUST_WAIT, PROVING, problem=Code.CURRENT_PASSWORD_MUST_WAIT),
    S(2, _change(PROVING), PROVE, _RIGHT, PERSONALISING),
    S(3, _change(PROVING, current_password_tries=4), PROVE, _WRONG, PROVING, problem=Code.CURRENT_PASSWORD_WRONG),
    S(4, _change(PROVING, current_password_tries=5), PROVE, _WRONG, BLOCKED, (Notify,)),
    S(1, _change(PERSONALISING), NEW_PASSWORD, _WRONG, COMPLETED, _ACCEPTED),
    S(2, _change(PERSONALISING), NEW_PASSWORD, _RIGHT, PERSONALISING, problem=Code.PASSWORD_REFUSED),
    *(S(1, case_in(state, chart=chart), ABANDON, _NOW, State.ABANDONED) for chart, state in IN_PROGRESS),
    *(S(1, case_in(state, chart=chart), LAPSE, _LATE, State.LAPSED) for chart, state in IN_PROGRESS),
    *(S(2, case_in(state, chart=chart), LAPSE, _NOW, state) for chart, state in IN_PROGRESS),
)
# fmt: on
