"""A store of one's own: a journal, one line a change, that is read again when the host starts.

The library asks little of a store: compare, and write everything or nothing. Here a dictionary compares
(``MemoryStore``), and a change is kept once its line is on the disk. One process at a time: the file is locked.
"""

import fcntl
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from threading import RLock
from typing import Any, Self

from attrs import fields_dict, frozen
from msgspec import json

from msa_recovery import Channel
from msa_recovery.adapters.memory_store import MemoryStore
from msa_recovery.application.facts import AccountHead, AuditRow, Checkpoint, Ended, Forgotten, Idle, KeptFact
from msa_recovery.application.records import Change, IntentRow, OutboxRow, StoredJourney, StoredLedger


@frozen(kw_only=True)
class Line:
    """What changed: a ``Change``, its resealed rows apart by kind; or what a worker claimed; or what it listed."""

    journey: StoredJourney | None = None
    ledger: StoredLedger | None = None
    write_ledger: bool = False
    outbox: tuple[OutboxRow, ...] = ()
    intents: tuple[IntentRow, ...] = ()
    applied: tuple[IntentRow, ...] = ()
    audit: tuple[AuditRow, ...] = ()
    account_head: AccountHead | None = None
    purged: tuple[Ended, ...] = ()
    discarded: tuple[OutboxRow, ...] = ()
    idle: tuple[Idle, ...] = ()
    forgotten: tuple[Forgotten, ...] = ()
    erased: tuple[KeptFact, ...] = ()
    erased_through: tuple[int, int] | None = None
    checkpoint: Checkpoint | None = None
    resealed_journeys: tuple[StoredJourney, ...] = ()
    resealed_messages: tuple[OutboxRow, ...] = ()
    resealed_intents: tuple[IntentRow, ...] = ()
    claimed: tuple[datetime, datetime, int, tuple[Channel, ...]] | None = None
    listed: int | None = None

    @classmethod
    def of(cls, change: Change) -> Self:
        """The line of a change."""
        whole = {name: getattr(change, name) for name in cls._same()}
        kinds = {"journeys": StoredJourney, "messages": OutboxRow, "intents": IntentRow}
        apart = {
            f"resealed_{name}": tuple(row for row in change.resealed if isinstance(row, kind))
            for name, kind in kinds.items()
        }
        return cls(**whole, **apart)

    @classmethod
    def _same(cls) -> list[str]:
        """What stands in a change as it stands here; that one need not be durable is nothing that changes."""
        return [name for name in fields_dict(Change) if name in fields_dict(cls)]

    def done_to(self, held: MemoryStore) -> Any:
        """Do it, for the first time or once more after a restart: the same, since all that decides stands here."""
        if self.claimed is not None:
            now, until, limit, channels = self.claimed
            return held.claim(now, until, limit, frozenset(channels))
        if self.listed is not None:
            return held.open_intents(self.listed)
        whole = {name: getattr(self, name) for name in self._same()}
        resealed = (*self.resealed_journeys, *self.resealed_messages, *self.resealed_intents)
        return held.commit(Change(**whole, resealed=resealed))


class JournalStore:
    """Implements ``Store``. What it reads is read from the dictionaries; what it writes is one line more.

    Each change costs one ``fsync``. The journal only grows: a service of yours would begin a new one from time to time.

    Args:
        path: of the journal; made if it is not there, readable by its owner alone.

    Raises:
        BlockingIOError: another process has it open.
    """

    def __init__(self, path: Path) -> None:
        self._lock = RLock()
        self._file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise
        self._held: MemoryStore | None = None
        self._now_held()

    def close(self) -> None:
        """Let another process have it."""
        self._file.close()

    def commit(self, change: Change) -> bool:
        return self._done(Line.of(change), bool)

    def claim(self, now, until, limit, channels) -> tuple[OutboxRow, ...]:
        return self._done(Line(claimed=(now, until, limit, tuple(channels))), bool)

    def open_intents(self, limit):
        return self._done(Line(listed=limit), lambda listed: len(listed) > 1)

    def __getattr__(self, name: str) -> Any:
        """Every other method of the port only reads."""
        if name.startswith("_"):
            raise AttributeError(name)

        def read(*arguments: Any) -> Any:
            with self._lock:
                return getattr(self._now_held(), name)(*arguments)

        return read

    def _done(self, line: Line, changed: Callable[[Any], bool]) -> Any:
        with self._lock:
            held = self._now_held()
            answer = line.done_to(held)
            if changed(answer):
                self._held = None  # until its line is on the disk, nothing has happened
                self._write(json.encode(line) + b"\n")
                self._held = held
            return answer

    def _write(self, text: bytes) -> None:
        end = self._file.seek(0, os.SEEK_END)
        try:
            if self._file.write(text) != len(text):
                raise OSError("the disk is full")
            os.fsync(self._file.fileno())
        except OSError:
            self._file.truncate(end)
            raise

    def _now_held(self) -> MemoryStore:
        """The dictionaries; after a start, or a line that could not be written, as the journal has them."""
        if self._held is None:
            held, end = MemoryStore(), 0
            self._file.seek(0)
            for text in self._file.readall().splitlines(keepends=True):
                if not text.endswith(b"\n"):
                    break  # cut off by a crash: nobody was told that it was kept
                json.decode(text, type=Line).done_to(held)
                end += len(text)
            self._file.truncate(end)
            self._held = held
        return self._held
