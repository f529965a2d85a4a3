"""How often the simulated attacker gets a code right, beside what the formulas say.

The tests play it some thousand times, ``make risk`` a hundred thousand.
"""

import math
from collections.abc import Callable, Iterator
from functools import partial
from random import Random
from typing import Final, final

from attrs import frozen

from msa_recovery.domain.odds import any_of, at_least_one, guesses_at_codes, one_code
from msa_recovery.domain.policy import Policy

from .attacker import gets_in, sprays

__all__ = ["CODES", "DOUBT", "Trial", "between", "seen", "trials"]

CODES: Final = 100
"""So few codes that most attackers of a year get one right; the policies have 10 000 and more."""

DOUBT: Final = 0.001
"""How rarely the interval may miss what is so."""

_SPRAYED: Final = 20


@final
@frozen
class Trial:
    """One thing that an attacker tries, and how likely the formulas say that it works.

    Attributes:
        name: what is tried.
        policy: under which limits.
        expected: the probability of a right code.
        works: plays it once.
    """

    name: str
    policy: Policy
    expected: float
    works: Callable[[Random], bool]


def trials(policy: Policy) -> Iterator[Trial]:
    """One account for a day, a month and a year, and a campaign that gives each account one code."""
    for name, days in (("one account, a day", 1), ("one account, 30 days", 30), ("one account, 365 days", 365)):
        expected = at_least_one(
            (one_code(guesses, CODES), times) for guesses, times in guesses_at_codes(policy, days).items()
        )
        yield Trial(name, policy, expected, partial(_gets_in, policy, days))
    once = any_of(one_code(policy.guesses_per_code, CODES), _SPRAYED)
    name = f"{_SPRAYED} accounts, one code each"
    yield Trial(name, policy, once, partial(sprays, policy, _SPRAYED, CODES))


def _gets_in(policy: Policy, days: int, chance: Random) -> bool:
    return gets_in(policy, days, CODES, chance).right


def seen(trial: Trial, runs: int, seed: int = 63) -> int:
    """How often it worked in so many runs, the same ones every time."""
    return sum(trial.works(Random(f"{seed} {trial.policy.name} {trial.name} {run}")) for run in range(runs))


def between(hits: int, runs: int, doubt: float = DOUBT) -> tuple[float, float]:
    """Between what the probability lies, but for one case in ``1 / doubt``, after so many hits in so many runs.

    By Chernoff's bound, ``P(so far off) <= exp(-runs * KL(seen, true))`` on either side: it holds for every number of
    runs and every probability, where the usual formula with a square root is only near.
    """
    rate, most = hits / runs, math.log(2 / doubt) / runs

    def too_far(probability: float) -> bool:
        return _divergence(rate, probability) > most

    return _edge(rate, 0.0, too_far), _edge(rate, 1.0, too_far)


def _divergence(rate: float, probability: float) -> float:
    """Kullback and Leibler's, of two coins."""
    parts = ((rate, probability), (1 - rate, 1 - probability))
    return sum(one * math.log(one / other) if other else math.inf for one, other in parts if one)


def _edge(inside: float, outside: float, too_far: Callable[[float], bool]) -> float:
    for _ in range(60):
        middle = (inside + outside) / 2
        inside, outside = (inside, middle) if too_far(middle) else (middle, outside)
    return outside
