"""How fast everything is visited, and how the number of states grows with each cap."""

from collections.abc import Iterator
from typing import Final

from attrs import evolve

from msa_recovery.domain.policy import Policy
from msa_recovery.exploration.runs import PROFILES
from msa_recovery.exploration.search import explore
from msa_recovery.exploration.setting import CAPS, VARIANTS, Setting, capped

from .report import Line

__all__ = ["lines"]

_NEWCOMER: Final = next(variant for variant in VARIANTS if variant.first_sign_in)
_RUNS: Final = 3
_CAP: Final = 2


def lines() -> Iterator[Line]:
    """Measure the steps a second, then raise one cap after the other."""
    small = Setting(capped(PROFILES["msa"], _CAP), _NEWCOMER)
    found = [explore(small) for _ in range(_RUNS)]
    speeds = [each.world.walker.steps / each.seconds for each in found]
    what = "exploration: calls of the real reserve and step, invariants judged"
    yield Line.median_of(what, speeds, "a second of one core", least=30_000)
    yield Line(f"exploration: states of {small.name}", len(found[0].states), "states")
    for cap in CAPS:
        if (raised := _raised(small.policy, cap)) is not None:
            states = len(explore(evolve(small, policy=raised)).states)
            yield Line(f"exploration: the same with {cap} = {getattr(raised, cap)}", states, "states")


def _raised(policy: Policy, cap: str) -> Policy | None:
    """The policy with this cap one higher; ``None`` where another cap has to be raised first."""
    try:
        return evolve(policy, **{cap: getattr(policy, cap) + 1})
    except ValueError:
        return None
