"""A relay worker in a process of its own, that delivers until somebody kills it."""

import asyncio
from typing import TYPE_CHECKING, Any

from msa_recovery.application import relay
from msa_recovery.application.async_relay_loop import AsyncRelay
from msa_recovery.domain.account import Channel

from .host import die_with, recovery_at
from .planted import plant
from .post import Poster
from .world import LEASE, Place

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

__all__ = ["work"]


def work(place: Place, lifeline: "Connection[Any, Any]") -> None:
    """Deliver, and apply what a crash left open, until the end."""
    relay._LEASE = LEASE  # type: ignore[misc]  # pyright: ignore[reportConstantRedefinition]
    if place.bug:
        plant(place.bug)
    asyncio.run(_work(place, lifeline))


async def _work(place: Place, lifeline: "Connection[Any, Any]") -> None:
    die_with(lifeline)
    await AsyncRelay(recovery_at(place, dict.fromkeys(Channel, Poster(place.folder)))).run()
