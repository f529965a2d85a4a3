"""The conditions of the chart's rows: one pure predicate for each guard name, over one situation.

A guard is read as the end of the sentence "this row fires if ...". None of them looks at whether an account is real.
"""

from .account import ELECTRONIC, MATRIX
from .contacts import ContactKind
from .events import EditContact
from .ledger import live
from .situation import Need, Situation, Verdict, is_over, reads

__all__ = [
    "answer_is_left",
    "asked_by_an_agent",
    "challenge_is_not_offered",
    "channel_is_offered",
    "code_is_live",
    "code_is_live_or_may_be_sent",
    "code_is_not_live",
    "code_may_be_sent",
    "code_may_be_sent_now",
    "code_of_channel_is_live",
    "comparisons_are_spent",
    "contact_may_be_edited",
    "current_password_try_is_left",
    "deadline_is_passed",
    "first_sign_in",
    "first_sign_in_is_proved",
    "guess_is_right",
    "guess_must_wait",
    "guess_of_code_is_left",
    "identity_is_an_individuals",
    "letter_is_live",
    "letter_may_be_posted",
    "password_is_acceptable",
]

_REACHABLE_BY = frozenset({ContactKind.EMAIL, ContactKind.MOBILE})

# -- the account that is spoken of -------------------------------------------------------------------------------------


@reads(Need.PROFILE)
def first_sign_in(s: Situation) -> bool:
    """The account's holder never signed in before (R25)."""
    return s.subject.first_sign_in


@reads(Need.PROFILE)
def first_sign_in_is_proved(s: Situation) -> bool:
    """The knowledge question was answered right, for this account, in this journey (R2, R24)."""
    return s.subject.first_sign_in and s.same_account and s.journey.challenge_passed


@reads(Need.PROFILE)
def identity_is_an_individuals(s: Situation) -> bool:
    """FranceConnect's identity matches an account, of a type that FranceConnect serves (R48)."""
    return s.subject.genuine and MATRIX[s.subject.type].franceconnect


def asked_by_an_agent(s: Situation) -> bool:
    """An agent of the fund acts (R58)."""
    return s.agent


# -- the knowledge question --------------------------------------------------------------------------------------------


@reads(Need.PROFILE)
def answer_is_left(s: Situation) -> bool:
    """This journey and this account may still answer a knowledge question (R25)."""
    given = len(live(s.ledger.answers, s.now))
    return s.journey.answers < s.policy.answers_per_journey and given < s.policy.answers_per_month


@reads(Need.GUESS)
def challenge_is_not_offered(s: Situation) -> bool:
    """The answer was to a question that this account type is not asked (R48)."""
    return s.evidence.guess.verdict is Verdict.NOT_OFFERED


# -- guesses -----------------------------------------------------------------------------------------------------------


@reads(Need.GUESS)
def guess_is_right(s: Situation) -> bool:
    """What was typed is right (R3)."""
    return s.evidence.guess.verdict is Verdict.RIGHT


@reads(Need.GUESS)
def guess_must_wait(s: Situation) -> bool:
    """Too many guesses were wrong for another one to be compared by now (R29)."""
    return s.evidence.guess.verdict is Verdict.MUST_WAIT


@reads(Need.GUESS)
def code_is_not_live(s: Situation) -> bool:
    """There was no live code to compare with (R11)."""
    return s.evidence.guess.verdict is Verdict.NOT_LIVE


def guess_of_code_is_left(s: Situation) -> bool:
    """The code that is live bears another guess (R5)."""
    return s.ledger.slot(s.journey, s.now) is not None


def current_password_try_is_left(s: Situation) -> bool:
    """This journey may still try the current password (R29)."""
    return s.journey.current_password_tries < s.policy.current_password_tries


# -- codes -------------------------------------------------------------------------------------------------------------


def code_may_be_sent(s: Situation) -> bool:
    """A usable channel is on file, and a code is left for this journey and account: if not now, then later (R5)."""
    return any(s.usable(channel) for channel in ELECTRONIC) and s.ledger.may_ever_send(s.journey, s.now, s.policy)


@reads(Need.PROFILE)
def code_is_live_or_may_be_sent(s: Situation) -> bool:
    """A code can lead on: the one sent last, for this very account, or another one (R11)."""
    return (s.same_account and code_is_live(s)) or code_may_be_sent(s)


def code_may_be_sent_now(s: Situation) -> bool:
    """A code may be sent at this moment: also cooled down and within the caps of 24 hours (R30)."""
    return code_may_be_sent(s) and s.ledger.may_send_now(s.journey, s.origin, s.now, s.policy)


def channel_is_offered(s: Situation) -> bool:
    """The chosen channel leads to a usable contact on file (R12)."""
    return s.usable(s.channel) is not None


def code_is_live(s: Situation) -> bool:
    """The code sent last can still be used (R8)."""
    return s.ledger.slot(s.journey, s.now) is not None


def code_of_channel_is_live(s: Situation) -> bool:
    """The code sent last can still be used, and went the way that is chosen now (R11)."""
    code = s.journey.code
    return code is not None and code.channel is s.channel and s.ledger.slot(s.journey, s.now) is not None


# -- letters -----------------------------------------------------------------------------------------------------------


@reads(Need.PROFILE)
def letter_is_live(s: Situation) -> bool:
    """A letter is under way, or its temporary password not yet used (R27)."""
    return s.ledger.letter_is_live(s.now)


@reads(Need.PROFILE)
def letter_may_be_posted(s: Situation) -> bool:
    """No letter is live, and one of 30 days is left (R27)."""
    return s.ledger.may_post_letter(s.now, s.policy)


# -- the new password and the contact details --------------------------------------------------------------------------


@reads(Need.GUESS)
def comparisons_are_spent(s: Situation) -> bool:
    """All other rules hold, but it was the current password, and no comparison is left (R43)."""
    guess, spent = s.evidence.guess, s.journey.comparisons >= s.policy.comparisons_after_sign_in
    return guess.verdict is Verdict.NONE_LEFT or (guess.verdict is Verdict.RIGHT and spent)


@reads(Need.NEW_PASSWORD, Need.GUESS)
def password_is_acceptable(s: Situation) -> bool:
    """Every rule holds, it was typed twice alike, and it differs from the current one (R42, R43)."""
    return not s.evidence.broken_rules and s.evidence.guess.verdict is Verdict.WRONG


@reads(Need.EDIT)
def contact_may_be_edited(s: Situation) -> bool:
    """The correction leaves an e-mail address or a mobile number, if there was one (decision 166)."""
    event = s.event
    if not isinstance(event, EditContact) or event.value is not None or event.kind not in _REACHABLE_BY:
        return True
    removed = frozenset(edit.kind for edit in s.journey.edits if edit.removed)
    added = frozenset(edit.kind for edit in s.journey.edits if not edit.removed)
    held = ((s.evidence.held - removed) | added) & _REACHABLE_BY
    return held != frozenset({event.kind})


# -- time --------------------------------------------------------------------------------------------------------------


def deadline_is_passed(s: Situation) -> bool:
    """The journey's time is up (invariant 6, decision 166)."""
    return is_over(s.case, s.now)
