"""How a contract calls an adapter, whether it is called or awaited, alone or from many sides at once."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Final, ParamSpec, TypeVar, cast

import pytest

__all__ = ["SIDES", "PortContract"]

SIDES: Final = 16
"""From how many sides at once an adapter is called where a contract speaks of several workers."""

_P = ParamSpec("_P")
_T = TypeVar("_T")


class PortContract:
    """What the contracts of all ports have in common.

    One event loop serves each test, and is there before any other fixture: a fixture that opens an async adapter may
    use :meth:`call` too.
    """

    _runner: asyncio.Runner

    @pytest.fixture(autouse=True)
    def _one_loop_a_test(self) -> Iterator[None]:
        with asyncio.Runner() as self._runner:
            yield

    def call(self, method: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """What the method answers; an awaitable is awaited first."""
        answer: object = method(*args, **kwargs)
        return cast("_T", self._runner.run(_awaited(answer)) if inspect.isawaitable(answer) else answer)

    def together(self, calls: Sequence[Callable[[], _T]]) -> list[_T]:
        """What each call answers, all made at the same time: by threads, or, once they are awaitables, by tasks."""
        start = Barrier(len(calls))

        def started(call: Callable[[], _T]) -> _T:
            start.wait()
            return call()

        with ThreadPoolExecutor(len(calls)) as pool:
            answers = list(pool.map(started, calls))
        return cast("list[_T]", self._runner.run(_all_awaited(answers)))


async def _awaited(answer: Awaitable[_T]) -> _T:
    return await answer


async def _at_once(answer: _T) -> _T:
    return answer


async def _all_awaited(answers: Sequence[object]) -> list[object]:
    awaited: list[object] = await asyncio.gather(*(a if inspect.isawaitable(a) else _at_once(a) for a in answers))
    return awaited
