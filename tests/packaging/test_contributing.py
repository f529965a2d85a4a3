"""CONTRIBUTING names what there is: every floor in its order, every level of the tests."""

import re
import tomllib
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def first_cells(heading: str) -> list[str]:
    """The names in the first column of the table under this head."""
    table = PAGE[PAGE.index(f"| {heading} |") :].partition("\n\n")[0]
    cells = [line.split("|")[1] for line in table.splitlines()[2:]]
    return [name for cell in cells for name in re.findall(r"`([\w.]+)`", cell)]


def test_every_floor_is_named_in_its_order() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    (layers,) = [each["layers"] for each in contracts if each["type"] == "layers"]
    floors = [name.strip("() ") for layer in layers for name in layer.split("|")]
    assert floors == [name.removesuffix(".py") for name in first_cells("floor")]


def test_every_level_is_named() -> None:
    folders = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir()} - {"__pycache__", "support"}
    assert sorted(folders) == sorted(first_cells("level"))
