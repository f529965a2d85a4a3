"""The French page says what the program does."""

from pathlib import Path

from attrs import fields

from msa_recovery import Policy
from msa_recovery.domain.compiler import EFFECTS, GUARDS
from msa_recovery.domain.machine import CHARTS
from tools.parcours import page, sentences

PAGE = Path(__file__).parents[2] / "docs" / "parcours.md"


def test_the_page_is_as_the_program_has_it() -> None:
    """If not: python -m tools.parcours."""
    assert page() == PAGE.read_text(encoding="utf-8")


def test_every_guard_effect_and_setting_has_a_sentence_and_nothing_else_has() -> None:
    said = sentences()
    assert (set(GUARDS), set(EFFECTS), {each.name for each in fields(Policy)}) == (
        set(said["conditions"]),
        set(said["effets"]),
        set(said["reglages"]),
    )


def test_what_a_row_denies_has_a_sentence_of_its_own_and_nothing_else_has() -> None:
    denied = {name for chart in CHARTS.values() for row in chart.rows for name, wanted in row.guards if not wanted}
    assert denied == set(sentences()["contraires"])
