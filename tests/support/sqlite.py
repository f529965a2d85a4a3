"""SQLite files for tests: made quickly, looked into whole, and shared by processes."""

import os
import signal
import sqlite3
from collections.abc import Callable
from functools import lru_cache
from itertools import cycle
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any, final

from msa_recovery.adapters.sqlite_store import SqliteStore
from msa_recovery.domain.account import Pseudonym

__all__ = ["Spread", "columns_of", "contents", "fresh"]


@lru_cache(maxsize=1)
def _empty() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "empty.sqlite"
        store = SqliteStore(path)
        store.ledger(Pseudonym(""))
        store.close()
        return path.read_bytes()


def fresh(path: Path) -> Path:
    """A file with every table and no row: migrations run once a process, not once a test."""
    path.write_bytes(_empty())
    return path


def contents(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    connection = sqlite3.connect(path)
    try:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        return {name: connection.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall() for (name,) in tables}  # noqa: S608
    finally:
        connection.close()


def columns_of(path: Path, table: str) -> tuple[str, ...]:
    """What the columns of a table are called, in their order."""
    connection = sqlite3.connect(path)
    try:
        return tuple(name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})"))
    finally:
        connection.close()


@final
class _Side:
    """A process that answers calls of a store, one at a time."""

    def __init__(self, store: Callable[[], Any]) -> None:
        self._turn = Lock()
        self._line, theirs = Pipe()
        self._child = os.fork()
        if self._child == 0:
            self._line.close()
            _answer(theirs, store)
            os._exit(0)
        theirs.close()

    def call(self, method: str, arguments: tuple[Any, ...]) -> Any:
        with self._turn:
            self._line.send((method, arguments))
            if not self._line.poll(60):
                raise TimeoutError(method)
            done, answer = self._line.recv()
        if not done:
            raise answer
        return answer

    def end(self) -> None:
        self._line.close()
        os.kill(self._child, signal.SIGKILL)
        os.waitpid(self._child, 0)


def _answer(line: Connection, store: Callable[[], Any]) -> None:
    opened = store()
    while True:
        try:
            method, arguments = line.recv()
        except EOFError:
            return
        try:
            answer = getattr(opened, method)(*arguments)
            # An audit is read page by page, here at once: what is sent is a value.
            answer = True, list(answer) if method == "audit" else answer
        except Exception as error:  # noqa: BLE001 - the caller's affair
            answer = False, error
        line.send(answer)


@final
class Spread:
    """A store whose calls are made by several processes in turn.

    Args:
        store: what each of them calls to have its own; one that is there already was there before the fork.
        sides: how many there are.
    """

    def __init__(self, store: Callable[[], Any], sides: int) -> None:
        self._sides = [_Side(store) for _ in range(sides)]
        self._turns = cycle(self._sides)

    def __getattr__(self, method: str) -> Any:
        if method.startswith("_"):
            raise AttributeError(method)
        return lambda *arguments: next(self._turns).call(method, arguments)

    def end(self) -> None:
        """No call is taken any more."""
        for side in self._sides:
            side.end()
