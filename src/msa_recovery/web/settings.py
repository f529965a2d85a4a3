"""What a host may set of the pages."""

import ipaddress
import re
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Final, final

from attrs import Attribute, field, frozen

from msa_recovery import CallerError
from msa_recovery.texts import TEXTS, Texts

__all__ = ["Network", "Settings"]

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_WEB_ADDRESS: Final = re.compile(r"(https://[^\s\"'<>]+|/[^/\s\"'<>][^\s\"'<>]*)")
_RATE: Final = re.compile(r"[1-9][0-9]{0,5}/(second|minute|hour|day)")


def _networks(addresses: Iterable[str]) -> tuple[Network, ...]:
    if isinstance(addresses, str):
        raise CallerError("trusted_proxies: a collection of addresses or networks, not one text")
    try:
        return tuple(ipaddress.ip_network(address) for address in addresses)
    except ValueError as wrong:
        raise CallerError(f"trusted_proxies: {wrong}") from None


def _check_rate(_: "Settings", attribute: "Attribute[str]", value: str) -> None:
    if not _RATE.fullmatch(value):
        raise CallerError(f"{attribute.name}: such as 60/minute, not {value!r}")


def _check_address(_: "Settings", attribute: "Attribute[str | None]", value: str | None) -> None:
    if value is not None and not _WEB_ADDRESS.fullmatch(value):
        raise CallerError(f"{attribute.name}: an https address, a path of this host, or None")


@final
@frozen(kw_only=True)
class Settings:
    """What a host may set of the pages; a bad value is a :class:`CallerError` that names it.

    Attributes:
        sign_up: where people sign up, an https address or a path of this host; without it no page speaks of it.
        trusted_proxies: addresses or networks of the host's own reverse proxies. From a peer among them the client's
            address is the last one of ``X-Forwarded-For`` that is no proxy; from anybody else the header says nothing
            (R31).
        secure_cookies: whether cookies are ``__Host-`` and ``Secure``, and browsers are told to keep to https. Only for
            http on the developer's own machine is it ``False``.
        posts: how many forms one origin may send, such as ``60/minute``, and how many API calls.
        gets: how many pages one origin may look at.
        counted_at: where the two are counted, as the ``limits`` library names it: ``async+memory://`` is one process;
            ``async+redis://localhost:6379`` is shared by all of them.
        texts: the words, the shipped ones or the host's own.
        templates: a folder whose templates take the place of the shipped ones of the same name, ``frame.html`` above
            all: the host's own head and foot.
    """

    sign_up: str | None = field(default=None, validator=_check_address)
    trusted_proxies: Collection[Network] = field(default=(), converter=_networks)
    secure_cookies: bool = True
    posts: str = field(default="60/minute", validator=_check_rate)
    gets: str = field(default="600/minute", validator=_check_rate)
    counted_at: str = field(default="async+memory://", repr=False)
    texts: Texts = TEXTS
    templates: Path | None = None
