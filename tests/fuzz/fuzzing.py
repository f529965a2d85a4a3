"""Throws things at one entry point."""

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded

from .entries import Entry

__all__ = ["fuzz"]


def fuzz(entry: Entry, examples: int, seed: int) -> None:
    """Throw so many things at it, others for each seed; raises what must not be, for the smallest that shows it."""

    @seeded(seed)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=(Phase.explicit, Phase.generate, Phase.target, Phase.shrink),
        suppress_health_check=(HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large),
    )
    @given(entry.thrown)
    def throws(thrown: object) -> None:
        entry.check(thrown)

    throws()
