"""What crosses the line between the person and the host, secrets included: for these tests alone.

A ``Secret`` refuses to be pickled, and rightly. Here it is revealed on one side and is a secret again on the other, as
in a form that a browser sends.
"""

import io
import pickle
from datetime import datetime
from typing import TYPE_CHECKING, Any, final

from attrs import frozen

from msa_recovery.cli.stage import Disguise
from msa_recovery.domain.secret import Secret

from .files import Files

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

__all__ = ["Answer", "Order", "Setting", "packed", "receive", "send", "unpacked"]


@final
@frozen
class Setting:
    """What a host is started with.

    Attributes:
        files: what it keeps.
        disguise: what the library sees of its directory.
        bug: the name of a bug that is planted into it; empty for none.
    """

    files: Files
    disguise: Disguise
    bug: str = ""


@final
@frozen
class Order:
    """One call that a host is to take.

    Attributes:
        number: which request of the story it is; the same when it is made again.
        method: of the library, or one of the host's own.
        arguments: of the call.
        now: what the library's clock shows.
        today: what the directory's clock shows.
        kill: before which of its points the host kills itself, counted from 0; ``None`` lets it live.
        every: whether every point counts, or only those between which something came to last.
        counted: the guesses that were counted when the request was first made.
    """

    number: int
    method: str
    arguments: tuple[Any, ...]
    now: datetime
    today: datetime
    kill: int | None
    every: bool
    counted: frozenset[str]


@final
@frozen
class Answer:
    """What came of a call: a value, or what was raised."""

    value: Any = None
    error: Exception | None = None

    def given(self) -> Any:
        """The value, or the error raised again."""
        if self.error is not None:
            raise self.error
        return self.value


class _Pickler(pickle.Pickler):
    def reducer_override(self, obj: Any) -> Any:
        if isinstance(obj, Secret):
            return Secret, (obj.reveal(),)
        if isinstance(obj, BaseException):
            return _raised, (type(obj), obj.args, vars(obj))
        return NotImplemented


def _raised(kind: type[BaseException], arguments: tuple[Any, ...], attributes: dict[str, Any]) -> BaseException:
    # Made without its own __init__, which asks for what its text was made of.
    error = kind.__new__(kind, *arguments)
    error.args = arguments
    vars(error).update(attributes)
    return error


def packed(value: object) -> bytes:
    """A value as it crosses a line."""
    text = io.BytesIO()
    _Pickler(text).dump(value)
    return text.getvalue()


def unpacked(text: bytes) -> Any:
    """The value again."""
    return pickle.loads(text)  # noqa: S301 - from a process of our own


def send(line: "Connection[Any, Any]", value: object) -> None:
    """Put a value on the line.

    Raises:
        OSError: nobody is at its other end.
    """
    line.send_bytes(packed(value))


def receive(line: "Connection[Any, Any]") -> Any:
    """Take the next value from the line.

    Raises:
        EOFError: nobody is at its other end any more.
        OSError: the same, in the middle of a value.
    """
    return unpacked(line.recv_bytes())
