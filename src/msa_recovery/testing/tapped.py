"""A port with somebody in the line: sees every call, and may fail it, answer it, or do something of its own first."""

from collections.abc import Callable
from typing import Any, final

from attrs import frozen

__all__ = ["Call", "Tap", "Tapped", "failing", "through"]


@final
@frozen
class Call:
    """One call of a port.

    Attributes:
        port: the name of the port, as the tap gave it.
        method: the name of the method.
        arguments: those that have no name.
    """

    port: str
    method: str
    arguments: tuple[Any, ...]

    def __str__(self) -> str:
        return f"{self.port}.{self.method}"


Tap = Callable[[Call, Callable[[], Any]], Any]
"""Is given a call and what makes it, and answers in the port's place."""


def through(_: Call, go: Callable[[], Any]) -> Any:
    """Nobody listens."""
    return go()


@final
class Tapped:
    """Everything that a port has, with every method called through a tap.

    Args:
        port: its name, as each :class:`Call` has it.
        of: the port itself.
        tap: through which its methods are called.
    """

    def __init__(self, port: str, of: object, tap: Tap) -> None:
        self._port = port
        self._of = of
        self._tap = tap

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._of, name)
        if not callable(method):
            return method

        def tapped(*arguments: Any, **named: Any) -> Any:
            return self._tap(Call(self._port, name, arguments), lambda: method(*arguments, **named))

        return tapped


def failing(number: int, *, port: str = "", after: bool = False) -> Tap:
    """The so-manieth call, counted from 0, of a port that is asked (of that name) fails: before it does anything, or
    after it has done it, so that nobody hears the answer."""
    made = -1

    def tap(call: Call, go: Callable[[], Any]) -> Any:
        nonlocal made
        if call.port == "vault" or port not in ("", call.port):
            return go()
        made += 1
        if made != number:
            return go()
        if after:
            go()
        raise ConnectionError("the line is dead: Marie, 2840333900001")

    return tap
