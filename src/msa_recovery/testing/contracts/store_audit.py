"""What a store must keep to with the audit: chains with their heads, checkpoints, and what is deleted."""

from functools import partial

import pytest
from attrs import evolve

from msa_recovery.application.facts import AccountHead, Ended, Head
from msa_recovery.application.ports import Store
from msa_recovery.application.records import Change, KeyUse, OutboxState, Place
from msa_recovery.application.sealed import headed
from msa_recovery.domain.audit import FactName

from .examples import (
    ACCOUNT,
    LATER,
    MINUTE,
    NOW,
    a_checkpoint,
    a_fact,
    a_journey,
    a_ledger,
    a_message_row,
    an_intent,
)
from .port import SIDES
from .store_clauses import ALL, StoreClauses

__all__ = ["StoreAudit"]

_HEAD = Head(3, b"\x00mac\xff")


class StoreAudit(StoreClauses):
    """Facts are kept in their order, and what they belong to says how many there are."""

    # -- heads ---------------------------------------------------------------------------------------------------------

    @pytest.mark.parametrize("version", [0, 1], ids=["first", "again"])
    def test_a_journey_comes_back_with_the_head_of_its_chain(self, store: Store, version: int) -> None:
        """``StoredJourney.head``."""
        self.must(store, *(Change(journey=a_journey(version=earlier)) for earlier in range(version)))
        self.must(store, Change(journey=evolve(a_journey(version=version), head=_HEAD)))
        found = self.call(store.load, a_journey().handle)
        assert found is not None
        assert _HEAD == found.head

    @pytest.mark.parametrize("version", [0, 1], ids=["first", "again"])
    def test_a_message_comes_back_with_the_head_of_its_chain(self, store: Store, version: int) -> None:
        """``OutboxRow.head``."""
        self.must(store, *(Change(outbox=(a_message_row(version=earlier),)) for earlier in range(version)))
        self.must(store, Change(outbox=(evolve(a_message_row(version=version), head=_HEAD),)))
        assert [_HEAD] == [row.head for row in self.claimed(store)]

    def test_a_fact_comes_back_as_the_link_that_it_is(self, store: Store) -> None:
        """``AuditRow.chain``, ``number`` and ``mac``."""
        link = evolve(a_fact(), chain="journey:journey", number=2, mac=b"\x00mac\xff")
        self.must(store, Change(audit=(link,)))
        assert [link] == list(self.audit(store))

    # -- the chain of an account ---------------------------------------------------------------------------------------

    def test_the_head_of_an_account_is_read_with_its_ledger(self, store: Store) -> None:
        """``Change.account_head``; ``StoredLedger.head``."""
        self.must(store, Change(ledger=a_ledger(), write_ledger=True))
        self.must(store, Change(account_head=AccountHead(ACCOUNT, _HEAD, 0)))
        assert evolve(a_ledger(version=1), head=_HEAD) == self.call(store.ledger, ACCOUNT)

    def test_an_account_without_a_ledger_has_a_head_all_the_same(self, store: Store) -> None:
        """``AccountHead``: the ledger's version has no part in it."""
        self.must(store, Change(account_head=AccountHead(ACCOUNT, _HEAD, 0)))
        found = self.call(store.ledger, ACCOUNT)
        assert (0, _HEAD) == (found.version, found.head)

    @pytest.mark.parametrize("write", [False, True], ids=["compared", "written"])
    def test_a_ledger_may_still_be_the_first_where_there_is_a_head(self, store: Store, write: bool) -> None:
        """``commit``: one of version 0 must not exist yet; a head is none."""
        self.must(store, Change(account_head=AccountHead(ACCOUNT, _HEAD, 0)))
        self.must(store, Change(ledger=a_ledger(), write_ledger=write))
        found = self.call(store.ledger, ACCOUNT)
        assert (int(write), _HEAD) == (found.version, found.head)

    def test_a_ledger_that_is_written_leaves_the_head_alone(self, store: Store) -> None:
        """``StoredLedger.head``: read with the ledger, never written by it."""
        self.must(store, Change(ledger=a_ledger(), write_ledger=True))
        self.must(store, Change(account_head=AccountHead(ACCOUNT, _HEAD, 0)))
        self.must(store, Change(ledger=a_ledger(version=1), write_ledger=True))
        assert _HEAD == self.call(store.ledger, ACCOUNT).head

    @pytest.mark.parametrize("before", [0, 2, 4])
    def test_a_head_that_moved_writes_nothing(self, store: Store, before: int) -> None:
        """``commit``: ``False`` when the chain of an account has moved."""
        self.must(store, Change(account_head=AccountHead(ACCOUNT, _HEAD, 0)))
        stale = AccountHead(ACCOUNT, Head(9, b"later"), before)
        assert not self.call(store.commit, Change(account_head=stale, audit=(a_fact(),)))
        assert (_HEAD, []) == (self.call(store.ledger, ACCOUNT).head, list(self.audit(store)))

    def test_of_many_who_move_the_same_head_exactly_one_wins(self, store: Store) -> None:
        """``commit``: ``False`` when the chain of an account has moved, whoever was first."""
        heads = [AccountHead(ACCOUNT, Head(1, bytes((side,))), 0) for side in range(SIDES)]
        answers = self.together([partial(store.commit, Change(account_head=head)) for head in heads])
        assert [False] * (SIDES - 1) + [True] == sorted(answers)

    # -- facts in their order ------------------------------------------------------------------------------------------

    def test_facts_are_read_in_the_order_of_the_commits_page_by_page(self, store: Store) -> None:
        """``facts_after``: behind this place, at most ``limit``."""
        facts = [evolve(a_fact(), number=number) for number in range(1, 6)]
        self.must(store, Change(audit=tuple(facts[:3])), Change(audit=tuple(facts[3:])))
        first = self.call(store.facts_after, 0, 2)
        rest = self.call(store.facts_after, first[-1].sequence, ALL)
        assert [1, 2, 3, 4, 5] == [fact.number for fact in (*first, *rest)]

    def test_no_fact_is_behind_the_last_one(self, store: Store) -> None:
        """``facts_after``: behind this place."""
        self.must(store, Change(audit=(a_fact(),)))
        (fact,) = self.call(store.facts_after, 0, ALL)
        assert () == self.call(store.facts_after, fact.sequence, ALL)

    def test_a_fact_is_read_as_it_is_kept(self, store: Store) -> None:
        """``KeptFact``."""
        link = evolve(a_fact(), chain="journey:journey", number=2, mac=b"\x00mac\xff")
        self.must(store, Change(audit=(link,)))
        (fact,) = self.call(store.facts_after, 0, ALL)
        assert (
            *(1_774_745_999_999_999, ACCOUNT, "journey", FactName.JOURNEY_BEGUN.value, "a row", "code_wrong"),
            *("journey:journey", 2, b"\x00mac\xff"),
        ) == (
            *(fact.at, fact.account, fact.journey, fact.name, fact.row, fact.reason),
            *(fact.chain, fact.number, fact.mac),
        )

    # -- checkpoints ---------------------------------------------------------------------------------------------------

    def test_there_is_no_checkpoint_at_first(self, store: Store) -> None:
        """``last_checkpoint``."""
        self.must(store, Change(audit=(a_fact(),)))
        assert self.call(store.last_checkpoint) is None

    def test_the_last_checkpoint_comes_back_as_it_was_signed(self, store: Store) -> None:
        """``last_checkpoint``: of the highest number."""
        self.must(store, Change(checkpoint=a_checkpoint(1)), Change(checkpoint=a_checkpoint(2)))
        assert a_checkpoint(2) == self.call(store.last_checkpoint)

    def test_of_many_who_sign_the_same_checkpoint_exactly_one_wins(self, store: Store) -> None:
        """``commit``: ``False`` when the checkpoint exists."""
        answers = self.together([partial(store.commit, Change(checkpoint=a_checkpoint()))] * SIDES)
        assert [False] * (SIDES - 1) + [True] == sorted(answers)

    def test_the_last_checkpoint_needs_its_key_and_no_earlier_one_does(self, store: Store) -> None:
        """``keys_besides``; ``KeyUse``: of the checkpoints only the last one needs its key."""
        first, last = (evolve(a_checkpoint(number), mac=headed(f"key {number}", b"mac")) for number in (1, 2))
        self.must(store, Change(checkpoint=first), Change(checkpoint=last))
        uses = [self.call(store.keys_besides, signer, NOW) for signer in ("another", "key 2")]
        assert [(KeyUse("key 2", Place.CHECKPOINTS, 1),), ()] == uses

    # -- what is deleted -----------------------------------------------------------------------------------------------

    def test_journeys_to_delete_are_listed_the_oldest_first(self, store: Store) -> None:
        """``ended``: the oldest first, with head and version."""
        for age in (2, 3, 1):
            self.must(store, Change(journey=evolve(a_journey(str(age), finished_at=NOW - age * MINUTE), head=_HEAD)))
        assert (Ended(a_journey("3").journey.id, _HEAD, 1), Ended(a_journey("2").journey.id, _HEAD, 1)) == self.call(
            store.ended, NOW, 2
        )

    @pytest.mark.parametrize(
        "stale", [Ended(a_journey().journey.id, Head(), 2), Ended(a_journey("no").journey.id, Head(), 1)]
    )
    def test_a_journey_of_another_version_is_not_deleted(self, store: Store, stale: Ended) -> None:
        """``commit``: ``False``, and nothing is written, when a journey to delete is no longer of the version."""
        over = evolve(a_message_row(version=1), state=OutboxState.DELIVERED, sealed=b"")
        self.must(
            store,
            Change(journey=a_journey(finished_at=NOW), outbox=(a_message_row(),), intents=(an_intent(1),)),
            Change(outbox=(over,)),
            Change(journey=a_journey("good", finished_at=NOW)),
        )
        good = Ended(a_journey("good").journey.id, Head(), 1)
        assert not self.call(store.commit, Change(purged=(good, stale), audit=(a_fact(),)))
        assert [] == list(self.audit(store))
        assert 2 == len(self.call(store.ended, LATER, ALL))
