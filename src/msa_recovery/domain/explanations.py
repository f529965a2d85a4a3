"""What the person is told when a row stays: one function for each effect name that begins with ``say``.

Each sets the draft's problem and changes nothing of the case. They are effects like those of ``effects.py``.
"""

from .audit import FactName
from .events import EditContact
from .passwords import PasswordRule
from .problem import Problem, ProblemCode
from .situation import Draft, Need, Situation, Verdict, reads

__all__ = [
    "say_challenge_is_not_offered",
    "say_code_is_dead",
    "say_code_is_not_live",
    "say_code_is_wrong",
    "say_contact_is_the_last",
    "say_current_password_is_wrong",
    "say_identity_is_refused",
    "say_letter_is_refused",
    "say_sign_in_is_wrong",
    "say_what_password_breaks",
    "say_when_code_may_be_sent",
    "say_when_password_may_be_proved",
    "say_when_to_sign_in",
]


@reads(Need.PROFILE)
def say_identity_is_refused(s: Situation, draft: Draft) -> None:
    """FranceConnect serves individuals whom the directory knows, and nobody else (R48). Which of the two it is, is said
    to whom it is about: nobody else is that verified person."""
    known = s.subject.genuine
    draft.problem = Problem(ProblemCode.FRANCECONNECT_INDIVIDUALS_ONLY if known else ProblemCode.FRANCECONNECT_REFUSED)


def say_challenge_is_not_offered(s: Situation, draft: Draft) -> None:
    """The question belongs to another account type."""
    draft.problem = Problem(ProblemCode.CHALLENGE_NOT_OFFERED, "kind")


def say_code_is_wrong(s: Situation, draft: Draft) -> None:
    """Another guess of the same code is left: how many, is said."""
    slot = s.ledger.slot(s.journey, s.now)
    draft.problem = Problem(ProblemCode.CODE_WRONG, "code", limit=slot.guesses_left if slot else 0)


def say_code_is_dead(s: Situation, draft: Draft) -> None:
    """The last guess of this code was wrong; the person asks for another code."""
    draft.problem = Problem(
        ProblemCode.CODE_WRONG_AND_DEAD, "code", s.ledger.next_send_at(s.journey, s.origin, s.now, s.policy)
    )


def say_code_is_not_live(s: Situation, draft: Draft) -> None:
    """Nothing was compared: the code expired or is dead; the person asks for another one."""
    draft.problem = Problem(
        ProblemCode.CODE_NOT_LIVE, "code", s.ledger.next_send_at(s.journey, s.origin, s.now, s.policy)
    )


def say_when_code_may_be_sent(s: Situation, draft: Draft) -> None:
    """No code was sent: because of the channel, because one is live and the last, or because it is too soon."""
    if s.usable(s.channel) is None:
        draft.problem = Problem(ProblemCode.CHANNEL_NOT_OFFERED, "channel")
    elif not s.ledger.may_ever_send(s.journey, s.now, s.policy):
        draft.problem = Problem(ProblemCode.CODE_ALREADY_LIVE, "channel")
    else:
        at = s.ledger.next_send_at(s.journey, s.origin, s.now, s.policy)
        soon = at is not None and at == s.ledger.next_send
        draft.problem = Problem(ProblemCode.SEND_TOO_SOON if soon else ProblemCode.SENDS_SPENT_FOR_NOW, "channel", at)


@reads(Need.PROFILE)
def say_letter_is_refused(s: Situation, draft: Draft) -> None:
    """No letter was posted: one is under way, or those of 30 days are spent and the fund has to help (R27)."""
    code = ProblemCode.LETTER_UNDER_WAY if s.ledger.letter_is_live(s.now) else ProblemCode.LETTERS_SPENT
    draft.problem = Problem(code, "identifier", s.ledger.next_letter_at(s.now, s.policy))


def say_sign_in_is_wrong(s: Situation, draft: Draft) -> None:
    """The temporary password was wrong, and was counted; many of them raise the alarm (R6)."""
    draft.problem = Problem(ProblemCode.SIGN_IN_WRONG, "password", s.ledger.sign_in_at(s.origin, s.now, s.policy))
    if s.ledger.sign_in_count(s.now) >= s.policy.sign_in_alarm:
        draft.note(FactName.SIGN_IN_ALARM)


@reads(Need.GUESS)
def say_when_to_sign_in(s: Situation, draft: Draft) -> None:
    """Nothing was compared: too many were wrong, from here, by now (R29)."""
    draft.problem = Problem(ProblemCode.SIGN_IN_MUST_WAIT, "password", s.evidence.guess.retry_at)


@reads(Need.GUESS)
def say_when_password_may_be_proved(s: Situation, draft: Draft) -> None:
    """Nothing was compared: too many current passwords were wrong by now (R29)."""
    draft.problem = Problem(ProblemCode.CURRENT_PASSWORD_MUST_WAIT, "password", s.evidence.guess.retry_at)


def say_current_password_is_wrong(s: Situation, draft: Draft) -> None:
    """The current password was wrong, and was counted: how many tries are left, is said."""
    left = s.policy.current_password_tries - s.journey.current_password_tries
    draft.problem = Problem(ProblemCode.CURRENT_PASSWORD_WRONG, "password", limit=left)


@reads(Need.NEW_PASSWORD, Need.GUESS)
def say_what_password_breaks(s: Situation, draft: Draft) -> None:
    """Every rule that the new password breaks, at once (R42)."""
    broken = s.evidence.broken_rules
    if s.evidence.guess.verdict is Verdict.RIGHT:
        broken = (*broken, PasswordRule.IS_CURRENT)
    draft.problem = Problem(ProblemCode.PASSWORD_REFUSED, "password", reasons=broken)


def say_contact_is_the_last(s: Situation, draft: Draft) -> None:
    """Without this one the person could only be reached by post."""
    event = s.event
    draft.problem = Problem(ProblemCode.CONTACT_LAST_ONE, str(event.kind) if isinstance(event, EditContact) else None)
