"""Pictures of pages and letters, by the programs that people look at them with."""

import os
import shutil
import subprocess
from collections.abc import Callable
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

__all__ = ["DESKTOP", "PHONE", "pictured"]

PHONE, DESKTOP = 320, 760
"""How wide a page is shown, in pixels."""

_HEIGHT: Final = 1_250
_DOTS: Final = 100
_PATIENCE: Final = 60.0

_QUIET: Final = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
)


def pictured(folder: Path) -> tuple[list[Path], list[tuple[str, str]]]:
    """A PNG beside every page and letter of a folder; and which program was missing, or failed, for what.

    Raises:
        OSError: the folder cannot be read.
    """
    made: list[Path] = []
    missing: list[tuple[str, str]] = []
    for tool, pattern, of, picture in (
        ("chromium", "*.html", "e-mails", _page_pictured),
        ("pdftoppm", "*.pdf", "letters", _letter_pictured),
    ):
        try:
            made += _all_pictured(sorted(folder.glob(pattern)), shutil.which(tool), picture)
        except (FileNotFoundError, subprocess.SubprocessError):
            missing.append((tool, of))
    return made, missing


def _all_pictured(files: list[Path], program: str | None, picture: Callable[[str, Path, Path], None]) -> list[Path]:
    if program is None:
        raise FileNotFoundError
    pictures = [path.with_suffix(".png") for path in files]
    for path, png in zip(files, pictures, strict=True):
        picture(program, path, png)
    return pictures


def _page_pictured(chromium: str, page: Path, png: Path) -> None:
    """Both widths side by side: a window of a browser cannot be as narrow as a phone."""
    with TemporaryDirectory() as aside:
        frames = "".join(
            f'<iframe src="{escape(page.resolve().as_uri())}" width="{width}" height="{_HEIGHT}" '
            'style="border:0;margin:0 12px;vertical-align:top"></iframe>'
            for width in (PHONE, DESKTOP)
        )
        both = Path(aside) / "both.html"
        both.write_text(f'<body style="margin:0;background:#888;white-space:nowrap">{frames}</body>', encoding="utf-8")
        _run(
            chromium,
            *_QUIET,
            # The sandbox does not start for root.
            *(["--no-sandbox"] if os.geteuid() == 0 else []),
            f"--user-data-dir={aside}/profile",
            f"--window-size={PHONE + DESKTOP + 48},{_HEIGHT}",
            f"--screenshot={png.resolve()}",
            both.as_uri(),
        )


def _letter_pictured(pdftoppm: str, letter: Path, png: Path) -> None:
    _run(pdftoppm, "-r", str(_DOTS), "-png", "-singlefile", str(letter), str(png.with_suffix("")))


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=_PATIENCE)  # noqa: S603 - found on the path
