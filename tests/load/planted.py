"""Bugs that are planted into hosts and workers, to see that a load finds them. Each is what somebody might well write.

Those of one process alone are looked for by the stories that survive (``tests/crash``): these need several machines.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from attrs import evolve

from msa_recovery.adapters import postgres_write
from msa_recovery.adapters.codec import Codec
from msa_recovery.adapters.postgres_async_store import AsyncPostgresStore
from msa_recovery.adapters.postgres_parts import Part
from msa_recovery.application import relay
from msa_recovery.application.records import Change, StoredLedger

__all__ = ["BUGS", "plant"]


def plant(name: str) -> None:
    """Plant a bug into this process, which does not live long."""
    BUGS[name]()


def _the_version_of_a_ledger_is_not_compared() -> None:
    kept = postgres_write._kept

    def whatever_it_is(stored: StoredLedger, codec: Codec) -> Part:
        part = kept(stored, codec)
        first, second = part.texts
        # As many values as before.
        return Part((first.replace("AND version = ?", "AND ?::bigint IS NOT NULL"), second), part.values, None)

    postgres_write._kept = whatever_it_is


def _messages_are_promised_in_a_statement_of_their_own() -> None:
    commit = AsyncPostgresStore.commit

    async def commits_twice(store: AsyncPostgresStore, change: Change) -> bool:
        if not change.outbox or change.journey is None:
            return await commit(store, change)
        return await commit(store, evolve(change, outbox=())) and await commit(store, Change(outbox=change.outbox))

    setattr(AsyncPostgresStore, "commit", commits_twice)  # noqa: B010 - whatever its type


def _a_message_is_forgotten_by_a_worker_that_died() -> None:
    setattr(relay, "_LEASE", relay._LEASE * 100_000)  # noqa: B010 - it is a constant


BUGS: Final[Mapping[str, Callable[[], None]]] = MappingProxyType(
    {
        "the version of a ledger is not compared": _the_version_of_a_ledger_is_not_compared,
        "messages are promised in a statement of their own": _messages_are_promised_in_a_statement_of_their_own,
        "a message is forgotten by a worker that died": _a_message_is_forgotten_by_a_worker_that_died,
    }
)
"""By what they do wrong."""
