"""docs/reference says what the code has."""

import re
from pathlib import Path

import pytest
from attrs import fields

from msa_recovery import Policy
from tools.reference import PAGES
from tools.reference_parts import attributes_of
from tools.surface import SECTIONS, public, public_names

FOLDER = Path(__file__).parents[2] / "docs" / "reference"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_as_the_code_has_it(name: str) -> None:
    """If not: python -m tools.reference."""
    assert PAGES[name]() == (FOLDER / name).read_text(encoding="utf-8")


def test_every_setting_is_explained_and_nothing_else_is() -> None:
    assert [each.name for each in fields(Policy)] == list(attributes_of(Policy))


@pytest.mark.parametrize("page", dict.fromkeys(section.page for section in SECTIONS))
def test_every_public_name_is_described_on_its_page_and_once(page: str) -> None:
    described = re.findall(r"^\.\. auto\w+:: (\S+)$", (FOLDER / page).read_text(encoding="utf-8"), re.MULTILINE)
    sections = [public_names(section) for section in SECTIONS if section.page == page]
    assert sorted(described) == sorted(
        f"{module}.{name}" for section in sections for module, names in section.items() for name in names
    )


def test_the_page_of_compatibility_leads_to_every_page_of_public_names() -> None:
    page = (FOLDER.parent / "compatibility.md").read_text(encoding="utf-8")
    assert [] == [section.page for section in SECTIONS if f"(reference/{section.page})" not in page]


def test_every_adapter_that_the_page_of_ports_names_is_public() -> None:
    page = (FOLDER / "ports.md").read_text(encoding="utf-8")
    named = re.findall(r"`(adapters\.\w+)\.(\w+)`", page)
    assert len(named) > 10
    assert [] == [each for each in named if not public(f"msa_recovery.{each[0]}", each[1])]
