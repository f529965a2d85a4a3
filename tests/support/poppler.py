"""What Poppler's tools find in a PDF: another reader than the library that wrote it."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import final

import pytest
from attrs import frozen

__all__ = ["Word", "fonts", "info", "said", "text", "words"]


@final
@frozen
class Word:
    """A word on a page, in millimetres from its top left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def said(*command: str) -> str:
    """What one of the tools prints. Where it is missing the test is skipped."""
    if shutil.which(command[0]) is None:
        pytest.skip(f"no {command[0]} here: apt-get install poppler-utils")
    return subprocess.run(command, capture_output=True, check=True, text=True, timeout=60).stdout  # noqa: S603 - ours


def text(pdf: Path) -> str:
    """The text, in the order in which it was written."""
    return said("pdftotext", "-raw", "-enc", "UTF-8", str(pdf), "-")


def words(pdf: Path) -> list[Word]:
    """Every word of the first page, and where it stands."""
    inches = 25.4 / 72
    page = said("pdftotext", "-bbox", "-f", "1", "-l", "1", "-enc", "UTF-8", str(pdf), "-")
    found = re.findall(r'<word xMin="(\S+)" yMin="(\S+)" xMax="(\S+)" yMax="(\S+)">(.*)</word>', page)
    return [Word(word, *(float(each) * inches for each in box)) for *box, word in found]


def info(pdf: Path, *options: str) -> str:
    """What ``pdfinfo`` says."""
    return said("pdfinfo", *options, str(pdf))


def fonts(pdf: Path) -> list[tuple[str, str, str]]:
    """Each face, with whether it is embedded and whether its signs can be read back."""
    lines = said("pdffonts", str(pdf)).splitlines()[2:]
    return [(line.split()[0], *re.findall(r"\b(yes|no)\b", line)[::2][:2]) for line in lines]
