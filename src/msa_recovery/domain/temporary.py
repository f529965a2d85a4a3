"""What a temporary password looks like, so that it can be read on paper, typed on a phone and sent in one SMS.

It holds a capital, a small letter, a digit and a special character, as every password must, and no sign that is easily
taken for another one: none of ``0 O o``, ``1 l I ! |``, ``2 Z``, ``5 S``, ``8 B``, no quote, no bracket, nothing that
costs two septets in GSM-7 (R51).
"""

import math
from itertools import combinations
from typing import Final

__all__ = ["ALPHABET", "DIGITS", "LOWER", "SPECIAL", "UPPER", "entropy_bits", "has_form"]

UPPER: Final = "ACDEFGHJKLMNPQRTUVWXY"
LOWER: Final = "abcdefghijkmnpqrstuvwxyz"
DIGITS: Final = "23456789"
SPECIAL: Final = "#%&*+-=?@"
"""One septet each in the basic GSM-7 table (3GPP 23.038), and on the first pages of a phone's keyboard."""

ALPHABET: Final = UPPER + LOWER + DIGITS + SPECIAL

_CLASSES: Final = (frozenset(UPPER), frozenset(LOWER), frozenset(DIGITS), frozenset(SPECIAL))
_ALPHABET: Final = frozenset(ALPHABET)


def has_form(text: str, length: int) -> bool:
    """Whether a text can be a temporary password of this length, in characters.

    The length is looked at first, so that any longer text costs nothing (R35). What does not have the form was never
    sent by us, is no guess, and counts nothing.
    """
    if len(text) != length:
        return False
    signs = set(text)
    return signs <= _ALPHABET and not any(signs.isdisjoint(one) for one in _CLASSES)


def entropy_bits(length: int) -> float:
    """The exact entropy, in bits, of a temporary password drawn uniformly: over 70 at 12 characters (R18).

    The number of texts that hold every class is counted by inclusion and exclusion of the classes that are missing.

    Raises:
        ValueError: no text so short holds every class.
    """
    if length < len(_CLASSES):
        raise ValueError(f"a temporary password has {len(_CLASSES)} characters or more, not {length}")
    texts = sum(
        (-1) ** many * (len(ALPHABET) - sum(map(len, missing))) ** length
        for many in range(len(_CLASSES) + 1)
        for missing in combinations(_CLASSES, many)
    )
    return math.log2(texts)
