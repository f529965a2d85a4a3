"""``make spin``: an outside judge on the charts.

spin searches the whole state space of the Promela model that is printed from them: no assertion may fail, both temporal
properties must hold, and the rows and states that it reaches are compared by name with those that our own exploration
reaches. ``make spin-planted`` plants bugs in the model, and spin must find each.
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


def charts() -> list[str]:
    """What is wrong with the charts, in words."""
    began, model = monotonic(), promela(CHARTS, SMALLEST)
    found = judged(model, _FOLDER / "charts")
    wrong = [*found.errors, *comes_true(model, _FOLDER / "charts")]
    ours = frozenset(paths()[0])
    wrong += (f"our exploration alone reaches {' '.join(label)}" for label in sorted(ours - found.rows))
    wrong += (f"spin alone reaches {' '.join(label)}" for label in sorted(found.rows - ours))
    if states_of(ours) != states_of(found.rows):
        wrong.append("the control states differ")
    print(
        f"spin states {found.states} rows {len(found.rows)}/{len(_ROWS)} control-states {len(states_of(found.rows))}"
        f" exploration-rows {len(ours)} seconds {monotonic() - began:.0f} violations {len(wrong)}"
    )
    return wrong


def bugs() -> list[str]:
    """Which planted bugs are not found."""
    model, folder, wrong = promela(CHARTS, SMALLEST), _FOLDER / "planted", list[str]()
    for bug in PLANTED:
        bad = bug.model(model)
        errors = comes_true(bad, folder) if bug.temporal else judged(bad, folder).errors
        print(f"planted: {bug.name}: {'found, ' + errors[0] if errors else 'NOT FOUND'}", flush=True)
        wrong += () if errors else (f"spin did not find: {bug.name}",)
    return wrong


def main() -> int:
    """What it ends with: 0 if spin and we agree that nothing is wrong, or if it finds every bug."""
    try:
        wrong = bugs() if "--planted" in sys.argv else charts()
    except NoSpin as missing:
        wrong = [str(missing)]
    print(*wrong, sep="\n", end="\n" if wrong else "")
    return 1 if wrong else 0


sys.exit(main())
