"""How a host is registered with FranceConnect."""

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Final, final

from attrs import field, frozen

from msa_recovery.domain.errors import CallerError
from msa_recovery.domain.secret import Secret

from .addresses import check_address

if TYPE_CHECKING:
    from attrs import Attribute

__all__ = ["LEVELS", "SCOPES", "Registration"]

SCOPES: Final = ("openid", "given_name", "family_name", "birthdate", "gender", "birthplace", "birthcountry")
"""What is asked for: the pivot identity and nothing else, since nothing else is used (RGPD 5(1)(c))."""

LEVELS: Final = ("eidas1", "eidas2", "eidas3")
"""The levels of assurance of eIDAS, from low to high."""

_SIGNED_BY: Final = frozenset({"ES256", "RS256"})
_LONGEST_SKEW: Final = timedelta(minutes=5)


def _check_id(_: object, __: "Attribute[str]", value: str) -> None:
    if not isinstance(value, str) or not (value.isascii() and value.isprintable() and 0 < len(value) <= 255):  # noqa: PLR2004 - RFC 7591 sets no limit
        raise CallerError("client_id: as FranceConnect gave it")


def _check_secret(_: object, __: "Attribute[Secret]", value: Secret) -> None:
    if not isinstance(value, Secret) or value == Secret(""):
        raise CallerError("client_secret: a Secret, as FranceConnect gave it")


def _check_level(_: object, __: "Attribute[str]", value: str) -> None:
    if value not in LEVELS:
        raise CallerError(f"acr: one of {', '.join(LEVELS)}")


def _algorithms(names: Iterable[str]) -> frozenset[str]:
    wanted = frozenset({names} if isinstance(names, str) else names)
    if not wanted or not wanted <= _SIGNED_BY:
        raise CallerError("algorithms: ES256, RS256 or both; never none, never one whose key is the client's secret")
    return wanted


def _check_skew(_: object, __: "Attribute[timedelta]", value: timedelta) -> None:
    if not isinstance(value, timedelta) or not timedelta(0) <= value <= _LONGEST_SKEW:
        raise CallerError(f"clock_skew: from 0 to {_LONGEST_SKEW}")


@final
@frozen(kw_only=True)
class Registration:
    """What FranceConnect and the host agreed on; a bad value is a ``CallerError`` that names it.

    Attributes:
        client_id: as FranceConnect gave it.
        client_secret: as FranceConnect gave it; it goes to the token endpoint alone.
        callback: the address, registered with FranceConnect to the letter, at which the person comes back.
        signed_out: the address, registered too, at which the person comes back after a logout.
        acr: the level of assurance asked for; an answer of a lower one is refused.
        algorithms: how answers are signed: what was chosen at the registration. FranceConnect's own default there,
            HS256, is refused: whoever has the client's secret could then sign an identity.
        clock_skew: how far the clocks of both may be apart.
    """

    client_id: str = field(validator=_check_id)
    client_secret: Secret = field(validator=_check_secret)
    callback: str = field(validator=check_address)
    signed_out: str = field(validator=check_address)
    acr: str = field(default="eidas1", validator=_check_level)
    algorithms: Collection[str] = field(default=("ES256", "RS256"), converter=_algorithms)
    clock_skew: timedelta = field(default=timedelta(seconds=30), validator=_check_skew)
