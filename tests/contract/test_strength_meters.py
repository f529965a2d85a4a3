"""The shipped meters keep the contract of a meter."""

from typing import Final

import pytest

from msa_recovery.adapters.meter import ZxcvbnMeter
from msa_recovery.adapters.rust_meter import RustMeter
from msa_recovery.application.ports import StrengthMeter
from msa_recovery.testing.contracts import StrengthMeterContract

_METER: Final = ZxcvbnMeter()
"""One for all tests: it loads its lists once."""

_RUST_METER: Final = RustMeter()


class TestZxcvbnMeter(StrengthMeterContract):
    @pytest.fixture
    def meter(self) -> StrengthMeter:
        return _METER


class TestRustMeter(StrengthMeterContract):
    @pytest.fixture
    def meter(self) -> StrengthMeter:
        return _RUST_METER
