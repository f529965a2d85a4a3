"""How the contract of a store is held against one: what all its clauses use."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import pytest

from msa_recovery.application.async_ports import AsyncStore
from msa_recovery.application.ports import Store
from msa_recovery.application.records import AuditRow, Change, OutboxRow
from msa_recovery.domain.account import Channel

from .examples import LATER, MINUTE
from .port import PortContract

__all__ = ["ALL", "StoreClauses"]

ALL: Final = 1_000
"""A limit that no test reaches."""


class StoreClauses(PortContract):
    """What the clauses about a store have in common."""

    @pytest.fixture
    def store(self) -> Store | AsyncStore:
        """An empty store."""
        raise NotImplementedError("override the fixture `store`")

    def audit(self, store: Store) -> Sequence[AuditRow]:
        """Every fact that the store keeps, oldest first, read as an auditor reads them: the port itself only writes."""
        raise NotImplementedError("override the method `audit`")

    def claimed(
        self, store: Store, now: datetime = LATER, limit: int = ALL, channels: frozenset[Channel] = frozenset(Channel)
    ) -> tuple[OutboxRow, ...]:
        """What a worker gets that has a message to itself for two minutes."""
        return self.call(store.claim, now, now + 2 * MINUTE, limit, channels)

    def purged(self, store: Store, finished_before: datetime, limit: int = ALL) -> int:
        """Delete journeys that finished before that moment; how many."""
        ended = self.call(store.ended, finished_before, limit)
        self.must(store, Change(purged=ended))
        return len(ended)

    def must(self, store: Store, *changes: Change) -> None:
        """Commit changes that nothing stands against."""
        for change in changes:
            assert self.call(store.commit, change)
