"""Whatever README, docs and examples import of the library is public: a reader who copies it is not led astray."""

import ast
import re
from collections.abc import Iterator
from textwrap import dedent
from typing import Final

import pytest

from tests.docs.test_pages import ROOT, blocks, pages
from tools.surface import public

LOOKS_INSIDE: Final = "examples/replay_a_journey.py"
"""It shows that the domain is pure, and says that the domain is not public."""


def programs() -> Iterator[tuple[str, str]]:
    """Every piece of Python that a reader is shown, with where it stands."""
    for path in (*ROOT.glob("examples/**/*.py"), *ROOT.glob("docs/**/*.py")):
        yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
    for page in pages():
        for kind, text in blocks(page):
            if kind == "python":
                # A method of a file that the first line names stands there indented.
                yield page, dedent(re.sub(r"\A#.*\n", "", text))


def imported(program: str) -> Iterator[tuple[str, str]]:
    """What a program imports of the library, as module and name; no name for a module as a whole."""
    for node in ast.walk(ast.parse(program)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "msa_recovery":
            yield from ((node.module or "", each.name) for each in node.names)
        if isinstance(node, ast.Import):
            for each in node.names:
                module, _, name = each.name.rpartition(".")
                if (module or name).partition(".")[0] == "msa_recovery":
                    yield (module, name) if module else (name, "")


def inner(program: str) -> set[str]:
    """What it imports that is not public."""
    return {
        f"{module}.{name}"
        for module, name in imported(program)
        if (module, name) != ("msa_recovery", "") and not public(module, name)
    }


def test_whatever_a_reader_is_shown_imports_public_names() -> None:
    found = [(place, name) for place, text in programs() if place != LOOKS_INSIDE for name in sorted(inner(text))]
    assert [] == found


def test_the_programs_are_found() -> None:
    found = {place for place, text in programs() if any(True for _ in imported(text))}
    assert {"README.md", "docs/tutorial.md", "docs/web.md", "examples/flask_host/app.py"} <= found
    assert "docs/adapter-template/our_messenger.py" in found


@pytest.mark.parametrize(
    ("program", "found"),
    [
        ("from msa_recovery import compose", set[str]()),
        ("import msa_recovery as msa", set[str]()),
        ("from msa_recovery.testing import strategies", set[str]()),
        ("import msa_recovery.domain.account", set[str]()),
        ("from msa_recovery.domain.account import freeze", {"msa_recovery.domain.account.freeze"}),
        ("def f():\n    from msa_recovery.domain import machine", {"msa_recovery.domain.machine"}),
        ("import msa_recovery.domain.machine", {"msa_recovery.domain.machine"}),
    ],
)
def test_an_inner_name_is_seen(program: str, found: set[str]) -> None:
    assert found == inner(program)


def test_the_one_example_that_looks_inside_says_so() -> None:
    text = (ROOT / LOOKS_INSIDE).read_text(encoding="utf-8")
    assert {"msa_recovery.domain.machine.step", "msa_recovery.domain.situation.Case"} <= inner(text)
    assert [] == [name for name in inner(text) if not name.startswith("msa_recovery.domain.")]
    assert "not public" in (ast.get_docstring(ast.parse(text)) or "")
    assert f"`{LOOKS_INSIDE}`" in (ROOT / "docs" / "compatibility.md").read_text(encoding="utf-8")
