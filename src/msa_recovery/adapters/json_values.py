"""Accounts and messages as JSON text, and back: for what the shipped hosts keep, never for the library's store.

Secrets stand in it in clear, as they do on a person's phone and in a fund's records.
"""

from datetime import time
from functools import cache
from typing import TypeVar

from cattrs.preconf.json import JsonConverter, make_converter
from cattrs.strategies import configure_tagged_union

from msa_recovery.domain.challenge import Amount, VitaleSerial
from msa_recovery.domain.contacts import EmailAddress, PhoneNumber
from msa_recovery.domain.identifiers import Nir, Siret
from msa_recovery.domain.secret import Secret

__all__ = ["from_json", "to_json"]

_T = TypeVar("_T")


@cache
def _converter() -> JsonConverter:
    converter = make_converter()
    converter.register_unstructure_hook(Secret, Secret.reveal)
    converter.register_structure_hook(Secret, lambda text, _: Secret(text))
    converter.register_unstructure_hook(time, time.isoformat)
    converter.register_structure_hook(time, lambda text, _: time.fromisoformat(text))
    for union in (Nir | Siret, EmailAddress | PhoneNumber, Amount | VitaleSerial):
        configure_tagged_union(union, converter, tag_name="is")
    return converter


def to_json(value: object) -> str:
    """A value of a frozen class, as text."""
    return _converter().dumps(value)


def from_json(text: str, wanted: type[_T]) -> _T:
    """The value that :func:`to_json` was given."""
    return _converter().loads(text, wanted)
