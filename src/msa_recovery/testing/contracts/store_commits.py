"""What a store must keep to when it loads and commits."""

from functools import partial
from typing import Final

import pytest
from attrs import evolve

from msa_recovery.application.ports import Store
from msa_recovery.application.records import Change, HandleHash, StoredLedger
from msa_recovery.domain.audit import FactName
from msa_recovery.domain.ledger import Ledger

from .examples import (
    ACCOUNT,
    LATER,
    MINUTE,
    NOW,
    OTHER_ACCOUNT,
    a_fact,
    a_full_journey,
    a_full_ledger,
    a_journey,
    a_ledger,
    a_message_row,
    an_intent,
)
from .port import SIDES
from .store_clauses import ALL, StoreClauses

__all__ = ["EVERYTHING", "StoreCommits"]

EVERYTHING: Final = Change(
    journey=a_journey(),
    ledger=a_ledger(),
    write_ledger=True,
    outbox=(a_message_row(),),
    intents=(an_intent(1),),
    audit=(a_fact(),),
)
"""A change that writes to every table."""


class StoreCommits(StoreClauses):
    """What is loaded is what was committed, whole."""

    # -- load ----------------------------------------------------------------------------------------------------------

    def test_a_journey_comes_back_as_it_was_written_in_its_next_version(self, store: Store) -> None:
        """``load``: the journey. ``commit``: what is written has the next version."""
        written = a_full_journey()
        self.must(store, Change(journey=written))
        assert evolve(written, version=1) == self.call(store.load, written.handle)

    def test_moments_come_back_aware(self, store: Store) -> None:
        """``load``: the journey, whose deadline guards compare with an aware ``now``."""
        self.must(store, Change(journey=a_journey(deadline=NOW)))
        found = self.call(store.load, a_journey().handle)
        assert found is not None
        assert NOW.utcoffset() == found.journey.deadline.utcoffset()

    def test_an_unknown_handle_finds_nothing(self, store: Store) -> None:
        """``load``: the journey that this handle finds, if any."""
        self.must(store, Change(journey=a_journey()))
        assert self.call(store.load, HandleHash(b"nobody's")) is None

    def test_a_new_handle_finds_the_journey(self, store: Store) -> None:
        """``load``: the journey that this handle finds now (R34)."""
        renewed = a_journey(handle="the new one", version=1)
        self.must(store, Change(journey=a_journey(handle="the first")), Change(journey=renewed))
        assert evolve(renewed, version=2) == self.call(store.load, renewed.handle)

    def test_the_handle_before_a_new_one_finds_nothing(self, store: Store) -> None:
        """``load``: the journey that this handle finds now (R34)."""
        first = a_journey(handle="the first")
        self.must(store, Change(journey=first), Change(journey=a_journey(handle="the new one", version=1)))
        assert self.call(store.load, first.handle) is None

    # -- ledger --------------------------------------------------------------------------------------------------------

    def test_a_ledger_comes_back_as_it_was_written_in_its_next_version(self, store: Store) -> None:
        """``ledger``: the account's ledger."""
        self.must(store, Change(ledger=a_full_ledger(), write_ledger=True))
        assert evolve(a_full_ledger(), version=1) == self.call(store.ledger, ACCOUNT)

    def test_the_ledger_of_an_account_that_has_none_is_empty(self, store: Store) -> None:
        """``ledger``: an empty one of version 0 if none was ever written."""
        self.must(store, Change(ledger=a_ledger(), write_ledger=True))
        assert StoredLedger(OTHER_ACCOUNT, Ledger()) == self.call(store.ledger, OTHER_ACCOUNT)

    def test_reading_a_ledger_writes_none(self, store: Store) -> None:
        """``ledger``: an empty one of version 0, which the next commit may still create."""
        self.call(store.ledger, ACCOUNT)
        assert self.call(store.commit, Change(ledger=a_ledger(), write_ledger=True))

    def test_a_ledger_is_read_with_its_open_intents_in_order(self, store: Store) -> None:
        """``ledger``: with its open intents."""
        intents = tuple(an_intent(number) for number in (9, 10, 11))
        other = (an_intent(1, OTHER_ACCOUNT),)
        self.must(store, Change(intents=intents[:2]), Change(intents=other), Change(intents=intents[2:]))
        assert intents == self.call(store.ledger, ACCOUNT).open_intents

    def test_open_intents_are_never_written_with_a_ledger(self, store: Store) -> None:
        """``StoredLedger.open_intents``: read with the ledger, never written by it."""
        self.must(store, Change(ledger=evolve(a_ledger(), open_intents=(an_intent(1),)), write_ledger=True))
        assert () == self.call(store.ledger, ACCOUNT).open_intents

    @pytest.mark.parametrize("written", [True, False])
    def test_a_ledger_that_was_read_is_of_its_version_until_somebody_writes_it(
        self, store: Store, written: bool
    ) -> None:
        """``commit``: as it was read, also where the store says that it is kept (``StoredLedger.kept``)."""
        self.must(store, Change(ledger=a_ledger(), write_ledger=True))
        read = self.call(store.ledger, ACCOUNT)
        change = Change(ledger=evolve(read, ledger=Ledger(epoch=7)), write_ledger=written)
        assert self.call(store.commit, change)
        assert self.call(store.commit, change) is not written
        self.must(store, Change(ledger=self.call(store.ledger, ACCOUNT), write_ledger=True))
        assert not self.call(store.commit, change)

    # -- commit: the whole change --------------------------------------------------------------------------------------

    def test_a_change_writes_everything_that_it_holds(self, store: Store) -> None:
        """``commit``: write everything."""
        self.must(store, EVERYTHING)
        self.assert_written(store)

    def assert_written(self, store: Store) -> None:
        """That exactly the change that writes to every table was committed."""
        assert evolve(a_journey(), version=1) == self.call(store.load, a_journey().handle)
        assert evolve(a_ledger(), open_intents=(an_intent(1),), version=1) == self.call(store.ledger, ACCOUNT)
        assert (ACCOUNT,) == self.call(store.open_intents, ALL)
        assert [a_fact()] == list(self.audit(store))
        assert (evolve(a_message_row(), due=LATER + 2 * MINUTE, version=2),) == self.claimed(store)

    @pytest.mark.parametrize(
        "stale",
        [
            Change(journey=a_journey()),
            Change(journey=a_journey(version=2)),
            Change(ledger=a_ledger(), write_ledger=True),
            Change(ledger=a_ledger(version=2), write_ledger=True),
            Change(ledger=a_ledger()),
            Change(outbox=(a_message_row(),)),
            Change(outbox=(a_message_row(version=2),)),
            Change(journey=a_journey("new", version=1)),
            Change(ledger=a_ledger(OTHER_ACCOUNT, version=1), write_ledger=True),
            Change(ledger=a_ledger(OTHER_ACCOUNT, version=1)),
            Change(outbox=(a_message_row("new", version=1),)),
        ],
        ids=[
            "journey exists",
            "journey not yet so far",
            "ledger exists",
            "ledger not yet so far",
            "ledger moved, only compared",
            "message exists",
            "message not yet so far",
            "no such journey",
            "no such ledger",
            "no such ledger, only compared",
            "no such message",
        ],
    )
    def test_a_change_of_another_version_writes_nothing_at_all(self, store: Store, stale: Change) -> None:
        """``commit``: ``False``, and nothing is written, when the journey, the ledger or a message is no longer of the
        version in the change; one of version 0 must not exist yet."""
        self.must(store, EVERYTHING)
        fresh = Change(
            journey=a_journey("second"),
            ledger=a_ledger(OTHER_ACCOUNT, epoch=2),
            write_ledger=True,
            outbox=(a_message_row("second"), *stale.outbox, a_message_row("third")),
            intents=(an_intent(2), an_intent(1, OTHER_ACCOUNT)),
            applied=(an_intent(1),),
            audit=(a_fact(FactName.SIGN_IN_ALARM),),
        )
        if stale.journey is not None:
            fresh = evolve(fresh, journey=stale.journey)
        if stale.ledger is not None:
            fresh = evolve(fresh, ledger=stale.ledger, write_ledger=stale.write_ledger)
        assert not self.call(store.commit, fresh)
        assert self.call(store.load, a_journey("second").handle) is None
        assert StoredLedger(OTHER_ACCOUNT, Ledger()) == self.call(store.ledger, OTHER_ACCOUNT)
        self.assert_written(store)

    def test_the_next_version_may_be_written(self, store: Store) -> None:
        """``commit``: the versions are those of the change."""
        again = Change(
            journey=evolve(
                a_full_journey(), journey=evolve(a_full_journey().journey, id=a_journey().journey.id), version=1
            ),
            ledger=a_ledger(epoch=2, version=1),
            write_ledger=True,
            outbox=(evolve(a_message_row(), tries=5, version=1),),
        )
        self.must(store, EVERYTHING, again)
        assert 2 == self.call(store.ledger, ACCOUNT).ledger.epoch

    def test_a_ledger_that_is_only_compared_keeps_its_version(self, store: Store) -> None:
        """``Change.ledger``: compared, then written if ``write_ledger``."""
        self.must(store, Change(ledger=a_ledger(), write_ledger=True), Change(ledger=a_ledger(epoch=5, version=1)))
        assert a_ledger(version=1) == self.call(store.ledger, ACCOUNT)

    def test_a_ledger_of_version_0_may_be_only_compared(self, store: Store) -> None:
        """``commit``: one of version 0 must not exist yet; comparing does not make it exist."""
        self.must(store, Change(ledger=a_ledger()))
        assert StoredLedger(ACCOUNT, Ledger()) == self.call(store.ledger, ACCOUNT)

    def test_facts_are_kept_in_order(self, store: Store) -> None:
        """``Change.audit``: facts to add."""
        facts = (a_fact(FactName.SIGN_IN_ALARM, at=LATER), a_fact(FactName.SIGN_IN_REFUSED), a_fact())
        self.must(store, Change(audit=facts[:2]), Change(audit=facts[2:]))
        assert list(facts) == list(self.audit(store))

    def test_of_many_who_write_the_same_version_exactly_one_wins(self, store: Store) -> None:
        """``commit``: ``False`` when a version moved, whoever was first (R3, R40)."""
        self.must(store, EVERYTHING)
        change = Change(journey=a_journey(version=1), ledger=a_ledger(version=1), write_ledger=True)
        answers = self.together([partial(store.commit, change)] * SIDES)
        assert [False] * (SIDES - 1) + [True] == sorted(answers)

    def test_of_many_who_create_the_same_ledger_exactly_one_wins(self, store: Store) -> None:
        """``commit``: one of version 0 must not exist yet (R3, R40)."""
        changes = [
            Change(journey=a_journey(f"journey {side}"), ledger=a_ledger(epoch=side), write_ledger=True)
            for side in range(SIDES)
        ]
        answers = self.together([partial(store.commit, change) for change in changes])
        assert [False] * (SIDES - 1) + [True] == sorted(answers)

    def test_those_who_lost_have_written_nothing(self, store: Store) -> None:
        """``commit``: ``False``, and nothing is written."""
        changes = [
            Change(
                journey=a_journey(f"journey {side}"),
                ledger=a_ledger(epoch=side),
                write_ledger=True,
                outbox=(a_message_row(f"message {side}"),),
                intents=(an_intent(side),),
                audit=(a_fact(at=NOW + side * MINUTE),),
            )
            for side in range(SIDES)
        ]
        won = self.together([partial(store.commit, change) for change in changes]).index(True)
        loaded = [self.call(store.load, a_journey(f"journey {side}").handle) is not None for side in range(SIDES)]
        assert [side == won for side in range(SIDES)] == loaded
        assert a_ledger(epoch=won, version=1) == evolve(self.call(store.ledger, ACCOUNT), open_intents=())
        assert (an_intent(won),) == self.call(store.ledger, ACCOUNT).open_intents
        assert [a_fact(at=NOW + won * MINUTE)] == list(self.audit(store))
        assert [f"message {won}"] == [row.id for row in self.claimed(store)]
