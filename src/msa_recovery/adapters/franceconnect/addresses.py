"""Which addresses a client speaks to, and is spoken to at."""

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from msa_recovery.domain.errors import CallerError

if TYPE_CHECKING:
    from attrs import Attribute

__all__ = ["check_address", "is_address"]

_PRINTED: Final = re.compile(r"[!-~]{1,2048}")
_UNSAFE: Final = re.compile(r"[\\\"<>^`{|}#]")
_THIS_MACHINE: Final = frozenset({"127.0.0.1", "::1", "localhost"})


def is_address(text: str) -> bool:
    """Whether this is an https address without a fragment or a password; http only on this very machine."""
    if not _PRINTED.fullmatch(text) or _UNSAFE.search(text):
        return False
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or "@" in parts.netloc:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host in _THIS_MACHINE)


def check_address(_: object, attribute: "Attribute[str]", value: str) -> None:
    """An attrs validator: a :class:`CallerError` that names the attribute."""
    if not isinstance(value, str) or not is_address(value):
        raise CallerError(f"{attribute.name}: an https address (http only on this machine)")
