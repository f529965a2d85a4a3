"""What a store must keep to when something is no longer kept: ledgers, an account, and what old facts told."""

from datetime import datetime
from functools import partial

import pytest
from attrs import evolve

from msa_recovery.application.erasing import erased
from msa_recovery.application.facts import AccountHead, Ended, Forgotten, Head, Idle, KeptFact
from msa_recovery.application.ports import Store
from msa_recovery.application.records import Change, OutboxState, StoredJourney, StoredLedger, Traces
from msa_recovery.domain.account import Pseudonym
from msa_recovery.domain.ledger import Ledger

from .examples import (
    ACCOUNT,
    INSTANT,
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

__all__ = ["StoreForgetting"]

_HEAD = Head(1, b"\x00mac\xff")
_CHAIN = f"account:{ACCOUNT}"


def _until(moment: datetime, account: Pseudonym = ACCOUNT) -> StoredLedger:
    """A ledger in which one letter counts until that moment."""
    return StoredLedger(account, Ledger(letters=(moment,)))


def _of_account(*, finished_at: datetime | None) -> StoredJourney:
    """A journey that holds the account."""
    return evolve(a_full_journey(), finished_at=finished_at)


class StoreForgetting(StoreClauses):
    """What is deleted is gone whole, and nobody who had it writes it again."""

    def facts(self, store: Store) -> tuple[KeptFact, ...]:
        """Every fact, with its place."""
        found: tuple[KeptFact, ...] = self.call(store.facts_after, 0, ALL)
        return found

    def idle(self, store: Store, since: datetime = LATER, limit: int = ALL) -> tuple[Idle, ...]:
        """Ledgers in which nothing has mattered since before that moment."""
        found: tuple[Idle, ...] = self.call(store.idle, since, limit)
        return found

    def deleted(self, store: Store) -> None:
        """Every ledger that is idle is deleted."""
        self.must(store, Change(idle=self.idle(store)))

    # -- ledgers -------------------------------------------------------------------------------------------------------

    @pytest.mark.parametrize(("since", "idle"), [(NOW, False), (NOW + INSTANT, True)], ids=["at", "after"])
    def test_a_ledger_is_idle_once_nothing_in_it_matters(self, store: Store, since: datetime, idle: bool) -> None:
        """``idle``: since before that moment."""
        self.must(store, Change(ledger=_until(NOW), write_ledger=True))
        assert ((Idle(ACCOUNT, 1),) if idle else ()) == self.idle(store, since)

    def test_the_last_entry_of_a_ledger_decides(self, store: Store) -> None:
        """``StoredLedger.until``: all that is in it."""
        self.must(store, Change(ledger=a_full_ledger(), write_ledger=True))
        assert [0, 1] == [len(self.idle(store, moment)) for moment in (LATER + INSTANT, LATER + 2 * INSTANT)]

    def test_a_ledger_that_moved_on_is_idle_at_its_new_end(self, store: Store) -> None:
        """``idle``: of the ledger as it was written last."""
        self.must(store, Change(ledger=_until(NOW), write_ledger=True))
        self.must(store, Change(ledger=evolve(_until(LATER), version=1), write_ledger=True))
        assert () == self.idle(store, LATER)
        assert (Idle(ACCOUNT, 2),) == self.idle(store, LATER + INSTANT)

    def test_ledgers_that_are_idle_for_longest_come_first(self, store: Store) -> None:
        """``idle``: those first that have been so for longest, at most ``limit``."""
        names = [Pseudonym(name) for name in "bac"]
        for late, name in enumerate(names):
            self.must(store, Change(ledger=_until(NOW + late * MINUTE, name), write_ledger=True))
        assert names[:2] == [each.account for each in self.idle(store, limit=2)]

    @pytest.mark.parametrize("over", [False, True])
    def test_while_a_journey_of_it_is_under_way_no_ledger_is_idle(self, store: Store, over: bool) -> None:
        """``idle``: none of an account that has a journey under way."""
        self.must(store, Change(ledger=a_ledger(), write_ledger=True))
        self.must(store, Change(journey=_of_account(finished_at=NOW if over else None)))
        assert over is bool(self.idle(store))

    def test_while_an_effect_is_open_no_ledger_is_idle(self, store: Store) -> None:
        """``idle``: none with effects on the directory that are still open."""
        self.must(store, Change(ledger=a_ledger(), write_ledger=True, intents=(an_intent(1),)))
        assert () == self.idle(store)
        self.must(store, Change(applied=(an_intent(1),)))
        assert (Idle(ACCOUNT, 1),) == self.idle(store)

    @pytest.mark.parametrize("headed", [False, True])
    def test_a_deleted_ledger_is_empty_and_the_head_stays(self, store: Store, headed: bool) -> None:
        """``Change.idle``: the head of a chain stays beside none (R59)."""
        self.must(store, Change(ledger=a_ledger(), write_ledger=True))
        if headed:
            self.must(store, Change(account_head=AccountHead(ACCOUNT, _HEAD, 0)))
        self.deleted(store)
        found = self.call(store.ledger, ACCOUNT)
        assert (Ledger(), _HEAD if headed else Head()) == (found.ledger, found.head)
        assert () == self.idle(store)

    @pytest.mark.parametrize(
        "meanwhile",
        [
            Change(ledger=a_ledger(version=1), write_ledger=True),
            Change(journey=_of_account(finished_at=None)),
            Change(intents=(an_intent(1),)),
        ],
        ids=["it moved", "a journey began", "an effect is open"],
    )
    def test_a_ledger_that_is_idle_no_longer_is_not_deleted(self, store: Store, meanwhile: Change) -> None:
        """``commit``: ``False``, and nothing is written."""
        self.must(store, Change(ledger=a_ledger(), write_ledger=True))
        idle = self.idle(store)
        self.must(store, meanwhile)
        assert not self.call(store.commit, Change(idle=idle, audit=(a_fact(),)))
        assert [] == list(self.audit(store))

    @pytest.mark.parametrize("write", [False, True], ids=["compared", "written"])
    @pytest.mark.parametrize("headed", [False, True])
    @pytest.mark.parametrize("again", [False, True])
    def test_whoever_has_a_deleted_ledger_writes_nothing(
        self, store: Store, write: bool, headed: bool, again: bool
    ) -> None:
        """``ledger``: a version that no deleted ledger had. Else what was counted since would be lost (R3)."""
        self.must(store, Change(ledger=a_ledger(), write_ledger=True))
        self.must(store, Change(ledger=a_ledger(version=1), write_ledger=True))
        if headed:
            self.must(store, Change(account_head=AccountHead(ACCOUNT, _HEAD, 0)))
        held = self.call(store.ledger, ACCOUNT)
        self.deleted(store)
        if again:
            for _ in range(2):
                self.must(store, Change(ledger=self.call(store.ledger, ACCOUNT), write_ledger=True))
        known = self.call(store.ledger, ACCOUNT)
        assert not self.call(store.commit, Change(ledger=held, write_ledger=write))
        assert not self.call(store.commit, Change(ledger=evolve(held, version=0), write_ledger=write))
        assert known == self.call(store.ledger, ACCOUNT)
        assert self.call(store.commit, Change(ledger=known, write_ledger=write))

    def test_a_ledger_that_is_written_again_has_the_next_version(self, store: Store) -> None:
        """``commit``: what is written has the next version."""
        self.must(store, Change(ledger=a_ledger(), write_ledger=True))
        self.deleted(store)
        first = self.call(store.ledger, ACCOUNT)
        self.must(store, Change(ledger=evolve(first, ledger=a_ledger().ledger), write_ledger=True))
        found = self.call(store.ledger, ACCOUNT)
        assert (a_ledger().ledger, first.version + 1) == (found.ledger, found.version)

    # -- messages that outlive their journey ---------------------------------------------------------------------------

    @pytest.mark.parametrize("state", [state for state in OutboxState if state is not OutboxState.WAITING])
    def test_a_message_goes_with_the_journey_that_went_before_it(self, store: Store, state: OutboxState) -> None:
        """``Change.purged``: a message that is over goes with its journey, whichever of them ends last (R59)."""
        self.must(store, Change(journey=a_journey(finished_at=NOW), outbox=(a_message_row(),)))
        self.purged(store, LATER)
        self.must(store, Change(outbox=(evolve(a_message_row(version=1), state=state, sealed=b""),)))
        assert () == self.call(store.traces, ACCOUNT, ALL).messages

    def test_a_message_that_is_over_stays_as_long_as_its_journey(self, store: Store) -> None:
        """``Change.purged``."""
        over = evolve(a_message_row(version=1), state=OutboxState.DEAD, sealed=b"")
        self.must(store, Change(journey=a_journey(), outbox=(a_message_row(),)), Change(outbox=(over,)))
        assert (evolve(over, version=2),) == self.call(store.traces, ACCOUNT, ALL).messages

    # -- an account ----------------------------------------------------------------------------------------------------

    def test_the_traces_of_an_account_are_all_that_names_it(self, store: Store) -> None:
        """``traces``."""
        other = evolve(a_fact(), account=OTHER_ACCOUNT)
        self.must(
            store,
            Change(journey=a_full_journey(), outbox=(a_message_row(), a_message_row("b", account=OTHER_ACCOUNT))),
            Change(journey=a_journey("of nobody"), audit=(other, a_fact())),
        )
        (fact,) = (each for each in self.facts(store) if each.account == ACCOUNT)
        expected = Traces(
            (Ended(a_full_journey().journey.id, Head(), 1),), (evolve(a_message_row(), version=1),), (fact,)
        )
        assert expected == self.call(store.traces, ACCOUNT, ALL)

    def test_a_journey_that_went_on_with_somebody_else_is_no_trace(self, store: Store) -> None:
        """``traces``: those that hold the account now."""
        journey = a_full_journey()
        self.must(store, Change(journey=journey))
        assert journey.journey.profile is not None
        profile = evolve(journey.journey.profile, pseudonym=OTHER_ACCOUNT)
        self.must(store, Change(journey=evolve(journey, journey=evolve(journey.journey, profile=profile), version=1)))
        assert Traces() == self.call(store.traces, ACCOUNT, ALL)

    def test_no_more_traces_are_found_than_were_asked_for(self, store: Store) -> None:
        """``traces``: of each kind at most ``limit``."""
        messages = tuple(a_message_row(name) for name in "abc")
        self.must(store, Change(outbox=messages, audit=(a_fact(), a_fact(), a_fact())))
        found = self.call(store.traces, ACCOUNT, 2)
        assert (2, 2) == (len(found.messages), len(found.facts))

    def test_a_discarded_message_is_gone(self, store: Store) -> None:
        """``Change.discarded``."""
        self.must(store, Change(outbox=(a_message_row(),)))
        self.must(store, Change(discarded=(a_message_row(version=1),)))
        assert () == self.claimed(store)

    def test_a_journey_goes_together_with_its_messages(self, store: Store) -> None:
        """``Change.purged`` and ``discarded``: also one that is over, which goes with its journey anyway."""
        over = evolve(a_message_row("over", version=1), state=OutboxState.DELIVERED, sealed=b"")
        self.must(store, Change(journey=a_journey(), outbox=(a_message_row(), a_message_row("over"))))
        self.must(store, Change(outbox=(over,)))
        messages = (a_message_row(version=1), evolve(over, version=2))
        self.must(store, Change(purged=(Ended(a_journey().journey.id, Head(), 1),), discarded=messages))
        assert Traces() == self.call(store.traces, ACCOUNT, ALL)

    def test_a_message_of_another_version_is_not_discarded(self, store: Store) -> None:
        """``commit``: ``False``: what a worker did of it meanwhile is not lost sight of."""
        self.must(store, Change(outbox=(a_message_row(),)))
        self.claimed(store)
        change = Change(discarded=(a_message_row(version=1),), audit=(a_fact(),))
        assert not self.call(store.commit, change)
        assert [] == list(self.audit(store))

    def test_a_forgotten_account_has_no_ledger_and_no_head_and_its_chain_another_name(self, store: Store) -> None:
        """``Change.forgotten``."""
        self.must(store, Change(ledger=a_ledger(), write_ledger=True))
        link = evolve(a_fact(), chain=_CHAIN, number=1, mac=_HEAD.mac)
        self.must(store, Change(account_head=AccountHead(ACCOUNT, _HEAD, 0), audit=(link, a_fact())))
        self.must(store, Change(forgotten=(Forgotten(ACCOUNT, 1, 1, "forgotten:name"),)))
        found = self.call(store.ledger, ACCOUNT)
        assert (Ledger(), Head()) == (found.ledger, found.head)
        assert ["forgotten:name", a_fact().chain] == [fact.chain for fact in self.facts(store)]

    @pytest.mark.parametrize(
        "stale",
        [
            Forgotten(ACCOUNT, 0, 1, "forgotten:name"),
            Forgotten(ACCOUNT, 2, 1, "forgotten:name"),
            Forgotten(ACCOUNT, 1, 0, "forgotten:name"),
        ],
        ids=["no ledger yet", "another version", "another head"],
    )
    def test_an_account_that_moved_is_not_forgotten(self, store: Store, stale: Forgotten) -> None:
        """``commit``: ``False``, and nothing is written."""
        self.must(store, Change(ledger=a_ledger(), write_ledger=True))
        self.must(store, Change(account_head=AccountHead(ACCOUNT, _HEAD, 0)))
        assert not self.call(store.commit, Change(forgotten=(stale,), audit=(a_fact(),)))
        assert (1, _HEAD, []) == (
            *(self.call(store.ledger, ACCOUNT).version, self.call(store.ledger, ACCOUNT).head),
            list(self.audit(store)),
        )

    def test_whoever_has_the_head_of_a_forgotten_account_writes_nothing(self, store: Store) -> None:
        """``commit``: ``False`` when the chain of an account has moved: to another name, too."""
        self.must(store, Change(account_head=AccountHead(ACCOUNT, _HEAD, 0)))
        self.must(store, Change(forgotten=(Forgotten(ACCOUNT, 0, 1, "forgotten:name"),)))
        late = AccountHead(ACCOUNT, Head(2, b"later"), 1)
        assert not self.call(store.commit, Change(account_head=late, audit=(a_fact(),)))
        assert (Head(), []) == (self.call(store.ledger, ACCOUNT).head, list(self.audit(store)))

    def test_an_account_with_an_open_effect_is_not_forgotten(self, store: Store) -> None:
        """Invariant 11: an effect follows its committed intent."""
        self.must(store, Change(ledger=a_ledger(), write_ledger=True, intents=(an_intent(1),)))
        assert not self.call(store.commit, Change(forgotten=(Forgotten(ACCOUNT, 1, 0, "forgotten:name"),)))
        assert (an_intent(1),) == self.call(store.ledger, ACCOUNT).open_intents

    def test_an_account_of_which_nothing_is_kept_may_be_forgotten(self, store: Store) -> None:
        """``Change.forgotten``: R13."""
        self.must(store, Change(forgotten=(Forgotten(ACCOUNT, 0, 0, "forgotten:name"),)))
        assert StoredLedger(ACCOUNT, Ledger()) == self.call(store.ledger, ACCOUNT)

    # -- facts ---------------------------------------------------------------------------------------------------------

    def test_an_erased_fact_is_what_was_put_in_its_place(self, store: Store) -> None:
        """``Change.erased``."""
        link = evolve(a_fact(), chain="journey:journey", number=2, mac=b"\x00mac\xff")
        self.must(store, Change(audit=(a_fact(), link)))
        first, second = self.facts(store)
        left = erased(second, "name")
        self.must(store, Change(erased=(left,)))
        assert (first, left) == self.facts(store)
        assert (first,) == self.call(store.traces, ACCOUNT, ALL).facts

    def test_a_fact_is_erased_once(self, store: Store) -> None:
        """``commit``: ``False`` when a fact to erase is erased: two tombstones would stand over the same place."""
        self.must(store, Change(audit=(evolve(a_fact(), mac=b"mac"),)))
        left = erased(self.facts(store)[0], "name")
        answers = self.together([partial(store.commit, Change(erased=(left,)))] * SIDES)
        assert [False] * (SIDES - 1) + [True] == sorted(answers)

    def test_another_fact_is_not_erased_in_its_place(self, store: Store) -> None:
        """``Change.erased``: of the same sequence and MAC."""
        self.must(store, Change(audit=(evolve(a_fact(), mac=b"mac"),)))
        (fact,) = self.facts(store)
        assert not self.call(store.commit, Change(erased=(evolve(erased(fact, "name"), mac=b"other"),)))
        assert (fact,) == self.facts(store)

    def test_how_far_facts_were_erased_is_kept(self, store: Store) -> None:
        """``erased_through``; ``Change.erased_through``: compared."""
        assert 0 == self.call(store.erased_through)
        self.must(store, Change(erased_through=(0, 7)))
        assert not self.call(store.commit, Change(erased_through=(0, 9)))
        self.must(store, Change(erased_through=(7, 9)))
        assert 9 == self.call(store.erased_through)
