"""The charts as they were last reviewed: a change of the chart changes these files, and shows there what it does."""

from collections.abc import Callable
from pathlib import Path

import pytest

from msa_recovery.domain.compiler import Chart
from msa_recovery.domain.machine import CHARTS
from msa_recovery.exploration import drawing
from msa_recovery.exploration.paths import SMALLEST
from msa_recovery.exploration.promela import promela
from msa_recovery.exploration.scxml import scxml
from tools import parcours_drawing

FOLDER = Path(__file__).parents[2] / "docs" / "chart"


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
@pytest.mark.parametrize(
    ("ending", "draw"),
    [
        ("md", drawing.markdown),
        ("mermaid", drawing.mermaid),
        ("dot", drawing.dot),
        ("scxml", scxml),
        ("svg", drawing.svg),
        ("fr.svg", parcours_drawing.drawn),
    ],
)
def test_a_chart_is_as_it_was_reviewed(chart: Chart, ending: str, draw: Callable[[Chart], str]) -> None:
    assert (FOLDER / f"{chart.name}.{ending}").read_text(encoding="utf-8") == draw(chart), "make chart prints it anew"


def test_the_model_is_as_it_was_reviewed() -> None:
    assert (FOLDER / "judged.promela").read_text(encoding="utf-8") == promela(CHARTS, SMALLEST), "see: make chart"


def test_no_other_chart_lies_there() -> None:
    endings = ("md", "mermaid", "dot", "scxml", "svg", "fr.svg")
    expected = {f"{name}.{ending}" for name in CHARTS for ending in endings} | {"judged.promela"}
    assert expected == {path.name for path in FOLDER.iterdir()}
