"""``make spin``: an outside judge on the charts.

spin searches the whole state space of the Promela model that is printed from them: no assertion may fail, both temporal
properties must hold, and the rows and states that it reaches are compared by name with those that our own exploration
reaches. Then bugs are planted in the model, and spin must find each.
"""

import sys
from pathlib import Path
from time import monotonic
from typing import Final

from attrs import evolve

from msa_recovery.domain.account import Channel
from msa_recovery.domain.machine import CHARTS
from msa_recovery.exploration.promela import JUDGED, promela
from msa_recovery.exploration.search import explore
from msa_recovery.exploration.setting import VARIANTS, Setting, capped
from tests.spin.judging import NoSpin, judged
from tests.spin.planted import PLANTED

_FOLDER: Final = Path("build/spin")
_ROWS: Final = {row.label: row for chart in CHARTS.values() for row in chart.rows}


def explored() -> frozenset[str]:
    """The rows that our own search reaches, under the same caps: by a newcomer and by somebody who is known, after
    earlier journeys as well, and by two journeys at once."""
    newcomer = next(each for each in VARIANTS if each.first_sign_in)
    known = next(each for each in VARIANTS if not each.first_sign_in)
    by_email = next(each for each in VARIANTS if each.first_sign_in and each.usable == (Channel.EMAIL,))
    settings = (
        Setting(JUDGED, known),
        Setting(JUDGED, by_email, past=True),
        Setting(capped(JUDGED, 1), evolve(newcomer, usable=newcomer.usable[:1]), journeys=2, ages=False),
    )
    return frozenset(label for setting in settings for label in explore(setting).rows)


def states_of(rows: frozenset[str]) -> frozenset[str]:
    """The control states that these rows leave and lead to."""
    return frozenset(str(state) for label in rows for state in (_ROWS[label].state, _ROWS[label].target))


def main() -> int:
    """What it ends with: 0 if spin and we agree that nothing is wrong."""
    began, model = monotonic(), promela(CHARTS, JUDGED)
    try:
        found = judged(model, _FOLDER / "charts")
    except NoSpin as missing:
        print(f"make spin: {missing}", file=sys.stderr)
        return 1
    ours = explored()
    wrong = [*found.errors]
    wrong += (f"our exploration alone reaches {label}" for label in sorted(ours - found.rows))
    wrong += (f"spin alone reaches {label}" for label in sorted(found.rows - ours))
    if states_of(ours) != states_of(found.rows):
        wrong.append("the control states differ")
    print(
        f"spin states {found.states} rows {len(found.rows)}/{len(_ROWS)} control-states {len(states_of(found.rows))}"
        f" exploration-rows {len(ours)} seconds {monotonic() - began:.0f} violations {len(wrong)}",
        flush=True,
    )
    for bug in PLANTED:
        errors = judged(bug.model(model), _FOLDER / "planted", temporal=bug.temporal).errors
        print(f"planted: {bug.name}: {'found, ' + errors[0] if errors else 'NOT FOUND'}", flush=True)
        wrong += () if errors else (f"spin did not find: {bug.name}",)
    for each in wrong:
        print(each)
    return 1 if wrong else 0


sys.exit(main())
