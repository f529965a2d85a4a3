"""Make ``docs/requirements.md``: each requirement with its source and the tests that show it.

``python -m tools.requirements`` writes the page; a test renders it anew. A test shows a requirement by saying its
number (``R13``) in its name or docstring, at most four of them; a docstring of a class or a file speaks for its tests.
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final, final

from attrs import frozen

__all__ = ["MOST", "Requirement", "Shown", "page", "requirements", "shown"]

_ROOT: Final = Path(__file__).parents[1]
_PAGE: Final = _ROOT / "docs" / "requirements.md"
_WHERE: Final = ("tests", "src/msa_recovery/testing")
_NUMBER: Final = re.compile(r"\bR([1-9][0-9]?)\b")

MOST: Final = 4
"""How many requirements one test may speak for: who shows everything shows nothing."""


@final
@frozen
class Requirement:
    """One line of the list.

    Attributes:
        number: as in ``R13``.
        asks: what it asks for.
        source: the standard, or the failure, that it comes from.
        later: why no test shows it yet.
        but: what of it is not kept, and why.
    """

    number: int
    asks: str
    source: str
    later: str = ""
    but: str = ""


@final
@frozen
class Shown:
    """A test, or what speaks for several.

    Attributes:
        where: the file, from the root.
        name: of the test; of the class or the file whose docstring it is.
        numbers: the requirements.
    """

    where: str
    name: str
    numbers: frozenset[int]


def requirements() -> tuple[Requirement, ...]:
    """The list, in its order."""
    entries = tomllib.loads((_ROOT / "docs" / "requirements.toml").read_text(encoding="utf-8"))["requirement"]
    return tuple(Requirement(**entry) for entry in entries)


def shown() -> tuple[Shown, ...]:
    """Everything in the tests that says a number, in the order of the files."""
    files = (path for folder in _WHERE for path in sorted((_ROOT / folder).rglob("*.py")))
    return tuple(each for path in files for each in _shown_by(path))


def _shown_by(path: Path) -> Iterator[Shown]:
    where = path.relative_to(_ROOT).as_posix()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module) and path.name.startswith("test_"):
            name, text = "", ast.get_docstring(node) or ""
        elif isinstance(node, ast.ClassDef):
            name, text = node.name, ast.get_docstring(node) or ""
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            name, text = node.name, f"{node.name.replace('_', ' ').upper()} {ast.get_docstring(node) or ''}"
        else:
            continue
        numbers = {int(number) for number in _NUMBER.findall(text)}
        if numbers:
            yield Shown(where, name, frozenset(numbers))


def page() -> str:
    """The page as it should be."""
    every = shown()
    lines = [
        "# What is required, and what shows it",
        "",
        "Made by `python -m tools.requirements` from `docs/requirements.toml` and from what the tests say in their",
        "names and docstrings; a test renders it anew.",
        "",
        "| # | requirement | from | shown by |",
        "|---|---|---|---|",
    ]
    for each in requirements():
        by_file: dict[str, int] = {}
        for one in every:
            if each.number in one.numbers:
                by_file[one.where] = by_file.get(one.where, 0) + 1
        tests = "; ".join(f"`{where}` ({count})" for where, count in by_file.items())
        by = (tests or f"not yet: {each.later}") + (f"; but {each.but}" if each.but else "")
        lines.append(f"| R{each.number} | {each.asks} | {each.source} | {by} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    _PAGE.write_text(page(), encoding="utf-8")
