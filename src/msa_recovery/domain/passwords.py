"""The rules of a new password: every one that fails is said at once (R42)."""

import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from typing import Final, final

from .identifiers import Identifier, Siret
from .policy import Policy
from .secret import Secret

__all__ = ["PasswordRule", "Strength", "broken_rules", "normalised"]


@final
class Strength(StrEnum):
    """Faible, moyen, fort: how hard a password is to guess, as a meter judges it."""

    WEAK = "weak"
    FAIR = "fair"
    STRONG = "strong"


@final
class PasswordRule(StrEnum):
    """Stable codes of what a new password must not be. They are part of the public interface."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    NO_DIGIT = "no_digit"
    NO_UPPER = "no_upper"
    NO_LOWER = "no_lower"
    NO_SPECIAL = "no_special"
    TOO_WEAK = "too_weak"
    HOLDS_IDENTIFIER = "holds_identifier"
    HOLDS_NAME = "holds_name"
    IS_TEMPORARY = "is_temporary"
    IS_CURRENT = "is_current"
    NOT_REPEATED = "not_repeated"


_SHORTEST_WORD: Final = 3
"""Names of one or two letters occur in any password by chance."""

_SIREN: Final = 9


def normalised(text: str) -> str:
    """The form in which a password is measured, hashed and compared: NFC (63B 3.1.1.2, R41)."""
    return unicodedata.normalize("NFC", text)


def _folded(text: str) -> str:
    """Without case and accents, so that ``HÉLÈNE`` is found in ``helene``."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(character for character in plain if not unicodedata.combining(character)).casefold()


def _words(name: str) -> list[str]:
    """The words of a name, however they are joined: ``Jean-Pierre``, ``L'Hôpital``."""
    return "".join(character if character.isalnum() else " " for character in _folded(name)).split()


def _numbers(identifier: Identifier) -> Iterable[str]:
    yield identifier.digits
    if isinstance(identifier, Siret):
        yield identifier.digits[:_SIREN]


def broken_rules(
    password: Secret,
    repeated: Secret,
    *,
    strength: Strength,
    is_temporary: bool,
    identifiers: tuple[Identifier, ...],
    names: tuple[str, ...],
    policy: Policy,
) -> tuple[PasswordRule, ...]:
    """Every rule that a new password breaks, but for the comparison with the current one, which is made last.

    Both texts are in NFC already and no longer than ``policy.password_max`` by more than the input's cap. Length is
    counted in code points. A digit, a capital or a small letter of any script counts as one; a space is special.
    """
    text = password.reveal()
    folded = _folded(text)
    bare = "".join(character for character in folded if character.isalnum())
    found = {
        PasswordRule.TOO_SHORT: len(text) < policy.password_min,
        PasswordRule.TOO_LONG: len(text) > policy.password_max,
        PasswordRule.NO_DIGIT: not any(character.isdecimal() for character in text),
        PasswordRule.NO_UPPER: not any(character.isupper() for character in text),
        PasswordRule.NO_LOWER: not any(character.islower() for character in text),
        PasswordRule.NO_SPECIAL: all(character.isalnum() for character in text),
        PasswordRule.TOO_WEAK: strength is Strength.WEAK,
        PasswordRule.HOLDS_IDENTIFIER: any(
            number.casefold() in bare for identifier in identifiers for number in _numbers(identifier)
        ),
        PasswordRule.HOLDS_NAME: any(
            word in folded for name in names for word in _words(name) if len(word) >= _SHORTEST_WORD
        ),
        PasswordRule.IS_TEMPORARY: is_temporary,
        PasswordRule.NOT_REPEATED: password != repeated,
    }
    return tuple(rule for rule, broken in found.items() if broken)
