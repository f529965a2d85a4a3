"""Every story is played on a file with everything secret written down as it comes up; then all that anybody may read is
searched for it (invariant 10, R10, R49, R53, R54).

Codes have twelve digits here, so that one that is found is no chance. What is looked for are codes, temporary
passwords, handles, whatever was typed, and everything about the sample people. Where: in the files of the store while
it is open, with their write-ahead log, and in every value in them, audit included; in what Python's loggers were told,
down to the lowest level; in what an operator's commands print; in the ``repr`` of all that went to and fro, and of
errors with the values of the variables of our frames.
"""

import io
import logging
import traceback
from collections.abc import Generator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, Final, cast, final

import pytest
from attrs import evolve, frozen

from msa_recovery.adapters.keyring import write_keys
from msa_recovery.adapters.postgres_store import PostgresStore
from msa_recovery.adapters.sqlite_store import SqliteStore
from msa_recovery.cli import main
from msa_recovery.cli.playing import STORIES
from msa_recovery.cli.story import Story
from msa_recovery.domain.account import Channel
from msa_recovery.domain.policy import Policy
from msa_recovery.testing.tapped import Tap, through
from tests.support.house import KEYS
from tests.support.overhearing import Overhearing
from tests.support.postgres import contents as on_a_server
from tests.support.postgres import fresh
from tests.support.spied import LONGEST, Spied
from tests.support.sqlite import contents
from tests.support.theatre import stage_of

_PAGE: Final = 4096
_WINDOW: Final = 128

LONG_CODES: Final = evolve(Policy.msa(), name="long codes", code_digits=12)


@final
@frozen
class Seen:
    """What there was to be seen after one story."""

    spied: Spied
    heaps: dict[str, bytes]

    def told(self) -> dict[str, list[str]]:
        """What was seen, by the place where it was seen."""
        if not self.spied.found_in(b"\n".join(self.heaps.values())):
            return {}
        return {where: found for where, heap in self.heaps.items() if (found := self.spied.found_in(heap))}


class _Everything(logging.Handler):
    """Writes down all that a log may hold, with the values of variables."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines += [record.getMessage(), repr(record.args), repr(vars(record))]
        if record.exc_info and record.exc_info[1]:
            error = record.exc_info[1]
            self.lines += traceback.TracebackException.from_exception(error, capture_locals=True).format()


@contextmanager
def _logged() -> Generator[list[str]]:
    root, handler = logging.getLogger(), _Everything()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.NOTSET + 1)
    try:
        yield handler.lines
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def _files(path: Path) -> bytes:
    """The files as they lie there. The write-ahead log holds each page many times: what it repeats is searched once."""
    windows: dict[bytes, None] = {}
    for file in sorted(path.parent.glob(f"{path.name}*")):
        raw = file.read_bytes()
        # A page of the write-ahead log stands behind a header of its own, after that of the file.
        start, header = (32, 24) if file.name.endswith("-wal") else (0, 0)
        for page in range(start + header, len(raw), _PAGE + header):
            places = range(page, min(page + _PAGE, len(raw)), _WINDOW)
            windows |= dict.fromkeys(raw[place : min(place + _WINDOW + LONGEST, page + _PAGE)] for place in places)
    return b"".join(windows)


def _values(tables: dict[str, list[tuple[Any, ...]]]) -> bytes:
    """Every value of every table, whole: a long one lies on several pages."""
    return b"\n".join(
        value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")
        for rows in tables.values()
        for row in rows
        for value in row
    )


def _told_to_the_operator(store: Path, keys: Path) -> bytes:
    said = io.StringIO()
    commands = (
        ("journeys", str(store)),
        ("journeys", str(store), "--finished", "--json"),
        ("journeys", str(store), "--json"),
        ("outbox", "list", str(store)),
        ("outbox", "list", str(store), "--newest", "--json"),
        ("outbox", "list", str(store), "--dead", "--json"),
        ("keys", "check", str(keys), "--store", str(store)),
    )
    with redirect_stdout(said), redirect_stderr(said):
        for command in commands:
            assert 0 == main(command), command
    return said.getvalue().encode()


def watched(story: Story, folder: Path, bug: Tap = through) -> Seen:
    """Play a story, and gather all that anybody may read."""
    path, keys = folder / "recovery.sqlite", folder / "keys.toml"
    write_keys(keys, KEYS)
    with _logged() as lines:
        store = SqliteStore(path)
        try:
            ear = _played(story, store, bug)
            heaps = {
                "files": _files(path),
                "values": _values(contents(path)),
                "operator": _told_to_the_operator(path, keys),
            }
        finally:
            store.close()
        heaps["files at rest"] = _files(path)
    heaps |= {"logs": "\n".join(lines).encode(), "reprs": "\n".join(dict.fromkeys(ear.shown)).encode()}
    return Seen(ear.spied, heaps)


def watched_on_a_server(story: Story) -> Seen:
    """The same on PostgreSQL, where the files are the server's own."""
    with _logged() as lines, fresh() as url:
        store = PostgresStore(url)
        try:
            ear = _played(story, store, through)
            heaps = {"values": _values(on_a_server(url))}
        finally:
            store.close()
    heaps |= {"logs": "\n".join(lines).encode(), "reprs": "\n".join(dict.fromkeys(ear.shown)).encode()}
    return Seen(ear.spied, heaps)


def _played(story: Story, store: Any, bug: Tap) -> Overhearing:
    """Somebody who heard all that was said when the story was played."""
    ears = list[Overhearing]()

    def tap(call: Any, go: Any) -> Any:
        return ears[0].tap(call, lambda: bug(call, go)) if ears else go()

    def reached(recovery: Any, stage: Any) -> Overhearing:
        ears.append(Overhearing(recovery, stage))
        return ears[0]

    stage = stage_of(story, tap, store=store, policy=LONG_CODES, reached=reached)
    story.play(stage)
    for channel in Channel:
        ears[0].shown += [repr(message) + str(message) for message in stage.delivered(channel)]
    return ears[0]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: cast(Story, story).title)
def test_what_is_secret_is_seen_nowhere(story: Story, tmp_path: Path) -> None:
    """Invariant 10."""
    assert {} == watched(story, tmp_path).told()


@pytest.mark.parametrize("story", STORIES, ids=lambda story: cast(Story, story).title)
def test_what_is_secret_is_seen_nowhere_on_a_server(story: Story) -> None:
    """Invariant 10."""
    assert {} == watched_on_a_server(story).told()
