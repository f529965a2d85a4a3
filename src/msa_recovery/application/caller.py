"""What only the host knows of a call: where it comes from, in which language, whether it was made before."""

import ipaddress
from enum import StrEnum
from typing import Final, final

from attrs import Attribute, field, frozen

from msa_recovery.domain.errors import CallerError, NotText

__all__ = ["Caller", "Language", "Origin"]

_LONGEST: Final = 128
_HOST_OF_IPV6: Final = 64


@final
class Language(StrEnum):
    """The languages that the person may read; French first."""

    FR = "fr"
    EN = "en"


@final
@frozen
class Origin:
    """Where a call comes from, as the host knows it; the library reads no header (R31).

    Attributes:
        network: the IPv4 address, or the /64 network of an IPv6 address, which one subscriber has to himself.

    Args:
        address: as ``ipaddress`` reads it, of 128 characters at most.

    Raises:
        NotText: it is no ``str``: the host's fault (R35).
        CallerError: it is no address.
    """

    network: str = field(repr=False)

    def __init__(self, address: str) -> None:
        if not isinstance(address, str):
            raise NotText("origin", address)
        try:
            ip = ipaddress.ip_address(address if len(address) <= _LONGEST else "")
        except ValueError:
            raise CallerError("origin: an IPv4 or IPv6 address, as ipaddress reads it") from None
        if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
            ip = ip.ipv4_mapped
        if isinstance(ip, ipaddress.IPv6Address):
            text = str(ipaddress.ip_network((int(ip), _HOST_OF_IPV6), strict=False))
        else:
            text = str(ip)
        self.__attrs_init__(text)  # type: ignore[attr-defined]


def _known_language(value: object) -> Language:
    if isinstance(value, str) and value in tuple(Language):
        return Language(value)
    raise CallerError(f"language: one of {', '.join(Language)}")


def _request_id(_: "Caller", __: "Attribute[str | None]", value: str | None) -> None:
    if value is not None and not (isinstance(value, str) and 0 < len(value) <= _LONGEST):
        raise CallerError(f"request_id: a str of 1 to {_LONGEST} characters, or None")


def _agent(_: "Caller", __: "Attribute[bool]", value: bool) -> None:
    if not isinstance(value, bool):
        raise CallerError("agent: True or False")


def _origin(_: "Caller", __: "Attribute[Origin | None]", value: Origin | None) -> None:
    if value is not None and not isinstance(value, Origin):
        raise CallerError("origin: an Origin, or None")


@final
@frozen(kw_only=True)
class Caller:
    """What the host says of one call. A bad value is a :class:`CallerError` that names the field.

    Attributes:
        origin: where it comes from, or ``None`` when the host does not know; callers without one share the caps.
        language: what the person reads (``"fr"`` or ``"en"``); kept by the journey for its messages.
        request_id: the same for a double submit of one form, new for every other one; then the event acts once (R39).
            It may come from the person: it is bound to the journey and to the event.
        agent: whether an agent of the fund acts, signed in with the host as such (R58).
    """

    origin: Origin | None = field(default=None, validator=_origin)
    language: Language = field(default=Language.FR, converter=_known_language)
    request_id: str | None = field(default=None, validator=_request_id, repr=False)
    agent: bool = field(default=False, validator=_agent)
