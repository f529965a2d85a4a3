"""The pictures of the docs show the pages and messages as they are."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest
from PIL import Image

from tests.web.chromium import executable
from tools import pictured
from tools.pictures import FOLDER, LIST, WIDTH

GALLERY: Final = (FOLDER.parent / "pages-in-pictures.md").read_text(encoding="utf-8")
NAMES: Final = (
    *(f"pages/{name}.png" for name in pictured.PAGES),
    *(f"messages/{name}.png" for name in pictured.MESSAGES),
    f"{pictured.COVER}.png",
    f"{pictured.DARK}.png",
)
KEPT: Final[Mapping[str, Mapping[str, str]]] = json.loads((FOLDER / LIST).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def digests() -> Mapping[str, str]:
    return pictured.digests()


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_shows_what_is_there_now(name: str, digests: Mapping[str, str]) -> None:
    assert digests[name.removesuffix(".png")] == KEPT[name]["made_of"], "make pictures makes it anew"


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_is_the_one_that_was_made(name: str) -> None:
    assert KEPT[name]["file"] == hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()


def test_no_other_picture_lies_there() -> None:
    assert sorted(NAMES) == sorted(KEPT)
    assert sorted(NAMES) == sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.png"))


def test_what_is_drawn_by_chance_makes_no_picture_stale(digests: Mapping[str, str]) -> None:
    assert digests == pictured.digests()


@pytest.mark.parametrize("name", pictured.PAGES)
def test_a_page_is_as_wide_as_a_telephone(name: str) -> None:
    with Image.open(FOLDER / f"pages/{name}.png") as picture:
        assert WIDTH == picture.width


def test_every_picture_loads_fast() -> None:
    assert [] == [name for name in NAMES if (FOLDER / name).stat().st_size > 60_000]


def test_the_gallery_shows_each_once_and_says_in_words_what_is_on_it() -> None:
    """But for the cover, which stands on the first page."""
    shown = re.findall(r"^```\{figure\} pictures/(\S+)\n:alt: (.*)$", GALLERY, re.MULTILINE)
    assert sorted(name for name in NAMES if name != f"{pictured.COVER}.png") == sorted(name for name, _ in shown)
    assert [] == [name for name, words in shown if len(words.split()) < 8]


def test_make_pictures_makes_all_of_them(tmp_path: Path) -> None:
    """In a process of its own: Playwright keeps an event loop in its thread."""
    if executable() is None:
        pytest.skip("no Chromium here: apt-get install chromium, or name one in CHROMIUM")
    if shutil.which("pdftoppm") is None:
        pytest.skip("no pdftoppm here: apt-get install poppler-utils")
    subprocess.run(  # noqa: S603 - our own tool
        [sys.executable, "-m", "tools.pictures", "--into", tmp_path], check=True, timeout=200, cwd=FOLDER.parents[1]
    )
    made = json.loads((tmp_path / LIST).read_text(encoding="utf-8"))
    assert {name: entry["made_of"] for name, entry in KEPT.items()} == {
        name: entry["made_of"] for name, entry in made.items()
    }
    for name in NAMES:
        with Image.open(tmp_path / name) as picture:
            assert len(picture.getcolors() or ()) > 8, f"{name} shows nothing"
