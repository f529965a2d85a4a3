"""The shipped stores keep the contract of a store (R40)."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import cast

import pytest

from msa_recovery.adapters.memory_store import MemoryStore
from msa_recovery.adapters.postgres_async_store import AsyncPostgresStore
from msa_recovery.adapters.postgres_store import PostgresStore
from msa_recovery.adapters.sqlite_store import SqliteStore
from msa_recovery.application.ports import Store
from msa_recovery.application.records import AuditRow
from msa_recovery.domain.account import Pseudonym
from msa_recovery.testing.async_ports import AsyncStoreOf
from msa_recovery.testing.contracts import StoreContract
from tests.support.postgres import fresh as fresh_schema
from tests.support.sqlite import Spread, fresh


class Audited(StoreContract):
    """A store that gives its own audit, in one process or several."""

    def audit(self, store: Store) -> Sequence[AuditRow]:
        return list(cast(MemoryStore | SqliteStore | PostgresStore | Spread, store).audit())


class AuditedWithin(Audited):
    """An awaited store made of one that is called."""

    def audit(self, store: Store) -> Sequence[AuditRow]:
        return super().audit(cast(AsyncStoreOf, store).of)


def of_each(opened: Callable[[], Store]) -> Iterator[Spread]:
    """Each process opens the store for itself, and every call is made by the next one."""
    store = Spread(opened, sides=2)
    yield store
    store.end()


def forked(opened: SqliteStore | PostgresStore) -> Iterator[Spread]:
    """One store, opened and used before the forks, in each of the children."""
    opened.ledger(Pseudonym("before the fork"))
    store = Spread(lambda: opened, sides=2)
    opened.ledger(Pseudonym("after the fork"))
    yield store
    store.end()
    opened.close()


class TestMemoryStore(Audited):
    @pytest.fixture
    def store(self) -> MemoryStore:
        return MemoryStore()


class TestAwaitedMemoryStore(AuditedWithin):
    @pytest.fixture
    def store(self) -> AsyncStoreOf:
        return AsyncStoreOf(MemoryStore())


class TestSqliteStore(Audited):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[SqliteStore]:
        store = SqliteStore(tmp_path / "recovery.sqlite")
        yield store
        store.close()


class TestAwaitedSqliteStore(AuditedWithin):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[AsyncStoreOf]:
        store = SqliteStore(tmp_path / "recovery.sqlite")
        yield AsyncStoreOf(store)
        store.close()


class TestSqliteStoreOfSeveralProcesses(Audited):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[Spread]:
        path = fresh(tmp_path / "recovery.sqlite")
        yield from of_each(lambda: SqliteStore(path))


class TestSqliteStoreAfterAFork(Audited):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[Spread]:
        yield from forked(SqliteStore(fresh(tmp_path / "recovery.sqlite")))


class TestPostgresStore(Audited):
    @pytest.fixture
    def store(self) -> Iterator[PostgresStore]:
        with fresh_schema() as url:
            store = PostgresStore(url)
            yield store
            store.close()


class TestAsyncPostgresStore(StoreContract):
    @pytest.fixture
    def store(self) -> Iterator[AsyncPostgresStore]:
        with fresh_schema() as self._url:
            store = AsyncPostgresStore(self._url)
            yield store
            self._runner.run(store.aclose())

    def audit(self, store: Store) -> Sequence[AuditRow]:
        auditor = PostgresStore(self._url)
        try:
            return list(auditor.audit())
        finally:
            auditor.close()


class TestPostgresStoreOfSeveralProcesses(Audited):
    @pytest.fixture
    def store(self) -> Iterator[Spread]:
        with fresh_schema() as url:
            yield from of_each(lambda: PostgresStore(url))


class TestPostgresStoreAfterAFork(Audited):
    @pytest.fixture
    def store(self) -> Iterator[Spread]:
        with fresh_schema() as url:
            yield from forked(PostgresStore(url))
