"""The invariants, judged on what becomes of a ledger: what counts is not forgotten, what lives is not spoilt (4, 5)."""

from datetime import datetime
from typing import Final

from msa_recovery.domain.account import Channel
from msa_recovery.domain.ledger import GuessId, Ledger, Mark, Tally, TemporaryPassword
from msa_recovery.domain.machine import Step
from msa_recovery.domain.requests import ReplacePassword, SendTemporaryPassword
from msa_recovery.domain.situation import Case, Context

from .judging import a_password_is_live, live_marks

__all__ = ["breach_of_ledger", "forgotten", "holds"]

_EMPTY: Final = Ledger()


def holds(ledger: Ledger, guess: GuessId) -> bool:
    """Whether some tally has an entry of that guess."""
    return any(
        mark.guess == guess
        for tally in (ledger.code_guesses, ledger.answers, ledger.current_password_guesses)
        for mark in tally
    ) or any(mark.guess == guess for tries in ledger.sign_ins for mark in tries.tally)


def forgotten(before: Ledger, after: Ledger, now: datetime, settled: GuessId) -> str | None:
    """What no longer counts though its time has not come, but for one guess that was right."""
    if before.code_guesses is not after.code_guesses and _lost(before.code_guesses, after.code_guesses, now, settled):
        return "invariant 4: a wrong code is forgotten"
    if before.answers is not after.answers and _lost(before.answers, after.answers, now, settled):
        return "invariant 4: an answer is forgotten"
    old, new = before.current_password_guesses, after.current_password_guesses
    if old is not new and _lost(old, new, now, settled):
        return "invariant 4: a wrong current password is forgotten"
    if before.sign_ins is not after.sign_ins and _sign_in_lost(before, after, now, settled):
        return "invariant 4: a wrong temporary password is forgotten"
    if before.sends is not after.sends:
        for moment in ("day", "month"):
            counted = sum(getattr(sent, moment) > now for sent in before.sends)
            if sum(getattr(sent, moment) > now for sent in after.sends) < counted:
                return "invariant 4: a code that was sent is forgotten"
    if before.letters is not after.letters and _in_time(after.letters, now) < _in_time(before.letters, now):
        return "invariant 4: a letter is forgotten"
    for old_moment, new_moment, what in (
        (before.next_send, after.next_send, "the time between two codes"),
        (before.next_block_notice, after.next_block_notice, "that the holder was told of a block"),
    ):
        if old_moment is not None and old_moment > now and (new_moment is None or new_moment <= now):
            return f"invariant 4: {what} is forgotten"
    return None


def _lost(before: Tally, after: Tally, now: datetime, settled: GuessId) -> bool:
    return any(mark.until > now and mark.guess != settled and mark not in after for mark in before)


def _sign_in_lost(before: Ledger, after: Ledger, now: datetime, settled: GuessId) -> bool:
    """Origins beyond those counted apart share a count: it forgets its oldest for each new one, never more."""
    kept: dict[str | None, Tally] = {tries.origin: tries.tally for tries in after.sign_ins}
    none: tuple[Mark, ...] = ()
    for tries in before.sign_ins:
        if tries.origin is None:
            own = any(mark.guess == settled for mark in tries.tally)
            if live_marks(kept.get(None, none), now) < live_marks(tries.tally, now) - own:
                return True
        elif _lost(tries.tally, kept.get(tries.origin, none), now, settled):
            return True
    return False


def _in_time(moments: tuple[datetime, ...], now: datetime) -> int:
    return sum(moment > now for moment in moments)


def breach_of_ledger(case: Case, context: Context, done: Step, settled: GuessId) -> str | None:
    """What a step that changed the ledger breaks."""
    before, after, now = case.ledger or _EMPTY, done.case.ledger or _EMPTY, context.now
    breach = forgotten(before, after, now, settled)
    if breach is not None:
        return breach
    accepted = any(isinstance(request, ReplacePassword) for request in done.requests)
    if after.epoch != before.epoch + accepted:
        return "invariant 5: the account's epoch does not move with an accepted password, and only so"
    if accepted:
        codes_live = any(slot.until > now for slot in after.codes)
        if codes_live or a_password_is_live(after, now):
            return "invariant 5: a code or a temporary password outlives an accepted password"
        return None
    for slot in before.codes:
        if slot.journey != case.journey.id and slot.until > now and slot not in after.codes:
            return "invariant 5: the code of another journey is spoilt"
    sent = [request.way.channel for request in done.requests if isinstance(request, SendTemporaryPassword)]
    replaced = sent and sent[0] is not Channel.LETTER
    for old, new in (
        (before.sent_password, after.sent_password),
        (before.letter_password, after.letter_password),
    ):
        if _is_live(old, now) and old is not new and not replaced:
            return "invariant 5: a temporary password is spoilt"
    if replaced and after.issued != before.issued and _is_live(after.letter_password, now):
        return "invariant 5: a letter outlives a temporary password that was sent after a code"
    return None


def _is_live(password: TemporaryPassword | None, now: datetime) -> bool:
    """One whose letter can never arrive has no digest, and is not."""
    return password is not None and password.digest != b"" and password.until > now
