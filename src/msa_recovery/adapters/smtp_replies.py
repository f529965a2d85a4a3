"""The replies of an SMTP server, read for so long and no longer.

The time-out of a socket begins anew with each byte, and a reply of many lines may have no end.
"""

import io
import smtplib
import socket
import ssl
from time import monotonic
from typing import TYPE_CHECKING, Final, final

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

__all__ = ["ImpatientSMTP", "ImpatientSMTPS"]

_MOST: Final = 65_536
"""Bytes that a server may say in all: a whole conversation has some hundreds."""


@final
class _Replies(io.RawIOBase):
    """What a server says."""

    def __init__(self, connection: socket.socket, seconds: float, until: float) -> None:
        self._connection, self._seconds, self._until = connection, seconds, until
        self._left = _MOST

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        left = self._until - monotonic()
        if left <= 0:
            raise TimeoutError("the server does not come to an end")
        if self._left <= 0:
            raise ConnectionAbortedError("the server says too much")
        self._connection.settimeout(min(self._seconds, left))
        read = self._connection.recv_into(buffer)
        self._left -= read
        return read


class ImpatientSMTP(smtplib.SMTP):
    """A connection that ends after so much time, whatever the server does.

    Args:
        host: its name.
        port: of the server.
        announced_as: the name of this machine in ``EHLO``.
        timeout: how long each answer may take, in seconds.
        patience: how long everything together may take, in seconds.
    """

    def __init__(self, host: str, port: int, announced_as: str | None, *, timeout: float, patience: float) -> None:
        self._until = monotonic() + patience
        smtplib.SMTP.__init__(self, host, port, announced_as, timeout=timeout)

    def getreply(self) -> tuple[int, bytes]:
        """The next reply, before it is too late. Sending and a handshake are bounded by the time-out as a whole."""
        if self.file is None and self.sock is not None:
            self.file = io.BufferedReader(_Replies(self.sock, self.timeout, self._until))
        return super().getreply()


@final
class ImpatientSMTPS(ImpatientSMTP, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""

    def __init__(
        self,
        host: str,
        port: int,
        announced_as: str | None,
        *,
        timeout: float,
        patience: float,
        context: ssl.SSLContext | None,
    ) -> None:
        self._until = monotonic() + patience
        smtplib.SMTP_SSL.__init__(self, host, port, announced_as, timeout=timeout, context=context)
