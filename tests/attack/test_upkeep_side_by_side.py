"""Several processes, with several threads each, do what is due on one store while people act: everything is done once,
nobody is disturbed, and what cannot be done keeps nothing else waiting."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from msa_recovery.adapters.codec import SnapshotRefused
from msa_recovery.application.errors import InfrastructureError
from msa_recovery.domain.audit import FactName
from msa_recovery.domain.events import Abandon, GoBack
from msa_recovery.domain.inputs import ChooseChannel, Identify
from msa_recovery.domain.journey import State
from msa_recovery.testing.people import NIR_OF_LEA, NIR_OF_MARIE, NIR_OF_PAUL
from msa_recovery.testing.tapped import Call, through
from tests.support.elsewhere import in_child
from tests.support.house import HERE, House
from tests.support.kept import KINDS, Kept, kept

PROCESSES = 3
THREADS = 2
BATCH = 7
PEOPLE = (NIR_OF_MARIE, NIR_OF_LEA, NIR_OF_PAUL)


@pytest.fixture(params=KINDS)
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    with kept(request.param, tmp_path) as shared:
        yield shared


@pytest.fixture
def house(shared: Kept) -> Iterator[House]:
    house = House(store=shared.store)
    yield house
    house.host.close()


def until_nothing_is_left(work: Callable[[], int]) -> list[int]:
    done = [work()]
    while done[-1]:
        done.append(work())
    return done


def side_by_side(work: Callable[[], int], people: Callable[[], None]) -> list[int]:
    """What every batch did, of every thread of every process, while people act in this one."""

    def process(_: int) -> list[int]:
        def threads() -> list[int]:
            with ThreadPoolExecutor(THREADS) as pool:
                return list(chain(*pool.map(lambda _: until_nothing_is_left(work), range(THREADS))))

        return in_child(threads)

    with ThreadPoolExecutor(PROCESSES + 1) as pool:
        acting = pool.submit(people)
        batches = list(chain(*pool.map(process, range(PROCESSES))))
        acting.result()
    return batches


def test_each_journey_lapses_once_whoever_looks_for_it(house: House, shared: Kept) -> None:
    """One fact each, and what is not due goes on."""
    for number in range(48):
        house.play(Identify(PEOPLE[number % 3]))
    house.later(minutes=59)
    live = [house.play(Identify(NIR_OF_MARIE)) for _ in range(8)]
    house.later(minutes=1)
    ledgers = shared.contents()["ledgers"]

    def people() -> None:
        for reply in live:
            assert State.IDENTIFYING is house.send(reply, GoBack()).view.state

    batches = side_by_side(lambda: house.host.lapse_due(BATCH), people)
    lapses = Counter(row.journey for row in house.store.audit() if row.fact.row.endswith("lapse.1"))
    assert ([1] * 48, 48) == (list(lapses.values()), sum(batches))
    assert BATCH >= max(batches)
    assert {State.IDENTIFYING} == {house.host.resume(reply.handle, HERE).view.state for reply in live}
    assert (0, ledgers) == (house.host.lapse_due(), shared.contents()["ledgers"])


def test_each_journey_is_purged_once_whoever_looks_for_it(house: House, shared: Kept) -> None:
    """Ledgers and facts stay, and so does whatever finished later or is not finished."""
    for number in range(48):
        house.play(Identify(PEOPLE[number % 3]), Abandon())
    house.later(days=30)
    kept = [house.play(Identify(NIR_OF_MARIE)) for _ in range(8)]
    house.later(microseconds=1)
    before = shared.contents()

    def people() -> None:
        for reply in kept[:4]:
            house.send(reply, Abandon())

    batches = side_by_side(lambda: house.host.purge(BATCH), people)
    after = shared.contents()
    assert (48, 0, len(kept)) == (sum(batches), house.host.purge(), len(after["journeys"]))
    assert BATCH >= max(batches)
    assert (before["ledgers"], before["audit"]) == (after["ledgers"], after["audit"][: len(before["audit"])])


def test_each_message_is_delivered_once_whoever_relays(house: House, shared: Kept) -> None:
    """Also while others are promised."""
    for _ in range(12):
        for nir in (NIR_OF_MARIE, NIR_OF_PAUL):
            house.play(Identify(nir), ChooseChannel("sms"), Abandon())
        house.later(days=3)
    promised = len(shared.contents()["outbox"])
    assert 24 == promised

    def people() -> None:
        house.at_code(NIR_OF_MARIE)

    batches = side_by_side(lambda: house.host.relay(BATCH).total, people)
    batches += until_nothing_is_left(lambda: house.host.relay(BATCH).total)
    over = Counter(
        row.fact.name
        for row in house.store.audit()
        if row.fact.name in (FactName.MESSAGE_DELIVERED, FactName.MESSAGE_DROPPED)
    )
    assert (promised + 1, promised + 1) == (sum(batches), over.total())
    assert BATCH >= max(batches)


def test_all_that_is_due_is_done_together(house: House, shared: Kept) -> None:
    """Lapses, purges and relays do not stand in each other's way."""
    for number in range(16):
        house.play(Identify(PEOPLE[number % 3]), Abandon())
    house.at_code(NIR_OF_PAUL)
    house.later(days=31)
    for number in range(16):
        house.play(Identify(PEOPLE[number % 3]))
    house.later(hours=1)
    host = house.host

    def all_of_it() -> int:
        return host.lapse_due(BATCH) + host.purge(BATCH) + host.relay(BATCH).total

    batches = side_by_side(all_of_it, lambda: None)
    # The journey with the code lapses now, so that it is not purged yet.
    assert 17 + 16 + 1 == sum(batches)
    assert (0, 0, 0) == (host.lapse_due(), host.purge(), host.relay().total)


