"""Delivery receipts: what a gateway says later of an SMS that it took, handed in by the host that was told.

A receipt changes no journey: what the person sees does not depend on it (R15), and anybody may have sent it. It is for
the operator: the log says which message did not arrive, and so does the outbox once the host has handed its key to
``Recovery.lost_message``.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from logging import getLogger
from typing import Final, final

from attrs import frozen

from msa_recovery.application.records import MessageId

from .sms_shape import Place, word_at

__all__ = ["Fate", "Receipt", "ReceiptShape"]

_LOGGER: Final = getLogger("msa_recovery.sms")

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


@final
@frozen(kw_only=True)
class ReceiptShape:
    """Where a receipt says what.

    Attributes:
        status_at: where it says what became of the SMS.
        arrived: what it says there of one that arrived.
        lost: what it says there of one that never will; whatever else it says leaves it under way.
        key_at: where it repeats ``{key}``, if the gateway does.
        reference_at: where the provider's id is.
    """

    status_at: Place
    arrived: frozenset[str]
    lost: frozenset[str]
    key_at: Place = ()
    reference_at: Place = ()

    def read(self, fields: Mapping[str, object]) -> Receipt | None:
        """Take a receipt as the gateway sent it: the object of its JSON, or the fields of its form.

        ``None`` for what is no receipt: no status, or neither a key nor an id. One that was lost is a line of the log
        ``msa_recovery.sms``.
        """
        data = dict(fields)
        status = word_at(self.status_at, data)
        key = _name(word_at(self.key_at, data)) if self.key_at else ""
        reference = _name(word_at(self.reference_at, data)) if self.reference_at else ""
        if status is None or not (key or reference):
            return None
        fate = Fate.ARRIVED if status in self.arrived else Fate.LOST if status in self.lost else Fate.UNDER_WAY
        if fate is Fate.LOST:
            _LOGGER.warning("SMS %s did not arrive", key or f"with the provider's id {reference}")
        return Receipt(MessageId(key) if key else None, reference, fate)


def _name(said: str | None) -> str:
    return said if said is not None and _NAME.fullmatch(said) else ""
