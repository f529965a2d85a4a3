"""Every link of a page that Sphinx does not read leads to a file that is there, and to a heading of it."""

import re
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]

LINKS: Final = re.compile(r"(?<!\\)\]\(([^)\s]+)\)")

PAGES: Final = sorted([*ROOT.glob("*.md"), *(ROOT / "examples").rglob("*.md")])


def _read(path: Path) -> str:
    """A page, without its code."""
    text = re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]*`", "", text)


def _headings(path: Path) -> set[str]:
    """The headings of a page, as a Git host and MyST name them in an address."""
    text = re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    found = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in found}


def broken(page: Path) -> list[str]:
    """The links of a page that lead nowhere here; what leads to another host is nobody's to promise."""
    wrong: list[str] = []
    for link in LINKS.findall(_read(page)):
        if re.match(r"https?://|mailto:", link):
            continue
        path, _, heading = link.partition("#")
        target = page if not path else page.parent / path
        if not target.exists() or (heading and heading not in _headings(target)):
            wrong.append(link)
    return wrong


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    assert [] == broken(page)


def test_there_are_links_to_look_at() -> None:
    assert {"README.md", "CONTRIBUTING.md"} <= {page.name for page in PAGES if LINKS.search(_read(page))}


def test_a_link_to_nowhere_is_seen(tmp_path: Path) -> None:
    """A missing file, a missing heading, and neither of what is there."""
    (tmp_path / "other.md").write_text("# Other\n\n## What is `there`, now\n", encoding="utf-8")
    page = tmp_path / "page.md"
    page.write_text(
        "# Page\n[a](missing.md) [b](other.md#what-was) [c](other.md#what-is-there-now) [d](#page) [e](#nowhere)"
        " [f](https://example.org/x) ![g](missing.png)\n",
        encoding="utf-8",
    )
    assert ["missing.md", "other.md#what-was", "#nowhere", "missing.png"] == broken(page)


def test_a_page_that_is_named_is_linked() -> None:
    """Decisions and the changelog tell of what was, and the README of a host is copied elsewhere."""
    told = {"decisions.md", "requirements.md", "CHANGELOG.md", "CONTRIBUTING.md"}
    pages = [*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md"), ROOT / "examples" / "README.md"]
    assert [] == [
        (path.name, named)
        for path in pages
        for named in re.findall(r"(?<!\[)`docs/[\w/-]+\.md`", path.read_text(encoding="utf-8"))
        if path.name not in told
    ]
