"""The two moments that there are: every deadline is either still to come, or just now (and so passed)."""

from datetime import UTC, datetime, timedelta
from typing import Final

__all__ = ["LATER", "NOW"]

NOW: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""The moment of every step, and of every deadline that has passed: *at the deadline* is tested thereby."""

LATER: Final = NOW + timedelta(microseconds=1)
"""Where a deadline is put that is still to come: as near as can be, so that whatever a step sets anew is later."""
