"""The facts that are kept of what happened: stable names, no secret, no identifier (R53).

``docs/audit.md`` says what each name and each reason means.
"""

from enum import StrEnum
from typing import Final, final

from attrs import frozen

from .problem import ProblemCode

__all__ = ["LAST", "TAKEN_UP_AGAIN", "Fact", "FactName"]


@final
class FactName(StrEnum):
    """Stable names. They are part of the public interface: one is added, never renamed."""

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
