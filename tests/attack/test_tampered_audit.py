"""Whoever can write to the file changes the audit in it, and has no key: each kind of tampering shows, with where."""

# ruff: noqa: S608 - what is put into the statements stands in this file

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import evolve

from msa_recovery.adapters.keyring import Keys, RootKey
from msa_recovery.adapters.sqlite_store import SqliteStore
from msa_recovery.adapters.vault import Vault
from msa_recovery.application.auditing import kept, linked
from msa_recovery.application.errors import AuditBroken
from msa_recovery.application.facts import AuditRow, Checkpoint, Head
from msa_recovery.application.verifying import Wrong, verified
from msa_recovery.domain.audit import Fact, FactName
from msa_recovery.domain.events import Abandon
from msa_recovery.domain.inputs import Identify, SubmitCode
from msa_recovery.testing.people import NIR_OF_LEA, NIR_OF_MARIE, NIR_OF_PAUL, START
from tests.support.house import HERE, KEYS, House
from tests.support.sqlite import fresh

Found = list[tuple[Wrong, str, int]]

NEW = RootKey("new", b"n" * 32)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a purged journey, one of five facts, messages, tries at the door, and two checkpoints; behind them a
    journey that no checkpoint covers."""
    path = fresh(tmp_path_factory.mktemp("audit") / "recovery.sqlite")
    house = House(store=SqliteStore(path))
    house.play(Identify(NIR_OF_LEA), Abandon())
    house.later(days=31)
    house.host.purge()
    house.neighbour.checkpoint()
    reply = house.at_code(NIR_OF_MARIE)
    house.host.relay()
    reply = house.send(reply, SubmitCode(house.wrong_code))
    house.send(reply, SubmitCode(house.code))
    for _ in range(3):
        house.host.sign_in(NIR_OF_MARIE, house.wrong_password, HERE)
    house.neighbour.checkpoint()
    house.play(Identify(NIR_OF_PAUL), Abandon())
    house.host.close()
    return path


@pytest.fixture
def path(played: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(played, tmp_path / "recovery.sqlite"))


@pytest.fixture
def file(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path, isolation_level=None)
    yield connection
    connection.close()


def found(path: Path, keys: Keys = KEYS, known: tuple[int, bytes] | None = None) -> Found:
    """What a verification says."""
    store = SqliteStore(path)
    try:
        with store.trail() as trail:
            return [(each.wrong, each.where, each.number) for each in verified(trail, Vault(keys), known)]
    finally:
        store.close()


def one(file: sqlite3.Connection, question: str) -> str:
    (value,) = file.execute(question).fetchone()
    return str(value)


def of_marie(file: sqlite3.Connection) -> str:
    """The longest chain: begun, identified, a code sent, a wrong one, the right one."""
    return one(file, "SELECT chain FROM audit WHERE chain LIKE 'journey:%' GROUP BY chain ORDER BY count(*) DESC")


def of_paul(file: sqlite3.Connection) -> str:
    """The chain that no checkpoint covers: begun, identified, abandoned."""
    return one(file, "SELECT chain FROM audit ORDER BY sequence DESC")


def of_lea(file: sqlite3.Connection) -> str:
    """The chain of the journey that was purged."""
    return one(file, "SELECT chain FROM audit WHERE name = 'journey_purged'")


def test_an_audit_that_nobody_touched_is_whole(path: Path) -> None:
    assert [] == found(path)


def test_what_is_lost_after_its_delivery_is_no_tampering(path: Path, file: sqlite3.Connection) -> None:
    """While the row of the message is there, and once it went with its journey."""
    house = House(store=SqliteStore(path))
    assert house.host.lost_message(one(file, "SELECT id FROM outbox WHERE state = 'delivered'"))
    before = found(path)
    house.later(days=40)
    house.host.lapse_due()
    house.later(days=31)
    house.host.purge()
    house.host.close()
    assert ([], [], "0") == (before, found(path), one(file, "SELECT count(*) FROM outbox WHERE state = 'lost'"))


def test_that_a_message_was_lost_cannot_be_taken_away(path: Path, file: sqlite3.Connection) -> None:
    house = House(store=SqliteStore(path))
    assert house.host.lost_message(one(file, "SELECT id FROM outbox WHERE state = 'delivered'"))
    house.host.close()
    chain = one(file, "SELECT chain FROM audit WHERE name = 'message_lost'")
    file.execute("DELETE FROM audit WHERE name = 'message_lost'")
    assert [(Wrong.CUT, chain, 2)] == found(path)


def test_every_kind_of_chain_is_there(file: sqlite3.Connection) -> None:
    """So that what follows is about something."""
    kinds = "SELECT substr(chain, 1, instr(chain, ':') - 1), count(*) FROM audit GROUP BY 1 ORDER BY 1"
    assert [("account", 3), ("journey", 12), ("message", 1)] == file.execute(kinds).fetchall()


# -- rows are removed --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_fact_that_is_removed_shows(path: Path, file: sqlite3.Connection, number: int) -> None:
    chain = of_marie(file)
    file.execute("DELETE FROM audit WHERE chain = ? AND number = ?", (chain, number))
    assert [(Wrong.REMOVED, chain, number), (Wrong.NOT_AS_SIGNED, "checkpoint", 2)] == found(path)


def test_the_last_fact_that_is_removed_shows(path: Path, file: sqlite3.Connection) -> None:
    chain = of_paul(file)
    file.execute("DELETE FROM audit WHERE chain = ? AND number = 3", (chain,))
    assert [(Wrong.CUT, chain, 3)] == found(path)


def test_every_fact_of_a_journey_that_is_removed_shows(path: Path, file: sqlite3.Connection) -> None:
    chain = of_paul(file)
    file.execute("DELETE FROM audit WHERE chain = ?", (chain,))
    assert [(Wrong.CUT, chain, 1)] == found(path)


@pytest.mark.parametrize("kind", ["account", "message"])
def test_facts_of_the_door_and_of_messages_are_not_lost_unnoticed(
    path: Path, file: sqlite3.Connection, kind: str
) -> None:
    chain = one(file, f"SELECT chain FROM audit WHERE chain LIKE '{kind}:%'")
    file.execute("DELETE FROM audit WHERE chain = ?", (chain,))
    assert [(Wrong.CUT, chain, 1), (Wrong.NOT_AS_SIGNED, "checkpoint", 2)] == found(path)


def test_a_whole_chain_that_is_removed_with_its_journey_shows(path: Path, file: sqlite3.Connection) -> None:
    chain = of_marie(file)
    file.execute("DELETE FROM audit WHERE chain = ?", (chain,))
    file.execute("DELETE FROM journeys WHERE id = ?", (chain.partition(":")[2],))
    assert [(Wrong.NOT_AS_SIGNED, "checkpoint", 2)] == found(path)


def test_a_journey_whose_row_is_removed_shows(path: Path, file: sqlite3.Connection) -> None:
    """Only a purge may delete one, and that leaves a tombstone."""
    chain = of_paul(file)
    file.execute("DELETE FROM journeys WHERE id = ?", (chain.partition(":")[2],))
    assert [(Wrong.END_UNKNOWN, chain, 3)] == found(path)


def test_a_tombstone_that_is_removed_shows(path: Path, file: sqlite3.Connection) -> None:
    chain = of_lea(file)
    file.execute("DELETE FROM audit WHERE name = 'journey_purged'")
    assert [(Wrong.END_UNKNOWN, chain, 3), (Wrong.NOT_AS_SIGNED, "checkpoint", 1)] == found(path)


# -- rows are changed --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", 0),
        ("account", "somebody else"),
        ("journey", "another one"),
        ("name", "nothing"),
        ("row", "confirming_code.submit_code.2"),
        ("reason", ""),
        ("mac", b""),
    ],
)
def test_a_fact_that_is_edited_shows(path: Path, file: sqlite3.Connection, column: str, value: object) -> None:
    chain = of_paul(file)
    file.execute(f"UPDATE audit SET {column} = ? WHERE chain = ? AND number = 2", (value, chain))
    assert [(Wrong.EDITED, chain, 2)] == found(path)


def test_a_mac_by_a_key_that_nobody_has_shows(path: Path, file: sqlite3.Connection) -> None:
    chain = of_paul(file)
    file.execute("UPDATE audit SET mac = ? WHERE chain = ? AND number = 2", (b"\x03xab" + bytes(32), chain))
    assert [(Wrong.KEY_MISSING, chain, 2)] == found(path)


def test_a_mac_that_is_edited_shows(path: Path, file: sqlite3.Connection) -> None:
    chain = of_paul(file)
    forged = file.execute("SELECT mac FROM audit WHERE chain = ? AND number = 1", (chain,)).fetchone()
    file.execute("UPDATE audit SET mac = ? WHERE chain = ? AND number = 2", (*forged, chain))
    assert [(Wrong.EDITED, chain, 2)] == found(path)


def test_an_edited_fact_that_is_covered_shows_in_its_chain_and_in_the_checkpoint(
    path: Path, file: sqlite3.Connection
) -> None:
    chain = of_marie(file)
    file.execute("UPDATE audit SET at = at + 1 WHERE chain = ? AND number = 4", (chain,))
    assert [(Wrong.EDITED, chain, 4), (Wrong.NOT_AS_SIGNED, "checkpoint", 2)] == found(path)


def test_a_fact_that_is_moved_to_another_chain_shows(path: Path, file: sqlite3.Connection) -> None:
    chain = of_paul(file)
    file.execute("UPDATE audit SET chain = 'journey:zzz' WHERE chain = ? AND number = 3", (chain,))
    assert {(Wrong.CUT, chain, 3), (Wrong.REMOVED, "journey:zzz", 1), (Wrong.END_UNKNOWN, "journey:zzz", 3)} == set(
        found(path)
    )


def test_a_fact_that_is_given_another_number_shows(path: Path, file: sqlite3.Connection) -> None:
    chain = of_paul(file)
    file.execute("UPDATE audit SET number = 4 WHERE chain = ? AND number = 3", (chain,))
    assert [(Wrong.REMOVED, chain, 3), (Wrong.HEAD_CHANGED, chain, 3)] == found(path)


def test_two_facts_that_are_swapped_show(path: Path, file: sqlite3.Connection) -> None:
    chain = of_paul(file)
    file.execute("UPDATE audit SET number = 5 - number WHERE chain = ? AND number > 1", (chain,))
    assert (Wrong.EDITED, chain, 2) == found(path)[0]


def test_two_facts_whose_order_among_all_is_swapped_show(path: Path, file: sqlite3.Connection) -> None:
    chain = of_paul(file)
    first, second = file.execute("SELECT sequence FROM audit WHERE chain = ? LIMIT 2", (chain,)).fetchall()
    for old, new in ((first, (0,)), (second, first), ((0,), second)):
        file.execute("UPDATE audit SET sequence = ? WHERE sequence = ?", (*new, *old))
    assert [(Wrong.REORDERED, chain, 2)] == found(path)


def test_a_head_that_is_edited_shows(path: Path, file: sqlite3.Connection) -> None:
    chain = of_paul(file)
    file.execute("UPDATE journeys SET facts = 2 WHERE id = ?", (chain.partition(":")[2],))
    assert [(Wrong.HEAD_CHANGED, chain, 2)] == found(path)


def test_the_mac_of_a_head_that_is_edited_shows(path: Path, file: sqlite3.Connection) -> None:
    chain = of_paul(file)
    file.execute("UPDATE journeys SET head = x'00' WHERE id = ?", (chain.partition(":")[2],))
    assert [(Wrong.HEAD_CHANGED, chain, 3)] == found(path)


# -- rows are added ----------------------------------------------------------------------------------------------------

COLUMNS = "at, account, journey, name, row, reason, chain, number, mac"


def test_a_fact_that_is_forged_at_the_end_of_a_chain_shows(path: Path, file: sqlite3.Connection) -> None:
    chain = of_paul(file)
    copied = f"SELECT {COLUMNS.replace('number', '4')} FROM audit WHERE chain = ? AND number = 3"
    file.execute(f"INSERT INTO audit ({COLUMNS}) {copied}", (chain,))
    assert [(Wrong.EDITED, chain, 4), (Wrong.HEAD_CHANGED, chain, 3)] == found(path)


def test_a_fact_that_is_doubled_shows(path: Path, file: sqlite3.Connection) -> None:
    chain = of_paul(file)
    file.execute(f"INSERT INTO audit ({COLUMNS}) SELECT {COLUMNS} FROM audit WHERE chain = ? AND number = 2", (chain,))
    assert [(Wrong.INSERTED, chain, 2)] == found(path)


def test_a_fact_behind_a_tombstone_shows(path: Path, file: sqlite3.Connection) -> None:
    chain = of_lea(file)
    copied = f"SELECT {COLUMNS.replace('number', '5')} FROM audit WHERE chain = ? AND number = 4"
    file.execute(f"INSERT INTO audit ({COLUMNS}) {copied}", (chain,))
    assert [(Wrong.INSERTED, chain, 5)] == found(path)


@pytest.mark.parametrize("sequence", [-1, 1_000])
def test_a_forged_chain_shows(path: Path, file: sqlite3.Connection, sequence: int) -> None:
    """Whatever place it is given among the facts."""
    forged = COLUMNS.replace("chain", "''").replace("number", "-7")
    copied = f"SELECT ?, {forged} FROM audit LIMIT 1"
    file.execute(f"INSERT INTO audit (sequence, {COLUMNS}) {copied}", (sequence,))
    assert Wrong.INSERTED in {wrong for wrong, _, _ in found(path)}


# -- back to an earlier state ------------------------------------------------------------------------------------------


def test_a_journey_that_is_put_back_to_an_earlier_state_shows(path: Path, file: sqlite3.Connection) -> None:
    """Head and rows alike: the chain is in order, the checkpoint is not."""
    chain = of_marie(file)
    (earlier,) = file.execute("SELECT mac FROM audit WHERE chain = ? AND number = 3", (chain,)).fetchone()
    file.execute("DELETE FROM audit WHERE chain = ? AND number > 3", (chain,))
    file.execute("UPDATE journeys SET facts = 3, head = ? WHERE id = ?", (earlier, chain.partition(":")[2]))
    assert [(Wrong.NOT_AS_SIGNED, "checkpoint", 2)] == found(path)


def test_a_fact_from_a_past_that_was_put_back_shows(path: Path, file: sqlite3.Connection) -> None:
    """A host signed it, as the second fact of that very chain; what came then did not follow it."""
    chain = of_paul(file)
    mac, account = file.execute("SELECT mac, account FROM audit WHERE chain = ? AND number = 1", (chain,)).fetchone()
    row = AuditRow(START, account, chain.partition(":")[2], Fact(FactName.ROW_FIRED, "identifying.abandon.1"))
    (signed_once,), _ = linked(Vault(KEYS), chain, Head(1, mac), (row,))
    fact = kept(signed_once)
    file.execute(
        "UPDATE audit SET at = ?, account = ?, row = ?, mac = ? WHERE chain = ? AND number = 2",
        (fact.at, fact.account, fact.row, fact.mac, chain),
    )
    assert [(Wrong.EDITED, chain, 3)] == found(path)


def test_a_file_that_is_put_back_to_an_earlier_state_shows_by_a_checkpoint_that_was_noted(
    path: Path, file: sqlite3.Connection
) -> None:
    known = file.execute("SELECT number, mac FROM checkpoints ORDER BY number DESC").fetchone()
    assert [] == found(path, known=known)
    file.execute("DELETE FROM checkpoints WHERE number = 2")
    assert [(Wrong.CHECKPOINT_REMOVED, "checkpoint", 2)] == found(path, known=known)


# -- the checkpoints ---------------------------------------------------------------------------------------------------


def test_a_checkpoint_that_is_removed_shows(path: Path, file: sqlite3.Connection) -> None:
    file.execute("DELETE FROM checkpoints WHERE number = 1")
    assert (Wrong.CHECKPOINT_REMOVED, "checkpoint", 2) == found(path)[0]


@pytest.mark.parametrize("column", ["at", "through", "facts", "digest", "before"])
def test_a_checkpoint_that_is_edited_shows(path: Path, file: sqlite3.Connection, column: str) -> None:
    value = "x'00'" if column in ("digest", "before") else f"{column} + 1"
    file.execute(f"UPDATE checkpoints SET {column} = {value} WHERE number = 2")
    assert (Wrong.CHECKPOINT_EDITED, "checkpoint", 2) in found(path)


@pytest.mark.parametrize("at", [2**63 - 1, -(2**63)])
def test_a_checkpoint_of_a_moment_that_there_is_not_shows(path: Path, file: sqlite3.Connection, at: int) -> None:
    """Whoever reads the audit is not stopped by it, nor are the hosts by anything but its being edited."""
    file.execute("UPDATE checkpoints SET at = ? WHERE number = 2", (at,))
    assert [(Wrong.CHECKPOINT_EDITED, "checkpoint", 2)] == found(path)
    with pytest.raises(AuditBroken, match="checkpoint 2 of the audit"):
        signed(path, KEYS)


@pytest.mark.parametrize("column", ["account", "journey", "name", "row", "reason"])
def test_a_fact_that_is_no_text_any_more_shows(path: Path, file: sqlite3.Connection, column: str) -> None:
    """SQLite takes any bytes for a text; whoever reads them as one is not stopped by it."""
    chain = of_marie(file)
    file.execute(f"UPDATE audit SET {column} = CAST(x'ff' AS TEXT) WHERE chain = ? AND number = 2", (chain,))
    assert [(Wrong.EDITED, chain, 2), (Wrong.NOT_AS_SIGNED, "checkpoint", 2)] == found(path)


@pytest.mark.parametrize("table", ["journeys", "outbox", "ledgers"])
def test_a_row_whose_name_is_no_text_any_more_shows(path: Path, file: sqlite3.Connection, table: str) -> None:
    """The others are verified all the same."""
    name = "account" if table == "ledgers" else "id"
    last = f"SELECT max(rowid) FROM {table} WHERE facts > 0"
    file.execute(f"UPDATE {table} SET {name} = CAST(x'ff' AS TEXT) WHERE rowid = ({last})")
    assert {Wrong.CUT} <= {wrong for wrong, _, _ in found(path)}


def test_a_checkpoint_by_a_key_that_nobody_has_shows(path: Path, file: sqlite3.Connection) -> None:
    file.execute("UPDATE checkpoints SET mac = ? WHERE number = 2", (b"\x03xab" + bytes(32),))
    assert [(Wrong.KEY_MISSING, "checkpoint", 2)] == found(path)


def test_no_checkpoint_goes_on_from_one_that_was_edited(path: Path, file: sqlite3.Connection) -> None:
    """It would vouch for what somebody else wrote there."""
    file.execute("UPDATE checkpoints SET digest = x'00' WHERE number = 2")
    with pytest.raises(AuditBroken, match="checkpoint 2 of the audit"):
        signed(path, KEYS)


# -- the keys ----------------------------------------------------------------------------------------------------------


def signed(path: Path, keys: Keys) -> Checkpoint:
    """A checkpoint, signed on this file."""
    house = House(store=SqliteStore(path))
    house.restart_with(keys)
    try:
        return house.neighbour.checkpoint()
    finally:
        house.host.close()


def test_an_earlier_key_verifies_as_long_as_it_is_in_the_ring(path: Path) -> None:
    assert [] == found(path, evolve(KEYS, ring=(NEW, *KEYS.ring)))


def test_facts_whose_key_is_gone_are_told(path: Path) -> None:
    wrongs = {wrong for wrong, _, _ in found(path, evolve(KEYS, ring=(NEW,)))}
    assert {Wrong.KEY_MISSING} == wrongs


def test_facts_whose_key_is_gone_are_vouched_for_by_a_later_checkpoint(path: Path) -> None:
    signed(path, evolve(KEYS, ring=(NEW, *KEYS.ring)))
    assert [] == found(path, evolve(KEYS, ring=(NEW,)))


def test_what_is_vouched_for_cannot_be_edited(path: Path, file: sqlite3.Connection) -> None:
    signed(path, evolve(KEYS, ring=(NEW, *KEYS.ring)))
    file.execute("UPDATE audit SET at = at + 1 WHERE chain = ? AND number = 2", (of_marie(file),))
    assert [(Wrong.NOT_AS_SIGNED, "checkpoint", 2)] == found(path, evolve(KEYS, ring=(NEW,)))


def test_a_new_key_signs_over_the_same_facts_again(path: Path) -> None:
    first = signed(path, KEYS)
    again, anew = signed(path, KEYS), signed(path, evolve(KEYS, ring=(NEW, *KEYS.ring)))
    assert (first, first.number + 1, first.digest) == (again, anew.number, anew.digest)
