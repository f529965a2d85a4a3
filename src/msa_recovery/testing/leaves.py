"""Everything that lies in a store, for whoever looks for a secret there."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

import attrs

from msa_recovery.adapters.memory_store import MemoryStore


def kept(store: MemoryStore) -> dict[str, Any]:
    """Everything that the store holds."""
    return {name: value for name, value in vars(store).items() if name != "_lock"}


def leaves(value: object) -> Iterator[bytes]:
    """Every text and byte string inside a value, as bytes."""
    match value:
        case str():
            yield value.encode("utf-8", "surrogatepass")
        case bytes():
            yield value
        case Mapping():
            for key, one in cast(Mapping[object, object], value).items():
                yield from leaves(key)
                yield from leaves(one)
        case tuple() | list() | set() | frozenset():
            for one in cast(Iterable[object], value):
                yield from leaves(one)
        case _ if attrs.has(type(value)):
            of: Any = type(value)
            for attribute in attrs.fields(of):
                yield from leaves(getattr(value, attribute.name))
        case _:
            pass
