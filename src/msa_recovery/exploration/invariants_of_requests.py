"""The invariants, judged on what a step asks of the outside (1, 4, 5, 7, 8)."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from msa_recovery.domain.account import ELECTRONIC, Channel, Way
from msa_recovery.domain.events import ChooseChannel, ChoosePassword, ConfirmContacts, Event, ResendCode, SubmitCode
from msa_recovery.domain.journey import State
from msa_recovery.domain.ledger import Ledger
from msa_recovery.domain.machine import Step
from msa_recovery.domain.requests import (
    MintHandle,
    Notice,
    Notify,
    ReplacePassword,
    Request,
    RevokeSessions,
    SendCode,
    SendTemporaryPassword,
    UpdateContacts,
)
from msa_recovery.domain.situation import Case, Context, Verdict

from .judging import a_letter_is_live, letters_counted, live_marks

__all__ = ["breach_of_request"]

_EMPTY: Final = Ledger()


def breach_of_request(case: Case, event: Event, context: Context, done: Step, request: Request) -> str | None:
    """What one request of a step breaks."""
    judge = _JUDGES.get(type(request))
    return None if judge is None else judge(case, event, context, done, request)


def _held(done: Step, way: Way) -> bool:
    profile = done.case.journey.profile
    return profile is not None and way in profile.ways


def _code(case: Case, event: Event, context: Context, done: Step, request: SendCode) -> str | None:
    now, policy, way = context.now, context.policy, request.way
    journey, ledger = done.case.journey, done.case.ledger or _EMPTY
    if not isinstance(event, ChooseChannel | ResendCode):
        return "invariant 1: a code is sent that nobody asked for"
    if not _held(done, way) or way.channel not in ELECTRONIC or (way.usable_from is not None and way.usable_from > now):
        return "invariant 7: a code goes to a contact that may not be used"
    code, own = journey.code, [slot for slot in ledger.codes if slot.journey == journey.id]
    if code is None or code.contact != way.contact or code.digest != context.evidence.fresh_code:
        return "invariant 5: a code is sent that the journey does not expect"
    if [code.issue] != [slot.issue for slot in own] or own[0].guesses_left != policy.guesses_per_code:
        return "invariant 5: an earlier code of the journey is live beside the new one"
    if request.until <= now or own[0].until != request.until or journey.deadline < request.until:
        return "invariant 6: a code whose deadline is not the one that was promised"
    return _code_beyond_caps(case, context, done)


def _code_beyond_caps(case: Case, context: Context, done: Step) -> str | None:
    now, policy, before = context.now, context.policy, case.ledger or _EMPTY
    journey, ledger = done.case.journey, done.case.ledger or _EMPTY
    today = [sent.origin for sent in ledger.sends if sent.day > now]
    unspent = sum(slot.guesses_left for slot in ledger.codes if slot.until > now)
    if (
        journey.codes_sent != case.journey.codes_sent + 1
        or journey.codes_sent > policy.codes_per_journey
        or (before.next_send is not None and before.next_send > now)
        or sum(sent.month > now for sent in ledger.sends) > policy.sends_per_month
        or len(today) > policy.sends_per_day
        or today.count(context.origin) > policy.sends_per_origin_and_day
        or live_marks(ledger.code_guesses, now) + unspent > policy.code_guesses_per_month
    ):
        return "invariant 4: a code is sent beyond what the policy allows"
    if len(today) != 1 + sum(sent.day > now for sent in before.sends):
        return "invariant 4: a code that is sent is not counted"
    return None


def _password(case: Case, event: Event, context: Context, done: Step, request: SendTemporaryPassword) -> str | None:
    journey, ledger, now = done.case.journey, done.case.ledger or _EMPTY, context.now
    before, way = case.ledger or _EMPTY, request.way
    if not _held(done, way):
        return "invariant 7: a temporary password goes to a contact that the journey does not hold"
    if request.until <= now:
        return "invariant 6: a temporary password is sent that is dead"
    if way.channel is Channel.LETTER:
        if a_letter_is_live(before, now):
            return "invariant 4: a second letter is posted while one is under way"
        if letters_counted(ledger, now) > context.policy.letters_per_month:
            return "invariant 4: more letters than the policy allows"
        counted = letters_counted(before, now) + (not journey.waits_in_vain)
        return None if letters_counted(ledger, now) == counted else "invariant 4: a letter is posted and not counted"
    code = case.journey.code
    right = isinstance(event, SubmitCode) and context.evidence.guess.verdict is Verdict.RIGHT
    if not right or code is None or way.channel is not code.channel:
        return "invariant 1: a temporary password is sent without a right code"
    return None


def _replaced(case: Case, event: Event, context: Context, done: Step, request: ReplacePassword) -> str | None:
    evidence = context.evidence
    accepted = (
        isinstance(event, ChoosePassword)
        and case.journey.state is State.PERSONALISING_PASSWORD
        and not evidence.broken_rules
        and evidence.guess.verdict is Verdict.WRONG
    )
    if not accepted:
        return "invariant 8: the password is replaced before a new one is accepted"
    if not any(isinstance(other, RevokeSessions) for other in done.requests):
        return "invariant 5: sessions outlive an accepted password"
    told = any(isinstance(other, Notify) and other.notice is Notice.PASSWORD_CHANGED for other in done.requests)
    profile = case.journey.profile
    return None if told or profile is None or not profile.ways else "invariant 7: nobody is told of the new password"


def _updated(case: Case, event: Event, context: Context, done: Step, request: UpdateContacts) -> str | None:
    if not isinstance(event, ConfirmContacts) or request.edits != case.journey.edits:
        return "invariant 7: contact details change without being confirmed"
    told = any(isinstance(other, Notify) and other.notice is Notice.CONTACTS_CHANGED for other in done.requests)
    profile = case.journey.profile
    return None if told or profile is None or not profile.ways else "invariant 7: contacts held before are not told"


def _minted(case: Case, event: Event, context: Context, done: Step, request: MintHandle) -> str | None:
    if done.case.journey.state is State.PERSONALISING_PASSWORD:
        return None
    return "invariant 13: a new handle without a sign-in"


_JUDGES: Final[Mapping[type[Request], Callable[[Case, Event, Context, Step, Any], str | None]]] = {
    SendCode: _code,
    SendTemporaryPassword: _password,
    ReplacePassword: _replaced,
    UpdateContacts: _updated,
    MintHandle: _minted,
}
