"""Every query of the SQLite store is answered off an index, in its order: its cost does not grow with the tables."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import evolve
from sqlalchemy import event

from msa_recovery.adapters.sqlite_store import SqliteStore
from msa_recovery.application.records import Change, OutboxState
from msa_recovery.domain.account import Channel
from msa_recovery.testing.contracts.examples import (
    ACCOUNT,
    LATER,
    NOW,
    a_full_journey,
    a_full_ledger,
    a_journey,
    a_ledger,
    a_message_row,
    an_intent,
)
from msa_recovery.testing.contracts.store_commits import EVERYTHING
from tests.support.sqlite import fresh

ALL_CHANNELS = frozenset(Channel)
AGAIN = Change(
    journey=evolve(a_journey(), version=1),
    ledger=a_ledger(version=1),
    write_ledger=True,
    outbox=(evolve(a_message_row(version=1), state=OutboxState.DELIVERED),),
    applied=(an_intent(1),),
)

CALLS: dict[str, Callable[[SqliteStore], object]] = {
    "load": lambda store: store.load(a_journey().handle),
    "ledger": lambda store: store.ledger(ACCOUNT),
    "commit": lambda store: store.commit(AGAIN),
    "commit, ledger compared": lambda store: store.commit(Change(ledger=a_ledger(version=1))),
    "commit, resealed": lambda store: store.commit(Change(resealed=(a_journey(), a_message_row(), an_intent(1)))),
    "due": lambda store: store.due(LATER, 10),
    "purge": lambda store: store.purge(LATER, 10),
    "claim": lambda store: store.claim(LATER, LATER, 10, ALL_CHANNELS),
    "open_intents": lambda store: store.open_intents(10),
    "keys_besides": lambda store: store.keys_besides("none", NOW),
    "journeys_to_reseal": lambda store: store.journeys_to_reseal("none", a_full_journey(), 10),
    "messages_to_reseal": lambda store: store.messages_to_reseal("none", a_message_row(), 10),
    "intents_to_reseal": lambda store: store.intents_to_reseal("none", an_intent(1), 10),
    "audit": lambda store: list(store.audit()),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
def test_every_query_is_answered_off_an_index(tmp_path: Path, call: Callable[[SqliteStore], object]) -> None:
    path = fresh(tmp_path / "recovery.sqlite")
    store, asked = SqliteStore(path), list[str]()

    def listen(connection: sqlite3.Connection, *_: object) -> None:
        connection.set_trace_callback(asked.append)

    event.listen(store._file._engine, "connect", listen)
    store.commit(EVERYTHING)
    store.commit(Change(journey=evolve(a_full_journey(), account=b"")))
    store.commit(Change(ledger=evolve(a_full_ledger(), version=1), write_ledger=True))
    asked.clear()
    call(store)
    store.close()
    plans = sqlite3.connect(path)
    words = ("SELECT", "UPDATE", "DELETE")
    slow = [
        (step[3], statement)
        for statement in asked
        if statement.startswith(words)
        for step in plans.execute(f"EXPLAIN QUERY PLAN {statement}")
        if ("SCAN" in step[3] and "USING" not in step[3]) or "TEMP B-TREE" in step[3]
    ]
    plans.close()
    assert asked
    assert [] == slow
