"""The site says which language a page is in."""

import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Final, final

ROOT: Final = Path(__file__).parents[2]

VOID: Final = frozenset({"br", "hr", "img", "input", "link", "meta"})


@final
class Heard(HTMLParser):
    """In which languages each text of a page is read aloud."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.languages: dict[str, set[str | None]] = {}
        self._open: list[tuple[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self._open.append((tag, dict(attrs).get("lang", self._open[-1][1] if self._open else None)))

    def handle_endtag(self, tag: str) -> None:
        while any(tag == each for each, _ in self._open):
            if self._open.pop()[0] == tag:
                return

    def handle_data(self, data: str) -> None:
        if self._open and data.strip():
            self.languages.setdefault(data.strip(), set()).add(self._open[-1][1])


def test_the_french_page_is_read_aloud_in_french_and_the_others_in_english(tmp_path: Path) -> None:
    """The text and the list of its headings; what the theme puts around a page stays English."""
    french = (ROOT / "docs" / "parcours.md").read_text(encoding="utf-8")
    head = french[: french.index("# Le parcours")]
    (tmp_path / "index.md").write_text("# Why\n\nBecause.\n\n```{toctree}\nparcours\n```\n", encoding="utf-8")
    (tmp_path / "parcours.md").write_text(f"{head}# Le parcours\n\nBonjour.\n\n## Étapes\n\nDeux.\n", encoding="utf-8")
    subprocess.run(  # noqa: S603 - our own site, of two pages
        [sys.executable, "-m", "sphinx", "-q", "-W", "-c", ROOT / "docs", "-b", "html", tmp_path, tmp_path / "built"],
        check=True,
    )
    heard = Heard((tmp_path / "built" / "parcours.html").read_text(encoding="utf-8")).languages
    assert {"Bonjour.": {"fr"}, "Étapes": {"fr"}, "On this page": {"en"}} == {
        text: heard[text] for text in ("Bonjour.", "Étapes", "On this page")
    }
    assert {"en"} == Heard((tmp_path / "built" / "index.html").read_text(encoding="utf-8")).languages["Because."]
