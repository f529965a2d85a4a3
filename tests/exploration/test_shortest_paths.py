"""The shortest path to each row and state, taken by the real ``reserve`` and ``step``: one test each, by its name."""

from functools import cache

import pytest

from msa_recovery.domain.journey import ChartName, State
from msa_recovery.domain.machine import CHARTS
from msa_recovery.exploration import paths
from msa_recovery.exploration.stories import replay

ROWS = tuple((chart.name, row.label) for chart in CHARTS.values() for row in chart.rows)
STATES = tuple(dict.fromkeys(state for chart in CHARTS.values() for state in chart.titles))


@cache
def found() -> tuple[dict[tuple[ChartName, str], paths.Path], dict[State, paths.Path]]:
    """Searched for once a process."""
    return paths.paths()


@pytest.mark.parametrize(("chart", "label"), ROWS)
def test_a_row_is_taken_by_the_last_step_of_its_path(chart: ChartName, label: str) -> None:
    path = found()[0][chart, label]
    *_, last = replay(path.setting, path.story)
    assert last.edge is not None
    assert (chart, label) == last.edge.row


@pytest.mark.parametrize("state", STATES)
def test_a_state_is_entered_by_the_last_step_of_its_path(state: State) -> None:
    path = found()[1][state]
    *_, last = replay(path.setting, path.story)
    into = {(chart.name, row.label) for chart in CHARTS.values() for row in chart.rows if row.target is state}
    assert last.edge is None or last.edge.row is None or last.edge.row in into
