"""Hypothesis, steered toward the deep states, gets everywhere: every row of both charts fires at least once.

It walks the real ``reserve`` and ``step`` over the states of the exhaustive search, which knows nothing of this one.
"""

from collections import Counter
from functools import cache
from random import Random
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings, target
from hypothesis import strategies as st

from msa_recovery.domain.account import Channel
from msa_recovery.domain.events import EventName
from msa_recovery.domain.machine import CHARTS
from msa_recovery.exploration.decisions import undecided
from msa_recovery.exploration.paths import SETTINGS, SMALLEST
from msa_recovery.exploration.setting import VARIANTS, Setting, capped
from msa_recovery.exploration.walker import RowName
from msa_recovery.exploration.world import Happening, World

pytestmark = pytest.mark.no_cover

ROWS: Final = frozenset((chart.name, row.label) for chart in CHARTS.values() for row in chart.rows)
_KNOWN: Final = next(each for each in VARIANTS if not each.first_sign_in and Channel.EMAIL in each.usable)
# Somebody who is known, under caps of 1 so that the last of everything is near; a newcomer; two journeys at once.
_WALKED: Final = (Setting(capped(SMALLEST, 1), _KNOWN, past=True), *SETTINGS[1:])
_STEPS: Final = 50
_SHARES: Final = (35, 35, 15, 15)
"""In a hundred choices: what fires a row that is new on this walk; what leads on; that time passes; anything."""
_UNWILLING: Final = (0.0, 0.1, 0.2, 0.3)
_LEADING_AWAY: Final = frozenset(
    {EventName.ABANDON, EventName.LAPSE, EventName.ORDER_LETTER, EventName.USE_FRANCECONNECT}
)
_world: Final = cache(lambda setting: World(setting, undecided()))


def _row(happening: Happening) -> RowName | None:
    return None if happening.edge is None else happening.edge.row


def _event(happening: Happening) -> EventName | None:
    row = _row(happening)
    return None if row is None else EventName(row[1].split(".")[1])


@given(legs=st.lists(st.integers(0, 2**32 - 1), min_size=10, max_size=30, unique=True))
@settings(derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow])
def walk(fired: Counter[RowName], setting: Setting, legs: list[int]) -> None:
    """So many legs of choices, each leg from a seed: to change one leg is to go on otherwise from a deep state.

    On each leg some events are never sent: who does not type the code, say, wears out the sends.
    """
    world, rows = _world(setting), set[RowName]()
    state = world.start
    for leg in legs:
        chance = Random(leg)
        unwilling = chance.choice(_UNWILLING)
        never = frozenset(name for name in EventName if chance.random() < unwilling)
        for _ in range(_STEPS):
            possible = [each for each in world.happenings(state) if _event(each) not in never]
            fires = [each for each in possible if _row(each) is not None]
            if not fires:
                # Every journey is over, or nobody does anything; only time would go on.
                state = world.start
                continue
            menus = (
                [each for each in fires if _row(each) not in rows],
                [each for each in fires if _event(each) not in _LEADING_AWAY],
                [each for each in possible if each.edge is None],
                possible,
            )
            happening = chance.choice(chance.choices(menus, _SHARES)[0] or possible)
            if happening.edge is not None:
                assert happening.edge.breach is None
            if (row := _row(happening)) is not None:
                rows.add(row)
                fired[row] += 1
            state = happening.target
    target(float(len(rows)), label=f"rows on one walk, {setting.name}")


def test_every_row_fires_at_least_once() -> None:
    fired = Counter[RowName]()
    for setting in _WALKED:
        walk(fired, setting)
    assert [] == sorted(ROWS - fired.keys()), f"{len(fired)} of {len(ROWS)} rows fired"
