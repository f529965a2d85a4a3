"""The invariants, judged on one step, whatever the case: with those of guesses, ledgers and requests, their one home.

The exhaustive search asks after each of its transitions. Each judgement looks at the values before and after by rules
of its own: it calls no guard, no effect and no method of the ledger.

The numbers are those of the design's section 7. Not judged here: 3, but for the ends (the search does the rest); 9,
which takes two runs in lockstep; 10, 11, the delivery in 7 and the look-up in 13, which are no matter of a step.
"""

from collections.abc import Callable, Mapping
from typing import Final

from msa_recovery.domain.account import ELECTRONIC, MATRIX, Channel
from msa_recovery.domain.events import (
    Abandon,
    AnswerChallenge,
    ChooseChannel,
    ChoosePassword,
    ConfirmContacts,
    EditContact,
    Event,
    GoBack,
    Identify,
    Naming,
    ProvePassword,
    ResendCode,
    SignIn,
    SubmitCode,
    UseFranceConnect,
)
from msa_recovery.domain.journey import ChartName, Journey, State
from msa_recovery.domain.ledger import GuessId, Ledger
from msa_recovery.domain.machine import Step
from msa_recovery.domain.requests import MintHandle, ReplacePassword, SendCode, SendTemporaryPassword
from msa_recovery.domain.situation import Case, Context, Verdict

from .invariants_of_ledgers import breach_of_ledger, holds
from .invariants_of_requests import breach_of_request
from .judging import a_letter_is_live, a_password_is_live, is_past, letters_counted, live_code, live_marks

__all__ = ["breach_of_step"]

_EMPTY: Final = Ledger()
_NOBODY: Final = GuessId("")


def breach_of_step(case: Case, event: Event, context: Context, done: Step) -> str | None:
    """What a step breaks, or ``None``.

    Args:
        case: as it was, a reservation included.
        event: what happened.
        context: what was known of it.
        done: what came of it.
    """
    after = done.case
    if done.row is None:
        same = after is case and not done.requests and not done.audit
        return None if same else "invariant 2: an event that the state does not accept changed something"
    judged = (
        _breach_of_time(case, event, context, done)
        or _breach_of_entry(case, event, context, done)
        or next(filter(None, (breach_of_request(case, event, context, done, each) for each in done.requests)), None)
    )
    if judged is None and after.journey is not case.journey:
        judged = _breach_of_journey(case.journey, event, context, done)
    right = context.evidence.guess.verdict is Verdict.RIGHT and after.journey.state is not State.LAPSED
    settled = context.evidence.guess.id if right else _NOBODY
    if judged is None and after.ledger is not case.ledger:
        judged = breach_of_ledger(case, context, done, settled)
    if judged is None and right:
        judged = _breach_of_right_guess(event, done, settled)
    return judged


def _breach_of_time(case: Case, event: Event, context: Context, done: Step) -> str | None:
    state = done.case.journey.state
    if isinstance(event, Abandon):
        return None if state is State.ABANDONED else "invariant 3: to abandon does not lead out"
    if is_past(case, context.now):
        gone = state is State.LAPSED and not done.requests
        return None if gone else "invariant 6: a journey goes on that is past its time"
    if state is State.LAPSED or state is State.ABANDONED:
        return "invariant 3: a journey ends before its time"
    return None


def _breach_of_entry(case: Case, event: Event, context: Context, done: Step) -> str | None:
    state = done.case.journey.state
    judge = None if state is case.journey.state else _ENTERED.get(state)
    return None if judge is None else judge(case, event, context, done)


def _breach_of_right_guess(event: Event, done: Step, settled: GuessId) -> str | None:
    after, ledger = done.case.journey, done.case.ledger or _EMPTY
    if holds(ledger, settled):
        return "invariant 4: a right guess still counts as wrong"
    if isinstance(event, SubmitCode) and (after.code is not None or any(s.journey == after.id for s in ledger.codes)):
        return "invariant 5: a code that was used is still there"
    return None


# -- the journey -------------------------------------------------------------------------------------------------------


