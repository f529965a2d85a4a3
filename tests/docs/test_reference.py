"""docs/reference says what the code has."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from attrs import fields

import msa_recovery
from msa_recovery import Policy
from msa_recovery.application import ports
from tools.reference import PAGES
from tools.reference_parts import attributes_of

FOLDER = Path(__file__).parents[2] / "docs" / "reference"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_as_the_code_has_it(name: str) -> None:
    """If not: python -m tools.reference."""
    assert PAGES[name]() == (FOLDER / name).read_text(encoding="utf-8")


def test_every_setting_is_explained_and_nothing_else_is() -> None:
    assert [each.name for each in fields(Policy)] == list(attributes_of(Policy))


def test_every_public_name_is_on_the_page_of_the_api_and_once() -> None:
    page = (FOLDER / "api.md").read_text(encoding="utf-8")
    assert sorted(msa_recovery.__all__) == sorted(
        re.findall(r"^\.\. auto\w+:: msa_recovery\.(\w+)$", page, re.MULTILINE)
    )


def test_every_port_is_on_its_page() -> None:
    page = (FOLDER / "ports.md").read_text(encoding="utf-8")
    known = {
        name for name in ports.__all__ if name != "Purpose" and f".{name}\n" not in page and f"`{name}`" not in page
    }
    assert set() == known


def test_every_adapter_that_a_page_names_is_there() -> None:
    page = (FOLDER / "ports.md").read_text(encoding="utf-8")
    named = re.findall(r"`(adapters\.\w+)\.(\w+)`", page)
    assert len(named) > 10
    assert [] == [each for each in named if not hasattr(import_module(f"msa_recovery.{each[0]}"), each[1])]
