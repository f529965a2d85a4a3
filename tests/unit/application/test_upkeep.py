"""What is due without anybody asking."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from msa_recovery.application.errors import UnknownHandle
from msa_recovery.domain.audit import FactName
from msa_recovery.domain.events import Abandon
from msa_recovery.domain.inputs import Identify
from msa_recovery.domain.journey import State
from msa_recovery.testing.people import MARIE, NIR_OF_MARIE, START
from msa_recovery.testing.tapped import Call, through
from tests.support.house import HERE, House


@pytest.mark.parametrize(
    ("after", "lapsed"), [(timedelta(hours=1, microseconds=-1), 0), (timedelta(hours=1), 1)], ids=["before", "at"]
)
def test_a_journey_lapses_at_its_deadline(house: House, after: timedelta, lapsed: int) -> None:
    """Invariant 6."""
    house.host.begin(HERE)
    house.clock.advance(after)
    assert lapsed == house.host.lapse_due()


def test_a_lapsed_journey_is_shown_as_lapsed(house: House) -> None:
    reply = house.play(Identify(NIR_OF_MARIE))
    house.later(hours=1)
    house.host.lapse_due()
    assert State.LAPSED is house.host.resume(reply.handle, HERE).view.state


def test_a_lapse_leaves_a_fact_of_its_account(house: House) -> None:
    """R53."""
    house.play(Identify(NIR_OF_MARIE))
    house.later(hours=1)
    house.host.lapse_due()
    row = house.store.audit()[-1]
    assert ("choosing_channel.lapse.1", house.pseudonym("account:marie"), START + timedelta(hours=1)) == (
        row.fact.row,
        row.account,
        row.at,
    )


def test_a_lapse_before_any_identifier_leaves_a_fact_of_nobody(house: House) -> None:
    house.host.begin(HERE)
    house.later(hours=1)
    house.host.lapse_due()
    assert ("", FactName.ROW_FIRED) == (house.store.audit()[-1].account, house.facts()[-1])


def test_a_journey_lapses_once(house: House) -> None:
    house.host.begin(HERE)
    house.later(hours=1)
    assert [1, 0] == [house.host.lapse_due() for _ in range(2)]


def test_no_more_journeys_lapse_than_were_asked_for(house: House) -> None:
    for _ in range(3):
        house.host.begin(HERE)
    house.later(hours=1)
    assert [2, 1] == [house.host.lapse_due(2) for _ in range(2)]


def test_a_journey_that_moved_meanwhile_is_left_alone(house: House) -> None:
    """Safe to run side by side: it counts what it did itself."""
    reply = house.host.begin(HERE)
    house.later(hours=1)

    def meanwhile(call: Call, go: Callable[[], Any]) -> Any:
        if str(call) == "store.commit":
            house.neighbour.send(reply.handle, Abandon(), HERE)
        return go()

    house.tap = meanwhile
    assert 0 == house.host.lapse_due()
    assert State.ABANDONED is house.journey(reply).journey.state


def test_who_was_beaten_to_a_whole_batch_asks_for_more(house: House) -> None:
    """Fewer than were asked for means that nothing is left: whoever goes on until then does not stop too early."""
    for _ in range(4):
        house.host.begin(HERE)
    house.later(hours=1)
    beaten: list[int] = []

    def meanwhile(call: Call, go: Callable[[], Any]) -> Any:
        if str(call) == "store.commit" and not beaten:
            beaten.append(house.neighbour.lapse_due(2))
        return go()

    house.tap = meanwhile
    mine = house.host.lapse_due(2)
    assert ([2], 2, 4) == (beaten, mine, house.facts().count(FactName.ROW_FIRED))


def test_a_lapse_spends_nothing_and_refunds_nothing(house: House) -> None:
    """R38."""
    house.at_code()
    before = house.ledger(MARIE)
    house.later(hours=1)
    house.host.lapse_due()
    assert before == house.ledger(MARIE)


# -- purge -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "purged"), [(timedelta(days=30), 0), (timedelta(days=30, microseconds=1), 1)], ids=["at", "after"]
)
def test_a_finished_journey_is_kept_as_long_as_the_policy_says(house: House, after: timedelta, purged: int) -> None:
    """R59: 30 days."""
    house.play(Abandon())
    house.clock.advance(after)
    assert purged == house.host.purge()


def test_a_purged_journey_is_gone(house: House) -> None:
    reply = house.play(Abandon())
    house.later(days=31)
    house.host.purge()
    with pytest.raises(UnknownHandle):
        house.host.resume(reply.handle, HERE)


def test_a_journey_that_is_not_finished_is_never_purged(house: House) -> None:
    """It lapses first."""
    house.host.begin(HERE)
    house.later(days=400)
    assert [0, 1] == [house.host.purge(), house.host.lapse_due()]


def test_no_more_journeys_are_purged_than_were_asked_for(house: House) -> None:
    for _ in range(3):
        house.play(Abandon())
    house.later(days=31)
    assert [2, 1] == [house.host.purge(2) for _ in range(2)]


def test_the_ledger_outlives_the_journey(house: House) -> None:
    """R59: a purge refunds nothing."""
    house.send(house.at_code(), Abandon())
    before = house.ledger(MARIE)
    house.later(days=31)
    house.host.purge()
    assert before == house.ledger(MARIE)


def test_who_is_beaten_to_a_purge_asks_for_more(house: House) -> None:
    """Each journey leaves one tombstone, whoever deletes it."""
    for _ in range(3):
        house.play(Abandon())
    house.later(days=31)

    def neighbour_first(call: Call, go: Callable[[], Any]) -> Any:
        if str(call) == "store.commit":
            house.tap = through
            house.neighbour.purge(1)
        return go()

    house.tap = neighbour_first
    assert (2, 3) == (house.host.purge(), house.facts().count(FactName.JOURNEY_PURGED))
