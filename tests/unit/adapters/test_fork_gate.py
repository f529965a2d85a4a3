"""What a fork waits for, what it finds closed, and what the child finds."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Thread

import pytest

from msa_recovery.adapters.fork_gate import Crowded, ForkGate
from msa_recovery.adapters.sql_schema import bring_up_to_date
from msa_recovery.adapters.sqlite_file import SqliteFile, Tables
from msa_recovery.adapters.sqlite_store import SqliteStore
from msa_recovery.application.errors import InfrastructureError
from msa_recovery.application.records import Change
from msa_recovery.testing.contracts.examples import ACCOUNT, a_fact
from tests.support.elsewhere import in_child
from tests.support.sqlite import contents, fresh

TABLES = Tables("store", frozenset({"alembic_version", "journeys"}), bring_up_to_date)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return fresh(tmp_path / "recovery.sqlite")


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(path)
    yield store
    store.close()


def test_a_fork_finds_everything_closed() -> None:
    closed: list[int] = []
    gate = ForkGate(lambda: closed.append(os.getpid()), 2, 30)
    assert [os.getpid()] == in_child(lambda: list(closed))
    del gate


def test_a_fork_waits_for_who_is_inside() -> None:
    """Nothing is closed under anybody."""
    seen, inside, leave = list[str](), Event(), Event()
    gate = ForkGate(lambda: seen.append("closed"), 2, 30)

    def work() -> None:
        me = gate.enter()
        inside.set()
        leave.wait(30)
        seen.append("done")
        gate.leave(me)

    worker = Thread(target=work)
    worker.start()
    inside.wait(30)
    Thread(target=leave.set).start()
    in_child(lambda: None)
    worker.join(30)
    assert ["done", "closed"] == seen


def test_the_child_of_many_threads_that_fork_at_once_goes_on(store: SqliteStore) -> None:
    """Each fork has the gate until it is over, or a child would find it half shut, or a connection open."""

    def write() -> bool:
        return store.commit(Change(audit=(a_fact(),)))

    def fork(_: int) -> bool:
        return all(in_child(write) for _ in range(4))

    with ThreadPoolExecutor(6) as threads:
        writers = [threads.submit(lambda: all(write() for _ in range(20))) for _ in range(3)]
        assert [True] * 3 == list(threads.map(fork, range(3)))
        assert [True] * 3 == [writer.result(60) for writer in writers]
    assert 3 * 20 + 3 * 4 == len(list(store.audit()))


def test_a_child_forked_while_others_wait_for_the_gate_finds_it_open() -> None:
    """Those who waited to be alone were not copied: nobody would ever give the gate back."""
    gate = ForkGate(lambda: None, 2, 30)
    gate._wanted = 3

    def enter() -> bool:
        gate.leave(gate.enter())
        return True

    assert in_child(enter)


def test_who_is_inside_goes_on_while_somebody_waits_to_be_alone() -> None:
    """A signal handler may call the store again from within a call."""
    gate = ForkGate(lambda: None, 2, 30)
    me = gate.enter()
    gate._wanted = 1
    gate.leave(gate.enter())
    gate._wanted = 0
    gate.leave(me)


def test_no_more_are_inside_than_may_be() -> None:
    gate, seen = ForkGate(lambda: None, 2, 30), list[str]()

    def work() -> None:
        me = gate.enter()
        seen.append("in")
        gate.leave(me)

    first, _ = gate.enter(), gate.enter()
    worker = Thread(target=work)
    worker.start()
    worker.join(0.1)
    seen.append("out")
    gate.leave(first)
    worker.join(30)
    assert ["out", "in"] == seen


def test_who_waits_for_too_long_is_told_so() -> None:
    gate = ForkGate(lambda: None, 1, 0)
    gate.enter()
    with pytest.raises(Crowded):
        gate.enter()


# -- in the middle of a call -------------------------------------------------------------------------------------------


def test_a_signal_handler_may_fork_in_the_middle_of_a_call(store: SqliteStore, path: Path) -> None:
    """The call waits for no one, and ends as usual; the child has connections of its own."""
    answers: list[bool] = []

    def handler(*_: object) -> None:
        answers.append(in_child(lambda: store.ledger(ACCOUNT).version == 0))

    before = signal.signal(signal.SIGUSR1, handler)
    try:
        with store._file.writing() as cursor:
            cursor.execute("INSERT INTO alembic_version VALUES ('written')")
            signal.raise_signal(signal.SIGUSR1)
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert ([True], True) == (answers, ("written",) in contents(path)["alembic_version"])


def test_a_child_that_goes_on_with_its_parents_call_writes_nothing(path: Path) -> None:
    """The connection is the parent's: what the child wrote would go into the middle of what the parent writes."""
    file, refused = SqliteFile(path, TABLES), 42
    try:
        with file.writing() as cursor:
            cursor.execute("INSERT INTO alembic_version VALUES ('once')")
            child = os.fork()
    except InfrastructureError:
        os._exit(refused)
    if child == 0:
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert (refused, 1) == (os.waitstatus_to_exitcode(status), contents(path)["alembic_version"].count(("once",)))
    file.close()
