"""How each kind of value stands in a snapshot, by hooks that cost little: every event reads and writes snapshots.

cattrs makes the functions for the classes; left alone, it asks for the type of every value again and again, and writes
bytes in base 85, one by one, in Python.
"""

from binascii import a2b_base64, b2a_base64
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, NewType, get_args, get_origin

from cattrs import Converter
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn

__all__ = ["converter_for"]

_Write = Callable[[Any], Any]
_Read = Callable[[Any, Any], Any]


def converter_for(classes: tuple[type[Any], ...]) -> Converter:
    """A converter between these attrs classes and what JSON holds. What is inside of another class comes before it.

    A field at its default is left out. What reads one refuses unknown fields, and raises whatever comes of a value that
    it did not write.
    """
    converter = Converter(detailed_validation=False)
    converter.register_unstructure_hook(bytes, _bytes_text)
    converter.register_structure_hook(bytes, _bytes)
    converter.register_unstructure_hook(datetime, datetime.isoformat)
    converter.register_structure_hook(datetime, _moment)
    converter.register_unstructure_hook_factory(_is_text, _unchanged)
    # Not by `register_structure_hook(str, ...)`, which would take the members of a StrEnum for texts as well.
    converter.register_structure_hook_factory(_is_mere_text, _text_of)
    converter.register_structure_hook_factory(_is_enum, _member_of)
    converter.register_unstructure_hook_factory(_is_optional, _written_optional)
    converter.register_structure_hook_factory(_is_optional, _read_optional)
    converter.register_unstructure_hook_factory(_is_tuple, _written_tuple)
    converter.register_structure_hook_factory(_is_tuple, _read_tuple)
    for each in classes:
        write: _Write = make_dict_unstructure_fn(each, converter, _cattrs_omit_if_default=True)
        read: _Read = make_dict_structure_fn(
            each, converter, _cattrs_forbid_extra_keys=True, _cattrs_detailed_validation=False
        )
        converter.register_unstructure_hook(each, write)
        converter.register_structure_hook(each, read)
    return converter


# -- texts, members of an enumeration, bytes, moments ------------------------------------------------------------------


def _is_enum(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, StrEnum)


def _is_mere_text(kind: Any) -> bool:
    return kind is str or isinstance(kind, NewType)


def _is_text(kind: Any) -> bool:
    return _is_enum(kind) or _is_mere_text(kind)


def _unchanged(_: Any, __: Converter) -> _Write:
    return lambda value: value


def _text(value: Any, _: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _text_of(_: Any, __: Converter) -> _Read:
    return _text


def _member_of(kind: type[StrEnum], _: Converter) -> _Read:
    members = {member.value: member for member in kind}
    return lambda value, _: members[value]


def _bytes_text(value: bytes) -> str:
    return b2a_base64(value, newline=False).decode()


def _bytes(value: Any, _: Any) -> bytes:
    return a2b_base64(value, strict_mode=True)


def _moment(value: Any, _: Any) -> datetime:
    return datetime.fromisoformat(value)


# -- what may be missing, and what there are several of ----------------------------------------------------------------


def _is_optional(kind: Any) -> bool:
    return get_origin(kind) is UnionType and get_args(kind)[1:] == (NoneType,)


def _is_tuple(kind: Any) -> bool:
    return get_origin(kind) is tuple and get_args(kind)[1:] == (Ellipsis,)


def _written_optional(kind: Any, converter: Converter) -> _Write:
    write = converter.get_unstructure_hook(get_args(kind)[0])
    return lambda value: None if value is None else write(value)


def _read_optional(kind: Any, converter: Converter) -> _Read:
    inner = get_args(kind)[0]
    read = converter.get_structure_hook(inner)
    return lambda value, _: None if value is None else read(value, inner)


def _written_tuple(kind: Any, converter: Converter) -> _Write:
    write = converter.get_unstructure_hook(get_args(kind)[0])
    return lambda values: [write(value) for value in values]


def _read_tuple(kind: Any, converter: Converter) -> _Read:
    inner = get_args(kind)[0]
    read = converter.get_structure_hook(inner)
    # Of a list comprehension, since a generator costs more than what it makes here.
    return lambda values, _: tuple([read(value, inner) for value in values])
