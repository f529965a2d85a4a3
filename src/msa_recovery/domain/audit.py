"""The facts that are kept of what happened: stable names, no secret, no identifier (R53).

What a name means stands beside it, and in ``docs/reference/facts.md``; what a reason means, in ``docs/audit.md``.
"""

from enum import StrEnum
from typing import Final, final

from attrs import frozen

from .problem import ProblemCode

__all__ = ["LAST", "TAKEN_UP_AGAIN", "Fact", "FactName"]


@final
class FactName(StrEnum):
    """Stable names. They are part of the public interface: one is added, never renamed.

    Attributes:
        JOURNEY_BEGUN: a journey began, by any of the doors.
        ROW_FIRED: an event was taken: ``row`` says which one, where, and what came of it.
        SIGN_IN_REFUSED: what was typed in a host's sign-in form is no live temporary password; with a reason when one
            was live.
        SIGN_IN_ALARM: wrong temporary passwords of one account have reached the policy's ``sign_in_alarm``.
        INTENT_REFUSED: the directory can never do what a journey asked of it (replace a password, revoke sessions,
            change contacts).
        MESSAGE_DELIVERED: a messenger has taken the message; for a decoy, none was asked.
        MESSAGE_DROPPED: it was not sent; ``row`` says why: ``expired``, ``superseded`` (a newer secret took its
            place), ``contact_changed``, ``by_an_operator``.
        MESSAGE_POSTPONED: a messenger could not take the message now; it is tried again.
        MESSAGE_FAILED: the message will not be taken, or was tried as often as the policy says: an operator has to
            look.
        MESSAGE_RETRIED: an operator has a message that had failed tried again.
        MESSAGE_LOST: a message that a messenger had taken never arrived, as a delivery receipt said.
        UNBLOCKED: an agent forgave what was counted of the account.
        JOURNEY_PURGED: the journey was deleted, after its time or because its account was forgotten: its tombstone.
        FACTS_ERASED: facts were erased: ``row`` is a digest over all that was left of them, their tombstone.
        FORGOTTEN: nothing is kept of an account any more, by ``forget`` or because nothing was left of it; it names
            nobody.
        SPRAY_ALARM: wrong guesses over all accounts have reached a threshold in a day.
    """

    JOURNEY_BEGUN = "journey_begun"
    ROW_FIRED = "row_fired"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGN_IN_ALARM = "sign_in_alarm"
    INTENT_REFUSED = "intent_refused"
    MESSAGE_DELIVERED = "message_delivered"
    MESSAGE_DROPPED = "message_dropped"
    MESSAGE_POSTPONED = "message_postponed"
    MESSAGE_FAILED = "message_failed"
    MESSAGE_RETRIED = "message_retried"
    MESSAGE_LOST = "message_lost"
    UNBLOCKED = "unblocked"
    JOURNEY_PURGED = "journey_purged"
    FACTS_ERASED = "facts_erased"
    FORGOTTEN = "forgotten"
    SPRAY_ALARM = "spray_alarm"


LAST: Final = frozenset(
    {
        FactName.MESSAGE_DELIVERED,
        FactName.MESSAGE_DROPPED,
        FactName.MESSAGE_FAILED,
        FactName.MESSAGE_LOST,
        FactName.JOURNEY_PURGED,
        FactName.FACTS_ERASED,
        FactName.FORGOTTEN,
        FactName.SPRAY_ALARM,
    }
)
"""Facts that end what they tell of: nothing more is ever told of that journey, message, account, erasure or alarm, but
for what is taken up again."""

TAKEN_UP_AGAIN: Final = frozenset({FactName.MESSAGE_FAILED, FactName.MESSAGE_DELIVERED})
"""Facts behind which what they ended may go on: an operator has it tried again, or a transport says later that it was
lost."""


@final
@frozen
class Fact:
    """One thing that happened.

    Attributes:
        name: what kind of thing.
        row: for a fired row its label, such as ``confirming_code.submit_code.2``; for ``facts_erased`` the digest
            over what was left of them; for ``message_dropped`` why; else empty.
        reason: the problem that the person was told, or empty.
    """

    name: FactName
    row: str = ""
    reason: ProblemCode | None = None
