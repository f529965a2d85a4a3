"""How hard a password is to guess: zxcvbn's patterns, guesses and scores, in bounded time."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from math import inf
from typing import TYPE_CHECKING, Final, final

from msa_recovery.domain.passwords import Strength, normalised
from msa_recovery.domain.secret import Secret

from .turns import Turns

if TYPE_CHECKING:
    from .lexicon import Lexicon
    from .patterns import Patterns

__all__ = ["LONGEST_MEASURED", "ZxcvbnMeter", "measurable", "ranked_words", "verdict"]

LONGEST_MEASURED: Final = 1024
"""In code points. No policy lets so long a password through; longer text is not looked at."""

_MOST_WORDS: Final = 100

_MOST_MARKS: Final = 3
"""Code points of a letter with its marks, where they are apart: longer words are not put together to measure them."""

_MOST_LETTERS: Final = 8 * LONGEST_MEASURED
"""Code points of all words together: to put marks and letters together takes a microsecond for twelve of them."""

_MOST_FORMS: Final = 200
_MOST_PARTS: Final = 8
_SHORTEST_PART: Final = 3
_JOINT: Final = re.compile(r"[-' ]")

_FAIR_SCORE: Final = 3
_STRONG_GUESSES: Final = 10**10 + 5
"""From here on zxcvbn scores 4."""

_TURNED_UNITS: Final = 128
"""Code points of units of repetitions that are measured, after which one turn of a unit stands for its other turns."""


def measurable(password: Secret) -> str | None:
    """The password in NFC, or ``None`` if it is empty or too long to be looked at."""
    text = password.reveal()
    if not 0 < len(text) <= LONGEST_MEASURED:
        return None
    composed = normalised(text)
    return composed if len(composed) <= LONGEST_MEASURED else None  # some characters are longer in NFC


def ranked_words(words: tuple[str, ...], longest: int) -> dict[str, int]:
    """What is known of a person, as it is looked up -> rank from 1. No more is looked at than may occur in a password.

    A word is there as a whole, and what is joined by hyphens, apostrophes or spaces also without them and in its parts.

    Args:
        words: the likeliest first; those after the hundredth are left out, and those that make more than 8192 code
            points with the ones before them.
        longest: the length of the password, in code points.
    """
    from .lexicon import folded

    ranks: dict[str, int] = {}
    left = _MOST_LETTERS
    for rank, word in enumerate(words[:_MOST_WORDS], 1):
        if not 0 < len(word) <= min(_MOST_MARKS * longest, left):
            continue
        left -= len(word)
        for form in _forms(folded(normalised(word))):
            if 0 < len(form) <= longest and len(ranks) < _MOST_FORMS:
                ranks.setdefault(form, rank)
    return ranks


def _forms(word: str) -> Iterator[str]:
    yield word
    parts = _JOINT.split(word, _MOST_PARTS)
    if len(parts) > 1:
        yield "".join(parts)
        yield from (part for part in parts if len(part) >= _SHORTEST_PART)


def verdict(guesses: float) -> Strength:
    """zxcvbn's scores 0 to 2, 3 and 4."""
    from zxcvbn.time_estimates import guesses_to_score

    score = guesses_to_score(Decimal(guesses))
    if score < _FAIR_SCORE:
        return Strength.WEAK
    return Strength.FAIR if score == _FAIR_SCORE else Strength.STRONG


