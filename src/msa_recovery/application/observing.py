"""Observers are told what was committed. Whatever becomes of that, the call goes on as if nobody watched."""

import logging
from typing import Any, Final, final

from msa_recovery.domain.audit import Fact

from .async_ports import AsyncObserver
from .auditing import tells_of_nobody
from .facts import AuditRow
from .ports import Observer
from .questions import Question

__all__ = ["Watch"]

_LOGGER: Final = logging.getLogger("msa_recovery")


@final
class Watch:
    """What both drivers know of the observers of a host.

    An observer that fails is logged once, and again only after it worked in between.
    """

    def __init__(self, observers: tuple[Observer | AsyncObserver, ...]) -> None:
        self.observers = observers
        self._failing: set[int] = set()

    def told_of(self, question: Question[Any], answer: object) -> tuple[AuditRow, ...]:
        """The facts that are kept now that this question has this answer."""
        if not self.observers or question.method != "commit" or answer is not True:
            return ()
        facts: tuple[AuditRow, ...] = question.arguments[0].audit
        return facts

    def concluded(self, observer: Observer | AsyncObserver, row: AuditRow, fact: Fact | None) -> Fact | None:
        """The observer worked; what is to be kept of what it concluded. From a conclusion none is drawn: two observers
        would talk to each other for ever."""
        self._failing.discard(id(observer))
        return None if tells_of_nobody(row) else fact

    def failed(self, observer: Observer | AsyncObserver, error: Exception) -> None:
        """It raised. What the error says may tell too much; its kind does not."""
        if id(observer) not in self._failing:
            self._failing.add(id(observer))
            _LOGGER.error("the observer %s failed: %s", type(observer).__name__, type(error).__name__)
