"""A relay worker in a process of its own, that delivers until somebody kills it."""

import asyncio
from typing import TYPE_CHECKING, Any, Final

from msa_recovery.application import relay
from msa_recovery.domain.account import Channel

from .host import die_with, recovery_at
from .planted import plant
from .post import Poster
from .world import LEASE, Place

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

__all__ = ["work"]

_BATCH: Final = 50


def work(place: Place, lifeline: "Connection[Any, Any]") -> None:
    """Deliver, and apply what a crash left open, until the end."""
    relay._LEASE = LEASE  # type: ignore[misc]  # pyright: ignore[reportConstantRedefinition]
    if place.bug:
        plant(place.bug)
    asyncio.run(_work(place, lifeline))


async def _work(place: Place, lifeline: "Connection[Any, Any]") -> None:
    die_with(lifeline)
    recovery: Any = recovery_at(place, dict.fromkeys(Channel, Poster(place.folder)))
    while True:
        try:
            done = await recovery.relay(_BATCH)
        except Exception:  # noqa: BLE001 - the server may be down: it is asked again
            await asyncio.sleep(0.3)
        else:
            if not done.total:
                await asyncio.sleep(0.1)
