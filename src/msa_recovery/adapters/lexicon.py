"""The words, the look-alike signs and the keyboards that the strength meter knows, made ready once.

Importing this file imports zxcvbn, whose lists take 80 ms to load: only the meters do, when they first measure.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Final, Self, final

from attrs import field, frozen
from zxcvbn import matching
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from .french import french_lists
from .keyboards import Keyboard, known_keyboards

__all__ = ["Lexicon", "folded", "known_lexicon", "plain", "zxcvbn_lists"]


def _plain_letters() -> dict[int, str]:
    """Each Latin letter with a mark -> the one without; the signs of good typography -> those that a keyboard has."""
    plain = {"\u2019": "'", "\u2010": "-", "\u2011": "-", "\u00a0": " ", "\u202f": " "}
    for character in map(chr, (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))):
        letter = unicodedata.normalize("NFD", character)[0]
        if letter != character and letter.isascii():
            plain[character] = letter
    return {ord(character): letter for character, letter in plain.items()}


_PLAIN_LETTERS: Final = _plain_letters()


def plain(text: str) -> str:
    """The text, in NFC, with its letters' accents taken away, each letter still at its place."""
    return text if text.isascii() else text.translate(_PLAIN_LETTERS)


def folded(text: str) -> str:
    """The text in small letters without accents, as words are looked up; its letters are still at their places."""
    return plain(text).lower()


def _look_alikes() -> dict[int, str]:
    """Each letter and sign of zxcvbn's l33t table -> the one that stands for all that are alike, through others too."""
    groups: list[set[str]] = []
    for letter, signs in matching.L33T_TABLE.items():
        joined = {letter, *signs}
        touched = [group for group in groups if not group.isdisjoint(joined)]
        groups = [group for group in groups if group.isdisjoint(joined)]
        groups.append(joined.union(*touched))
    return {ord(character): min(group) for group in groups for character in group}


@final
@frozen(eq=False, repr=False)
class Lexicon:
    """Every word with its rank, found by itself or by how it looks.

    Attributes:
        ranks: word in small letters without accents -> its best rank in any list, 1 for the first one tried.
        longest: the length of the longest word, in code points.
        shapes: the shape of a word (see :meth:`shape`) -> the words that have it.
        keyboards: those over which walks are looked for.
        side_by_side: any two characters that are neighbours on one of them.
    """

    ranks: Mapping[str, int]
    longest: int
    shapes: Mapping[str, tuple[str, ...]]
    keyboards: tuple[Keyboard, ...]
    side_by_side: frozenset[str]
    _look_alikes: Mapping[int, str]
    _meanings: Mapping[str, frozenset[str]]
    _sign: re.Pattern[str] = field()

    @classmethod
    def of(cls, dictionaries: Mapping[str, Mapping[str, int]], keyboards: tuple[Keyboard, ...]) -> Self:
        """A lexicon of these lists, of words in small letters, with these keyboards and zxcvbn's look-alike signs."""
        ranks: dict[str, int] = {}
        for ranked in dictionaries.values():
            for listed, rank in ranked.items():
                word = plain(listed)
                ranks[word] = min(rank, ranks.get(word, rank))
        look_alikes = _look_alikes()
        shapes: dict[str, tuple[str, ...]] = {}
        for word in ranks:
            shape = word.translate(look_alikes)
            shapes[shape] = (*shapes.get(shape, ()), word)
        meanings: dict[str, frozenset[str]] = {}
        for letter, signs in matching.L33T_TABLE.items():
            for sign in signs:
                meanings[sign] = meanings.get(sign, frozenset()) | {letter}
        return cls(
            ranks,
            max(map(len, ranks), default=0),
            shapes,
            keyboards,
            frozenset(step for keyboard in keyboards for step in keyboard.steps),
            look_alikes,
            meanings,
            re.compile(f"[{re.escape(''.join(meanings))}]"),
        )

    def shape(self, text: str) -> str:
        """The text with each letter and look-alike sign replaced by one that stands for all of them."""
        return text.translate(self._look_alikes)

    def first_sign(self, text: str, start: int) -> int:
        """Where, from there on, a sign first stands that may be meant as a letter; else the text's length."""
        found = self._sign.search(text, start)
        return found.start() if found else len(text)

    def substitutions(self, token: str, word: str) -> dict[str, str] | None:
        """Which signs of the token stand for which letters if it is meant as the word of the same shape.

        ``None`` when it cannot be, because a sign would stand for two letters or a letter for another letter.
        """
        used: dict[str, str] = {}
        for sign, letter in zip(token, word, strict=True):
            if sign == letter:
                continue
            if letter not in self._meanings.get(sign, ()) or used.setdefault(sign, letter) != letter:
                return None
        return used


def zxcvbn_lists() -> dict[str, dict[str, int]]:
    """The lists that come with zxcvbn, and never what another user of zxcvbn in the process put beside them."""
    return {name: matching.build_ranked_dict(words) for name, words in FREQUENCY_LISTS.items()}


@cache
def known_lexicon() -> Lexicon:
    """All that is known: zxcvbn's lists, which are English, and the French ones."""
    return Lexicon.of(zxcvbn_lists() | french_lists(), known_keyboards())
