"""What the French choose as passwords: lists of words, names, places, clubs and the passwords themselves.

The lists are the text files in the folder `french` beside this file, one word a line, the likeliest first. Its
`ORIGIN.md` says where each is from and under which licence.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Final

__all__ = ["LONGEST", "french_lists"]

LONGEST: Final = 25
"""The longest word of these lists, in code points: what a meter looks up at each place of a password."""

_FILES: Final = {
    "french passwords": ("passwords",),
    "french elisions": ("elisions",),
    "french words": ("words",),
    "french first names": ("first_names", "more_first_names"),
    "french surnames": ("common_surnames", "surnames"),
    "french calendar": ("calendar",),
    "french places": ("places",),
    "french clubs": ("clubs",),
    "french farm": ("farm",),
}
"""The name of a list, unlike any of zxcvbn's -> the files that it consists of. As in zxcvbn, each has ranks from 1."""


@cache
def french_lists() -> dict[str, dict[str, int]]:
    """The name of each list -> word in small letters -> rank from 1. A name in two words is there in one as well."""
    folder = files("msa_recovery.adapters") / "french"
    texts = {name: [(folder / f"{file}.txt").read_text("utf-8") for file in own] for name, own in _FILES.items()}
    return {name: _ranked("".join(own).splitlines()) for name, own in texts.items()}


def _ranked(words: Iterable[str]) -> dict[str, int]:
    ranks: dict[str, int] = {}
    for rank, word in enumerate(words, 1):
        ranks.setdefault(word, rank)
        if not (word.isascii() and word.isalnum()):
            for form in _other_forms(word):
                ranks.setdefault(form, rank)
    return ranks


def _other_forms(word: str) -> Iterator[str]:
    """How else it is typed: ``l'hiver`` as ``lhiver``, ``mont-de-marsan`` with spaces or without, ``œ`` as ``oe``."""
    word = word.replace("œ", "oe").replace("æ", "ae")
    yield word
    yield word.replace("-", " ")
    joined = word.replace("-", "").replace(" ", "").replace("'", "")
    if len(joined) > 1:  # "l'" is no word without its apostrophe
        yield joined
