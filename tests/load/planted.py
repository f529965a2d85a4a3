"""Bugs that are planted into hosts and workers, to see that a load finds them. Each is what somebody might well write.

The stories that survive (``tests/crash``) look for many more, but with one host at a time: there nobody else writes.
"""

import asyncio
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from attrs import evolve

from msa_recovery.adapters import postgres_parts, postgres_write
from msa_recovery.adapters.postgres_async_store import AsyncPostgresStore
from msa_recovery.adapters.postgres_parts import Part
from msa_recovery.adapters.sql_steps import Statement
from msa_recovery.application.records import Change
from tests.crash import planted as of_one_host

__all__ = ["BUGS", "plant"]

_SLOW: Final = 1.5
_KEYS: Final = "a message has another key at every try"


def plant(name: str) -> None:
    """Plant a bug into this process, which does not live long."""
    BUGS[name]()


def _versions_are_not_compared() -> None:
    in_one = postgres_parts.in_one

    def whatever_they_are(parts: tuple[Part, ...]) -> Statement:
        # As many values as before.
        return in_one(
            tuple(
                evolve(part, texts=tuple(text.replace("version = ? ", "?::bigint > 0 ") for text in part.texts))
                for part in parts
            )
        )

    setattr(postgres_write, "in_one", whatever_they_are)  # noqa: B010 - whatever its type


def _messages_are_promised_in_a_statement_of_their_own() -> None:
    commit = AsyncPostgresStore.commit

    async def commits_twice(store: AsyncPostgresStore, change: Change) -> bool:
        if not change.outbox or change.journey is None:
            return await commit(store, change)
        first = await commit(store, evolve(change, outbox=()))
        # As across a slow network.
        await asyncio.sleep(_SLOW)
        return first and await commit(store, Change(outbox=change.outbox))

    setattr(AsyncPostgresStore, "commit", commits_twice)  # noqa: B010 - whatever its type


BUGS: Final[Mapping[str, Callable[[], None]]] = MappingProxyType(
    {
        "versions are not compared": _versions_are_not_compared,
        "messages are promised in a statement of their own": _messages_are_promised_in_a_statement_of_their_own,
        _KEYS: of_one_host.BUGS[_KEYS],
    }
)
"""By what they do wrong."""
