"""What a store must keep to when work is taken from it: intents, deadlines, old journeys, messages."""

from datetime import datetime, timedelta
from functools import partial

import pytest
from attrs import evolve

from msa_recovery.application.ports import Store
from msa_recovery.application.records import Change, OutboxRow, OutboxState
from msa_recovery.domain.account import Channel, Pseudonym

from .examples import (
    ACCOUNT,
    INSTANT,
    LATER,
    MINUTE,
    NOW,
    OTHER_ACCOUNT,
    a_fact,
    a_journey,
    a_ledger,
    a_message_row,
    an_intent,
)
from .port import SIDES
from .store_clauses import ALL, StoreClauses
from .store_commits import EVERYTHING

__all__ = ["StoreBatches"]


def first_try(name: str, journey: str = "journey") -> OutboxRow:
    """A message that no messenger was asked to take yet."""
    return evolve(a_message_row(name, journey=journey), tries=0)


class StoreBatches(StoreClauses):
    """What is open, due, old or waiting is found by whoever works on it."""

    # -- intents -------------------------------------------------------------------------------------------------------

    def test_an_applied_intent_is_no_longer_open(self, store: Store) -> None:
        """``Change.applied``: they are no longer open."""
        self.must(store, Change(intents=(an_intent(1), an_intent(2))), Change(applied=(an_intent(1),)))
        assert (an_intent(2),) == self.call(store.ledger, ACCOUNT).open_intents

    def test_an_intent_may_be_said_to_be_applied_twice(self, store: Store) -> None:
        """``Change.applied``: two workers may apply the same one."""
        self.must(store, Change(intents=(an_intent(1), an_intent(2))), *[Change(applied=(an_intent(1),))] * 2)
        assert (an_intent(2),) == self.call(store.ledger, ACCOUNT).open_intents

    def test_the_intents_of_another_account_stay_open(self, store: Store) -> None:
        """``IntentRow``: numbered in the account."""
        self.must(store, Change(intents=(an_intent(1), an_intent(1, OTHER_ACCOUNT))), Change(applied=(an_intent(1),)))
        assert (OTHER_ACCOUNT,) == self.call(store.open_intents, ALL)

    def test_accounts_with_open_intents_are_listed_once_each(self, store: Store) -> None:
        """``open_intents``: accounts that have unapplied intents."""
        self.must(store, Change(intents=(an_intent(1), an_intent(2), an_intent(1, OTHER_ACCOUNT))))
        assert sorted((ACCOUNT, OTHER_ACCOUNT)) == sorted(self.call(store.open_intents, ALL))

    def test_no_more_accounts_are_listed_than_were_asked_for(self, store: Store) -> None:
        """``open_intents``: at most ``limit``."""
        self.must(store, Change(intents=(an_intent(1), an_intent(1, OTHER_ACCOUNT))))
        assert 1 == len(self.call(store.open_intents, 1))

    def test_accounts_are_listed_in_turn(self, store: Store) -> None:
        """``open_intents``: one call after the other comes to all of them, though none of them is applied."""
        accounts = {Pseudonym(f"account {number}") for number in range(5)}
        self.must(store, *(Change(intents=(an_intent(1, account),)) for account in accounts))
        assert accounts == {account for _ in range(SIDES) for account in self.call(store.open_intents, 2)}

    def test_without_open_intents_no_account_is_listed(self, store: Store) -> None:
        """``open_intents``: unapplied ones."""
        self.must(store, Change(intents=(an_intent(1),)), Change(applied=(an_intent(1),)))
        assert () == self.call(store.open_intents, ALL)

    # -- due and purge -------------------------------------------------------------------------------------------------

    @pytest.mark.parametrize(
        ("deadline", "due"), [(NOW - INSTANT, True), (NOW, True), (NOW + INSTANT, False)], ids=["before", "at", "after"]
    )
    def test_a_journey_is_due_from_its_deadline_on(self, store: Store, deadline: datetime, due: bool) -> None:
        """``due``: whose deadline is over; at the deadline itself it is."""
        self.must(store, Change(journey=a_journey(deadline=deadline)))
        assert due == bool(self.call(store.due, NOW, ALL))

    def test_a_finished_journey_is_never_due(self, store: Store) -> None:
        """``due``: journeys not finished."""
        self.must(store, Change(journey=a_journey(deadline=NOW, finished_at=NOW)))
        assert () == self.call(store.due, LATER, ALL)

    def test_the_oldest_are_due_first_and_no_more_than_were_asked_for(self, store: Store) -> None:
        """``due``: the oldest first, at most ``limit``."""
        journeys = [a_journey(str(age), deadline=NOW - age * MINUTE) for age in (2, 4, 1, 3)]
        self.must(store, *(Change(journey=journey) for journey in journeys))
        assert ["4", "3", "2"] == [stored.journey.id for stored in self.call(store.due, NOW, 3)]

    def test_what_is_due_can_be_written_again(self, store: Store) -> None:
        """``due``: the stored journey, with the version that a commit compares."""
        self.must(store, Change(journey=a_journey(deadline=NOW)))
        (due,) = self.call(store.due, NOW, ALL)
        assert self.call(store.commit, Change(journey=due))

    @pytest.mark.parametrize(
        ("finished_at", "purged"),
        [(NOW - INSTANT, 1), (NOW, 0), (NOW + INSTANT, 0), (None, 0)],
        ids=["before", "at", "after", "not finished"],
    )
    def test_a_journey_is_purged_that_finished_before(
        self, store: Store, finished_at: datetime | None, purged: int
    ) -> None:
        """``ended``: journeys that finished before that moment (R59)."""
        self.must(store, Change(journey=a_journey(deadline=NOW - MINUTE, finished_at=finished_at)))
        assert purged == self.purged(store, NOW)

    def test_a_purged_journey_is_gone(self, store: Store) -> None:
        """``Change.purged``: delete (R59)."""
        self.must(store, Change(journey=a_journey(finished_at=NOW)))
        self.purged(store, LATER)
        assert self.call(store.load, a_journey().handle) is None

    def test_no_more_journeys_are_purged_than_were_asked_for(self, store: Store) -> None:
        """``ended``: at most ``limit``."""
        self.must(store, *(Change(journey=a_journey(str(number), finished_at=NOW)) for number in range(3)))
        assert [2, 1, 0] == [self.purged(store, LATER, 2) for _ in range(3)]

    def test_ledgers_and_facts_outlive_their_journeys(self, store: Store) -> None:
        """``Change.purged``: journeys, and their messages; nothing else."""
        self.must(store, evolve(EVERYTHING, journey=a_journey(finished_at=NOW)))
        self.purged(store, LATER)
        assert (a_ledger(version=1), [a_fact()]) == (
            evolve(self.call(store.ledger, ACCOUNT), open_intents=()),
            list(self.audit(store)),
        )

    def test_waiting_messages_outlive_their_journey(self, store: Store) -> None:
        """``Change.purged``: their messages but for waiting ones."""
        self.must(store, Change(journey=a_journey(finished_at=NOW), outbox=(a_message_row(),)))
        self.purged(store, LATER)
        assert [a_message_row().id] == [row.id for row in self.claimed(store)]

    def test_messages_that_are_over_go_with_their_journey(self, store: Store) -> None:
        """``Change.purged``: and their messages. That one is gone shows in that it may be written anew."""
        over = evolve(a_message_row(version=1), state=OutboxState.DELIVERED, sealed=b"")
        self.must(
            store,
            Change(journey=a_journey(finished_at=NOW), outbox=(a_message_row(),)),
            Change(outbox=(over,)),
        )
        self.purged(store, LATER)
        assert self.call(store.commit, Change(outbox=(a_message_row(),)))

    def test_messages_of_other_journeys_stay(self, store: Store) -> None:
        """``Change.purged``: their messages, no others."""
        over = evolve(a_message_row(journey="other", version=1), state=OutboxState.DELIVERED, sealed=b"")
        self.must(
            store,
            Change(journey=a_journey(finished_at=NOW)),
            Change(journey=a_journey("other"), outbox=(a_message_row(journey="other"),)),
            Change(outbox=(over,)),
        )
        self.purged(store, LATER)
        assert self.call(store.commit, Change(outbox=(evolve(over, version=2),)))

    # -- claim ---------------------------------------------------------------------------------------------------------

    @pytest.mark.parametrize(
        ("due", "claimed"), [(NOW - INSTANT, 1), (NOW, 1), (NOW + INSTANT, 0)], ids=["before", "at", "after"]
    )
    def test_a_message_is_claimed_once_it_is_due(self, store: Store, due: datetime, claimed: int) -> None:
        """``claim``: messages that are due."""
        self.must(store, Change(outbox=(a_message_row(due=due),)))
        assert claimed == len(self.claimed(store, NOW))

    def test_messages_are_claimed_in_the_order_in_which_they_were_promised(self, store: Store) -> None:
        """``claim``: those due at the same moment in the order of their promise, at most ``limit``; the others next
        time."""
        rows = [a_message_row(name) for name in "bac"]
        self.must(store, Change(outbox=tuple(rows[:2])), Change(outbox=tuple(rows[2:])))
        assert [["b", "a"], ["c"], []] == [[row.id for row in self.claimed(store, limit=2)] for _ in range(3)]

    def test_messages_that_are_due_longest_are_claimed_first(self, store: Store) -> None:
        """``claim``: the longest due first: what was put off keeps nothing else waiting."""
        rows = tuple(a_message_row(name, due=NOW - late * MINUTE) for late, name in enumerate("bac"))
        self.must(store, Change(outbox=rows))
        assert [["c", "a"], ["b"], []] == [[row.id for row in self.claimed(store, limit=2)] for _ in range(3)]

    def test_a_message_waits_while_an_earlier_one_of_its_journey_is_with_a_worker(self, store: Store) -> None:
        """``claim``: of one journey and channel the order is kept."""
        self.must(store, Change(outbox=(first_try("a"), first_try("b"))))
        assert [["a"], []] == [[row.id for row in self.claimed(store, limit=1)] for _ in range(2)]

    def test_workers_that_come_at_once_get_no_message_before_the_one_ahead_of_it(self, store: Store) -> None:
        """``claim``: of one journey and channel the order is kept, also between those who claim at the same moment."""
        promised = [first_try(f"{number} of {name}", name) for name in "ABCDEFGH" for number in (1, 2, 3)]
        self.must(store, Change(outbox=tuple(promised)))
        claims = self.together([partial(store.claim, LATER, LATER + MINUTE, 2, frozenset(Channel))] * SIDES)
        for taken in claims:
            for name in {row.journey for row in taken}:
                mine = [row.id for row in taken if row.journey == name]
                assert [f"{number} of {name}" for number in (1, 2, 3)][: len(mine)] == mine
        everything = [row.id for taken in claims for row in taken]
        assert len(set(everything)) == len(everything) >= len("ABCDEFGH")

    def test_a_message_that_was_given_back_untried_leaves_first(self, store: Store) -> None:
        """``claim``: it is due later than those behind it, though no worker has it."""
        self.must(store, Change(outbox=(first_try("a"), first_try("b"))))
        (mine,) = self.claimed(store, limit=1)
        self.must(store, Change(outbox=(evolve(mine, due=LATER + INSTANT),)))
        assert [[], ["a"]] == [[row.id for row in self.claimed(store, now)] for now in (LATER, LATER + INSTANT)]

    def test_a_message_waits_for_an_earlier_one_whose_worker_died(self, store: Store) -> None:
        """``claim``: or had it and died."""
        self.must(store, Change(outbox=(first_try("a"), first_try("b"))))
        self.claimed(store, limit=1)
        assert ["a"] == [row.id for row in self.claimed(store, LATER + 2 * MINUTE)]

    def test_a_message_leaves_once_the_earlier_one_has(self, store: Store) -> None:
        """``claim``: it waits."""
        self.must(store, Change(outbox=(first_try("a"), first_try("b"))))
        (mine,) = self.claimed(store, limit=1)
        self.must(store, Change(outbox=(evolve(mine, state=OutboxState.DELIVERED, sealed=b""),)))
        assert ["b"] == [row.id for row in self.claimed(store)]

    def test_a_message_that_was_put_off_lets_later_ones_pass(self, store: Store) -> None:
        """``claim``: one that was put off lets the others pass, while it waits and while a worker has it again."""
        self.must(store, Change(outbox=(first_try("a"), first_try("b"), first_try("c"))))
        (mine,) = self.claimed(store, limit=1)
        self.must(store, Change(outbox=(evolve(mine, due=LATER + MINUTE, tries=1),)))
        assert ["b"] == [row.id for row in self.claimed(store, limit=1)]
        claims = [self.claimed(store, LATER + 3 * MINUTE, limit) for limit in (1, 2)]
        assert [["a"], ["b"]] == [[row.id for row in rows] for rows in claims]

    def test_no_message_of_another_journey_or_channel_waits(self, store: Store) -> None:
        """``claim``: of one journey and channel."""
        others = (first_try("b", "another journey"), evolve(first_try("c"), channel=Channel.EMAIL))
        self.must(store, Change(outbox=(first_try("a"), *others)))
        self.claimed(store, limit=1)
        assert ["b", "c"] == [row.id for row in self.claimed(store)]

    @pytest.mark.parametrize("state", list(OutboxState))
    def test_a_message_is_found_by_its_name_whatever_became_of_it(self, store: Store, state: OutboxState) -> None:
        """``message``: as it is kept; nothing for a name that nobody has."""
        self.must(store, Change(outbox=(evolve(a_message_row(), state=state), a_message_row("other"))))
        assert evolve(a_message_row(version=1), state=state) == self.call(store.message, a_message_row().id)
        assert self.call(store.message, a_message_row("nobody").id) is None

    def test_a_claimed_message_is_as_it_was_but_later_and_of_the_next_version(self, store: Store) -> None:
        """``claim``: due again at ``until``; what is returned has the next version."""
        self.must(store, Change(outbox=(a_message_row(),)))
        assert (evolve(a_message_row(), due=LATER + 2 * MINUTE, version=2),) == self.claimed(store)

    def test_a_message_of_a_channel_that_nobody_here_serves_is_left_to_others(self, store: Store) -> None:
        """Only waiting messages of these channels are taken."""
        self.must(store, Change(outbox=(a_message_row(),)))
        assert () == self.claimed(store, channels=frozenset({Channel.LETTER}))
        assert 1 == len(self.claimed(store, channels=frozenset({Channel.SMS, Channel.LETTER})))

    @pytest.mark.parametrize(("wait", "claimed"), [(2 * MINUTE - INSTANT, 0), (2 * MINUTE, 1)], ids=["before", "at"])
    def test_a_message_whose_worker_died_is_claimed_again(self, store: Store, wait: timedelta, claimed: int) -> None:
        """``claim``: due again at ``until``, so that it is not lost with the worker that took it."""
        self.must(store, Change(outbox=(a_message_row(),)))
        self.claimed(store)
        assert claimed == len(self.claimed(store, LATER + wait))

    def test_a_worker_that_lost_its_claim_writes_nothing(self, store: Store) -> None:
        """``claim``: the version is the worker's claim to it."""
        self.must(store, Change(outbox=(a_message_row(),)))
        (early,) = self.claimed(store)
        self.claimed(store, LATER + 5 * MINUTE)
        assert not self.call(store.commit, Change(outbox=(early,), audit=(a_fact(),)))
        assert [] == list(self.audit(store))

    @pytest.mark.parametrize("state", [state for state in OutboxState if state is not OutboxState.WAITING])
    def test_a_message_that_is_over_is_never_claimed(self, store: Store, state: OutboxState) -> None:
        """``claim``: waiting messages."""
        over = evolve(a_message_row(version=1), state=state, sealed=b"")
        self.must(store, Change(outbox=(a_message_row(),)), Change(outbox=(over,)))
        assert () == self.claimed(store)

    def test_a_message_that_is_put_off_is_claimed_when_it_is_due_again(self, store: Store) -> None:
        """``claim``: messages that are due."""
        self.must(store, Change(outbox=(a_message_row(),)))
        (mine,) = self.claimed(store)
        self.must(store, Change(outbox=(evolve(mine, due=LATER + MINUTE, tries=2),)))
        (again,) = self.claimed(store, LATER + MINUTE)
        assert 2 == again.tries

    def test_no_two_workers_get_the_same_message(self, store: Store) -> None:
        """``claim``: no two workers get the same one; none is left out either."""
        rows = tuple(a_message_row(f"message {number}") for number in range(3 * SIDES))
        self.must(store, Change(outbox=rows))
        claims = self.together([partial(store.claim, LATER, LATER + MINUTE, 4, frozenset(Channel))] * SIDES)
        assert sorted(row.id for row in rows) == sorted(row.id for claim in claims for row in claim)
