"""The words, the look-alike signs and the keyboards that the strength meter knows, made ready once.

Importing this file imports zxcvbn, whose lists take 80 ms to load: only the meter does, when it first measures.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Final, Self, final

from attrs import field, frozen
from zxcvbn import matching
from zxcvbn.frequency_lists import FREQUENCY_LISTS

__all__ = ["Keyboard", "Lexicon", "lowered", "zxcvbn_lexicon"]

_STAGGERED: Final = frozenset({"qwerty", "dvorak"})
"""The layouts on which zxcvbn counts a capital at the start of a walk."""


def lowered(text: str) -> str:
    """The text in small letters, each still at its place: of all characters ``İ`` alone would become two."""
    return text.replace("\u0130", "i").lower()


@final
@frozen(eq=False, repr=False)
class Keyboard:
    """Which keys lie side by side.

    Attributes:
        name: as zxcvbn calls the layout.
        steps: for two characters whose keys are neighbours, the direction, and whether the second one needs Shift.
        shifted: the characters with which a walk begins on a shifted key.
    """

    name: str
    steps: Mapping[str, tuple[int, bool]]
    shifted: frozenset[str]

    @classmethod
    def of(cls, name: str, graph: Mapping[str, list[str | None]]) -> Self:
        """A keyboard from zxcvbn's adjacency lists: for each character its neighbours, small then shifted."""
        steps: dict[str, tuple[int, bool]] = {}
        for key, neighbours in graph.items():
            for direction, neighbour in enumerate(neighbours):
                for level, character in enumerate(neighbour or ""):
                    steps.setdefault(key + character, (direction, level == 1))
        shifted = frozenset(key for key in graph if name in _STAGGERED and matching.SHIFTED_RX.search(key))
        return cls(name, steps, shifted)


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
        ranks: word in small letters -> its best rank in any list, 1 for the first one tried.
        longest: the length of the longest word, in code points.
        shapes: the shape of a word (see :meth:`shape`) -> the words that have it.
    """

    ranks: Mapping[str, int]
    longest: int
    shapes: Mapping[str, tuple[str, ...]]
    keyboards: tuple[Keyboard, ...]
    _look_alikes: Mapping[int, str]
    _meanings: Mapping[str, frozenset[str]]
    _sign: re.Pattern[str] = field()

    @classmethod
    def of(cls, dictionaries: Mapping[str, Mapping[str, int]]) -> Self:
        """A lexicon of these lists, of words in small letters, with zxcvbn's keyboards and look-alike signs."""
        ranks: dict[str, int] = {}
        for ranked in dictionaries.values():
            for word, rank in ranked.items():
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
            tuple(Keyboard.of(name, graph) for name, graph in matching.GRAPHS.items()),
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


@cache
def zxcvbn_lexicon() -> Lexicon:
    """The lists that come with zxcvbn, and never what another user of zxcvbn in the process put beside them."""
    return Lexicon.of({name: matching.build_ranked_dict(words) for name, words in FREQUENCY_LISTS.items()})
