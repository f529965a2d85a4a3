"""Connections of a pool, lent to threads one call at a time, and what becomes of them when the process forks.

SQLAlchemy owns the engine and the pool; what is lent is kept at hand, because to ask the pool for a connection each
time costs more than what most statements do.
"""

import os
from collections.abc import Callable
from threading import RLock
from typing import Any, Final, Generic, TypeVar, final

from attrs import frozen
from sqlalchemy import Engine, Pool, PoolProxiedConnection

from .fork_gate import ForkGate

__all__ = ["Lender", "Loan"]

_OF_THE_PARENT: Final[list[object]] = []
"""Connections of a parent process that its child got in the middle of a call: used, or only closed, by the child, they
would write into what the parent is writing."""

_Cursor = TypeVar("_Cursor")


@final
@frozen(eq=False)
class _Lent:
    """A connection that the pool has lent.

    Attributes:
        pooled: what goes back to the pool.
        connection: the driver's.
        cursor: the one that every call has, if it is used again.
        pool: the pool that lent it.
        process: the process that it belongs to.
    """

    pooled: PoolProxiedConnection
    connection: Any
    cursor: Any
    pool: Pool
    process: int


@final
class Lender(Generic[_Cursor]):
    """Lends connections to threads; before a fork all of them are closed, and both processes open new ones.

    Args:
        engine: whose pool.
        most: how many are lent at once; further threads wait.
        patience: for so many seconds.
        prepare: called before a connection is opened.
        settle: ends what a call left open on its connection. If it raises, the connection is closed.
        again: whether a cursor is used again, by a driver that takes long to make one. Else each call has its own.
    """

    def __init__(
        self,
        engine: Engine,
        most: int,
        patience: float,
        prepare: Callable[[], None],
        settle: Callable[[_Cursor], None],
        *,
        again: bool = False,
    ) -> None:
        self._engine = engine
        self._prepare = prepare
        self._settle = settle
        self._again = again
        self._at_hand: list[_Lent] = []
        self._hand = RLock()
        self._gate = ForkGate(self.close_all, most, patience)

    def lend(self) -> "Loan[_Cursor]":
        """A cursor of a connection that nobody else uses, once the loan is entered.

        Raises:
            Crowded: all were in use for too long.
        """
        return Loan(self)

    def begun(self) -> "tuple[int, _Lent, _Cursor]":
        """Come in, and take a connection: what :meth:`ended` is given then."""
        entered = self._gate.enter()
        try:
            lent = self._take()
            return entered, lent, lent.cursor if self._again else lent.connection.cursor()
        except BaseException:
            self._gate.leave(entered)
            raise

    def ended(self, entered: int, lent: _Lent, cursor: _Cursor) -> None:
        """Give it back, and go out."""
        try:
            self._give_back(lent, cursor)
        finally:
            self._gate.leave(entered)

    def close(self, then: Callable[[], None]) -> None:
        """Close every connection and do that, when the calls under way are over."""
        with self._gate.alone():
            self.close_all()
            then()

    def close_all(self) -> None:
        """Close the connections at hand now, and those in use when they are given back."""
        with self._hand:
            while self._at_hand:
                self._at_hand.pop().pooled.invalidate()
            self._engine.dispose()

    def _take(self) -> _Lent:
        """A connection that is at hand, or else one of the pool."""
        with self._hand:
            if self._at_hand:
                return self._at_hand.pop()
        self._prepare()
        pool = self._engine.pool
        pooled = pool.connect()
        connection: Any = pooled.driver_connection
        return _Lent(pooled, connection, connection.cursor() if self._again else None, pool, os.getpid())

    def _give_back(self, lent: _Lent, cursor: _Cursor) -> None:
        """Keep it at hand, unless all are to be opened anew, or what it was doing cannot be undone."""
        if os.getpid() != lent.process:
            _OF_THE_PARENT.append(lent)
            return
        kept = False
        try:
            self._settle(cursor)
            with self._hand:
                kept = lent.pool is self._engine.pool
                if kept:
                    self._at_hand.append(lent)
        finally:
            if not kept:
                lent.pooled.invalidate()


@final
class Loan(Generic[_Cursor]):
    """A cursor, for as long as the block lasts. A class, because each call of a store takes one: a generator as a
    context costs as much as reading a row."""

    __slots__ = ("_begun", "_lender")

    def __init__(self, lender: Lender[_Cursor]) -> None:
        self._lender = lender

    def __enter__(self) -> _Cursor:
        self._begun = self._lender.begun()
        return self._begun[2]

    def __exit__(self, *_: object) -> None:
        self._lender.ended(*self._begun)
