"""For how long the library keeps what (R59): nothing for longer than it counts, and a fact of the audit for a year."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from msa_recovery.adapters.sqlite_store import SqliteStore
from msa_recovery.application.verifying import verified
from msa_recovery.domain.account import Channel
from msa_recovery.domain.audit import FactName
from msa_recovery.domain.events import Abandon, ConfirmContacts
from msa_recovery.domain.identifiers import Nir
from msa_recovery.domain.inputs import ChooseChannel, Identify, OrderLetter, SubmitCode
from msa_recovery.domain.journey import State
from msa_recovery.domain.ledger import Ledger
from msa_recovery.testing.people import MARIE, NIR_OF_MARIE
from msa_recovery.testing.tapped import Call, through
from tests.support.house import AGENT, HERE, MSA, House

KEPT = MSA.audit_retention
INSTANT = timedelta(microseconds=1)


@pytest.fixture(params=["memory", "file"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> House:
    return House(store=SqliteStore(tmp_path / "recovery.sqlite") if request.param == "file" else None)


def purge(house: House) -> int:
    """As a host does: until nothing is left; how much that was."""
    gone = 0
    while batch := house.host.purge():
        gone += batch
    return gone


def is_kept(house: House, name: str = f"account:{MARIE}") -> bool:
    return house.store.ledger(house.pseudonym(name)).ledger != Ledger()


# -- ledgers -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("known", [True, False], ids=["an account", "an identifier of nobody"])
@pytest.mark.parametrize("after", [timedelta(), INSTANT], ids=["at", "after"])
def test_a_ledger_is_kept_until_nothing_in_it_has_counted_for_a_while(
    house: House, known: bool, after: timedelta
) -> None:
    """R59: a code that was sent counts for 30 days, and the ledger is kept for as long as a journey after it."""
    identifier = NIR_OF_MARIE if known else house.unknown()
    house.send(house.at_code(identifier), Abandon())
    house.clock.advance(timedelta(days=60) + after)
    purge(house)
    assert is_kept(house, f"account:{MARIE}" if known else Nir(identifier).canonical) is not bool(after)


def test_while_a_letter_is_live_its_ledger_is_kept(house: House) -> None:
    """R59: whatever the retention is."""
    house = House(policy=evolve(MSA, retention=timedelta(seconds=1)), store=house.store)
    house.send(house.play(OrderLetter(NIR_OF_MARIE), caller=AGENT), Abandon())
    house.later(days=20)
    purge(house)
    assert is_kept(house)


def test_while_a_journey_is_under_way_its_ledger_is_kept(house: House) -> None:
    """R22, R59: the epoch of the ledger decides whether the journey is over."""
    house.send(house.at_contacts(), Abandon())
    house.later(days=61)
    reply = house.host.begin_change(MARIE, HERE)
    purge(house)
    assert 1 == house.ledger(MARIE).ledger.epoch
    house.send(reply, Abandon())
    purge(house)
    assert 0 == house.ledger(MARIE).ledger.epoch


def test_while_an_effect_is_open_its_ledger_is_kept(house: House) -> None:
    """Invariant 11."""
    reply = house.at_contacts()

    def fails(call: Call, go: Callable[[], Any]) -> Any:
        if str(call) == "accounts.apply":
            raise OSError
        return go()

    house.tap = fails
    with pytest.raises(Exception, match="accounts"):
        house.send(reply, ConfirmContacts())
    house.later(days=100)
    purge(house)
    assert is_kept(house)
    house.tap = through
    house.host.relay()
    purge(house)
    assert not is_kept(house)


def test_whoever_comes_back_after_it_is_as_new(house: House) -> None:
    house.send(house.at_code(), Abandon())
    house.later(days=61)
    purge(house)
    reply = house.send(house.at_code(), SubmitCode(house.code))
    assert State.AWAITING_SIGN_IN is reply.view.state


def test_a_guess_that_meets_the_purge_is_counted(house: House) -> None:
    """R3: whoever had loaded the deleted ledger writes nothing over the new one."""
    reply = house.at_code()
    house.send(reply, Abandon())
    house.later(days=61)
    waiting = house.play(Identify(NIR_OF_MARIE))

    def meanwhile(call: Call, go: Callable[[], Any]) -> Any:
        if str(call) == "store.commit":
            house.tap = through
            house.neighbour.send(waiting.handle, Abandon(), HERE)
            while house.neighbour.purge():
                pass
            house.neighbour.send(house.neighbour.begin(HERE).handle, Identify(NIR_OF_MARIE), HERE)
        return go()

    other = house.host.begin(HERE)
    house.tap = meanwhile
    reply = house.send(other, Identify(NIR_OF_MARIE))
    house.send(reply, ChooseChannel("sms"))
    assert 1 == len(house.ledger(MARIE).ledger.sends)


def test_no_more_goes_at_a_time_than_was_asked_for(house: House) -> None:
    """R59: others wait for a purge."""
    for number in range(1, 4):
        house.send(house.play(OrderLetter(f"199013399{number:04}"), caller=AGENT), Abandon())
    house.later(days=61)
    assert [4, 2, 0] == [house.host.purge(4) for _ in range(3)]


# -- messages ----------------------------------------------------------------------------------------------------------


def test_a_message_that_outlived_its_journey_goes_when_it_is_over(house: House) -> None:
    """R59: its row is deleted with what the relay does with it, and the audit is whole."""
    house.send(house.at_code(), Abandon())
    house.later(days=31)
    purge(house)
    house.host.relay()
    account = house.pseudonym(f"account:{MARIE}")
    assert () == house.store.traces(account, 9).messages
    assert FactName.MESSAGE_DROPPED in {fact.name for fact in house.store.facts_after(0, 99)}


# -- facts -------------------------------------------------------------------------------------------------------------


def whose(house: House) -> list[str]:
    return [fact.account for fact in house.store.facts_after(0, 999) if fact.account]


@pytest.mark.parametrize("after", [timedelta(), INSTANT], ids=["at", "after"])
def test_a_fact_says_whose_it_is_for_as_long_as_the_policy_says(house: House, after: timedelta) -> None:
    """R59: a year (CNIL 2021-122: six months to a year)."""
    house.send(house.at_code(), Abandon())
    house.clock.advance(KEPT + after)
    purge(house)
    assert bool(whose(house)) is not bool(after)


def test_a_fact_that_is_younger_stays_as_it_is(house: House) -> None:
    """R59."""
    house.send(house.at_code(), Abandon())
    house.clock.advance(KEPT)
    house.send(house.at_code(), Abandon())
    house.later(days=1)
    younger = whose(house)[3:]
    purge(house)
    assert younger == whose(house)


def test_where_nothing_but_a_chain_was_left_of_an_account_it_goes_with_its_last_fact(house: House) -> None:
    """R59: or whoever tries identifiers at the door fills the store for ever."""
    house.at_sign_in()
    house.host.sign_in(NIR_OF_MARIE, house.wrong_password, HERE)
    house.later(days=70)
    house.host.lapse_due()
    purge(house)
    assert 1 == house.ledger(MARIE).head.count
    house.clock.advance(KEPT + INSTANT)
    purge(house)
    assert (0, []) == (house.ledger(MARIE).head.count, whose(house))


def test_the_audit_is_whole_all_the_way(tmp_path: Path) -> None:
    """R59: over three years of journeys, purges and checkpoints, also while a batch is half the work."""
    house = House(store=SqliteStore(tmp_path / "recovery.sqlite"))

    def wrong() -> list[object]:
        with house.store.trail() as trail:  # type: ignore[attr-defined] # of the SQLite store
            return list(verified(trail, house.vault))

    for month in range(36):
        house.at_sign_in(NIR_OF_MARIE if month % 3 else house.unknown())
        house.host.sign_in(NIR_OF_MARIE, house.wrong_password, HERE)
        house.delivered(Channel.SMS)
        house.later(days=30)
        house.host.lapse_due()
        house.host.purge(3)
        assert [] == wrong()
        purge(house)
        house.neighbour.checkpoint()
    assert [] == wrong()
    facts = house.store.facts_after(0, 9_999)
    assert 0 < sum(bool(fact.account) for fact in facts) < len(facts) / 2
    house.clock.advance(KEPT + timedelta(days=1))
    purge(house)
    assert ([], []) == (wrong(), whose(house))


@pytest.mark.parametrize("what", ["idle", "erased"])
def test_two_who_purge_at_once_erase_a_fact_once(house: House, what: str) -> None:
    house.send(house.at_code(), Abandon())
    house.later(days=31)
    purge(house)
    house.clock.advance(KEPT)

    def meanwhile(call: Call, go: Callable[[], Any]) -> Any:
        if str(call) == "store.commit" and getattr(call.arguments[0], what):
            house.tap = through
            house.neighbour.purge()
        return go()

    house.tap = meanwhile
    purge(house)
    assert house.tap is through
    names = [fact.name for fact in house.store.facts_after(0, 99)]
    assert 1 == names.count(FactName.FACTS_ERASED)
