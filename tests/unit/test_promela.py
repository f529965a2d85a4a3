"""The model has a word for each guard and effect of the charts, and for nothing else."""

import pytest
from attrs import evolve

from msa_recovery.domain.errors import ChartError
from msa_recovery.domain.journey import ChartName
from msa_recovery.domain.machine import CHARTS
from msa_recovery.exploration.paths import SMALLEST
from msa_recovery.exploration.promela import promela
from msa_recovery.exploration.promela_words import EFFECTS, GUARDS

ROWS = tuple(row for chart in CHARTS.values() for row in chart.rows)


def test_each_guard_and_each_effect_has_a_word_and_each_word_is_used() -> None:
    assert {name for row in ROWS for name, _ in row.guards} == set(GUARDS)
    assert {name for row in ROWS for name in row.effects} == set(EFFECTS)


@pytest.mark.parametrize("part", ["guards", "effects"])
def test_a_name_without_a_word_is_an_error_that_names_the_row(part: str) -> None:
    chart = CHARTS[ChartName.RECOVERY]
    (key, cell), *others = chart.cells.items()
    first = cell.rows[0]
    if part == "guards":
        first = evolve(first, guards=(("nobody_knows", True),))
    else:
        first = evolve(first, effects=("nobody_knows",))
    bad = evolve(chart, cells={key: evolve(cell, rows=(first, *cell.rows[1:])), **dict(others)})
    with pytest.raises(ChartError, match=rf"row {first.label}: .* 'nobody_knows'"):
        promela({ChartName.RECOVERY: bad}, SMALLEST)
