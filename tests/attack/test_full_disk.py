"""The disk is full after so many pages more, for one number after the other: it meets every commit of a call (R16)."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import evolve, frozen

from msa_recovery.application.errors import InfrastructureError
from msa_recovery.application.reply import Reply
from msa_recovery.domain.inputs import ChoosePassword, Input, SubmitCode
from msa_recovery.domain.journey import State
from msa_recovery.testing.people import MARIE, NEW_PASSWORD
from tests.support.elsewhere import files_no_larger_than, in_child, own_mounts, small_disk
from tests.support.house import House
from tests.support.sqlite import contents
from tests.support.troubled import ONCE, PAGE, fill, opened, refused

RESERVED = ("journeys", "ledgers")
"""What the commit writes that counts a guess before it is compared."""

DECIDED = ("audit", "intents", "journeys", "ledgers", "outbox")


@frozen
class Call:
    """A call, the state in which it ends, and which tables its earlier commits have written when a later one fails."""

    begin: Callable[[House], Reply]
    event: Callable[[House], Input]
    ends_in: State
    written: set[tuple[str, ...]]


CALLS = {
    "right code": Call(House.at_code, lambda house: SubmitCode(house.code), State.AWAITING_SIGN_IN, {(), RESERVED}),
    "wrong code": Call(
        House.at_code, lambda house: SubmitCode(house.wrong_code), State.CONFIRMING_CODE, {(), RESERVED}
    ),
    "new password": Call(
        House.at_new_password,
        lambda _: ChoosePassword(NEW_PASSWORD, NEW_PASSWORD),
        State.CONFIRMING_CONTACTS,
        {(), ("journeys",), DECIDED},
    ),
}


@frozen
class Run:
    """How a call went with so much room, and what there is once it was made again with enough.

    Attributes:
        said: how it failed; empty if it did not.
        written: the tables that it had changed by then.
        state: where the journey is in the end.
        guesses: how many wrong ones are counted in the end.
        more: how many rows each table has more in the end.
    """

    said: str
    written: tuple[str, ...]
    state: State
    guesses: int
    more: tuple[int, ...]


def with_room_for(pages: int, call: Call, folder: Path) -> Run:
    with small_disk(folder, 1_024), opened(folder, "sync", own_disk=False) as (house, _, path):
        reply, heap, said = call.begin(house), folder / "heap", ""
        event, before = call.event(house), contents(path)
        fill(heap, but=pages * PAGE)
        try:
            house.send(reply, event, ONCE)
        except InfrastructureError as error:
            said = str(error)
        heap.unlink()
        half = contents(path)
        state = house.send(reply, event, ONCE).view.state
        guesses = len(house.ledger(MARIE).ledger.code_guesses)
        more = tuple(len(rows) - len(before[table]) for table, rows in contents(path).items())
        return Run(said, tuple(table for table in before if before[table] != half[table]), state, guesses, more)


def with_more_and_more_room(call: Call, folder: Path) -> list[Run]:
    """Until it goes through."""
    own_mounts()
    runs: list[Run] = []
    while not runs or runs[-1].said:
        runs.append(with_room_for(2 * len(runs), call, folder))
    return runs


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
def test_whichever_commit_finds_the_disk_full_the_same_call_ends_as_if_none_had(disk: Path, call: Call) -> None:
    *failed, well = in_child(lambda: with_more_and_more_room(call, disk))
    assert call.ends_in is well.state
    assert [] == [run for run in failed if evolve(run, said=well.said, written=well.written) != well]
    assert call.written == {run.written for run in failed}
    assert [] == [
        run.said for run in failed if not run.said.endswith("recovery.sqlite: the disk is full (SQLITE_FULL)")
    ]


def test_a_limit_on_the_size_of_files_is_named_and_the_guess_stays_counted(disk: Path) -> None:
    """``ulimit -f``: the log may grow by what counts the guess, and no further (R3)."""

    def work() -> tuple[str, int, State, int]:
        with opened(disk, "sync", own_disk=False) as (house, store, _):
            reply = house.at_code()
            wrong = SubmitCode(house.wrong_code)
            store.close()
            with files_no_larger_than(10 * PAGE):
                said = refused(house, reply, wrong)
            counted = len(house.ledger(MARIE).ledger.code_guesses)
            state = house.send(reply, wrong, ONCE).view.state
            return said, counted, state, len(house.ledger(MARIE).ledger.code_guesses)

    said, *after = in_child(work)
    assert [1, State.CONFIRMING_CODE, 1] == after
    assert re.search(r"recovery\.sqlite: it cannot be written: .*\(ulimit -f\) is full.*\(SQLITE_IOERR_WRITE\)", said)
