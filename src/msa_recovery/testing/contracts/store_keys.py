"""What a store must keep to when the keys change: who needs which, and what is sealed anew (R10)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import pytest
from attrs import evolve

from msa_recovery.application.ports import Store
from msa_recovery.application.records import (
    Change,
    IntentRow,
    KeyUse,
    OutboxRow,
    OutboxState,
    Place,
    StoredJourney,
    StoredLedger,
)
from msa_recovery.application.sealed import headed
from msa_recovery.domain.account import Channel, ContactId, Pseudonym
from msa_recovery.domain.contacts import ContactKind
from msa_recovery.domain.journey import Code, Edit
from msa_recovery.domain.ledger import Ledger, TemporaryPassword

from .examples import ACCOUNT, INSTANT, LATER, NOW, OTHER_ACCOUNT, a_journey, a_message_row, an_intent
from .store_clauses import ALL, StoreClauses

__all__ = ["StoreKeys"]

_NEW: Final = "new"
_KEYS: Final = ("a-first", _NEW, "old", "z-last")
"""Keys whose names come before and after the one that seals now."""


def _journey(name: str, key: str, *, edit: str = "", code: str = "", finished: bool = False) -> StoredJourney:
    """A journey whose account is sealed with one key, a correction with another, its code made by a third."""
    stored = a_journey(name, finished_at=NOW if finished else None)
    edits = (Edit(ContactKind.EMAIL, False, headed(edit, b"an address")),) if edit else ()
    sent = Code(headed(code, b"digest"), Channel.SMS, ContactId("mobile"), 1) if code else None
    return evolve(stored, account=headed(key, name.encode()), journey=evolve(stored.journey, edits=edits, code=sent))


def _message(name: str, key: str, version: int = 0) -> OutboxRow:
    return evolve(a_message_row(name, version=version), sealed=headed(key, name.encode()))


def _intent(number: int, key: str, account: Pseudonym = ACCOUNT) -> IntentRow:
    return evolve(an_intent(number, account), sealed=headed(key, b"what to do"))


def _ledger(key: str, until: timedelta, account: Pseudonym = ACCOUNT) -> StoredLedger:
    letter = TemporaryPassword(headed(key, b"digest"), Channel.LETTER, LATER + until)
    return StoredLedger(account, Ledger(letter_password=letter))


class StoreKeys(StoreClauses):
    """Which keys are still needed is known without having them, and what one sealed can be written anew."""

    def test_what_needs_another_key_is_counted_by_key_and_place(self, store: Store) -> None:
        """``keys_besides``: one entry a key and place."""
        self.must(
            store,
            Change(
                journey=_journey("one", "old", edit="older"),
                ledger=_ledger("old", INSTANT),
                write_ledger=True,
                outbox=(_message("one", "old"), _message("two", "old"), _message("three", _NEW)),
                intents=(_intent(1, "older"), _intent(2, _NEW)),
            ),
            Change(
                journey=_journey("two", _NEW, code="old"), ledger=_ledger("old", 2 * INSTANT, OTHER_ACCOUNT),
                write_ledger=True,
            ),
        )  # fmt: skip
        expected = {
            KeyUse("old", Place.JOURNEYS, 2),
            KeyUse("older", Place.JOURNEYS, 1),
            KeyUse("old", Place.LEDGERS, 2, LATER + 2 * INSTANT),
            KeyUse("old", Place.MESSAGES, 2),
            KeyUse("older", Place.INTENTS, 1),
        }
        found = self.call(store.keys_besides, _NEW, LATER)
        assert (expected, len(expected)) == (set(found), len(found))

    def test_where_one_key_made_everything_no_other_one_is_needed(self, store: Store) -> None:
        """``keys_besides``: besides this one."""
        journey = _journey("one", _NEW, edit=_NEW, code=_NEW)
        self.must(store, Change(journey=journey, outbox=(_message("one", _NEW),), intents=(_intent(1, _NEW),)))
        assert () == self.call(store.keys_besides, _NEW, NOW)

    def test_an_empty_store_needs_no_key(self, store: Store) -> None:
        """``keys_besides``: what is kept needs."""
        self.must(store, Change(journey=a_journey()))
        assert () == self.call(store.keys_besides, _NEW, NOW)

    @pytest.mark.parametrize(("dead_for", "needed"), [(-INSTANT, 1), (0 * INSTANT, 0)], ids=["before", "at"])
    def test_a_ledger_needs_a_key_until_its_temporary_password_is_dead(
        self, store: Store, dead_for: timedelta, needed: int
    ) -> None:
        """``keys_besides``: a ledger whose temporary passwords are all dead needs none."""
        self.must(store, Change(ledger=_ledger("old", 0 * INSTANT), write_ledger=True))
        assert needed == len(self.call(store.keys_besides, _NEW, LATER + dead_for))

    def test_a_message_that_is_over_needs_no_key(self, store: Store) -> None:
        """``OutboxRow.keys``: none once it is over."""
        over = evolve(_message("one", "old", version=1), state=OutboxState.DELIVERED, sealed=b"")
        self.must(store, Change(outbox=(_message("one", "old"),)), Change(outbox=(over,)))
        assert () == self.call(store.keys_besides, _NEW, NOW)

    def test_the_code_of_a_finished_journey_needs_no_key(self, store: Store) -> None:
        """``StoredJourney.keys``: until it is finished that of its code."""
        self.must(store, Change(journey=_journey("one", _NEW, code="old", finished=True)))
        assert () == self.call(store.keys_besides, _NEW, NOW)

    # -- pages ---------------------------------------------------------------------------------------------------------

    def test_every_row_of_another_key_is_on_exactly_one_page(self, store: Store) -> None:
        """``journeys_to_reseal`` and its kin: at most ``limit``, from the one after ``after``."""
        for number, key in enumerate(_KEYS * 3):
            name, account = f"row {number:02}", (ACCOUNT, OTHER_ACCOUNT)[number % 2]
            self.must(
                store,
                Change(
                    journey=_journey(name, key),
                    outbox=(_message(name, key),),
                    intents=(_intent(number, key, account),),
                ),
            )
        wanted = [f"row {number:02}" for number, key in enumerate(_KEYS * 3) if key != _NEW]
        assert wanted == sorted(row.journey.id for row in self._pages(store.journeys_to_reseal))
        assert wanted == sorted(row.id for row in self._pages(store.messages_to_reseal))
        assert wanted == sorted(f"row {row.number:02}" for row in self._pages(store.intents_to_reseal))

    def _pages(self, page_after: Callable[[str, Any, int], tuple[Any, ...]]) -> list[Any]:
        rows: list[Any] = []
        while page := self.call(page_after, _NEW, rows[-1] if rows else None, 2):
            assert 2 >= len(page)
            rows += page
        return rows

    def test_pages_go_on_while_what_they_held_is_sealed_anew(self, store: Store) -> None:
        """``journeys_to_reseal`` and its kin: from the one after ``after``, as it was returned."""
        for number in range(5):
            self.must(store, Change(outbox=(_message(f"row {number}", "old"),)))
        after, seen = None, 0
        while page := self.call(store.messages_to_reseal, _NEW, after, 2):
            seen, after = seen + len(page), page[-1]
            self.must(store, Change(resealed=tuple(evolve(row, sealed=headed(_NEW, b"anew")) for row in page)))
        assert (5, ()) == (seen, self.call(store.keys_besides, _NEW, NOW))

    # -- sealed anew ---------------------------------------------------------------------------------------------------

    def test_what_is_sealed_anew_is_kept_in_the_same_version(self, store: Store) -> None:
        """``Change.resealed``: its version stays, so that nobody who works on it is disturbed."""
        change = Change(journey=_journey("one", "old"), outbox=(_message("one", "old"),), intents=(_intent(1, "old"),))
        self.must(store, change)
        journey, message = evolve(_journey("one", _NEW), version=1), _message("one", _NEW, version=1)
        self.must(store, Change(resealed=(journey, message, _intent(1, _NEW))))
        assert journey == self.call(store.load, journey.handle)
        assert (_intent(1, _NEW),) == self.call(store.ledger, ACCOUNT).open_intents
        assert [(message.sealed, 2)] == [(row.sealed, row.version) for row in self.claimed(store)]

    def test_what_was_changed_meanwhile_is_left_as_it_is(self, store: Store) -> None:
        """``Change.resealed``: each is written where it is still of that version, and left alone where it is not."""
        self.must(store, Change(journey=_journey("one", "old"), outbox=(_message("one", "old"),)))
        moved = evolve(_journey("one", "old", edit="old"), version=1)
        over = evolve(_message("one", "old", version=1), state=OutboxState.DELIVERED, sealed=b"")
        self.must(store, Change(journey=moved, outbox=(over,)))
        stale = (evolve(_journey("one", _NEW), version=1), _message("one", _NEW, version=1))
        self.must(store, Change(resealed=stale))
        assert evolve(moved, version=2) == self.call(store.load, moved.handle)
        assert {Place.JOURNEYS} == {use.place for use in self.call(store.keys_besides, "", NOW)}

    def test_an_intent_that_was_applied_meanwhile_does_not_come_back(self, store: Store) -> None:
        """``Change.resealed``: or still open."""
        self.must(store, Change(intents=(_intent(1, "old"), _intent(2, "old"))), Change(applied=(_intent(1, "old"),)))
        self.must(store, Change(resealed=(_intent(1, _NEW), _intent(2, _NEW))))
        assert (_intent(2, _NEW),) == self.call(store.ledger, ACCOUNT).open_intents

    def test_nothing_is_made_by_sealing_it_anew(self, store: Store) -> None:
        """``Change.resealed``: where the row is still there."""
        journey = evolve(_journey("gone", _NEW), version=1)
        self.must(store, Change(resealed=(journey, _message("gone", _NEW, version=1), _intent(1, _NEW))))
        assert self.call(store.load, journey.handle) is None
        assert () == self.call(store.ledger, ACCOUNT).open_intents
        assert ((), 0) == (self.claimed(store), len(self.call(store.due, LATER, ALL)))
