"""Delivery receipts: what a gateway says later of an SMS that it took, handed in by the host that was told.

A receipt changes no journey: what the person sees does not depend on it (R15), and anybody may have sent it. It is for
the operator: once the host has handed its key to ``Recovery.lost_message``, the outbox and the log say which message
did not arrive.
"""

import re
from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Final, final

from attrs import Attribute, field, frozen

from msa_recovery.application.records import MessageId
from msa_recovery.domain.errors import CallerError

from .given import as_words
from .sms_shape import Place, check_place, word_at

__all__ = ["Fate", "Receipt", "ReceiptShape"]

_NAME: Final = re.compile(r"[A-Za-z0-9_.:-]{1,128}")
"""A key or an id, and nothing that could forge a line of a log (R53)."""


@final
class Fate(StrEnum):
    """What became of an SMS."""

    ARRIVED = "arrived"
    UNDER_WAY = "under way"
    LOST = "lost"


@final
@frozen
class Receipt:
    """What a gateway says of one SMS.

    Attributes:
        key: of which message; ``None`` where the gateway does not repeat the key.
        reference: the provider's id, as ``on_taken`` was told it; empty where it is not said.
        fate: what became of it.
    """

    key: MessageId | None
    reference: str
    fate: Fate


def _arrived(value: Collection[str]) -> frozenset[str]:
    return as_words(value, "arrived")


def _lost(value: Collection[str]) -> frozenset[str]:
    return as_words(value, "lost")


def _check_status(_: object, __: "Attribute[Place]", value: Place) -> None:
    if not value:
        raise CallerError("status_at: where a receipt says what became of the SMS")


def _check_name(shape: "ReceiptShape", _: "Attribute[Place]", value: Place) -> None:
    if not (value or shape.key_at):
        raise CallerError("key_at, reference_at: one of them, or a receipt is of no SMS")


@final
@frozen(kw_only=True)
class ReceiptShape:
    """Where a receipt says what. A bad value is a :class:`CallerError` that names it.

    Attributes:
        status_at: where it says what became of the SMS.
        arrived: what it says there of one that arrived.
        lost: what it says there of one that never will; whatever else it says leaves it under way.
        key_at: where it repeats ``{key}``, if the gateway does.
        reference_at: where the provider's id is.
    """

    status_at: Place = field(validator=[check_place, _check_status])
    arrived: frozenset[str] = field(converter=_arrived)
    lost: frozenset[str] = field(converter=_lost)
    key_at: Place = field(default=(), validator=check_place)
    reference_at: Place = field(default=(), validator=[check_place, _check_name])

    def read(self, fields: Mapping[str, object]) -> Receipt | None:
        """Take a receipt as the gateway sent it: the object of its JSON, or the fields of its form.

        ``None`` for what is no receipt: no status, or neither a key nor an id. Anybody may have sent it: what it says
        is no fact, and no line of a log, before ``Recovery.lost_message`` has found its message.
        """
        data = dict(fields)
        status = word_at(self.status_at, data)
        key = _name(word_at(self.key_at, data)) if self.key_at else ""
        reference = _name(word_at(self.reference_at, data)) if self.reference_at else ""
        if status is None or not (key or reference):
            return None
        fate = Fate.ARRIVED if status in self.arrived else Fate.LOST if status in self.lost else Fate.UNDER_WAY
        return Receipt(MessageId(key) if key else None, reference, fate)


def _name(said: str | None) -> str:
    return said if said is not None and _NAME.fullmatch(said) else ""
