"""Every statement of the SQLite store is answered from an index, so that an event costs the same however much is kept.

SQLite says how it would answer (``EXPLAIN QUERY PLAN``). What a table holds makes no difference to that here, for the
store never collects statistics.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from attrs import evolve

from benchmarks.plans import Statements, heard, plans
from msa_recovery.adapters.sqlite_store import SqliteStore
from msa_recovery.application.erasing import erased
from msa_recovery.application.facts import AccountHead, Forgotten, Head
from msa_recovery.application.records import Change, OutboxState
from msa_recovery.application.sealed import headed
from msa_recovery.domain.account import Channel
from msa_recovery.domain.ledger import Ledger, TemporaryPassword
from msa_recovery.testing.contracts.examples import (
    ACCOUNT,
    LATER,
    MINUTE,
    NOW,
    OTHER_ACCOUNT,
    a_checkpoint,
    a_fact,
    a_full_journey,
    a_journey,
    a_ledger,
    a_message_row,
    an_intent,
)
from msa_recovery.testing.contracts.store_commits import EVERYTHING

_FOUND = ("SEARCH ",)
"""What a step of a plan begins with that looks up what it needs."""

_AROUND = ("COMPOUND QUERY", "LEFT-MOST SUBQUERY", "UNION ALL", "CORRELATED SCALAR SUBQUERY")
"""What only says how several steps belong together."""

_SEALED = headed("a key", b"what is sealed")


@pytest.fixture
def seen() -> Iterator[Statements]:
    with heard() as statements:
        yield statements


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "recovery.sqlite"


@pytest.fixture
def store(path: Path, seen: Statements) -> Iterator[SqliteStore]:
    store = SqliteStore(path)
    yield store
    store.close()


def everything_that_it_does(store: SqliteStore) -> set[str]:
    """Call every method, so that each of its statements is executed; the names of the methods."""
    first, second, third, fourth = (
        evolve(a_message_row(name, journey="first"), sealed=_SEALED) for name in ("first", "second", "third", "fourth")
    )
    nobodys = a_message_row("nobody's", journey="none")
    intents = tuple(evolve(an_intent(number), sealed=_SEALED) for number in (1, 2, 3))
    journeys = tuple(evolve(a_journey(name), account=_SEALED) for name in ("first", "second", "third"))
    letter = TemporaryPassword(_SEALED, Channel.LETTER, LATER)
    ledger = evolve(a_ledger(), ledger=Ledger(letter_password=letter))
    changes = (
        Change(journey=journeys[0], ledger=ledger, write_ledger=True, outbox=(first,), intents=intents),
        Change(journey=evolve(journeys[0], version=1), ledger=evolve(ledger, version=1), write_ledger=True),
        Change(
            journey=journeys[1], ledger=evolve(ledger, version=2), audit=(a_fact(),), outbox=(second, third, fourth)
        ),
        Change(outbox=(evolve(fourth, state=OutboxState.LOST, version=1),)),
        Change(outbox=(evolve(first, state=OutboxState.DEAD, version=1),), applied=intents[:1]),
        Change(resealed=(evolve(journeys[1], version=1), evolve(second, version=1), intents[1])),
        Change(journey=a_journey("over", finished_at=NOW)),
        Change(account_head=AccountHead(ACCOUNT, Head(1, b"mac"), 0), checkpoint=a_checkpoint()),
        Change(journey=a_full_journey(), ledger=a_ledger(OTHER_ACCOUNT), write_ledger=True, outbox=(nobodys,)),
        Change(outbox=(evolve(nobodys, state=OutboxState.DELIVERED, version=1),)),
        Change(account_head=AccountHead(OTHER_ACCOUNT, Head(1, b"mac"), 0)),
    )
    assert {True} == {store.commit(change) for change in changes}
    signer = "nobody's"
    called: dict[str, Iterable[object]] = {
        "audit": list(store.audit()),
        "dead_messages": store.dead_messages(2),
        "exists": (store.exists(),),
        "lost_messages": store.lost_messages(2),
        "finished": store.finished(2),
        "message": (store.message(first.id),),
        "messages_named": store.messages_named(first.id),
        "newest_messages": store.newest_messages(2),
        "under_way": store.under_way(2),
        "waiting_messages": store.waiting_messages(2),
        "claim": store.claim(LATER, LATER + MINUTE, 2, frozenset({Channel.SMS, Channel.EMAIL})),
        "commit": changes,
        "due": store.due(LATER + MINUTE, 2),
        "intents_to_reseal": store.intents_to_reseal(signer, store.intents_to_reseal(signer, None, 1)[0], 2),
        "journeys_to_reseal": store.journeys_to_reseal(signer, store.journeys_to_reseal(signer, None, 1)[0], 2),
        "keys_besides": store.keys_besides(signer, NOW),
        "ledger": store.ledger(ACCOUNT).open_intents,
        "load": (store.load(journeys[0].handle),),
        "messages_to_reseal": store.messages_to_reseal(signer, store.messages_to_reseal(signer, None, 1)[0], 2),
        "open_intents": store.open_intents(2),
        "ended": store.ended(LATER, 2),
        "facts_after": store.facts_after(0, 2),
        "idle": store.idle(LATER, 2),
        "last_checkpoint": (store.last_checkpoint(),),
        "trail": everything_verified(store),
    }
    called |= everything_forgotten(store)
    # What found nothing may not have come to all of its statements.
    assert [] == [name for name, found in called.items() if not any(found)]
    store.close()
    return {*called, "close"}


def everything_forgotten(store: SqliteStore) -> dict[str, Iterable[object]]:
    traces = store.traces(ACCOUNT, 2)
    left = tuple(erased(fact, "erasure") for fact in traces.facts)
    assert store.commit(
        Change(idle=store.idle(LATER, 2), discarded=traces.messages, erased=left, erased_through=(0, 1))
    )
    for intent in store.ledger(ACCOUNT).open_intents:
        assert store.commit(Change(applied=(intent,)))
    known = store.ledger(ACCOUNT)
    assert store.commit(Change(purged=traces.journeys))
    gone = Forgotten(ACCOUNT, known.version, known.head.count, "forgotten:erasure")
    assert store.commit(Change(purged=store.ended(LATER, 2), forgotten=(gone,)))
    return {"traces": traces.journeys and traces.messages and traces.facts, "erased_through": (store.erased_through(),)}


def everything_verified(store: SqliteStore) -> list[object]:
    with store.trail() as trail:
        return [*trail.by_chain(), *trail.in_order(), *trail.heads(), *trail.checkpoints()]


def grows(path: Path, seen: Statements) -> list[str]:
    """The steps of plans that look at more than what they find, each with its statement."""
    return [
        f"{step}: {statement}"
        for statement, steps in plans(path, seen)
        for step in steps
        if not step.startswith((*_FOUND, *_AROUND))
    ]


def test_every_statement_is_answered_from_an_index(store: SqliteStore, path: Path, seen: Statements) -> None:
    everything_that_it_does(store)
    assert [] == grows(path, seen)


def test_every_method_is_among_those_whose_statements_are_looked_at(store: SqliteStore) -> None:
    assert {name for name in dir(SqliteStore) if not name.startswith("_")} == everything_that_it_does(store)


@pytest.mark.parametrize(
    "index",
    [
        "journeys_due",
        "journeys_finished",
        "journeys_keys",
        "journeys_of_account",
        "ledgers_keys",
        "ledgers_idle",
        "outbox_waiting",
        "outbox_dead",
        "outbox_lost",
        "outbox_of_journey",
        "outbox_of_account",
        "outbox_keys",
        "intents_keys",
        "audit_chains",
        "audit_of_account",
    ],
)
def test_without_any_one_of_the_indexes_it_would_be_noticed(
    store: SqliteStore, path: Path, seen: Statements, index: str
) -> None:
    """So none is kept for nothing, and the test above sees what it must see."""
    everything_that_it_does(store)
    with sqlite3.connect(path) as connection:
        connection.execute(f"DROP INDEX {index}")
    connection.close()
    assert grows(path, seen)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT id FROM journeys WHERE version = 1",
        "SELECT snapshot FROM ledgers ORDER BY version",
        "SELECT DISTINCT channel FROM outbox WHERE journey = 'journey'",
        "DELETE FROM audit WHERE at < 1",
    ],
)
def test_a_statement_without_an_index_would_be_noticed(store: SqliteStore, path: Path, statement: str) -> None:
    store.commit(EVERYTHING)
    assert grows(path, {statement: ()})
