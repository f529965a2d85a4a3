"""A messenger whose messages stay in an SQLite file, as on a phone that is switched off and on again."""

from pathlib import Path
from typing import Final, final

from sqlalchemy import Column, Integer, MetaData, Table, Text

from msa_recovery.application.errors import InfrastructureError
from msa_recovery.application.messages import Delivered, Delivery, Message, Rejected, TryLater
from msa_recovery.application.records import MessageId
from msa_recovery.domain.account import Channel

from .json_values import from_json, to_json
from .sqlite_file import SqliteFile, Tables

__all__ = ["SqliteInbox"]

_TABLES: Final = MetaData()

Table(
    "messages",
    _TABLES,
    Column("position", Integer, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("channel", Text, nullable=False),
    Column("message", Text, nullable=False),
    sqlite_strict=True,
)


@final
class SqliteInbox:
    """Keeps the messages of one channel, each once, secrets included: for demonstrations. Processes may share the file.

    Args:
        path: the file, readable by its owner only; the inboxes of all channels may share it.
        channel: what it delivers; a message of another channel is rejected.
    """

    def __init__(self, path: str | Path, channel: Channel) -> None:
        self._channel = channel
        self._file = SqliteFile(path, Tables("messengers", frozenset({"messages"}), _TABLES.create_all))

    def deliver(self, message: Message, key: MessageId) -> Delivery:
        """Keep the message. One that was kept already stays delivered; a file that fails is a transport that fails."""
        if message.channel is not self._channel:
            return Rejected(f"this inbox is for {self._channel}, not for {message.channel}")
        try:
            with self._file.writing() as cursor:
                cursor.execute(
                    "INSERT INTO messages (key, channel, message) VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING",
                    (key, self._channel, to_json(message)),
                )
        except InfrastructureError:
            return TryLater()
        return Delivered()

    def messages(self) -> tuple[Message, ...]:
        """What was delivered, oldest first."""
        with self._file.reading() as cursor:
            rows = cursor.execute(
                "SELECT message FROM messages WHERE channel = ? ORDER BY position", (self._channel,)
            ).fetchall()
        return tuple(from_json(text, Message) for (text,) in rows)

    def close(self) -> None:
        """Close every connection; the next call opens new ones."""
        self._file.close()
