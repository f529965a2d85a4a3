"""docs/reference says what the code has."""

from pathlib import Path

import pytest

from msa_recovery import Policy
from tools.reference import PAGES, attributes_of

FOLDER = Path(__file__).parents[2] / "docs" / "reference"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_as_the_code_has_it(name: str) -> None:
    """If not: python -m tools.reference."""
    assert PAGES[name]() == (FOLDER / name).read_text(encoding="utf-8")


def test_every_setting_is_explained_and_nothing_else_is() -> None:
    assert [each.name for each in Policy.__attrs_attrs__] == list(attributes_of(Policy))
