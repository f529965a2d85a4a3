"""What still matters. A count that nothing can ask for any more is put at its cap, and what could be live is live.

Once a journey waits for a sign-in, nobody asks how many codes were sent; once a journey is past its time, nothing of it
matters. Such values would only multiply the states. They are not forgotten, though, but *worn*: as full as they can be,
so that a step which takes back a count, or spoils something live, is still noticed.
"""

from enum import Flag, auto
from typing import Final, final

from msa_recovery.domain.account import Channel
from msa_recovery.domain.journey import FINAL, SIGNED_IN, JourneyId, State
from msa_recovery.domain.ledger import OriginTag
from msa_recovery.domain.policy import Policy

from .abstraction import ANOTHER, JourneyKey, LedgerKey

__all__ = ["EVERYTHING", "NOTHING", "Part", "of_journey", "relevant", "worn"]


@final
class Part(Flag):
    """A part of a ledger."""

    CODES = auto()
    ANSWERS = auto()
    LETTERS = auto()
    PASSWORDS = auto()
    SIGN_INS = auto()
    CURRENT = auto()
    BLOCKS = auto()


NOTHING: Final = Part(0)
EVERYTHING: Final = ~NOTHING
_LATER: Final = Part.PASSWORDS | Part.SIGN_INS | Part.BLOCKS
_ASKED_IN: Final = {
    State.AWAITING_SIGN_IN: _LATER,
    State.PERSONALISING_PASSWORD: Part.BLOCKS,
    State.PROVING_PASSWORD: Part.BLOCKS | Part.CURRENT,
    State.CONFIRMING_CONTACTS: NOTHING,
}
_BEFORE: Final = _LATER | Part.CODES | Part.ANSWERS | Part.LETTERS


def is_dead(key: JourneyKey) -> bool:
    """Whether a journey can only be abandoned or lapse, whatever the ledger says."""
    return not key.in_time or (key.whose != 0 and not key.same_epoch and key.state is not State.IDENTIFYING)


def of_journey(key: JourneyKey) -> Part:
    """What a journey can still ask of the account's ledger."""
    if key.state in FINAL or is_dead(key):
        return NOTHING
    return _ASKED_IN.get(key.state, _BEFORE)


def relevant(key: JourneyKey) -> JourneyKey:
    """The journey without what no longer matters of it."""
    if key.state in FINAL or key.whose == ANOTHER:
        return key
    if is_dead(key):
        return JourneyKey(
            key.slot, key.chart, key.state, key.whose, key.in_time, key.same_epoch, quarantined=key.quarantined
        )
    if key.state is State.AWAITING_SIGN_IN or key.state in SIGNED_IN:
        return key._replace(challenge_passed=False, answers=0, code=None, codes_sent=0)
    return key


def worn(key: LedgerKey, asked: Part, policy: Policy) -> LedgerKey:
    """The ledger with everything as full as can be that is not asked for."""
    changes: dict[str, object] = {}
    here = OriginTag("here")
    if not asked & Part.CODES:
        changes["code_guesses"] = policy.code_guesses_per_month
        changes["sends"] = ((here, False), (here, True))
        changes["cools_down"] = True
        changes["codes"] = ((JourneyId("gone"), 1, True, 1),)
    if not asked & Part.ANSWERS:
        changes["answers"] = policy.answers_per_month
    if not asked & Part.LETTERS:
        changes["letters"] = policy.letters_per_month
    if not asked & Part.PASSWORDS:
        changes["sent_password"] = Channel.SMS
        changes["letter_password"], changes["letter_lost"] = True, False
    if not asked & Part.SIGN_INS:
        changes["sign_ins"] = ((here, policy.sign_ins_per_day, True),)
    if not asked & Part.CURRENT:
        changes["current_password_guesses"] = policy.current_passwords_per_day
    if not asked & Part.BLOCKS:
        changes["told_of_block"] = True
    return key._replace(**changes)  # type: ignore[arg-type]
