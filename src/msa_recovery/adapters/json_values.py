"""Values of frozen classes as JSON text, and back: for what the shipped hosts keep, never for the library's store.

Secrets stand in it in clear, as they do on a person's phone.
"""

from typing import Any, TypeVar

from msgspec import json

from msa_recovery.domain.secret import Secret

__all__ = ["from_json", "to_json"]

_T = TypeVar("_T")


def to_json(value: object) -> str:
    """A value of a frozen class, as text."""
    return json.encode(value, enc_hook=_plain).decode()


def from_json(text: str, wanted: type[_T]) -> _T:
    """The value that :func:`to_json` was given.

    Raises:
        ValueError: the text is damaged, or of another class; the message shows none of it.
    """
    return json.decode(text, type=wanted, dec_hook=_rich)


def _plain(value: object) -> str:
    if isinstance(value, Secret):
        return value.reveal()
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _rich(wanted: type[Any], plain: Any) -> object:
    if wanted is Secret:
        return Secret(plain)
    raise TypeError(f"{wanted.__name__} has no form in JSON")
