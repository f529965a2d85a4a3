"""The charts in French, for the people who own the journey: what the person does at each step, and where it may lead.

Under which conditions stands in the tables of ``docs/parcours.md``; with them a drawing is wider than any screen.
"""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from msa_recovery.domain.compiler import Chart
from msa_recovery.domain.journey import ChartName
from msa_recovery.exploration.lines import Line, lines
from msa_recovery.exploration.svg import Cells, Words, svg

__all__ = ["TITLES", "drawn", "sentences"]

TITLES: Final[Mapping[ChartName, str]] = {
    ChartName.RECOVERY: "Mot de passe oublié",
    ChartName.CHANGE: "Changer son mot de passe",
}

_SENTENCES: Final = Path(__file__).parents[1] / "docs" / "parcours.toml"


@cache
def sentences() -> Mapping[str, Mapping[str, str]]:
    """What the code has no French for, by kind and name."""
    found: dict[str, dict[str, str]] = tomllib.loads(_SENTENCES.read_text(encoding="utf-8"))
    return found


def _rows(chart: Chart) -> Sequence[tuple[Line, Cells]]:
    """Of the rows of a step that lead from one gesture to one step, the first."""
    first: dict[object, Line] = {}
    for line in lines(chart):
        first.setdefault((line.source, line.event, line.target), line)
    rows: list[tuple[Line, Cells]] = []
    before = None
    for line in first.values():
        does = sentences()["gestes"][line.event] if (line.source, line.event) != before else ""
        leads = ("reste à cette étape", "quiet") if line.target is None else (f"→ {chart.titles[line.target]}", "")
        rows.append((line, (((does, "event"),), (leads,))))
        before = line.source, line.event
    return rows


_WORDS: Final = Words(
    title=lambda chart: TITLES[chart.name],
    heads=("la personne", "étape suivante"),
    rows=_rows,
    inside="En cours",
    anywhere="À chaque étape",
    names=False,
    style="text { font: 13px 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif; }\n",
)


def drawn(chart: Chart) -> str:
    """The drawing of a chart, as SVG."""
    return svg(chart, _WORDS)
