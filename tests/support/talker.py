"""A server on loopback that says what it is told to say, and stops when it is told to: for what no real one can be made
to do."""

import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from threading import Thread
from typing import Final

__all__ = ["Talk", "talking"]

Talk = Callable[[socket.socket], None]
"""What it does with one connection; then it is closed."""

_PATIENCE: Final = 30.0
"""Seconds after which a test that hangs is ended from this side."""


@contextmanager
def talking(talk: Talk) -> Generator[int]:
    """The port of a server that is there for as long as the block runs; every connection gets the same talk."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        open_ones: list[socket.socket] = []

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                connection.settimeout(_PATIENCE)
                open_ones.append(connection)
                with connection, suppress(OSError):
                    talk(connection)

        thread = Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            for each in open_ones:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
            thread.join(_PATIENCE)
