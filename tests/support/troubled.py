"""A recovery whose file is in trouble: in a process that ends with the test, on a disk of its own if one is needed."""

from collections.abc import Generator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, Final

from msa_recovery.adapters import sqlite_engine
from msa_recovery.adapters.sqlite_store import SqliteStore
from msa_recovery.application.errors import InfrastructureError
from msa_recovery.application.reply import Reply
from msa_recovery.domain.inputs import Input

from .elsewhere import own_mounts, small_disk
from .house import House, asked
from .sqlite import fresh

__all__ = ["ONCE", "PAGE", "fill", "opened", "refused"]

ONCE: Final = asked("once")
PAGE: Final = 4_096
"""Bytes: of the file, and of the disk."""


def fill(heap: Path, *, but: int = 0) -> None:
    """Fill a disk but for so many bytes."""
    with heap.open("wb", buffering=0) as file:
        try:
            while file.write(b"\0" * PAGE):
                pass
        except OSError:
            file.truncate(max(0, file.tell() - but))


@contextmanager
def opened(folder: Path, driver: str, *, own_disk: bool) -> Generator[tuple[House, SqliteStore, Path]]:
    """A house in a process that ends with the test, and that waits 20 ms for a lock."""
    hurried: Any = sqlite_engine
    hurried.PRAGMAS, hurried.BUSY_MS = (*sqlite_engine.PRAGMAS, "PRAGMA busy_timeout = 20"), 20
    if own_disk:
        own_mounts()
    with small_disk(folder, 1_024) if own_disk else nullcontext():
        folder.chmod(0o755)
        (folder / "data").mkdir()
        path = fresh(folder / "data" / "recovery.sqlite")
        store = SqliteStore(path)
        house = House(driver, store=store)
        yield house, store, path
        store.close()
        house.host.close()


def refused(house: House, reply: Reply, event: Input) -> str:
    """What the host is told."""
    try:
        house.send(reply, event, ONCE)
    except InfrastructureError as error:
        return str(error)
    raise AssertionError("it went through")