def _breach_of_journey(before: Journey, event: Event, context: Context, done: Step) -> str | None:
    journey, right = done.case.journey, context.evidence.guess.verdict is Verdict.RIGHT
    if (
        journey.answers < before.answers
        or journey.codes_sent < before.codes_sent
        or journey.current_password_tries < before.current_password_tries
        or (journey.comparisons < before.comparisons and journey.state is before.state)
    ):
        return "invariant 4: a count of the journey goes down"
    if journey.profile is not before.profile and (breach := _breach_of_adoption(before, event, context, journey)):
        return breach
    if journey.challenge_passed and not before.challenge_passed and not (isinstance(event, AnswerChallenge) and right):
        return "invariant 1: a challenge counts as passed without a right answer"
    sent = any(isinstance(request, SendCode) for request in done.requests)
    if journey.code is not None and journey.code is not before.code and not sent:
        return "invariant 5: a code that was not sent"
    accepted = any(isinstance(request, ReplacePassword) for request in done.requests)
    if journey.epoch != before.epoch and not accepted and not isinstance(event, Naming):
        return "invariant 5: a journey moves to another epoch by itself"
    if accepted and journey.epoch != (done.case.ledger or _EMPTY).epoch:
        return "invariant 3: the journey that accepts a password is ended by it"
    if journey.edits is not before.edits and not isinstance(event, EditContact | Naming):
        return "invariant 7: corrections of contact details come or go by themselves"
    return None


def _breach_of_adoption(before: Journey, event: Event, context: Context, journey: Journey) -> str | None:
    """What was another account's is gone (5: a code works for its account)."""
    named, held = context.evidence.profile, before.profile
    if not isinstance(event, Naming) or journey.profile is not named:
        return "invariant 5: a journey takes up an account that was not named"
    other = held is None or named is None or held.pseudonym != named.pseudonym
    left_over = journey.code is not None or journey.challenge_passed or journey.edits
    return "invariant 5: what another account left in the journey stays" if other and left_over else None


# -- where a step leads ------------------------------------------------------------------------------------------------


def _acceptable(case: Case, event: Event, context: Context) -> bool:
    evidence = context.evidence
    return (
        case.journey.state is State.PERSONALISING_PASSWORD
        and isinstance(event, ChoosePassword)
        and not evidence.broken_rules
        and evidence.guess.verdict is Verdict.WRONG
    )


def _completed(case: Case, event: Event, context: Context, done: Step) -> str | None:
    if case.journey.chart is ChartName.CHANGE:
        return None if _replaced(case, event, context, done) else "invariant 1: completed without an accepted password"
    if case.journey.state is State.CONFIRMING_CONTACTS and isinstance(event, ConfirmContacts):
        return None
    return "invariant 1: completed without confirmed contact details"


def _replaced(case: Case, event: Event, context: Context, done: Step) -> bool:
    return _acceptable(case, event, context) and any(isinstance(request, ReplacePassword) for request in done.requests)


def _confirming_contacts(case: Case, event: Event, context: Context, done: Step) -> str | None:
    if _replaced(case, event, context, done):
        return None
    return "invariant 1: contact details are confirmed without an accepted password"


def _personalising(case: Case, event: Event, context: Context, done: Step) -> str | None:
    right, state = context.evidence.guess.verdict is Verdict.RIGHT, case.journey.state
    if state is State.PROVING_PASSWORD and isinstance(event, ProvePassword) and right:
        return None
    if state is not State.AWAITING_SIGN_IN or not isinstance(event, SignIn) or not right:
        return "invariant 5: the new-password step opens without a right password"
    if not a_password_is_live(case.ledger or _EMPTY, context.now):
        return "invariant 6: a temporary password works that is dead"
    if not any(isinstance(request, MintHandle) for request in done.requests):
        return "invariant 13: the handle from before the sign-in stays"
    return None


