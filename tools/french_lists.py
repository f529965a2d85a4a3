"""Make the three long French lists of the strength meter from the npm package that they come from.

``npm pack @zxcvbn-ts/language-fr@4.1.2``, then ``python tools/french_lists.py zxcvbn-ts-language-fr-4.1.2.tgz``. The
lists are written where the meter reads them; `src/msa_recovery/adapters/french/ORIGIN.md` says what they are.
"""

import json
import re
import sys
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from msa_recovery.adapters.french import LONGEST
from msa_recovery.adapters.lexicon import folded

_LISTS: Final = Path(__file__).parents[1] / "src/msa_recovery/adapters/french"

_SHORTEST: Final = 3
"""Two letters by themselves are found as soon without a list. Elisions stand in a list of their own."""

_SPELLED: Final = re.compile(r"[a-zœæ]+(?:[-' ][a-zœæ]+)*'?")
_PRONOUNS: Final = set(
    "je tu il ils elle elles on nous vous moi toi lui leur le la les ce y en t m s là ci même mêmes".split()  # noqa: SIM905
)
"""What follows a verb or a noun by a hyphen: two words, each of which is listed."""


def main(package: str) -> None:
    """Write the lists of that package, a ``.tgz``."""
    with tarfile.open(package) as archive:
        listed = {name: _listed(archive, name) for name in ("commonWords", "firstnames", "lastnames")}
    words = list(_kept(word for word in listed["commonWords"] if not _is_two_words(word)))
    # The package has the two lists of names the wrong way round.
    first_names, surnames = _kept(listed["lastnames"]), _kept(listed["firstnames"])
    _write("words", words)
    _write("first_names", _by_use(first_names, words))
    common = {folded(name) for name in _lines("common_surnames")}
    _write("surnames", [name for name in surnames if name not in common])


def _listed(archive: tarfile.TarFile, name: str) -> list[str]:
    member = archive.extractfile(f"package/src/{name}.json")
    assert member is not None
    words: list[str] = json.load(member)
    return words


def _is_two_words(word: str) -> bool:
    head, hyphen, tail = word.rpartition("-")
    return bool(hyphen) and (tail.strip("'") in _PRONOUNS or not head)


def _kept(words: Iterable[str]) -> Iterator[str]:
    """Each once, without accents, if it is spelled in letters and neither too short to matter nor too long."""
    seen = {"autres noms"}
    for word in map(folded, words):
        if word not in seen and _SHORTEST <= len(word) <= LONGEST and _SPELLED.fullmatch(word):
            seen.add(word)
            yield word


def _by_use(names: Iterable[str], ranked: list[str]) -> list[str]:
    """The names in the order of another list; those that are not in it follow by the alphabet."""
    known = {word: rank for rank, word in enumerate(ranked)}
    return sorted(names, key=lambda name: (known.get(name, len(known)), name))


def _lines(name: str) -> list[str]:
    return (_LISTS / f"{name}.txt").read_text("utf-8").splitlines()


def _write(name: str, words: list[str]) -> None:
    (_LISTS / f"{name}.txt").write_text("".join(f"{word}\n" for word in words), "utf-8")
    print(f"{name}: {len(words)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
