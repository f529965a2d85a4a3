"""The alarm for many wrong guesses over many accounts, which no cap of a single account ever meets (R6)."""

from datetime import date
from threading import Lock
from typing import Final, final

from msa_recovery.application.facts import AuditRow
from msa_recovery.domain.audit import Fact, FactName
from msa_recovery.domain.errors import CallerError
from msa_recovery.domain.machine import CHARTS
from msa_recovery.domain.problem import ProblemCode

__all__ = ["SprayAlarm"]

_RIGHT: Final = ("guess_is_right", True)


def _rows_of_wrong_guesses() -> frozenset[str]:
    """Those behind the row for a right guess. A right answer that no code can follow is among them."""
    found: set[str] = set()
    for chart in CHARTS.values():
        for cell in chart.cells.values():
            right = [number for number, row in enumerate(cell.rows) if _RIGHT in row.guards]
            if right:
                found.update(row.label for row in cell.rows[right[-1] + 1 :])
    return frozenset(found)


@final
class SprayAlarm:
    """Counts wrong guesses at codes, answers and passwords over all accounts, and at a threshold raises the alarm, once
    a day (UTC): the fact ``spray_alarm``, which is kept and told to every observer.

    It counts what its own process is told, and begins at nothing when the process is started. A host of several
    processes divides the threshold by their number, or counts the facts where they all arrive.

    Args:
        threshold: how many wrong guesses in a day; 1 or more. With codes of N values, ``threshold / N`` right codes a
            day are expected to be guessed without an alarm: at 1 000 and four digits one in ten days.

    Raises:
        CallerError: the threshold is no whole number, or less than 1.
    """

    def __init__(self, threshold: int) -> None:
        if type(threshold) is not int or threshold < 1:
            raise CallerError("threshold: a whole number, 1 or more")
        self._threshold = threshold
        self._rows = _rows_of_wrong_guesses()
        self._lock = Lock()
        self._day = date.min
        self._wrong = 0
        self._next = threshold
        self._raised = False

    def observe(self, row: AuditRow) -> Fact | None:
        with self._lock:
            # The clock may go back by a little: the day never does.
            if row.at.date() > self._day:
                self._day, self._wrong, self._next, self._raised = row.at.date(), 0, self._threshold, False
            if row.fact.name is FactName.SPRAY_ALARM:
                self._raised = True
            if not self._is_wrong(row.fact):
                return None
            self._wrong += 1
            if self._raised or self._wrong < self._next:
                return None
            # Should the alarm not be kept, it is raised again later; it comes back as a fact when it is.
            self._next = 2 * self._wrong
            return Fact(FactName.SPRAY_ALARM)

    def _is_wrong(self, fact: Fact) -> bool:
        if fact.name is FactName.ROW_FIRED:
            return fact.row in self._rows
        return fact.name is FactName.SIGN_IN_REFUSED and fact.reason is ProblemCode.SIGN_IN_WRONG
