"""Whoever upgrades reads the changelog from a version on: each has its section, the one of the sources first."""

import re
import tomllib
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
SECTIONS: Final = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)


def test_the_first_section_is_of_the_version_that_is_built() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert version == SECTIONS[0].partition(" - ")[0]


def test_every_section_names_its_version_and_its_day() -> None:
    form = r"\d+\.\d+\.\d+ - (\d{4}-\d\d-\d\d|unreleased)"
    assert [] == [section for section in SECTIONS if not re.fullmatch(form, section)]
    assert [] == [section for section in SECTIONS[1:] if section.endswith("unreleased")]
