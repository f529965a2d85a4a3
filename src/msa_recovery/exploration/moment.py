"""The two moments that there are: every deadline is either still to come, or just now (and so passed)."""

from datetime import UTC, datetime, timedelta
from typing import Final

__all__ = ["LATER", "NOW"]

NOW: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""The moment of every step. A deadline that has passed is put at this very moment, where *at the deadline* is tested."""

LATER: Final = NOW + timedelta(days=1)
"""Where a deadline is put that is still to come."""
