"""What a store must keep to: the clauses about commits and those about batches, as one suite."""

from .store_batches import StoreBatches
from .store_commits import StoreCommits

__all__ = ["StoreContract"]


class StoreContract(StoreCommits, StoreBatches):
    """Override the fixture ``store``, with an empty one for each test, and the method ``audit``."""
