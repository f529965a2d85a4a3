"""What an attacker would try in one go: the parts of a text that follow a pattern, and the guesses each one takes.

The patterns and their guesses are those of zxcvbn: words (also backwards, and with look-alike signs), years, dates,
sequences, walks over a keyboard, repetitions, and brute force. Its own finders are not called: they scan the text once
for every combination of substitutions, compare every date with every other one, and read the context words from a
global variable. These find the parts that begin at one place, when they are asked for.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from math import inf
from typing import Any, Final, cast, final

from zxcvbn import matching, scoring

from .keyboards import Keyboard
from .lexicon import Lexicon, folded

__all__ = ["Patterns"]

_COUNTED: Final = 25
"""Of a longer part the first code points alone are counted for capitals, signs and turns: more would add guesses, and
the formulas take quadratic time. No word of the lists is longer."""

_PAIR: Final = 2
"""Two neighbouring keys, or two characters some steps apart, are no pattern yet."""

_LONGEST_BRUTE_FORCE: Final = 10
"""Eleven characters are 10**11 guesses: strong by themselves."""

_BRUTE_FORCE: Final = tuple(
    # They depend on the length alone.
    float(scoring.bruteforce_guesses(cast(Any, {"token": "." * length})))
    for length in range(1, _LONGEST_BRUTE_FORCE + 1)
)

_LONGEST_DATE: Final = 10
_DATE_DIGITS: Final = re.compile(r"\d{4,8}")
_DATE_PARTS: Final = re.compile(r"(\d{1,4})([\s/\\_.-])(\d{1,2})\2(\d{1,4})")


def _word_guesses(token: str, rank: int, *, backwards: bool = False, signs: Mapping[str, str] | None = None) -> float:
    word: Any = {
        "token": token[:_COUNTED],
        "rank": rank,
        "reversed": backwards,
        "l33t": bool(signs),
        "sub": signs or {},
    }
    return float(scoring.dictionary_guesses(word))


@final
class Patterns:
    """The parts of one text, by the place where they begin.

    Args:
        text: what is measured, one code point or more.
        words: context words in small letters without accents, with their ranks.
        lexicon: the words and keyboards that are known.
        guesses: how many guesses the unit of a repetition takes by itself.
    """

    __slots__ = (
        "_guesses",
        "_lexicon",
        "_lower",
        "_mirror",
        "_runs",
        "_shape",
        "_starting",
        "_text",
        "_units",
        "_walks",
        "_words",
        "length",
    )

    def __init__(
        self, text: str, words: Mapping[str, int], lexicon: Lexicon, guesses: Callable[[str, float | None], float]
    ) -> None:
        self.length = len(text)
        self._text = text
        self._lower = folded(text)
        self._mirror = self._lower[::-1]
        self._shape = lexicon.shape(self._lower)
        self._lexicon = lexicon
        self._guesses = guesses
        self._words = [
            (word, shape, rank)
            for word, rank in words.items()
            if (shape := lexicon.shape(word)) in self._shape or word in self._mirror
        ]
        self._starting: dict[int, dict[int, float]] = {}
        self._runs: dict[int, tuple[int, int]] = {}
        self._units: dict[tuple[int, int], float] = {}
        self._walks: dict[Keyboard, tuple[int, int]] = {}

    def starting(self, start: int) -> Mapping[int, float]:
        """The parts that begin there: where each ends, and its fewest guesses."""
        known = self._starting.get(start)
        if known is None:
            known = self._starting[start] = self._cheapest(start, self._brief(start), self._lasting(start))
        return known

    def covering(self, start: int) -> float:
        """The fewest guesses of one part from there to the end of the text; infinite if there is none."""
        if self.length - start <= max(self._lexicon.longest, _LONGEST_BRUTE_FORCE, _LONGEST_DATE):
            return self.starting(start).get(self.length, inf)
        return self._cheapest(start, self._lasting(start, self.length)).get(self.length, inf)

    def _cheapest(self, start: int, *found: Iterator[tuple[int, float]]) -> dict[int, float]:
        cheapest: dict[int, float] = {}
        for parts in found:
            for end, guesses in parts:
                least = max(guesses, self._least(start, end))
                if least < cheapest.get(end, inf):
                    cheapest[end] = least
        return cheapest

    def _least(self, start: int, end: int) -> int:
        if end - start == self.length:
            return 1
        if end - start == 1:
            return scoring.MIN_SUBMATCH_GUESSES_SINGLE_CHAR
        return scoring.MIN_SUBMATCH_GUESSES_MULTI_CHAR

    def _brief(self, start: int) -> Iterator[tuple[int, float]]:
        yield from self._brute_force(start)
        yield from self._dictionary(start)
        yield from self._look_alikes(start)
        yield from self._dates(start)

    def _lasting(self, start: int, until: int = 0) -> Iterator[tuple[int, float]]:
        yield from self._context_words(start)
        yield from self._sequence(start)
        yield from self._repetitions(start, until)
        if self._text[start : start + 2] in self._lexicon.side_by_side:
            for keyboard in self._lexicon.keyboards:
                yield from self._walk(start, keyboard)

    def _brute_force(self, start: int) -> Iterator[tuple[int, float]]:
        return zip(range(start + 1, self.length + 1), _BRUTE_FORCE, strict=False)

    def _dictionary(self, start: int) -> Iterator[tuple[int, float]]:
        ranks = self._lexicon.ranks
        for end in range(start + 1, min(start + self._lexicon.longest, self.length) + 1):
            rank = ranks.get(self._lower[start:end])
            if rank:
                yield end, _word_guesses(self._text[start:end], rank)
            rank = ranks.get(self._mirror[self.length - end : self.length - start])
            if rank:
                yield end, _word_guesses(self._text[start:end], rank, backwards=True)

    def _look_alikes(self, start: int) -> Iterator[tuple[int, float]]:
        lexicon = self._lexicon
        first = max(lexicon.first_sign(self._lower, start), start + 1)
        for end in range(first + 1, min(start + lexicon.longest, self.length) + 1):
            for word in lexicon.shapes.get(self._shape[start:end], ()):
                signs = lexicon.substitutions(self._lower[start:end], word)
                if signs:
                    yield end, _word_guesses(self._text[start:end], lexicon.ranks[word], signs=signs)

    def _context_words(self, start: int) -> Iterator[tuple[int, float]]:
        for word, shape, rank in self._words:
            end = start + len(word)
            token = self._text[start:end]
            if self._shape.startswith(shape, start):
                signs = self._lexicon.substitutions(self._lower[start:end], word)
                if signs is not None:
                    yield end, _word_guesses(token, rank, signs=signs)
            if self._lower.startswith(word[::-1], start):
                yield end, _word_guesses(token, rank, backwards=True)

    def _dates(self, start: int) -> Iterator[tuple[int, float]]:
        text = self._text
        if not text[start].isdecimal():
            return
        for name, pattern in matching.REGEXEN.items():
            found = pattern.match(text, start)
            if found:
                part: Any = {"regex_name": name, "regex_match": found, "token": found.group()}
                yield found.end(), float(scoring.regex_guesses(part) or inf)
        digits = _DATE_DIGITS.match(text, start)
        for end in range(start + 4, digits.end() + 1) if digits else ():
            token = text[start:end]
            for one, two in matching.DATE_SPLITS[end - start]:
                yield from self._date(end, (token[:one], token[one:two], token[two:]), "")
        for end in range(start + 6, min(start + _LONGEST_DATE, self.length) + 1):
            found = _DATE_PARTS.fullmatch(text, start, end)
            if found:
                yield from self._date(end, (found[1], found[3], found[4]), found[2])

    def _date(self, end: int, numbers: tuple[str, str, str], separator: str) -> Iterator[tuple[int, float]]:
        one, two, three = map(int, numbers)
        date = matching.map_ints_to_dmy((one, two, three))
        if date:
            part: Any = {"year": date["year"], "separator": separator}
            yield end, float(scoring.date_guesses(part))

    def _sequence(self, start: int) -> Iterator[tuple[int, float]]:
        text, end = self._text, start + 2
        if end > self.length:
            return
        step = ord(text[start + 1]) - ord(text[start])
        if not 0 < abs(step) <= matching.MAX_DELTA:
            return
        while end < self.length and ord(text[end]) - ord(text[end - 1]) == step:
            end += 1
        if end - start > _PAIR or abs(step) == 1:
            part: Any = {"token": text[start:end], "ascending": step > 0}
            yield end, float(scoring.sequence_guesses(part))

    def _walk(self, start: int, keyboard: Keyboard) -> Iterator[tuple[int, float]]:
        end = self._walk_end(start, keyboard)
        if end - start > _PAIR:
            yield end, keyboard.guesses_of(self._text[start : min(start + _COUNTED, end)])

    def _walk_end(self, start: int, keyboard: Keyboard) -> int:
        """Where the walk from there ends; remembered for later starts in the same walk."""
        begin, end = self._walks.get(keyboard, (0, 0))
        if not begin <= start < end:
            text, steps, begin, end = self._text, keyboard.steps, start, start + 1
            while end < self.length and text[end - 1 : end + 1] in steps:
                end += 1
            self._walks[keyboard] = (begin, end)
        return end

    def _repetitions(self, start: int, until: int) -> Iterator[tuple[int, float]]:
        text, shortest = self._text, 1
        middle = (start + self.length) // 2
        # A unit of at least so many code points comes back where its first ones do.
        while (second := text.find(text[start : start + shortest], start + shortest, middle + shortest)) > 0:
            period = second - start
            if text.startswith(text[start:second], second):
                begin, end = self._run(start, period)
                times = (end - start) // period
                # All of them, or all but the last one: zxcvbn takes one of the two, by how the unit divides.
                for count in range(max(times - 1, 2), times + 1):
                    stop = start + count * period
                    if until in {0, stop}:
                        each = self._guesses(text[start:second], self._units.get((begin, period)))
                        self._units[begin, period] = min(each, self._units.get((begin, period), each))
                        yield stop, each * count
                # Up to half of what repeats, any longer unit that repeats is this one again (Fine and Wilf).
                period = max(period, times * period // 2)
            shortest = period + 1

    def _run(self, start: int, period: int) -> tuple[int, int]:
        """From where to where the text repeats with that period; remembered for later starts in the same stretch."""
        begin, end = self._runs.get(period, (0, 0))
        if not begin <= start <= end - 2 * period:
            text, begin, end = self._text, start, start + 2 * period
            while end < self.length and text[end] == text[end - period]:
                end += 1
            self._runs[period] = (begin, end)
        return begin, end
