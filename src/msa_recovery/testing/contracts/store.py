"""What a store must keep to: commits, batches, keys, the audit and what is forgotten, as one suite."""

from .store_audit import StoreAudit
from .store_batches import StoreBatches
from .store_commits import StoreCommits
from .store_forgetting import StoreForgetting
from .store_keys import StoreKeys

__all__ = ["StoreContract"]


class StoreContract(StoreCommits, StoreBatches, StoreKeys, StoreAudit, StoreForgetting):
    """Override the fixture ``store``, with an empty one for each test, and the method ``audit``."""
