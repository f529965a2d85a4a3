"""How hard a password is to guess, as the Rust port of zxcvbn judges it (extra ``rust``)."""

from collections.abc import Iterator, Mapping
from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING, Final, final

from msa_recovery.domain.passwords import Strength
from msa_recovery.domain.secret import Secret

from .meter import measurable, ranked_words, verdict
from .turns import Turns

if TYPE_CHECKING:
    from .lexicon import Lexicon

__all__ = ["RustMeter"]

_LONGEST_HANDED: Final = 64
"""In code points. The port itself looks at no more than 100, which take it three times as long."""

_MOST_WORK: Final = 2500
"""Code points times the square of how many distinct look-alike signs are among them: the port tries combinations of
these, for half a second in 100 code points."""

_LAST_RANK: Final = 2000
"""A word's rank is its place in a list, whose empty places cost 0.13 us each: those of a higher rank are put here."""

_SHORTEST_WALK: Final = 4
_SHORTEST_WORD: Final = 3


@final
class RustMeter:
    """Judges a password by ``zxcvbn-rs-py``: zxcvbn in Rust, with the French words and keyboards handed to it.

    The port has lists and keyboards of its own, to which nothing can be added. What it is told of a person is all that
    a caller may choose, so each French word and each walk over an AZERTY keyboard that occurs in the password is told
    as well, at its rank. It differs from :class:`~msa_recovery.adapters.meter.ZxcvbnMeter` in what it looks at: the
    first 64 code points at most, and fewer if many distinct signs among them may be meant as letters, since its time
    explodes with those. What is strong after that is not seen. `docs/strength.md` shows where the verdicts differ.

    The port keeps nothing between two calls and holds the interpreter during each; threads take turns.
    """

    __slots__ = ("_turns",)

    def __init__(self) -> None:
        self._turns = Turns()

    def measure(self, password: Secret, words: tuple[str, ...]) -> Strength:
        """How hard the password is to guess for somebody who knows these words.

        Args:
            password: in any form, measured in NFC. Empty, or over 1024 code points, it is ``WEAK`` without being
                looked at.
            words: what is known of the person, the likeliest first; those after the hundredth are left out.

        Returns:
            ``WEAK`` under 10**8 guesses, ``FAIR`` under 10**10, else ``STRONG``.
        """
        text = measurable(password)
        if text is None:
            return Strength.WEAK
        from zxcvbn_rs_py import zxcvbn

        from .lexicon import plain

        with self._turns:
            lexicon = _french_lexicon()
            start = _affordable(text, lexicon)
            known = _occurring(start, lexicon)
            known |= {word[: len(start)]: rank for word, rank in ranked_words(words, len(text)).items()}
            return verdict(zxcvbn(_writable(plain(start)), _at_their_ranks(known)).guesses)

    def prepare(self) -> None:
        """Load the lists now, a fifth of a second, instead of when the first password is measured."""
        _french_lexicon()


@cache
def _french_lexicon() -> "Lexicon":
    from .french import french_lists
    from .keyboards import azerty_keyboards
    from .lexicon import Lexicon

    return Lexicon.of(french_lists(), azerty_keyboards())


def _affordable(text: str, lexicon: "Lexicon") -> str:
    """As much of the start of the text as the port judges in some milliseconds."""
    signs: set[str] = set()
    for place, character in enumerate(text[:_LONGEST_HANDED]):
        if lexicon.first_sign(character, 0) == 0:
            signs.add(character)
        if (place + 1) * len(signs) ** 2 > _MOST_WORK:
            return text[:place]
    return text[:_LONGEST_HANDED]


def _occurring(text: str, lexicon: "Lexicon") -> dict[str, int]:
    """The French words and the walks that the text holds, with their ranks. A word may be backwards or in signs."""
    from .lexicon import folded

    lower = folded(text)
    found = {lower[start:end]: rank for start, end, rank in _walks(text, lexicon)}
    ranks, mirror, shape = lexicon.ranks, lower[::-1], lexicon.shape(lower)
    for start in range(len(text)):
        for end in range(start + _SHORTEST_WORD, min(start + lexicon.longest, len(text)) + 1):
            word = mirror[start:end]
            if word in ranks:
                found[word] = ranks[word]
            for word in lexicon.shapes.get(shape[start:end], ()):
                found[word] = ranks[word]
    return found


def _walks(text: str, lexicon: "Lexicon") -> Iterator[tuple[int, int, int]]:
    """From where to where the text walks over a keyboard, and how many guesses that takes."""
    for keyboard in lexicon.keyboards:
        start = 0
        for end in range(1, len(text) + 1):
            if text[end - 1 : end + 1] not in keyboard.steps:
                if end - start >= _SHORTEST_WALK:
                    yield start, end, int(keyboard.guesses_of(text[start:end]))
                start = end


def _writable(text: str) -> str:
    """The text as UTF-8 can hold it, each code point at its place: half a surrogate pair stands for nothing."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _at_their_ranks(words: Mapping[str, int]) -> list[str]:
    """The words, each as many places from the start as its rank says, or as is left."""
    listed: list[str] = []
    for word, rank in sorted(words.items(), key=itemgetter(1)):
        listed += [""] * (min(rank, _LAST_RANK) - 1 - len(listed))
        listed.append(_writable(word))
    return listed
