"""A guess is reserved before it is compared: counted as wrong first, durably, and settled only if it was right (R3).

``reserve`` alone judges whether a guess is compared at all. The shell commits what it reserved, and only then compares.
"""

from typing import assert_never, final

from attrs import evolve, frozen

from .account import MATRIX
from .events import AnswerChallenge, ChoosePassword, Guessing, ProvePassword, SignIn, SubmitCode
from .journey import ChartName, Journey
from .ledger import GuessId, Ledger, Mark, live
from .policy import DAY, MONTH
from .situation import Case, Context, Guess, Verdict

__all__ = ["Refused", "Reserved", "reserve"]


@final
@frozen
class Reserved:
    """The guess is to be compared, once this case is committed: the same case if the guess was reserved before."""

    case: Case


@final
@frozen
class Refused:
    """The guess is not compared, and nothing is counted: something of the same cost is compared in its place."""

    guess: Guess


def reserve(case: Case, event: Guessing, guess: GuessId, context: Context) -> Reserved | Refused:
    """Judge whether what was typed is compared, and count it as wrong if it is.

    ``context.evidence`` is looked at only for a new password: it is compared with the current one only if every other
    rule holds. A guess that was counted already, by the ledger or as the journey's last comparison, is not counted
    again.
    """
    journey, ledger = case.journey, case.ledger if case.ledger is not None else Ledger()
    if ledger.holds(guess):
        return Reserved(case)
    match event:
        case AnswerChallenge():
            return _answer(journey, ledger, event, guess, context)
        case SubmitCode():
            return _code(journey, ledger, guess, context)
        case SignIn():
            return _sign_in(journey, ledger, guess, context)
        case ProvePassword():
            return _current_password(journey, ledger, guess, context)
        case ChoosePassword():
            return _comparison(journey, case, guess, context)
        case _:
            assert_never(event)


def _refused(verdict: Verdict) -> Refused:
    return Refused(Guess(verdict))


def _answer(
    journey: Journey, ledger: Ledger, event: AnswerChallenge, guess: GuessId, context: Context
) -> Reserved | Refused:
    now, policy = context.now, context.policy
    if journey.profile is None or event.answer.kind not in MATRIX[journey.profile.type].challenges:
        return _refused(Verdict.NOT_OFFERED)
    given = live(ledger.answers, now)
    if journey.answers >= policy.answers_per_journey or len(given) >= policy.answers_per_month:
        return _refused(Verdict.NONE_LEFT)
    return Reserved(
        Case(
            evolve(journey, answers=journey.answers + 1),
            evolve(ledger, answers=(*given, Mark(guess, now + MONTH))),
        )
    )


def _code(journey: Journey, ledger: Ledger, guess: GuessId, context: Context) -> Reserved | Refused:
    slot = ledger.slot(journey, context.now)
    if slot is None:
        return _refused(Verdict.NOT_LIVE)
    spent = evolve(slot, guesses_left=slot.guesses_left - 1)
    return Reserved(
        Case(
            journey,
            evolve(
                ledger,
                code_guesses=(*live(ledger.code_guesses, context.now), Mark(guess, context.now + MONTH)),
                codes=tuple(spent if other is slot else other for other in ledger.codes),
            ),
        )
    )


def _sign_in(journey: Journey, ledger: Ledger, guess: GuessId, context: Context) -> Reserved | Refused:
    now, policy, origin = context.now, context.policy, context.origin
    # Whoever waits in vain waits as a decoy does, whose tries are counted.
    if not journey.waits_in_vain and not ledger.temporary_passwords(now):
        return _refused(Verdict.NOT_LIVE)
    retry_at = ledger.sign_in_at(origin, now, policy)
    if retry_at is not None:
        return Refused(Guess(Verdict.MUST_WAIT, retry_at=retry_at))
    return Reserved(Case(journey, evolve(ledger, sign_ins=ledger.with_sign_in(guess, origin, now, policy))))


def _current_password(journey: Journey, ledger: Ledger, guess: GuessId, context: Context) -> Reserved | Refused:
    now, policy = context.now, context.policy
    if journey.current_password_tries >= policy.current_password_tries:
        return _refused(Verdict.NONE_LEFT)
    retry_at = ledger.current_password_at(now, policy)
    if retry_at is not None:
        return Refused(Guess(Verdict.MUST_WAIT, retry_at=retry_at))
    given = live(ledger.current_password_guesses, now)
    return Reserved(
        Case(
            evolve(journey, current_password_tries=journey.current_password_tries + 1),
            evolve(ledger, current_password_guesses=(*given, Mark(guess, now + DAY))),
        )
    )


def _comparison(journey: Journey, case: Case, guess: GuessId, context: Context) -> Reserved | Refused:
    """Whoever signed in with a temporary password could try out the current one here; in the change chart the person
    has just proved to know it, and there is nothing to guess."""
    if context.evidence.broken_rules:
        return _refused(Verdict.RULES_FAIL)
    if journey.chart is ChartName.CHANGE or journey.comparison == guess:
        return Reserved(case)
    if journey.comparisons >= context.policy.comparisons_after_sign_in:
        return _refused(Verdict.NONE_LEFT)
    return Reserved(evolve(case, journey=evolve(journey, comparisons=journey.comparisons + 1, comparison=guess)))
