"""A limit on the time of a whole request: the time-outs of a socket begin anew with each byte that comes."""

import socket
from collections.abc import Mapping
from contextlib import suppress
from threading import Lock, Timer
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self, cast, final

if TYPE_CHECKING:
    from httpcore import NetworkStream

__all__ = ["TimeLimit"]

_OPENED: Final = (".connect_tcp.complete", ".start_tls.complete")


@final
class TimeLimit:
    """Shuts a connection of httpx when its time is over, whoever waits for it then; that one gets an error of httpx.

    Args:
        seconds: from the moment it is entered.
    """

    def __init__(self, seconds: float) -> None:
        self._lock = Lock()
        self._connection: socket.socket | None = None
        self._over = False
        self._timer = Timer(seconds, self._shut)
        self._timer.daemon = True

    def trace(self, event: str, info: Mapping[str, object]) -> None:
        """Is told by httpx (``extensions={"trace": ...}``) which connection it is."""
        if event.endswith(_OPENED):
            stream = cast("NetworkStream", info["return_value"])
            with self._lock:
                self._connection = stream.get_extra_info("socket")
            if self._over:
                self._shut()

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._timer.cancel()

    def _shut(self) -> None:
        self._over = True
        with self._lock, suppress(OSError):
            if self._connection is not None:
                # Beneath TLS: nothing more is said to the other side.
                socket.socket.shutdown(self._connection, socket.SHUT_RDWR)
