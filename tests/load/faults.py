"""What goes wrong while people are served: processes are killed, connections cut, and the server itself restarted."""

import asyncio
from random import Random
from typing import Any, Final, final

import psycopg

from .cluster import Cluster
from .town import Town

__all__ = ["Faults"]

_CUT: Final = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE application_name = 'msa-recovery' AND pid <> pg_backend_pid() ORDER BY random() LIMIT %s"
)


@final
class Faults:
    """Makes them happen, one after the other.

    Args:
        town: who is killed.
        server: whose connections are cut, and which is restarted.
        pause: seconds between two faults.

    Attributes:
        cut: how many connections were cut.
        restarts: how often the server was restarted, every other time as when the power fails.
    """

    def __init__(self, town: Town, server: Cluster, pause: float) -> None:
        self._town = town
        self._server = server
        self._pause = pause
        self._chance = Random(2)
        self.cut = 0
        self.restarts = 0

    async def rage(self) -> None:
        """Until it is cancelled."""
        while True:
            await asyncio.sleep(self._pause * self._chance.uniform(0.5, 1.5))
            await self._town.kill()
            await asyncio.to_thread(self._cut)

    async def restart(self) -> None:
        """The server ends with everything that is under way, and comes back."""
        await asyncio.to_thread(self._server.stop, at_once=self.restarts % 2 == 0)
        await asyncio.to_thread(self._server.start)
        self.restarts += 1

    def _cut(self) -> None:
        try:
            with psycopg.connect(self._server.url, autocommit=True) as connection:
                rows: list[tuple[Any, ...]] = connection.execute(_CUT, (self._chance.randint(1, 6),)).fetchall()
        except psycopg.Error:
            # The server is down as well.
            return
        self.cut += len(rows)
