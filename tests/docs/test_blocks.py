"""No block of a page is nobody's: it is run or judged by a test, or it is named here as what something printed."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest

from tools.reference import PAGES

ROOT: Final = Path(__file__).parents[2]
TESTS: Final = ROOT / "tests"

FOLLOWED: Final = frozenset({"python", "console", "diff"})
"""Who runs these is said, and judged, in ``test_pages.py``; that file has also what a line ``make ...`` names."""

DIRECTIVES: Final = frozenset({"{toctree}", "{include}", "{figure}", "{eval-rst}"})
"""What Sphinx reads, and refuses if it is wrong."""

JUDGED: Final[Mapping[str, str]] = {
    "docs/audit.md": "docs/test_audit.py",
    "docs/operating.md": "docs/test_operating.py",
    "docs/reference/commands.md": "docs/test_reference.py",
    "docs/web.md": "docs/test_web.py",
    "examples/celery_worker/README.md": "examples/test_celery.py",
    "examples/django_host/README.md": "examples/test_django.py",
    "examples/fastapi_host/README.md": "examples/test_fastapi.py",
    "examples/flask_host/README.md": "examples/test_flask.py",
    "examples/own_storage/README.md": "examples/test_own_storage.py",
    "examples/plain_script/README.md": "examples/test_plain_script.py",
}
"""Pages all of whose other blocks are run or compared by one file."""

ALONE: Final[Mapping[tuple[str, str], str]] = {
    ("docs/scaling.md", "export PGPASSFILE="): "docs/test_scaling.py",
    ("docs/scaling.md", "ALTER TABLE journeys SET"): "docs/test_scaling.py",
    ("docs/testing-your-host.md", "AssertionError: accounts.find:"): "docs/test_testing_your_host.py",
}
"""Blocks by their page and how they begin, each with the file that runs or compares it."""

PRINTED: Final[Mapping[tuple[str, str], str]] = {
    (
        "docs/performance.md",
        "SELECT snapshot, handle",
    ): "plans of SQLite; tests/unit/adapters/test_sqlite_plans.py",
    ("docs/scaling.md", "SELECT snapshot, handle"): "plans of PostgreSQL; tests/unit/adapters/test_postgres_plans.py",
    ("docs/scaling.md", "people 2000"): "what one run of make load printed",
    ("docs/verification.md", "msa-caps-2 "): "what make explore printed; each number is there as of one day",
}
"""What is not to be run: it is what something printed. With where that comes from."""

INSTALLS: Final = (("CONTRIBUTING.md", ".venv/bin/pre-commit install"),)
"""What changes a clone once, from the network."""

Block = tuple[str, str, str]
"""The page, the language, the text."""


def _blocks() -> Iterator[Block]:
    for path in sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")]):
        page = path.relative_to(ROOT).as_posix()
        for head, text in re.findall(r"^```([^\n]*)\n(.*?)^```$", path.read_text("utf-8"), re.MULTILINE | re.DOTALL):
            yield page, head.split()[0] if head else "", text


BLOCKS: Final = tuple(_blocks())


def _claims(block: Block) -> list[str]:
    """Who has it, or says what it is."""
    page, language, text = block
    if language in FOLLOWED | DIRECTIVES:
        return [language]
    found = [JUDGED[page]] if page in JUDGED else []
    found += [claim for (of, start), claim in {**ALONE, **PRINTED}.items() if of == page and text.startswith(start)]
    found += [page for of, start in INSTALLS if of == page and text.startswith(start)]
    if all(line.startswith("make ") for line in text.splitlines()):
        found.append("docs/test_pages.py")
    return found


def test_every_block_is_somebodys_and_one_only() -> None:
    assert len(BLOCKS) > 100
    assert [] == [(page, text) for page, language, text in BLOCKS if len(_claims((page, language, text))) != 1]


def test_no_claim_is_left_over() -> None:
    others = [(page, text) for page, language, text in BLOCKS if language not in FOLLOWED | DIRECTIVES]
    assert set() == JUDGED.keys() - {page for page, _ in others}
    for page, start in (*ALONE, *PRINTED, *INSTALLS):
        assert 1 == sum(page == of and text.startswith(start) for of, text in others), (page, start)


@pytest.mark.parametrize(
    ("page", "name"), sorted({*JUDGED.items(), *((page, name) for (page, _), name in ALONE.items())})
)
def test_who_has_a_block_reads_its_page(page: str, name: str) -> None:
    path = Path(page)
    if path.parent.name == "reference":
        assert path.name in PAGES, "rendered anew"
    else:
        wanted = path.parent.name if page.startswith("examples/") else path.name
        assert f'"{wanted}"' in (TESTS / name).read_text(encoding="utf-8")


def test_what_was_printed_has_no_command_in_it() -> None:
    shown = [text for page, _, text in BLOCKS for of, start in PRINTED if of == page and text.startswith(start)]
    assert len(PRINTED) == len(shown)
    assert [] == re.findall(r"^(?:\$ |msa-recovery|python|pip|make ).*", "\n".join(shown), re.MULTILINE)


def test_every_block_begins_where_its_fence_is_seen() -> None:
    """An indented fence, or one of tildes, would be seen by no test."""
    for page in {page for page, *_ in BLOCKS}:
        text = (ROOT / page).read_text(encoding="utf-8")
        assert [] == re.findall(r"^(?:[ >]+```|[ >]*~~~).*", text, re.MULTILINE), page
        assert 0 == len(re.findall(r"^```", text, re.MULTILINE)) % 2, page