# -- what cannot be done -----------------------------------------------------------------------------------------------


EVERY_FOURTH = (
    "(SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM journeys) AS every WHERE n % 4 = 1)"
)
NEWER = """replace(snapshot, '"snapshot":1', '"snapshot":99')"""


@pytest.mark.parametrize(
    ("snapshot", "says"),
    [("'{'", "a JourneySnapshot is damaged"), (NEWER, "99 was written by a newer")],
    ids=["damaged", "newer"],
)
def test_journeys_that_cannot_be_read_keep_no_other_one_from_lapsing(
    house: House, shared: Kept, snapshot: str, says: str
) -> None:
    """However many are oldest. The operator is told of one, by its id, when all the rest is done."""
    for _ in range(40):
        house.host.begin(HERE)
    house.later(hours=1)
    shared.altered(f"UPDATE journeys SET snapshot = {snapshot} WHERE id IN {EVERY_FOURTH}")  # noqa: S608
    assert [10, 10] == [house.host.lapse_due(10), house.host.lapse_due(10)]
    with pytest.raises(SnapshotRefused, match=f"journey [0-9a-f]{{32}}: .*{says}"):
        house.host.lapse_due(11)
    assert 30 == sum(row.fact.row.endswith("lapse.1") for row in house.store.audit())


def test_a_journey_lapses_once_it_can_be_read_again(house: House, shared: Kept) -> None:
    house.host.begin(HERE)
    house.later(hours=1)
    shared.altered("UPDATE journeys SET snapshot = '!' || snapshot")
    with pytest.raises(SnapshotRefused):
        house.host.lapse_due()
    shared.altered("UPDATE journeys SET snapshot = substr(snapshot, 2)")
    assert [1, 0] == [house.host.lapse_due(), house.host.lapse_due()]


def test_an_effect_that_cannot_be_applied_keeps_no_other_account_waiting(house: House, shared: Kept) -> None:
    """Also when one is taken at a time, and it comes first."""
    for nir in (NIR_OF_MARIE, NIR_OF_PAUL):
        house.tap = failing_apply
        with pytest.raises(InfrastructureError):
            house.at_contacts(nir)
    house.tap = through
    shared.altered(
        "UPDATE intents SET sealed = substr(sealed, 1, 0) WHERE account = (SELECT min(account) FROM intents)"
    )
    failed, applied = 0, 0
    for _ in range(2):
        try:
            applied += house.host.relay(1).applied
        except InfrastructureError:
            failed += 1
    assert (1, 1) == (failed, applied)


def failing_apply(call: Call, go: Callable[[], Any]) -> Any:
    if call.method == "apply":
        raise ConnectionError
    return go()


def test_a_message_that_cannot_be_opened_keeps_no_other_one_waiting(house: House, shared: Kept) -> None:
    """Also when one is taken at a time."""
    for nir in (NIR_OF_MARIE, NIR_OF_PAUL):
        house.at_code(nir)
    shared.altered("UPDATE outbox SET sealed = substr(sealed, 1, length(sealed) - 1) WHERE sequence = 1")
    with pytest.raises(InfrastructureError, match="a sealed row was changed or moved"):
        house.host.relay(1)
    assert 1 == house.host.relay(1).delivered
