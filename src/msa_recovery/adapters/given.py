"""What a host gives to an adapter: brought into its form, or a :class:`CallerError` that names it and not its value."""

import ssl
from collections.abc import Collection
from enum import StrEnum
from importlib.util import find_spec
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from msa_recovery.domain.errors import CallerError, checked
from msa_recovery.domain.secret import Secret

if TYPE_CHECKING:
    from attrs import Attribute

__all__ = [
    "as_authorities",
    "as_path",
    "as_words",
    "check_network_port",
    "check_seconds",
    "check_sign_in",
    "check_text",
    "need",
    "one_of",
    "trusting",
]

E = TypeVar("E", bound=StrEnum)

_PORTS = range(1, 65_536)


class _SignsIn(Protocol):
    @property
    def user(self) -> str | None: ...


def need(module: str, what: str, extra: str) -> None:
    """Make sure that an extra is there before the first message, whose failure nobody would see, depends on it.

    Args:
        module: what it brings.
        what: what cannot be done without, in the plural.
        extra: its name.

    Raises:
        CallerError: it is not installed.
    """
    if find_spec(module) is None:
        raise CallerError(f"{what} need {module}: pip install 'msa-recovery[{extra}]'")


def one_of(kind: type[E], value: E | str, name: str) -> E:
    """A choice, which may be given as its text.

    Raises:
        CallerError: there is no such choice.
    """
    try:
        return kind(value)
    except ValueError:
        *others, last = kind
        raise CallerError(f"{name}: {', '.join(others)} or {last}") from None


def as_path(value: str | PathLike[str], name: str) -> Path:
    """A path, which may be given as text.

    Raises:
        CallerError: it is none, or an empty one.
    """
    if not isinstance(value, str | PathLike) or not str(value):
        raise CallerError(f"{name}: a path, not {type(value).__name__}")
    return Path(value)


def as_authorities(value: str | PathLike[str] | None) -> Path | None:
    """An attrs converter: the file of those who may vouch for a server; ``None`` for the system's.

    Raises:
        CallerError: it is no path.
    """
    return None if value is None else as_path(value, "authorities")


def as_words(value: Collection[str], name: str) -> frozenset[str]:
    """Texts of which one will be looked for. A number among them would never be found, and a text alone is none.

    Raises:
        CallerError: it is something else.
    """
    if not isinstance(value, frozenset | set | tuple | list) or not all(isinstance(each, str) for each in value):
        raise CallerError(f'{name}: a set of texts, such as {{"0"}}')
    return frozenset(value)


def check_text(_: object, attribute: "Attribute[Any]", value: object) -> None:
    """An attrs validator: text that is not empty; ``None`` where that is the default."""
    if value is None and attribute.default is None:
        return
    if not isinstance(value, str) or not value:
        raise CallerError(f"{attribute.name}: a text, and not an empty one")


def check_network_port(_: object, attribute: "Attribute[int]", value: int) -> None:
    """An attrs validator: the number of a port."""
    if type(value) is not int or value not in _PORTS:
        raise CallerError(f"{attribute.name}: a whole number from {_PORTS[0]} to {_PORTS[-1]}")


def check_seconds(_: object, attribute: "Attribute[float]", value: float) -> None:
    """An attrs validator: a length of time that ends."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < float("inf"):
        raise CallerError(f"{attribute.name}: seconds, more than 0")


def check_sign_in(of: _SignsIn, _: "Attribute[Secret | None]", value: Secret | None) -> None:
    """An attrs validator of a password that belongs to a user."""
    if value is not None:
        checked(value, Secret, "password")
    if (value is None) != (of.user is None):
        raise CallerError("user and password: both, or neither")


def trusting(authorities: Path | None) -> ssl.SSLContext:
    """What verifies a server by these authorities, the system's for ``None``.

    Raises:
        CallerError: the file is not there, or has no certificate.
    """
    try:
        return ssl.create_default_context(cafile=None if authorities is None else str(authorities))
    except ssl.SSLError:
        raise CallerError(f"authorities: {authorities}: no certificates in PEM") from None
    except OSError as failure:
        raise CallerError(f"authorities: {authorities}: {failure.strerror}") from None
