"""``make spin``: an outside judge on the charts.

spin searches the whole state space of the Promela model that is printed from them: no assertion may fail, both temporal
properties must hold, and the rows and states that it reaches are compared by name with those that our own exploration
reaches. Then bugs are planted in the model, and spin must find each.
"""

import sys
from pathlib import Path
from time import monotonic
from typing import Final

from msa_recovery.domain.machine import CHARTS
from msa_recovery.exploration.paths import SMALLEST, paths
from msa_recovery.exploration.promela import promela
from tests.spin.judging import NoSpin, RowName, comes_true, judged
from tests.spin.planted import PLANTED

_FOLDER: Final = Path("build/spin")
_ROWS: Final = {(chart.name, row.label): row for chart in CHARTS.values() for row in chart.rows}


def states_of(rows: frozenset[RowName]) -> frozenset[str]:
    """The control states that these rows leave and lead to."""
    return frozenset(f"{row[0]} {state}" for row in rows for state in (_ROWS[row].state, _ROWS[row].target))


def main() -> int:
    """What it ends with: 0 if spin and we agree that nothing is wrong."""
    began, model = monotonic(), promela(CHARTS, SMALLEST)
    try:
        found = judged(model, _FOLDER / "charts")
        errors = found.errors + comes_true(model, _FOLDER / "charts")
    except NoSpin as missing:
        print(f"make spin: {missing}", file=sys.stderr)
        return 1
    ours = frozenset(paths()[0])
    wrong = [*errors]
    wrong += (f"our exploration alone reaches {' '.join(label)}" for label in sorted(ours - found.rows))
    wrong += (f"spin alone reaches {' '.join(label)}" for label in sorted(found.rows - ours))
    if states_of(ours) != states_of(found.rows):
        wrong.append("the control states differ")
    print(
        f"spin states {found.states} rows {len(found.rows)}/{len(_ROWS)} control-states {len(states_of(found.rows))}"
        f" exploration-rows {len(ours)} seconds {monotonic() - began:.0f} violations {len(wrong)}",
        flush=True,
    )
    for bug in PLANTED:
        bad, folder = bug.model(model), _FOLDER / "planted"
        errors = comes_true(bad, folder) if bug.temporal else judged(bad, folder).errors
        print(f"planted: {bug.name}: {'found, ' + errors[0] if errors else 'NOT FOUND'}", flush=True)
        wrong += () if errors else (f"spin did not find: {bug.name}",)
    for each in wrong:
        print(each)
    return 1 if wrong else 0


sys.exit(main())
