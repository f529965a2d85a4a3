"""What a clock must keep to."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

import pytest

from msa_recovery.application.ports import Clock

from .port import SIDES, PortContract

__all__ = ["ClockContract"]

_A_LITTLE: Final = timedelta(minutes=1)


class ClockContract(PortContract):
    """Override the fixture ``clock``."""

    @pytest.fixture
    def clock(self) -> Clock:
        """The clock."""
        raise NotImplementedError("override the fixture `clock`")

    def test_now_is_aware_and_in_utc(self, clock: Clock) -> None:
        """This moment, aware and in UTC."""
        assert timedelta() == clock.now().utcoffset()

    def test_now_is_a_moment_of_python(self, clock: Clock) -> None:
        """This moment: a ``datetime``, which every deadline can be compared with."""
        assert datetime is type(clock.now())

    def test_it_goes_back_by_a_little_at_most(self, clock: Clock) -> None:
        """It may go backwards by a little."""
        moments = [clock.now() for _ in range(100)]
        assert [] == [late for early, late in pairwise(moments) if late < early - _A_LITTLE]

    def test_threads_may_ask_at_the_same_time(self, clock: Clock) -> None:
        """This moment, whoever asks."""
        moments = self.together([clock.now] * SIDES)
        assert max(moments) - min(moments) < _A_LITTLE
