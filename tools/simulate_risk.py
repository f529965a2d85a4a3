"""Play the simulated attacker often, and print what it got beside what the formulas say: ``make risk``.

``python -m tools.simulate_risk 1000`` plays it that often. The table stands in ``docs/risk.md``.
"""

import sys
from datetime import UTC, datetime

from msa_recovery.domain.policy import Policy
from tests.support.simulated_risk import CODES, DOUBT, between, seen, trials

RUNS = 100_000


def main(runs: int) -> int:
    """Print a table of all trials; 1 if a formula lies outside an interval."""
    print(f"{datetime.now(UTC):%Y-%m-%d}: {runs} runs each, one code in {CODES}, intervals of {1 - DOUBT:.1%}\n")
    print("| policy | attack | seen | between | formula | |")
    print("| --- | --- | --- | --- | --- | --- |")
    outside = 0
    for policy in (Policy.msa(), Policy.testing()):
        for trial in trials(policy):
            hits = seen(trial, runs)
            low, high = between(hits, runs)
            fits = low <= trial.expected <= high
            outside += not fits
            cells = (
                policy.name,
                trial.name,
                f"{hits / runs:.2%}",
                f"{low:.2%} and {high:.2%}",
                f"{trial.expected:.2%}",
            )
            print(f"| {' | '.join(cells)} | {'inside' if fits else 'OUTSIDE'} |", flush=True)
    return min(1, outside)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS))
