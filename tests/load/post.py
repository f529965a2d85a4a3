"""The world outside: where messages arrive. It lives as long as the load does, whoever else is killed."""

import asyncio
from collections import defaultdict
from pathlib import Path
from typing import final

from msa_recovery.application.messages import Delivered, Delivery, Message, MessageKind, TryLater
from msa_recovery.application.records import MessageId

from .frames import read, write
from .world import POST

__all__ = ["Office", "Poster"]


@final
class Poster:
    """A messenger that takes each message to the post, and is told that it arrived."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / POST

    async def deliver(self, message: Message, key: MessageId) -> Delivery:
        """Hand it over."""
        try:
            reader, writer = await asyncio.open_unix_connection(self._path)
            try:
                write(writer, (key, message))
                await read(reader)
            finally:
                writer.close()
        except (OSError, asyncio.IncompleteReadError):
            return TryLater()
        return Delivered()


@final
class Office:
    """Everything that arrived.

    Attributes:
        arrived: every message under its key, as often as it came.
    """

    def __init__(self) -> None:
        self.arrived: defaultdict[MessageId, list[Message]] = defaultdict(list)
        self._secrets: defaultdict[tuple[str, MessageKind], list[str]] = defaultdict(list)
        self._news: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    async def open(self, folder: Path) -> asyncio.Server:
        """Take messages from now on."""
        return await asyncio.start_unix_server(self._takes, folder / POST)

    async def secret(self, address: str, kind: MessageKind, known: int, seconds: float) -> str | None:
        """The newest secret of a kind at an address, once there are more than ``known``; ``None`` if none comes."""
        try:
            async with asyncio.timeout(seconds):
                while len(self._secrets[address, kind]) <= known:
                    news = self._news[address]
                    news.clear()
                    await news.wait()
        except TimeoutError:
            return None
        return self._secrets[address, kind][-1]

    def known(self, address: str, kind: MessageKind) -> int:
        """How many secrets of a kind came to an address."""
        return len(self._secrets[address, kind])

    async def _takes(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            key, message = await read(reader)
            self._arrives(key, message)
            write(writer, None)
        except (OSError, asyncio.IncompleteReadError):
            # Killed in the middle of a word: nothing arrived.
            return
        finally:
            writer.close()

    def _arrives(self, key: MessageId, message: Message) -> None:
        self.arrived[key].append(message)
        if message.secret is not None and len(self.arrived[key]) == 1:
            address = message.to[0]
            self._secrets[address, message.kind].append(message.secret.reveal())
            self._news[address].set()
