"""How fast everything is visited, and how the number of states grows with each cap."""

from collections.abc import Iterator
from itertools import chain, combinations
from typing import Any, Final

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
        raised, what = _raised(small.policy, cap)
        states = len(explore(evolve(small, policy=raised)).states)
        yield Line(f"exploration: the same with {what}", states, "states")


def _raised(policy: Policy, cap: str) -> tuple[Policy, str]:
    """The policy with this cap one higher, and with it as few others as it cannot be above; and these in words."""
    others = tuple(each for each in CAPS if each != cap)
    for together in chain.from_iterable(combinations(others, count) for count in range(len(others))):
        higher: dict[str, Any] = {name: getattr(policy, name) + 1 for name in (cap, *together)}
        try:
            return evolve(policy, **higher), ", ".join(f"{name} = {value}" for name, value in higher.items())
        except ValueError:
            continue
    raise LookupError(f"{cap} cannot be raised")
