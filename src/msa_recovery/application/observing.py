"""Observers are told what was committed. Whatever becomes of that, the call goes on as if nobody watched."""

import logging
from typing import Any, Final, final

from .facts import AuditRow
from .ports import AsyncObserver, Observer
from .questions import Question

__all__ = ["Troubles", "committed"]

_LOGGER: Final = logging.getLogger("msa_recovery")


def committed(question: Question[Any], answer: object) -> tuple[AuditRow, ...]:
    """The facts that the answer to this question says are kept."""
    if question.method != "commit" or answer is not True:
        return ()
    facts: tuple[AuditRow, ...] = question.arguments[0].audit
    return facts


@final
class Troubles:
    """Which observers have failed: each is logged once, and again only after it worked in between."""

    def __init__(self) -> None:
        self._failing: set[int] = set()

    def happened(self, observer: Observer | AsyncObserver, error: Exception) -> None:
        """It raised. What it says may tell too much; its kind does not."""
        if id(observer) not in self._failing:
            self._failing.add(id(observer))
            _LOGGER.error("the observer %s failed: %s", type(observer).__name__, type(error).__name__)

    def over(self, observer: Observer | AsyncObserver) -> None:
        """It worked."""
        self._failing.discard(id(observer))
