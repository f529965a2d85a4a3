"""Values on a stream of asyncio, each behind its length."""

import asyncio
from typing import Any, Final

from tests.crash.wire import packed, unpacked

__all__ = ["read", "write"]

_LENGTH: Final = 4


def write(writer: asyncio.StreamWriter, value: object) -> None:
    """Put a value on the stream."""
    text = packed(value)
    writer.write(len(text).to_bytes(_LENGTH, "big") + text)


async def read(reader: asyncio.StreamReader) -> Any:
    """Take the next value from the stream.

    Raises:
        OSError: the other end is gone.
        asyncio.IncompleteReadError: the same.
    """
    length = int.from_bytes(await reader.readexactly(_LENGTH), "big")
    return unpacked(await reader.readexactly(length))
