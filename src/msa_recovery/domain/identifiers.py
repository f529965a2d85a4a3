"""What a person is known by: the social security number of a human being, or the SIRET of a business.

Whether a text is an identifier is judged by its form alone, never by whether anybody has it (R13).
"""

import re
from typing import Final, final

from attrs import frozen

from .problem import Problem, ProblemCode
from .typed import DASHES, SPACES, bounded, without

__all__ = ["Identifier", "Nir", "Siret", "parse_identifier"]

_FIELD: Final = "identifier"
_MOST_TYPED: Final = 64
_SEPARATORS: Final = SPACES + DASHES + "."

_READABLE: Final = re.compile(r"[0-9]+|[0-9]{5}2[AB][0-9]*", re.IGNORECASE | re.ASCII)
_NIR: Final = re.compile(r"[0-9]{5}(?:[0-9]{2}|2[AB])[0-9]{6}")
_SIRET: Final = re.compile(r"[0-9]{14}")

# Sex digits of people whose registration is not finished (NNP, NIA), and of migrants' files (MIG): R46.
_SEX: Final = "12"
_TEMPORARY: Final = "3478"
_MIGRANT: Final = "56"

# 20, 30 to 42 and 50 to 99 stand for a birth whose month no civil register tells.
_MONTH: Final = re.compile(r"0[1-9]|1[0-2]|20|3[0-9]|4[0-2]|[5-9][0-9]")

# 20 is Corsica until 1975, 2A and 2B since; 91 to 96 are also the départements of North Africa until independence, and
# 99 is abroad. Overseas the département has three digits, so the commune keeps two.
_DEPARTMENT: Final = re.compile(r"(?:0[1-9]|[1-8][0-9]|9[0-69]|2[AB])[0-9]{3}|(?:97[1-9]|98[0-9])[0-9]{2}")
_OVERSEAS: Final = ("97", "98")

# The last value of each stands for a commune or a country that is not known.
_LAST_COMMUNE: Final = 990
_LAST_OVERSEAS_COMMUNE: Final = 90

_KEY_MODULUS: Final = 97
_CORSICA_AS_NUMBER: Final = {"2A": "19", "2B": "18"}
_NIR_LENGTH: Final = 13
_NIR_WITH_KEY_LENGTH: Final = 15
_SIRET_LENGTH: Final = 14


@final
@frozen(repr=False)
class Nir:
    """The social security number of a person, as on the carte Vitale, without its key.

    ``repr`` never shows the number (R49). Two are equal when their 13 characters are, whether or not a key was typed.

    Attributes:
        digits: the 13 characters, no separators, the letter of Corsica in upper case.

    Raises:
        ValueError: ``digits`` has not that shape: the caller's fault; what a person typed goes through
            :func:`parse_identifier`, which judges each of its parts.
    """

    digits: str

    def __attrs_post_init__(self) -> None:
        if not _NIR.fullmatch(self.digits):
            raise ValueError("a NIR is made of 13 characters: use parse_identifier")

    @property
    def key(self) -> str:
        """The two digits that follow the number on the card: 97 less the number modulo 97."""
        department = self.digits[5:7]
        digits = self.digits[:5] + _CORSICA_AS_NUMBER.get(department, department) + self.digits[7:]
        return f"{_KEY_MODULUS - int(digits) % _KEY_MODULUS:02d}"

    @property
    def canonical(self) -> str:
        """The one text that stands for this person in keyed digests: never to be stored, logged or sent as it is."""
        return f"nir:{self.digits}"

    def __repr__(self) -> str:
        return "<Nir>"


@final
@frozen(repr=False)
class Siret:
    """The number of one establishment of a business: its SIREN and five digits more.

    ``repr`` does not show it: the business of a farmer is often the farmer (R49).

    Attributes:
        digits: the 14 digits, no separators.

    Raises:
        ValueError: ``digits`` has not that shape: the caller's fault; what a person typed goes through
            :func:`parse_identifier`, which also verifies it.
    """

    digits: str

    def __attrs_post_init__(self) -> None:
        if not _SIRET.fullmatch(self.digits):
            raise ValueError("a SIRET is made of 14 digits: use parse_identifier")

    @property
    def canonical(self) -> str:
        """The one text that stands for this establishment in keyed digests: never to be stored, logged or sent."""
        return f"siret:{self.digits}"

    def __repr__(self) -> str:
        return "<Siret>"


Identifier = Nir | Siret
"""What a person may type as *Identifiant*."""


def parse_identifier(text: str) -> Identifier | Problem:
    """Reads a NIR of 13 characters, one of 15 with its key, or a SIRET.

    Spaces of every kind, dots and dashes are dropped; only the digits 0 to 9 count as digits (R46, R47). A NIR is
    checked part by part from the left, its key last, so that the problem names the part to look at again.
    """
    typed = bounded(text, _MOST_TYPED, _FIELD)
    if isinstance(typed, Problem):
        return typed
    compact = without(typed, _SEPARATORS)
    if not _READABLE.fullmatch(compact):
        return _refused(ProblemCode.IDENTIFIER_CHARACTERS)
    compact = compact.upper()
    if len(compact) in (_NIR_LENGTH, _NIR_WITH_KEY_LENGTH):
        return _nir(compact[:_NIR_LENGTH], compact[_NIR_LENGTH:])
    if len(compact) == _SIRET_LENGTH and compact.isdigit():
        return _siret(compact)
    return _refused(ProblemCode.IDENTIFIER_LENGTH)


def _nir(number: str, typed_key: str) -> Nir | Problem:
    code = _sex_fault(number[0]) or _birth_fault(number)
    if code is not None:
        return _refused(code)
    nir = Nir(number)
    return nir if typed_key in ("", nir.key) else _refused(ProblemCode.NIR_KEY)


def _sex_fault(digit: str) -> ProblemCode | None:
    if digit in _SEX:
        return None
    if digit in _TEMPORARY:
        return ProblemCode.NIR_TEMPORARY
    return ProblemCode.NIR_MIGRANT if digit in _MIGRANT else ProblemCode.NIR_SEX


def _birth_fault(number: str) -> ProblemCode | None:
    place = number[5:10]
    if not _MONTH.fullmatch(number[3:5]):
        return ProblemCode.NIR_MONTH
    if not _DEPARTMENT.fullmatch(place):
        return ProblemCode.NIR_DEPARTMENT
    overseas = place.startswith(_OVERSEAS)
    commune = int(place[3:] if overseas else place[2:])
    if not 1 <= commune <= (_LAST_OVERSEAS_COMMUNE if overseas else _LAST_COMMUNE):
        return ProblemCode.NIR_COMMUNE
    return ProblemCode.NIR_ORDER if number[10:] == "000" else None


def _siret(number: str) -> Siret | Problem:
    # Imported here because it brings the ssl module with it, which costs more than this whole package.
    from stdnum.fr import siret

    # Zeros alone satisfy the checksum, and no business has them as its SIREN.
    if number.startswith("000000000") or not siret.is_valid(number):
        return _refused(ProblemCode.SIRET_CHECKSUM)
    return Siret(number)


def _refused(code: ProblemCode) -> Problem:
    return Problem(code, _FIELD)
