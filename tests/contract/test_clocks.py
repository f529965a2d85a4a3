"""The shipped clocks keep the contract of a clock."""

from datetime import UTC, datetime

import pytest

from msa_recovery.adapters.clocks import ManualClock, SystemClock
from msa_recovery.application.ports import Clock
from msa_recovery.testing.contracts import ClockContract


class TestSystemClock(ClockContract):
    @pytest.fixture
    def clock(self) -> Clock:
        return SystemClock()


class TestManualClock(ClockContract):
    @pytest.fixture
    def clock(self) -> Clock:
        return ManualClock(datetime(2026, 3, 29, 12, tzinfo=UTC))