@final
class ZxcvbnMeter:
    """Judges a password by zxcvbn's patterns, guesses and scores, without its cost in time (R44).

    The rule: zxcvbn covers a text by ``l`` parts, each a pattern or brute force, so that ``l! * product of their
    guesses + 10000 ** (l - 1)`` is least, and scores 4 from 10**10 guesses on. Four parts are over that by themselves.
    So only covers by one, two or three parts are looked for, over the whole text; when there is none, the password is
    strong. A part is either short (a word, a date, ten characters of brute force at most) or a whole repetition,
    sequence, keyboard walk or context word. Nearly all places of a long text are therefore never looked at, and no
    text has to be cut: one strong stretch makes a long password strong, and what merely goes on (``aaaa``,
    ``password`` again and again) stays weak.

    It knows French beside zxcvbn's English: words, names, places and passwords with or without their accents, and walks
    over AZERTY keyboards, with guesses counted as for zxcvbn's own lists and keyboards.

    Where this differs from zxcvbn it is stricter: a letter is the same with an accent, a sign may stand for its letter
    in one word and for itself in the next, a pattern is tried from every start, the least is the true one, and of a
    part only the first 25 code points count for its variations. The one exception are texts that repeat themselves on
    many scales at once: of the units of their repetitions the first 128 code points are measured as zxcvbn would, the
    others by a unit alike but turned.

    The verdict depends on the password and the words alone. Threads share nothing but lists that nobody changes; they
    take turns, so that none waits for more than those before it; and what other users of zxcvbn in the process do is
    not seen.

    Args:
        dictionaries: name of a list -> word in small letters -> rank from 1; ``None`` for zxcvbn's own lists and the
            French ones.
    """

    __slots__ = ("_dictionaries", "_lexicon", "_turns")

    def __init__(self, dictionaries: Mapping[str, Mapping[str, int]] | None = None) -> None:
        self._dictionaries = dictionaries
        self._lexicon: Lexicon | None = None
        self._turns = Turns()

    def measure(self, password: Secret, words: tuple[str, ...]) -> Strength:
        """How hard the password is to guess for somebody who knows these words.

        Args:
            password: in any form, measured in NFC. Empty, or over 1024 code points, it is ``WEAK`` without being
                looked at.
            words: what is known of the person, the likeliest first; those after the hundredth are left out. Their
                accents and joints do not matter, and their parts count too.

        Returns:
            ``WEAK`` for zxcvbn's scores 0 to 2 (under 10**8 guesses), ``FAIR`` for 3, ``STRONG`` for 4 (10**10).
        """
        text = measurable(password)
        if text is None:
            return Strength.WEAK
        with self._turns:
            return verdict(_Search(text, words, self._loaded()).guesses(text, None))

    def prepare(self) -> None:
        """Load the lists now, a quarter of a second, instead of when the first password is measured."""
        self._loaded()

    def _loaded(self) -> "Lexicon":
        # Without a lock: two threads that come first both load the same, and a fork leaves nothing locked.
        if self._lexicon is None:
            from .keyboards import known_keyboards
            from .lexicon import Lexicon, known_lexicon

            given = self._dictionaries
            self._lexicon = known_lexicon() if given is None else Lexicon.of(given, known_keyboards())
        return self._lexicon


@final
class _Search:
    """The fewest guesses of one text, and of the units that repeat in it; each distinct one is searched once."""

    __slots__ = ("_known", "_left", "_lexicon", "_words")

    def __init__(self, text: str, words: tuple[str, ...], lexicon: "Lexicon") -> None:
        self._lexicon = lexicon
        self._left = len(text) + _TURNED_UNITS
        self._known: dict[str, float] = {}
        self._words = ranked_words(words, len(text))

    def guesses(self, text: str, turned: float | None) -> float:
        """The fewest guesses of a text; once enough was measured, those of the same unit turned, if they are known."""
        from .patterns import Patterns

        if text in self._known:
            return self._known[text]
        if turned is not None and self._left <= 0:
            return turned
        self._left -= len(text)
        self._known[text] = found = _cheapest_cover(Patterns(text, self._words, self._lexicon, self.guesses))
        return found


def _cheapest_cover(patterns: "Patterns") -> float:
    """The guesses of the best cover by one to three parts; from 10**10 on, any number that is no less."""
    from zxcvbn.scoring import MIN_GUESSES_BEFORE_GROWING_SEQUENCE as PENALTY
    from zxcvbn.scoring import MIN_SUBMATCH_GUESSES_SINGLE_CHAR as LEAST

    best = inf
    for one_end, one in patterns.starting(0).items():
        if one_end == patterns.length:
            best = min(best, one + 1)
        elif 2 * one * LEAST + PENALTY < min(best, _STRONG_GUESSES):
            for two_end, two in patterns.starting(one_end).items():
                if two_end == patterns.length:
                    best = min(best, 2 * one * two + PENALTY)
                elif 6 * one * two * LEAST + PENALTY**2 < min(best, _STRONG_GUESSES):
                    best = min(best, 6 * one * two * patterns.covering(two_end) + PENALTY**2)
    return best
