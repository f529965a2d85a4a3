"""The person behind verified user-info: the pivot identity of FranceConnect, or nobody."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final, cast

from msa_recovery.domain.account import VerifiedIdentity

from .errors import AnswerRefused

__all__ = ["person_of"]

_LONGEST_NAME: Final = 255
_MOST_NAMES: Final = 32
_DAY: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_COMMUNE: Final = re.compile(r"[0-9][0-9AB][0-9]{3}")
_COUNTRY: Final = re.compile(r"99[0-9]{3}")
_GENDERS: Final = frozenset({"male", "female"})


def person_of(subject: str, claims: Mapping[str, Any]) -> VerifiedIdentity:
    """The person of whom the claims speak.

    Args:
        subject: the provider's name of the person.
        claims: of user-info whose signature, issuer, audience and subject are right.

    Raises:
        AnswerRefused: a claim of the pivot identity is missing, or not of its form.
    """
    return VerifiedIdentity(
        subject=subject,
        given_names=_given_names(claims),
        family_name=_name(claims.get("family_name"), "family_name"),
        birthdate=_birthdate(claims.get("birthdate")),
        gender=_one_of(claims.get("gender"), "gender", _is_gender),
        # Nobody born abroad has a commune of birth: an empty text, or no claim at all.
        birthplace=_one_of(claims.get("birthplace", ""), "birthplace", _is_birthplace),
        birthcountry=_one_of(claims.get("birthcountry"), "birthcountry", _COUNTRY.fullmatch),
    )


def _refused(claim: str) -> AnswerRefused:
    return AnswerRefused(f"the user-info's {claim} is missing or not of its form: is its scope granted to this client?")


def _name(value: object, claim: str) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST_NAME or not value.isprintable() or not value.strip():
        raise _refused(claim)
    return value.strip()


def _given_names(claims: Mapping[str, Any]) -> tuple[str, ...]:
    """FranceConnect gives them one by one, and in one text, whose spaces need not part two names."""
    listed: object = claims.get("given_name_array")
    if listed is None:
        return tuple(_name(claims.get("given_name"), "given_name").split())
    if not isinstance(listed, list):
        raise _refused("given_name_array")
    names = tuple(_name(name, "given_name_array") for name in cast("list[object]", listed)[: _MOST_NAMES + 1])
    if not 0 < len(names) <= _MOST_NAMES:
        raise _refused("given_name_array")
    return names


def _birthdate(value: object) -> str:
    """A day of the calendar; where the civil registry does not know the month or the day, it has zeros there."""
    form = _DAY.fullmatch(value) if isinstance(value, str) else None
    if form is None:
        raise _refused("birthdate")
    year, month, day = (int(number) for number in form.groups())
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        raise _refused("birthdate") from None
    return form.group()


def _is_gender(text: str) -> bool:
    return text in _GENDERS


def _is_birthplace(text: str) -> object:
    return not text or _COMMUNE.fullmatch(text)


def _one_of(value: object, claim: str, is_form: Callable[[str], object]) -> str:
    if not isinstance(value, str) or not is_form(value):
        raise _refused(claim)
    return value
