"""What becomes of a recovery while the store's file cannot be used: the host is told why, nothing is half done, and the
same call works once the cause is gone (R16)."""

import os
import re
import sqlite3
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from multiprocessing import Pipe
from pathlib import Path
from threading import Timer
from typing import cast

import pytest
from attrs import frozen

from msa_recovery.adapters.sqlite_store import SqliteStore
from msa_recovery.domain.inputs import SubmitCode
from msa_recovery.domain.journey import State
from msa_recovery.testing.people import MARIE
from tests.support.elsewhere import files_no_larger_than, in_child, read_only, without_powers
from tests.support.house import House
from tests.support.sqlite import contents, fresh
from tests.support.troubled import ONCE, PAGE, fill, opened, refused

# -- the causes --------------------------------------------------------------------------------------------------------


@contextmanager
def full(path: Path) -> Generator[None]:
    """Somebody else fills the disk."""
    heap = path.with_name("somebody else's")
    fill(heap)
    yield
    heap.unlink()


@contextmanager
def limited(path: Path) -> Generator[None]:
    """No file may grow beyond the size that this one has."""
    with files_no_larger_than(PAGE):
        yield


@contextmanager
def locked(path: Path) -> Generator[Callable[[], None]]:
    """Another process is in the middle of a write, for longer than anybody waits, unless it is told to let go."""
    mine, theirs = Pipe()
    child = os.fork()
    if child == 0:
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("BEGIN EXCLUSIVE")
        theirs.send("locked")
        theirs.recv()
        os._exit(0)
    mine.recv()

    try:
        yield lambda: mine.send("go")
    finally:
        mine.send("go")
        os.waitpid(child, 0)


@contextmanager
def written_over(path: Path, at: int, what: bytes) -> Generator[None]:
    good = path.read_bytes()
    path.write_bytes((good[:at] + what + good[at + len(what) :])[: len(good)])
    yield
    path.write_bytes(good)
    for beside in ("-wal", "-shm"):
        path.with_name(path.name + beside).unlink(missing_ok=True)


def headless(path: Path) -> AbstractContextManager[None]:
    """The first page is written over."""
    return written_over(path, 0, b"\xff" * PAGE)


def torn(path: Path) -> AbstractContextManager[None]:
    """Every page but the first is written over."""
    return written_over(path, PAGE, b"\xff" * path.stat().st_size)


@contextmanager
def cut(path: Path) -> Generator[None]:
    """Half of the file is lost."""
    good = path.read_bytes()
    path.write_bytes(good[: len(good) // 2])
    yield
    path.write_bytes(good)


@contextmanager
def frozen_disk(path: Path) -> Generator[None]:
    """The file system is mounted so that nobody may write."""
    with read_only(path.parent.parent):
        yield


@contextmanager
def not_to_be_written(path: Path) -> Generator[None]:
    """The file is there to be read, in a folder where this user may write nothing."""
    path.chmod(0o444)
    path.parent.chmod(0o555)
    with without_powers():
        yield
    path.chmod(0o600)
    path.parent.chmod(0o700)


@contextmanager
def somebody_elses(path: Path) -> Generator[None]:
    """The file is another user's alone."""
    path.chmod(0o000)
    path.parent.chmod(0o755)
    with without_powers():
        yield
    path.chmod(0o600)


@contextmanager
def away(path: Path) -> Generator[None]:
    """Its folder is not there."""
    folder = path.parent.with_name("elsewhere")
    path.parent.rename(folder)
    yield
    folder.rename(path.parent)


@contextmanager
def a_folder(path: Path) -> Generator[None]:
    """A folder is in its place."""
    kept = path.rename(path.with_name("kept"))
    path.mkdir()
    yield
    path.rmdir()
    kept.rename(path)


@contextmanager
def of_another_program(path: Path) -> Generator[None]:
    """The database of another program is in its place."""
    kept = path.rename(path.with_name("kept"))
    with sqlite3.connect(path) as theirs:
        theirs.execute("CREATE TABLE theirs (a)")
    theirs.close()
    before = path.read_bytes()
    yield
    assert before == path.read_bytes()
    kept.rename(path)


@frozen
class Trouble:
    """A cause, and what the host is told of it."""

    cause: Callable[[Path], AbstractContextManager[object]]
    says: str
    of_the_disk: bool = False


TROUBLES = [
    Trouble(full, r"its -shm file cannot be written: the disk, a quota or the limit .* is full.*SHMSIZE\)", True),
    Trouble(limited, r"its -shm file cannot be written: .* the limit on the size of files \(ulimit -f\).*SHMSIZE\)"),
    Trouble(locked, r"another process or thread kept it locked for more than 5 s \(SQLITE_BUSY\)"),
    Trouble(headless, r"it is no SQLite database, or is damaged: put a copy back in its place.*\(SQLITE_NOTADB\)"),
    Trouble(torn, r"it is damaged: put a copy back in its place, and take away the -wal and -shm.*\(SQLITE_CORRUPT\)"),
    Trouble(cut, r"it is damaged: put a copy back in its place.*\(SQLITE_CORRUPT\)"),
    Trouble(frozen_disk, r"it, or the -wal and -shm beside it, .* are on a read-only disk \(SQLITE_CANTOPEN\)", True),
    Trouble(not_to_be_written, r"it may not be written.*read-only.*"),
    Trouble(somebody_elses, r"it, or the -wal and -shm beside it, cannot be opened by this user.*\(SQLITE_CANTOPEN\)"),
    Trouble(away, r"No such file or directory"),
    Trouble(a_folder, r"it is a folder \(SQLITE_CANTOPEN\)"),
    Trouble(of_another_program, r"it is the database of another program: give msa-recovery a file of its own"),
]


# -- a recovery in the middle of it ------------------------------------------------------------------------------------


@pytest.mark.parametrize("driver", ["sync", "async"])
@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.cause.__name__)
def test_a_call_is_refused_with_the_cause_and_works_once_that_is_gone(
    disk: Path, trouble: Trouble, driver: str
) -> None:
    """Nothing is half done; the wrong guess is counted once, however often it was tried (R3, R16)."""

    def work() -> tuple[set[str], bool, State, int | None, int]:
        with opened(disk, driver, own_disk=trouble.of_the_disk) as (house, store, path):
            reply = house.at_code()
            wrong = SubmitCode(house.wrong_code)
            store.close()
            before = contents(path)
            with trouble.cause(path):
                said = {refused(house, reply, wrong) for _ in range(3)}
                store.close()
            untouched = before == contents(path)
            view = house.send(reply, wrong, ONCE).view
            return said, untouched, view.state, view.attempts_left, len(house.ledger(MARIE).ledger.code_guesses)

    said, *after = in_child(work)
    assert [True, State.CONFIRMING_CODE, 2, 1] == after
    wanted = re.compile(f"store: {re.escape(str(disk))}/data/recovery.sqlite: (?:{trouble.says})")
    assert [] == [text for text in said if not wanted.match(text)]


@pytest.mark.parametrize("driver", ["sync", "async"])
def test_a_lock_that_is_let_go_in_time_costs_nothing_but_the_wait(disk: Path, driver: str) -> None:
    """Longer than a moment, and shorter than anybody waits."""
    house = House(driver, store=SqliteStore(fresh(disk / "recovery.sqlite")))
    reply = house.at_code()
    with locked(disk / "recovery.sqlite") as let_go:
        later = Timer(0.05, let_go)
        later.start()
        assert State.AWAITING_SIGN_IN is house.send(reply, SubmitCode(house.code)).view.state
        later.join()
    house.host.close()
    SqliteStore.close(cast(SqliteStore, house.store))
