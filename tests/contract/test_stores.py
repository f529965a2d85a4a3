"""The shipped stores keep the contract of a store (R40)."""

from collections.abc import Iterator, Sequence
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


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def store(self) -> MemoryStore:
        return MemoryStore()

    def audit(self, store: Store) -> Sequence[AuditRow]:
        return cast(MemoryStore, store).audit()


class TestAwaitedMemoryStore(StoreContract):
    @pytest.fixture
    def store(self) -> AsyncStoreOf:
        return AsyncStoreOf(MemoryStore())

    def audit(self, store: Store) -> Sequence[AuditRow]:
        return cast(MemoryStore, cast(AsyncStoreOf, store).of).audit()


class TestSqliteStore(StoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[SqliteStore]:
        store = SqliteStore(tmp_path / "recovery.sqlite")
        yield store
        store.close()

    def audit(self, store: Store) -> Sequence[AuditRow]:
        return list(cast(SqliteStore, store).audit())


class TestAwaitedSqliteStore(StoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[AsyncStoreOf]:
        store = SqliteStore(tmp_path / "recovery.sqlite")
        yield AsyncStoreOf(store)
        store.close()

    def audit(self, store: Store) -> Sequence[AuditRow]:
        return list(cast(SqliteStore, cast(AsyncStoreOf, store).of).audit())


class TestSqliteStoreOfSeveralProcesses(StoreContract):
    """Each process opens the file for itself, and every call is made by the next one."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[Spread]:
        path = fresh(tmp_path / "recovery.sqlite")
        store = Spread(lambda: SqliteStore(path), sides=2)
        yield store
        store.end()

    def audit(self, store: Store) -> Sequence[AuditRow]:
        return list(cast(Spread, store).audit())


class TestSqliteStoreAfterAFork(StoreContract):
    """One store, opened and used before the forks, in each of the children."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[Spread]:
        opened = SqliteStore(fresh(tmp_path / "recovery.sqlite"))
        opened.ledger(Pseudonym("before the fork"))
        store = Spread(lambda: opened, sides=2)
        opened.ledger(Pseudonym("after the fork"))
        yield store
        store.end()
        opened.close()

    def audit(self, store: Store) -> Sequence[AuditRow]:
        return list(cast(Spread, store).audit())


class TestPostgresStore(StoreContract):
    @pytest.fixture
    def store(self) -> Iterator[PostgresStore]:
        with fresh_schema() as url:
            store = PostgresStore(url)
            yield store
            store.close()

    def audit(self, store: Store) -> Sequence[AuditRow]:
        return list(cast(PostgresStore, store).audit())


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


class TestPostgresStoreOfSeveralProcesses(StoreContract):
    """Each process has connections of its own, and every call is made by the next one."""

    @pytest.fixture
    def store(self) -> Iterator[Spread]:
        with fresh_schema() as url:
            store = Spread(lambda: PostgresStore(url), sides=2)
            yield store
            store.end()

    def audit(self, store: Store) -> Sequence[AuditRow]:
        return list(cast(Spread, store).audit())


class TestPostgresStoreAfterAFork(StoreContract):
    """One store, opened and used before the forks, in each of the children."""

    @pytest.fixture
    def store(self) -> Iterator[Spread]:
        with fresh_schema() as url:
            opened = PostgresStore(url)
            opened.ledger(Pseudonym("before the fork"))
            store = Spread(lambda: opened, sides=2)
            opened.ledger(Pseudonym("after the fork"))
            yield store
            store.end()
            opened.close()

    def audit(self, store: Store) -> Sequence[AuditRow]:
        return list(cast(Spread, store).audit())
