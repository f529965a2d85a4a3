"""The French page says what the program does."""

from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from attrs import fields

from msa_recovery import EventName, Policy
from msa_recovery.domain.compiler import EFFECTS, GUARDS, Chart
from msa_recovery.domain.machine import CHARTS
from msa_recovery.exploration.lines import lines
from tools.parcours import page
from tools.parcours_drawing import drawn, sentences

PAGE = Path(__file__).parents[2] / "docs" / "parcours.md"


def test_the_page_is_as_the_program_has_it() -> None:
    """If not: python -m tools.parcours."""
    assert page() == PAGE.read_text(encoding="utf-8")


def test_every_event_guard_effect_and_setting_has_a_sentence_and_nothing_else_has() -> None:
    said = sentences()
    assert (set(EventName), set(GUARDS), set(EFFECTS), {each.name for each in fields(Policy)}) == (
        set(said["gestes"]),
        set(said["conditions"]),
        set(said["effets"]),
        set(said["reglages"]),
    )


def test_what_a_row_denies_has_a_sentence_of_its_own_and_nothing_else_has() -> None:
    denied = {name for chart in CHARTS.values() for row in chart.rows for name, wanted in row.guards if not wanted}
    assert denied == set(sentences()["contraires"])


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_a_drawing_shows_every_step_and_where_each_gesture_may_lead_in_french(chart: Chart) -> None:
    picture = fromstring(drawn(chart))  # noqa: S314 - our own
    texts = ["".join(each.itertext()) for each in picture.findall(".//{*}text")]
    assert set(chart.titles.values()) <= set(texts)
    expected = {(line.source, line.event, line.target) for line in lines(chart)}
    rows = [tuple(text.text or "" for text in row.findall("{*}text")) for row in picture.findall(".//{*}g[@data-row]")]
    assert len(expected) == len(rows)
    assert {sentences()["gestes"][event] for _, event, _ in expected} == {does for does, _ in rows} - {""}
    assert {f"→ {chart.titles[target]}" if target else "reste à cette étape" for _, _, target in expected} == {
        leads for _, leads in rows
    }