def _awaiting(case: Case, event: Event, context: Context, done: Step) -> str | None:
    journey, ledger = done.case.journey, done.case.ledger or _EMPTY
    if journey.channel is Channel.LETTER:
        led = isinstance(event, Naming | AnswerChallenge | ChooseChannel | ResendCode | SubmitCode)
        if led and (journey.waits_in_vain or a_letter_is_live(ledger, context.now)):
            return None
        return "invariant 1: a letter is awaited that was not posted"
    right = isinstance(event, SubmitCode) and context.evidence.guess.verdict is Verdict.RIGHT
    issued = any(isinstance(request, SendTemporaryPassword) for request in done.requests)
    if right and issued and (journey.waits_in_vain or a_password_is_live(ledger, context.now)):
        return None
    return "invariant 1: a temporary password is awaited without a right code"


def _with_franceconnect(case: Case, event: Event, context: Context, done: Step) -> str | None:
    profile = context.evidence.profile
    known = profile is not None and profile.genuine and MATRIX[profile.type].franceconnect
    if isinstance(event, UseFranceConnect) and known:
        return None
    return "invariant 1: signed in without the verified identity of an individual"


def _blocked(case: Case, event: Event, context: Context, done: Step) -> str | None:
    journey, ledger, policy, guess = case.journey, case.ledger or _EMPTY, context.policy, context.evidence.guess
    match journey.state:
        case State.PERSONALISING_PASSWORD:
            spent = journey.comparisons >= policy.comparisons_after_sign_in
            over = spent and guess.verdict in (Verdict.RIGHT, Verdict.NONE_LEFT)
        case State.PROVING_PASSWORD:
            over = (
                journey.current_password_tries >= policy.current_password_tries and guess.verdict is not Verdict.RIGHT
            )
        case _:
            left = policy.letters_per_month - letters_counted(ledger, context.now)
            over = left <= 0 and not a_letter_is_live(ledger, context.now) and not _code_is_left(case, event, context)
    return None if over else "invariant 3: blocked, and a way was left"


def _code_is_left(case: Case, event: Event, context: Context) -> bool:
    """Whether a code may be sent to whoever asked, now or later; after a wrong answer none may."""
    journey, ledger, policy, now = case.journey, case.ledger or _EMPTY, context.policy, context.now
    profile = context.evidence.profile if isinstance(event, Identify) else journey.profile
    passed = journey.challenge_passed and journey.epoch == ledger.epoch
    proved = profile is not None and (passed or not profile.first_sign_in)
    ways = () if profile is None or not proved else profile.ways
    return (
        any(way.channel in ELECTRONIC and (way.usable_from is None or way.usable_from <= now) for way in ways)
        and journey.codes_sent < policy.codes_per_journey
        and sum(sent.month > now for sent in ledger.sends) < policy.sends_per_month
        and live_marks(ledger.code_guesses, now) + policy.guesses_per_code <= policy.code_guesses_per_month
    )


def _choosing_channel(case: Case, event: Event, context: Context, done: Step) -> str | None:
    journey, profile, ledger = case.journey, done.case.journey.profile, case.ledger or _EMPTY
    match event:
        case Identify():
            held, same_epoch = journey.profile, journey.epoch == ledger.epoch
            same = held is not None and profile is not None and held.pseudonym == profile.pseudonym and same_epoch
            ready = profile is not None and ((same and journey.challenge_passed) or not profile.first_sign_in)
        case AnswerChallenge():
            ready = context.evidence.guess.verdict is Verdict.RIGHT
        case _:
            ready = isinstance(event, GoBack)
    return None if ready else "invariant 1: a channel is chosen without the right answer of a first sign-in"


def _confirming_code(case: Case, event: Event, context: Context, done: Step) -> str | None:
    after = done.case
    if live_code(after.journey, after.ledger or _EMPTY, context.now) is not None:
        return None
    return "invariant 3: a code is asked for that was not sent"


_ENTERED: Final[Mapping[State, Callable[[Case, Event, Context, Step], str | None]]] = {
    State.COMPLETED: _completed,
    State.CONFIRMING_CONTACTS: _confirming_contacts,
    State.PERSONALISING_PASSWORD: _personalising,
    State.AWAITING_SIGN_IN: _awaiting,
    State.SIGNED_IN_WITH_FRANCECONNECT: _with_franceconnect,
    State.BLOCKED: _blocked,
    State.CHOOSING_CHANNEL: _choosing_channel,
    State.CONFIRMING_CODE: _confirming_code,
}
