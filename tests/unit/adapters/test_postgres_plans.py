"""Every statement of the store on PostgreSQL is answered from an index, so that an event costs the same however much is
kept. The server says how it would answer, in a session as the store's own are."""

from collections.abc import Iterator

import pytest
from attrs import evolve

from benchmarks.million_postgres import heard, plan_of
from msa_recovery.adapters.postgres_store import PostgresStore
from msa_recovery.adapters.sql_schema import METADATA
from msa_recovery.application.erasing import erased
from msa_recovery.application.facts import AccountHead, Ended, Forgotten, Head, Idle
from msa_recovery.application.records import Change, OutboxState
from msa_recovery.application.sealed import headed
from msa_recovery.domain.account import Channel
from msa_recovery.testing.contracts.examples import (
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
from msa_recovery.testing.contracts.store_commits import EVERYTHING
from tests.support.postgres import bare, executed, tables

SEALED = headed("a key", b"what is sealed")
OVER = evolve(a_message_row(version=1), state=OutboxState.DELIVERED, sealed=b"")
FACT = evolve(a_fact(), mac=b"mac")

COMMITS = (
    evolve(EVERYTHING, outbox=(evolve(a_message_row(), sealed=SEALED),), audit=(FACT,)),
    Change(journey=a_journey(version=1), ledger=a_ledger(version=1), audit=(FACT,)),
    Change(journey=a_journey(version=2), ledger=a_ledger(version=1), write_ledger=True, outbox=(OVER,)),
    Change(outbox=(evolve(a_message_row(version=2), sealed=SEALED),)),
    Change(resealed=(a_journey(version=3), a_message_row(version=3), an_intent(1))),
    Change(account_head=AccountHead(ACCOUNT, Head(1, b"mac"), 0), applied=(an_intent(1),)),
    Change(account_head=AccountHead(ACCOUNT, Head(2, b"mac"), 1), ledger=a_ledger(version=2), write_ledger=True),
    Change(checkpoint=a_checkpoint()),
    Change(journey=a_journey(version=3, finished_at=NOW)),
    Change(purged=(Ended(a_journey().journey.id, Head(), 4),)),
    Change(discarded=(a_message_row(version=3),)),
    Change(idle=(Idle(ACCOUNT, 3),), erased_through=(0, 1)),
    Change(forgotten=(Forgotten(ACCOUNT, 4, 2, "forgotten:name"),)),
)


@pytest.fixture
def url() -> Iterator[str]:
    """Tables that nobody counted: what autovacuum saw of a few rows makes a whole index look as cheap."""
    with bare() as url:
        executed(url, tables())
        for table in METADATA.sorted_tables:
            executed(url, f"ALTER TABLE {table.name} SET (autovacuum_enabled = false)")
        yield url


@pytest.fixture
def plans(url: str) -> dict[str, tuple[str, ...]]:
    """What the store asks, and how it is answered."""
    store = PostgresStore(url)
    store.ledger(ACCOUNT)
    with heard() as statements:
        for change in COMMITS:
            assert store.commit(change), change
        (fact, *_) = store.facts_after(0, 1)
        assert store.commit(Change(erased=(erased(fact, "name"),)))
        store.load(a_journey().handle)
        store.ledger(ACCOUNT)
        store.due(LATER, 9)
        store.ended(LATER, 9)
        store.idle(LATER, 9)
        store.traces(ACCOUNT, 9)
        store.last_checkpoint()
        store.erased_through()
        store.claim(NOW, NOW + MINUTE, 9, frozenset(Channel))
        store.open_intents(9)
        store.keys_besides("key", NOW)
        store.journeys_to_reseal("key", a_journey(), 9)
        store.messages_to_reseal("key", evolve(a_message_row(), sealed=SEALED), 9)
        store.intents_to_reseal("key", an_intent(1), 9)
        for listing in (store.under_way, store.finished, store.waiting_messages, store.dead_messages):
            listing(9)
        store.lost_messages(9)
        store.newest_messages(9)
        with store.trail() as trail:
            assert [] == [*trail.by_chain()][9:] + [*trail.in_order()][9:] + [*trail.heads()][9:]
            list(trail.checkpoints())
    store.close()
    return {statement: plan_of(url, statement) for statement in statements if "pg_advisory_xact_lock(" not in statement}


def looked_through(plan: tuple[str, ...]) -> list[str]:
    """The steps that look at more than what an index finds."""
    wrong = [step for step in plan if "Seq Scan" in step]
    for step, following in zip(plan, (*plan[1:], ""), strict=True):
        reads = "Index Scan" in step or "Index Only Scan" in step or "Bitmap Index Scan" in step
        # The place of the last fact is at the end of its index; in those of dead and of lost messages are no others.
        whole = any(of in step for of in ("Backward using audit_pkey", "using outbox_dead", "using outbox_lost"))
        if reads and "Index Cond" not in following and not whole:
            wrong.append(step)
    return wrong


def test_every_statement_is_answered_from_an_index(plans: dict[str, tuple[str, ...]]) -> None:
    assert len(plans) > 40
    assert {} == {statement: wrong for statement, plan in plans.items() if (wrong := looked_through(plan))}


def test_nothing_is_sorted_but_what_a_worker_takes(plans: dict[str, tuple[str, ...]]) -> None:
    """At most ``limit`` messages of each channel."""
    sorted_ = [statement for statement, plan in plans.items() if any("Sort" in step for step in plan)]
    assert [True] * len(sorted_) == [statement.startswith("WITH free") for statement in sorted_]


@pytest.mark.parametrize("index", ["journeys_due", "outbox_waiting", "audit_chains", "journeys_of_account"])
def test_a_lost_index_is_seen(url: str, index: str, request: pytest.FixtureRequest) -> None:
    """So that this can fail."""
    executed(url, f"DROP INDEX {index}")
    plans = request.getfixturevalue("plans")
    assert any(looked_through(plan) for plan in plans.values())
