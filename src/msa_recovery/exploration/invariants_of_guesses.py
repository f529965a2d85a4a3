"""The invariants, judged on one reservation: a guess is compared only if it may be, and is counted first (4, 6, 14)."""

from collections.abc import Callable, Mapping
from typing import Final

from msa_recovery.domain.events import AnswerChallenge, ChoosePassword, Guessing, ProvePassword, SignIn, SubmitCode
from msa_recovery.domain.guessing import Refused, Reserved
from msa_recovery.domain.journey import ChartName
from msa_recovery.domain.ledger import GuessId, Ledger, Tally
from msa_recovery.domain.situation import Case, Context

from .invariants_of_ledgers import forgotten
from .judging import a_password_is_live, code_slot, live_code, live_marks

__all__ = ["breach_of_reservation"]

_EMPTY: Final = Ledger()


def breach_of_reservation(
    case: Case, event: Guessing, guess: GuessId, context: Context, outcome: Reserved | Refused
) -> str | None:
    """What a reservation breaks, or ``None``."""
    if isinstance(outcome, Refused):
        return None
    breach = _RESERVED[type(event)](case, outcome.case, guess, context)
    if breach is None and outcome.case.ledger is not case.ledger:
        return forgotten(case.ledger or _EMPTY, outcome.case.ledger or _EMPTY, context.now, GuessId(""))
    return breach


def _reserved_code(case: Case, after: Case, guess: GuessId, context: Context) -> str | None:
    now, policy = context.now, context.policy
    ledger, counted = case.ledger or _EMPTY, after.ledger or _EMPTY
    slot, spent = live_code(case.journey, ledger, now), code_slot(after.journey, counted)
    if slot is None or spent is None:
        return "invariant 6: a code is compared that is not live"
    if live_marks(counted.code_guesses, now) != live_marks(ledger.code_guesses, now) + 1:
        return "invariant 14: a code is compared and not counted"
    if spent.guesses_left != slot.guesses_left - 1:
        return "invariant 14: a code is compared and bears as many guesses as before"
    if live_marks(counted.code_guesses, now) > policy.code_guesses_per_month:
        return "invariant 4: more wrong codes than the policy allows"
    return _pending(counted.code_guesses, guess)


def _reserved_sign_in(case: Case, after: Case, guess: GuessId, context: Context) -> str | None:
    now, policy = context.now, context.policy
    ledger, counted = case.ledger or _EMPTY, after.ledger or _EMPTY
    if not a_password_is_live(ledger, now) and not case.journey.waits_in_vain:
        return "invariant 6: a temporary password is compared, and none is live"
    own = next((tries for tries in ledger.sign_ins if tries.origin == context.origin), None)
    if own is not None and (own.wait_until > now or live_marks(own.tally, now) >= policy.sign_ins_per_day):
        return "invariant 4: a temporary password is compared that had to wait"
    holding = next((tries for tries in counted.sign_ins if any(mark.guess == guess for mark in tries.tally)), None)
    if holding is None:
        return "invariant 14: a temporary password is compared and not counted"
    before = next((tries for tries in ledger.sign_ins if tries.origin == holding.origin), None)
    expected = 1 + (0 if before is None else live_marks(before.tally, now))
    if live_marks(holding.tally, now) != expected and holding.origin is not None:
        return "invariant 14: a temporary password is compared and not counted"
    return None


def _reserved_answer(case: Case, after: Case, guess: GuessId, context: Context) -> str | None:
    now, policy = context.now, context.policy
    ledger, counted = case.ledger or _EMPTY, after.ledger or _EMPTY
    if (
        after.journey.answers != case.journey.answers + 1
        or live_marks(counted.answers, now) != live_marks(ledger.answers, now) + 1
    ):
        return "invariant 14: an answer is compared and not counted"
    if (
        after.journey.answers > policy.answers_per_journey
        or live_marks(counted.answers, now) > policy.answers_per_month
    ):
        return "invariant 4: more answers than the policy allows"
    return _pending(counted.answers, guess)


def _reserved_current(case: Case, after: Case, guess: GuessId, context: Context) -> str | None:
    now, policy = context.now, context.policy
    ledger, counted = case.ledger or _EMPTY, after.ledger or _EMPTY
    tries, given = after.journey.current_password_tries, live_marks(counted.current_password_guesses, now)
    if tries != case.journey.current_password_tries + 1:
        return "invariant 14: a current password is compared and not counted in its journey"
    if given != live_marks(ledger.current_password_guesses, now) + 1:
        return "invariant 14: a current password is compared and not counted"
    if tries > policy.current_password_tries or given > policy.current_passwords_per_day:
        return "invariant 4: more current passwords than the policy allows"
    return _pending(counted.current_password_guesses, guess)


def _reserved_comparison(case: Case, after: Case, guess: GuessId, context: Context) -> str | None:
    if context.evidence.broken_rules:
        return "invariant 14: a new password is compared that other rules refuse"
    if case.journey.chart is ChartName.CHANGE:
        return None
    if after.journey.comparisons != case.journey.comparisons + 1:
        return "invariant 14: a new password is compared with the current one and not counted"
    if after.journey.comparisons > context.policy.comparisons_after_sign_in:
        return "invariant 4: more comparisons with the current password than the policy allows"
    return None


def _pending(tally: Tally, guess: GuessId) -> str | None:
    for mark in tally:
        if mark.guess == guess:
            return None
    return "invariant 14: a guess is compared that has no entry of its own"


_RESERVED: Final[Mapping[type[Guessing], Callable[[Case, Case, GuessId, Context], str | None]]] = {
    SubmitCode: _reserved_code,
    SignIn: _reserved_sign_in,
    AnswerChallenge: _reserved_answer,
    ProvePassword: _reserved_current,
    ChoosePassword: _reserved_comparison,
}
