"""What the invariants ask of a case: by rules of their own, apart from the guards and the ledger that they judge."""

from datetime import datetime

from msa_recovery.domain.journey import Journey, State
from msa_recovery.domain.ledger import CodeSlot, Ledger, Tally
from msa_recovery.domain.situation import Case

__all__ = [
    "a_letter_is_live",
    "a_password_is_live",
    "code_slot",
    "is_past",
    "letters_counted",
    "live_code",
    "live_marks",
]


def live_marks(tally: Tally, now: datetime) -> int:
    """How many guesses still count."""
    count = 0
    for mark in tally:
        if mark.until > now:
            count += 1
    return count


def live_code(journey: Journey, ledger: Ledger, now: datetime) -> CodeSlot | None:
    """The slot of a code that may still be guessed at."""
    if journey.code is not None:
        for slot in ledger.codes:
            if slot.journey == journey.id and slot.issue == journey.code.issue:
                return slot if slot.until > now and slot.guesses_left > 0 else None
    return None


def a_password_is_live(ledger: Ledger, now: datetime) -> bool:
    """Whether some temporary password opens the new-password step."""
    sent, letter = ledger.sent_password, ledger.letter_password
    return (sent is not None and sent.until > now) or (letter is not None and letter.until > now)


def a_letter_is_live(ledger: Ledger, now: datetime) -> bool:
    """Whether a letter is under way, or its password unused: one that can never arrive is not."""
    letter = ledger.letter_password
    return letter is not None and letter.digest != b"" and letter.until > now


def letters_counted(ledger: Ledger, now: datetime) -> int:
    """How many letters still count."""
    return sum(until > now for until in ledger.letters)


def is_past(case: Case, now: datetime) -> bool:
    """Whether a journey can only lapse: it is past its deadline, of an earlier epoch, or waits for a dead password."""
    journey, ledger = case.journey, case.ledger
    if journey.deadline <= now:
        return True
    if journey.profile is None or ledger is None or journey.state is State.IDENTIFYING:
        return False
    if journey.epoch != ledger.epoch:
        return True
    waiting = journey.state is State.AWAITING_SIGN_IN and not journey.waits_in_vain
    return waiting and not a_password_is_live(ledger, now)


def code_slot(journey: Journey, ledger: Ledger) -> CodeSlot | None:
    """The slot of the journey's code, live or dead."""
    issue = None if journey.code is None else journey.code.issue
    return next((slot for slot in ledger.codes if slot.journey == journey.id and slot.issue == issue), None)
