"""The facts that are kept of what happened: stable names, no secret, no identifier (R53)."""

from enum import StrEnum
from typing import final

from attrs import frozen

from .problem import ProblemCode

__all__ = ["Fact", "FactName"]


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
    UNBLOCKED = "unblocked"


@final
@frozen
class Fact:
    """One thing that happened.

    Attributes:
        name: what kind of thing.
        row: for a fired row its label, such as ``confirming_code.submit_code.2``; else empty.
        reason: the problem that the person was told, or empty.
    """

    name: FactName
    row: str = ""
    reason: ProblemCode | None = None
