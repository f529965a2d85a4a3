"""What an observer of facts must keep to."""

from functools import partial
from typing import Final

import pytest
from attrs import evolve

from msa_recovery.application.async_ports import AsyncObserver
from msa_recovery.application.facts import AuditRow
from msa_recovery.application.ports import Observer
from msa_recovery.domain.audit import Fact, FactName
from msa_recovery.domain.problem import ProblemCode

from .examples import NOW, a_fact
from .port import SIDES, PortContract

__all__ = ["ObserverContract"]

_FACTS: Final = (
    *map(Fact, FactName),
    Fact(FactName.ROW_FIRED, "confirming_code.submit_code.3", ProblemCode.CODE_WRONG),
    Fact(FactName.ROW_FIRED, "a row that an earlier version had", ProblemCode.CODE_WRONG),
    Fact(FactName.MESSAGE_DROPPED, "expired"),
)
_MOST: Final = 100


class ObserverContract(PortContract):
    """Override the fixture ``observer``. One that is awaited is given as it is."""

    @pytest.fixture
    def observer(self) -> Observer | AsyncObserver:
        """The observer."""
        raise NotImplementedError("override the fixture `observer`")

    @pytest.mark.parametrize("fact", _FACTS, ids=str)
    def test_it_takes_note_of_any_fact(self, observer: Observer, fact: Fact) -> None:
        """``observe``: each fact. What it concludes is a fact again, or nothing."""
        assert isinstance(self.call(observer.observe, evolve(a_fact(), fact=fact)), Fact | None)

    def test_it_takes_note_of_what_concerns_nobody(self, observer: Observer) -> None:
        """``AuditRow.account`` and ``AuditRow.journey`` may be empty."""
        row = AuditRow(NOW, "", "", Fact(FactName.SIGN_IN_REFUSED))
        assert isinstance(self.call(observer.observe, row), Fact | None)

    def test_it_comes_to_an_end_with_its_own_conclusions(self, observer: Observer) -> None:
        """``observe``: what is returned is told to every observer, this one included."""
        told, row = 0, evolve(a_fact(), fact=_FACTS[-2])
        while told < _MOST and (concluded := self.call(observer.observe, row)) is not None:
            told, row = told + 1, evolve(row, fact=concluded)
        assert told < _MOST

    def test_many_may_tell_it_at_the_same_time(self, observer: Observer) -> None:
        """``observe``, by the call that the fact comes from: a host takes several at once."""
        answers = self.together([partial(observer.observe, a_fact())] * SIDES)
        assert [] == [answer for answer in answers if not isinstance(answer, Fact | None)]
