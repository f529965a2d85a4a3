"""What a person may send: a closed list, for the pages, the API and whatever form a host has.

``use_franceconnect`` and ``order_letter`` are not in it: neither is ever read from what a person sends.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from attrs import fields

from msa_recovery import (
    Abandon,
    AnswerChallenge,
    ChooseChannel,
    ChoosePassword,
    ConfirmContacts,
    EditContact,
    EventName,
    GoBack,
    Identify,
    Input,
    ProvePassword,
    ResendCode,
    SignIn,
    SubmitCode,
)

__all__ = ["INPUTS", "fields_of", "input_of", "kind_of"]

_Kind = type[
    Identify
    | AnswerChallenge
    | ChooseChannel
    | SubmitCode
    | ResendCode
    | SignIn
    | ProvePassword
    | ChoosePassword
    | EditContact
    | ConfirmContacts
    | GoBack
    | Abandon
]

_KINDS: Final[tuple[_Kind, ...]] = (
    Identify,
    AnswerChallenge,
    ChooseChannel,
    SubmitCode,
    ResendCode,
    SignIn,
    ProvePassword,
    ChoosePassword,
    EditContact,
    ConfirmContacts,
    GoBack,
    Abandon,
)

INPUTS: Final[Mapping[EventName, _Kind]] = MappingProxyType({kind.name: kind for kind in _KINDS})
"""Every event of a person, and what is made of its fields."""


def kind_of(event: str) -> _Kind | None:
    """What is made of the fields of an event; ``None`` for what is no event of a person."""
    return INPUTS.get(EventName(event)) if event in tuple(EventName) else None


def fields_of(kind: _Kind) -> tuple[str, ...]:
    """The names of the texts that come with it."""
    return tuple(attribute.name for attribute in fields(kind))


def input_of(event: str, texts: Mapping[str, str]) -> Input | None:
    """The input of a form; a text that is missing is empty. ``None`` for what is no event of a person."""
    kind = kind_of(event)
    return None if kind is None else kind(*(texts.get(name, "") for name in fields_of(kind)))
