"""A value that must be asked for.

Codes, temporary passwords, typed passwords, challenge answers and handles are ``Secret`` from the moment they exist, so
that no ``repr``, format, log line, pickle or traceback shows one by accident (R54).
"""

import hmac
from typing import TYPE_CHECKING, Final, NoReturn, final

from .errors import NotText

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Secret"]

_HIDDEN: Final = "<secret>"


@final
class Secret:
    """Text that is shown to nobody who does not call :meth:`reveal`.

    Two secrets are compared in constant time (R37). A secret can be neither pickled nor hashed: a set or a dictionary
    of secrets would be a store of them. The text lies in a closure, so that what walks over the attributes of an object
    (an inspector, a serialiser, a comparison of trees) finds a function and no text. Whoever looks into the closure, or
    into the memory of the process, finds it: that cannot be helped (decision 65).

    Args:
        text: of any length.

    Raises:
        NotText: it is no ``str``: the host's fault (R35).
        TypeError: it is pickled, copied or hashed.
    """

    __slots__ = ("_open",)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, text: str) -> None:
        if not isinstance(text, str):
            raise NotText("secret", text)
        self._open: Callable[[], str] = lambda: text

    def reveal(self) -> str:
        """The text itself. Each call is a place that a security review has to read."""
        return self._open()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(
            self.reveal().encode("utf-8", "surrogatepass"), other.reveal().encode("utf-8", "surrogatepass")
        )

    def __repr__(self) -> str:
        return _HIDDEN

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(_HIDDEN, spec)

    def __getstate__(self) -> NoReturn:
        raise TypeError("a Secret has no state to show: reveal() what you need, where you need it")

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is never pickled or copied: reveal() what you need, where you need it")
