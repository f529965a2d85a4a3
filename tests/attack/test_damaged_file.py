"""Damage to the file that a host may or may not notice: never a wrong answer, never another error than the store's."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from msa_recovery.adapters.sqlite_store import SqliteStore
from msa_recovery.application.errors import InfrastructureError, UnknownHandle
from msa_recovery.application.reply import Reply
from msa_recovery.domain.inputs import SubmitCode
from msa_recovery.domain.journey import State
from tests.support.house import HERE, House
from tests.support.sqlite import contents, fresh
from tests.support.troubled import PAGE


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return fresh(tmp_path / "recovery.sqlite")


@pytest.fixture
def house(path: Path) -> Iterator[House]:
    house = House(store=SqliteStore(path))
    yield house
    house.host.close()


def asleep(house: House) -> Reply:
    """A journey to which a code was just sent, and nobody has the file open."""
    reply = house.at_code()
    house.host.close()
    return reply


def test_whichever_page_is_lost_a_call_does_what_it_should_or_says_that_the_file_is_damaged(
    house: House, path: Path
) -> None:
    """R16. A page that the call does not need keeps nobody waiting."""
    reply, outcomes = asleep(house), set[str]()
    good, right = path.read_bytes(), SubmitCode(house.code)
    for at in range(0, len(good), PAGE):
        path.write_bytes(good[:at] + b"\xa5" * PAGE + good[at + PAGE :])
        try:
            outcomes.add(house.send(reply, right).view.state)
        except InfrastructureError as error:
            outcomes.add(str(error).rpartition("(")[2])
        house.host.close()
    assert {State.AWAITING_SIGN_IN, "SQLITE_CORRUPT)", "SQLITE_NOTADB)"} == outcomes


@pytest.mark.parametrize("left", [b"", b"garbage " * 4_096], ids=["empty", "garbage"])
def test_a_lost_log_loses_what_only_it_held_and_nothing_else(house: House, path: Path, left: bytes) -> None:
    """SQLite cannot tell such a log from none."""
    reply = asleep(house)
    before = contents(path)
    path.with_name(f"{path.name}-wal").write_bytes(left)
    assert before == contents(path)
    assert State.AWAITING_SIGN_IN is house.send(reply, SubmitCode(house.code)).view.state


def test_an_empty_file_is_a_new_one(house: House, path: Path) -> None:
    reply = asleep(house)
    path.write_bytes(b"")
    with pytest.raises(UnknownHandle):
        house.host.resume(reply.handle, HERE)
    assert State.CONFIRMING_CODE is house.at_code().view.state


def test_a_copy_that_was_put_back_is_used_without_a_restart(house: House, path: Path) -> None:
    """Also where it is another file than the one that was open."""
    reply = asleep(house)
    copy = path.with_name("copy")
    copy.write_bytes(path.read_bytes())
    path.write_bytes(b"damage" * PAGE)
    with pytest.raises(InfrastructureError, match="put a copy back in its place"):
        house.host.resume(reply.handle, HERE)
    copy.rename(path)
    assert State.CONFIRMING_CODE is house.host.resume(reply.handle, HERE).view.state


def test_a_copy_of_an_older_release_is_lifted_when_it_is_put_back(house: House, path: Path) -> None:
    """As old as can be: without any table."""
    reply = asleep(house)
    path.write_bytes(b"damage" * PAGE)
    with pytest.raises(InfrastructureError):
        house.host.resume(reply.handle, HERE)
    path.unlink()
    assert State.CONFIRMING_CODE is house.at_code().view.state


def test_a_failure_leaves_no_connection_open(house: House, path: Path) -> None:
    """A host that tries again and again would run out of files."""
    reply = asleep(house)
    path.write_bytes(b"damage" * PAGE)
    before = len(list(Path("/proc/self/fd").iterdir()))
    errors: list[InfrastructureError] = []
    for _ in range(20):
        with pytest.raises(InfrastructureError) as failed:
            house.host.resume(reply.handle, HERE)
        # As an error report keeps them.
        errors.append(failed.value)
    assert before == len(list(Path("/proc/self/fd").iterdir()))


def test_a_database_of_another_program_is_left_byte_for_byte(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs.sqlite"
    with sqlite3.connect(theirs) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
    connection.close()
    before = theirs.read_bytes()
    with pytest.raises(InfrastructureError, match="the database of another program: give msa-recovery a file of its"):
        House(store=SqliteStore(theirs)).host.begin(HERE)
    assert (before, ["theirs.sqlite"]) == (theirs.read_bytes(), [each.name for each in tmp_path.iterdir()])
