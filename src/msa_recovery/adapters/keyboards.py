"""Keyboards, and how many guesses a walk from key to key takes: zxcvbn's own, and the French ones that it lacks.

Importing this file imports zxcvbn: only the meters do, when they first measure.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from itertools import pairwise
from math import comb
from typing import Final, Self, final

from attrs import frozen
from zxcvbn import matching, scoring

__all__ = ["Keyboard", "azerty_keyboards", "known_keyboards", "zxcvbn_keyboards"]

_AZERTY: Final = (
    (0, "² &1 é2 \"3 '4 (5 -6 è7 _8 ç9 à0 )° =+"),
    (1, "aA zZ eE rR tT yY uU iI oO pP ^¨ $£"),
    (1, "qQ sS dD fF gG hH jJ kK lL mM ù% *µ"),
    (0, "<> wW xX cC vV bB nN ,? ;. :/ !§"),
)
"""Rows from the top: the place of the first key, then each key's own character and the one with Shift."""

_AZERTY_MAC: Final = (
    (0, "@# &1 é2 \"3 '4 (5 §6 è7 !8 ç9 à0 )° -_"),
    (1, "aA zZ eE rR tT yY uU iI oO pP ^¨ $*"),
    (1, "qQ sS dD fF gG hH jJ kK lL mM ù% `£"),
    (0, "<> wW xX cC vV bB nN ,? ;. :/ =+"),
)

# A row is half a key to the right of the one above it, so a key has two neighbours in each.
_AROUND: Final = ((-1, 0), (0, -1), (1, -1), (1, 0), (0, 1), (-1, 1))


@lru_cache(maxsize=4096)
def _walk_guesses(starts: int, neighbours: float, length: int, turns: int, shifted: int) -> float:
    walks = sum(
        comb(steps - 1, turn - 1) * starts * neighbours**turn
        for steps in range(2, length + 1)
        for turn in range(1, min(turns, steps - 1) + 1)
    )
    if not shifted:
        return walks
    plain = length - shifted
    return walks * (sum(comb(length, some) for some in range(1, min(shifted, plain) + 1)) if plain else 2)


@final
@frozen(eq=False, repr=False)
class Keyboard:
    """Which keys lie side by side.

    Attributes:
        steps: for two characters whose keys are neighbours, the direction, and whether the second one needs Shift.
        shifted: the characters that need Shift. A digit never counts as one: on French keyboards it does need Shift,
            but it is what the key is known by.
        starts: from how many characters a walk may start.
        neighbours: how many keys lie around a key, on the average.
    """

    steps: Mapping[str, tuple[int, bool]]
    shifted: frozenset[str]
    starts: int
    neighbours: float

    @classmethod
    def of(cls, graph: Mapping[str, list[str | None]], starts: int, neighbours: float) -> Self:
        """A keyboard from zxcvbn's adjacency lists: for each character its neighbours, small then shifted."""
        steps: dict[str, tuple[int, bool]] = {}
        for key, around in graph.items():
            for direction, neighbour in enumerate(around):
                for level, character in enumerate(neighbour or ""):
                    steps.setdefault(key + character, (direction, level == 1 and not character.isdecimal()))
        return cls(steps, frozenset(step[1] for step, (_, shift) in steps.items() if shift), starts, neighbours)

    def guesses_of(self, walk: str) -> float:
        """How many guesses a text takes, of two characters or more, each beside the one before it."""
        turns, shifted, heading = 0, int(walk[0] in self.shifted), -1
        for one, two in pairwise(walk):
            direction, with_shift = self.steps[one + two]
            turns += direction != heading
            shifted += with_shift
            heading = direction
        return self.guesses(len(walk), turns, shifted)

    def guesses(self, length: int, turns: int, shifted: int) -> float:
        """How many guesses a walk takes, by zxcvbn's formula: all walks of as many keys and turns, or fewer.

        Args:
            length: in keys, 2 or more.
            turns: how often it takes another direction; its first one counts.
            shifted: how many of its characters need Shift.
        """
        return _walk_guesses(self.starts, self.neighbours, length, turns, shifted)


def _graph(rows: tuple[tuple[int, str], ...]) -> dict[str, list[str | None]]:
    keys = {
        (place, row): key for row, (first, line) in enumerate(rows) for place, key in enumerate(line.split(), first)
    }
    return {
        character: [keys.get((place + right, row + down)) for right, down in _AROUND]
        for (place, row), key in keys.items()
        for character in key
    }


@cache
def azerty_keyboards() -> tuple[Keyboard, ...]:
    """The French keyboards of PCs and of Macs, whose signs are not all in the same places."""
    graphs = map(_graph, (_AZERTY, _AZERTY_MAC))
    return tuple(Keyboard.of(graph, len(graph), scoring.calc_average_degree(graph)) for graph in graphs)


@cache
def zxcvbn_keyboards() -> tuple[Keyboard, ...]:
    """Those that zxcvbn knows. It takes two numbers of qwerty for dvorak as well, and of one keypad for the other."""
    keyboard = (scoring.KEYBOARD_STARTING_POSITIONS, scoring.KEYBOARD_AVERAGE_DEGREE)
    keypad = (scoring.KEYPAD_STARTING_POSITIONS, scoring.KEYPAD_AVERAGE_DEGREE)
    return tuple(
        Keyboard.of(graph, *(keyboard if name in {"qwerty", "dvorak"} else keypad))
        for name, graph in matching.GRAPHS.items()
    )


def known_keyboards() -> tuple[Keyboard, ...]:
    """All of them."""
    return (*zxcvbn_keyboards(), *azerty_keyboards())
