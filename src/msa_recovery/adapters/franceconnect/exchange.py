"""One call to FranceConnect, as a value: the protocol asks, and whoever drives it answers, awaiting or not."""

import time
from collections.abc import Generator, Mapping
from typing import Final, TypeVar, final

import msgspec
from attrs import field, frozen

from .errors import AnswerRefused, ProviderUnavailable

__all__ = ["LONGEST_BODY", "Answer", "Ask", "Exchange", "Gathered", "decoded"]

T = TypeVar("T")

LONGEST_BODY: Final = 65_536
"""No honest answer has more bytes; what comes behind them is not read."""

_OK: Final = 200
_TOO_MANY: Final = 429
_SERVER_FAULT: Final = 500


def decoded(text: bytes | str, form: type[T]) -> T | None:
    """JSON of this form, or ``None``, whatever it is instead."""
    try:
        return msgspec.json.decode(text, type=form)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None


@final
@frozen
class Ask:
    """What is sent.

    Attributes:
        method: GET or POST.
        url: where to.
        headers: the headers beside the usual ones.
        body: of a POST.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(factory=dict[str, str], repr=False)
    body: bytes | None = field(default=None, repr=False)


@final
@frozen
class Answer:
    """What came back.

    Attributes:
        status: of HTTP.
        media_type: in lower case, without parameters.
        body: at most :data:`LONGEST_BODY` bytes.
    """

    status: int
    media_type: str
    body: bytes = field(repr=False)

    def fetched(self) -> bytes:
        """The body of an answer that brings what was asked for.

        Raises:
            ProviderUnavailable: the provider says that it cannot answer now.
            AnswerRefused: it answers something else.
        """
        if self.status >= _SERVER_FAULT or self.status == _TOO_MANY:
            raise ProviderUnavailable(f"HTTP {self.status}")
        if self.status != _OK:
            raise AnswerRefused(f"HTTP {self.status}")
        return self.body


Exchange = Generator[Ask, Answer, T]
"""A part of the protocol: it yields what to send, is given the answers, and returns a ``T``."""


@final
class Gathered:
    """The body of one answer while it arrives, bounded in size and time.

    Args:
        seconds: how long the whole answer may take from now on.
    """

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds
        self._chunks = bytearray()

    def add(self, chunk: bytes) -> None:
        """Take what came next.

        Raises:
            AnswerRefused: it is too much.
            ProviderUnavailable: it takes too long.
        """
        self._chunks += chunk
        if len(self._chunks) > LONGEST_BODY:
            raise AnswerRefused("it is far too long")
        if time.monotonic() > self._until:
            raise ProviderUnavailable("the answer takes too long")

    def answer(self, status: int, headers: Mapping[str, str]) -> Answer:
        """The whole of it. It was asked for as it is, so a compressed one is not unpacked: it could be endless."""
        if headers.get("content-encoding", "identity").lower() != "identity":
            raise AnswerRefused("it is compressed, unasked")
        media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
        return Answer(status, media_type, bytes(self._chunks))
