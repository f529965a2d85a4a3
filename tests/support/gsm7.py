"""How many septets a text takes in the default alphabet of GSM (3GPP TS 23.038, 6.2.1)."""

from typing import Final

__all__ = ["ONE_SEGMENT", "septets"]

ONE_SEGMENT: Final = 160
"""Septets of an SMS that is not split."""

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION: Final = frozenset("\f^{}\\[~]|€")


def septets(text: str) -> int:
    """The septets of a text.

    Raises:
        ValueError: naming the characters that would make the whole SMS UCS-2.
    """
    if others := sorted(set(text) - _BASIC - _EXTENSION):
        raise ValueError(f"not in GSM-7: {' '.join(f'{c!r} U+{ord(c):04X}' for c in others)}")
    return sum(2 if character in _EXTENSION else 1 for character in text)
