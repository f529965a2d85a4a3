"""One load: a server, hosts and workers, people and faults, and what came of it."""

import asyncio
import shutil
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Final, final

from attrs import frozen

from tests.crash.inquest import Violation

from .cluster import Cluster
from .faults import Faults
from .judgement import judged, waiting
from .people import Diary, Person
from .post import Office
from .town import Town
from .world import LEASE, Place, settle

__all__ = ["Loaded", "Size", "loaded"]

_ACCOUNTS: Final = 6
"""Accounts of each person: as many passwords as one can forget in a minute."""

_DRAINING: Final = 90.0
_LOOK: Final = 0.3


@final
@frozen(kw_only=True)
class Size:
    """How much is asked of it.

    Attributes:
        hosts: host processes.
        workers: relay workers.
        people: at once.
        seconds: for how long new stories begin.
        pause: seconds between two faults; 0 for none at all.
        restarts: how often the server is restarted.
    """

    hosts: int
    workers: int
    people: int
    seconds: float
    pause: float
    restarts: int


@final
@frozen
class Loaded:
    """What came of it.

    Attributes:
        people: who came.
        events: calls that were answered.
        again: calls that were made again.
        messages: that arrived, each once.
        repeated: that arrived more than once, under the same key.
        kills: processes that were killed.
        cut: connections that were cut.
        restarts: of the server.
        seconds: how long people were served.
        ended: how many journeys came to which state.
        log: bytes that the server wrote to its log of changes (WAL).
        violations: what must never be, and was.
    """

    people: int
    events: int
    again: int
    messages: int
    repeated: int
    kills: int
    cut: int
    restarts: int
    seconds: float
    ended: Counter[str]
    log: int
    violations: tuple[Violation, ...]

    @property
    def throughput(self) -> float:
        """Events a second."""
        return self.events / self.seconds

    @property
    def log_of_each(self) -> float:
        """Kilobytes of WAL for an event, with the messages that it promised and their delivery."""
        return self.log / self.events / 1_024

    def __str__(self) -> str:
        ended = ", ".join(f"{number} {state}" for state, number in self.ended.most_common())
        found = Counter(each.check for each in self.violations)
        return "\n".join(
            (
                *(str(each) for each in self.violations[:20]),
                f"people {self.people}, events {self.events} ({self.again} calls made again), journeys: {ended}",
                f"messages {self.messages}, {self.repeated} of them again under the same key",
                f"kills {self.kills}, connections cut {self.cut}, restarts of the server {self.restarts}",
                (
                    f"throughput {self.throughput:.0f} events/s over {self.seconds:.0f} s,"
                    f" with {self.log_of_each:.1f} kB of WAL each"
                ),
                f"violations {len(self.violations)}" + (f": {dict(found)}" if found else ""),
            )
        )


def loaded(server: Cluster, size: Size, bug: str = "") -> Loaded:
    """Load it, and judge.

    Args:
        server: empty.
        size: how much.
        bug: the name of a bug that is planted into every process.
    """
    folder = Path(tempfile.mkdtemp(prefix="load-"))
    try:
        return asyncio.run(_loaded(server, size, Place(folder, server.url, bug)))
    finally:
        shutil.rmtree(folder)


async def _loaded(server: Cluster, size: Size, place: Place) -> Loaded:
    office, diary = Office(), Diary()
    accounts = size.people * _ACCOUNTS
    settle(place.folder, accounts)
    post = await office.open(place.folder)
    town = Town(place, size.hosts, size.workers)
    faults = Faults(town, server, size.pause)
    try:
        await town.open()
        began = time.monotonic()
        await _lived(town, office, diary, faults, size)
        seconds = time.monotonic() - began
        late = await _drained(server.url)
        log = await asyncio.to_thread(server.logged)
    finally:
        await town.close()
        post.close()
    violations = [Violation("message", f"{late} messages or effects are still to be done")] if late else []
    violations += judged(place, accounts, diary, office)
    return Loaded(
        people=diary.begun,
        events=diary.events,
        again=diary.again,
        messages=len(office.arrived),
        repeated=sum(len(each) > 1 for each in office.arrived.values()),
        kills=town.kills,
        cut=faults.cut,
        restarts=faults.restarts,
        seconds=seconds,
        ended=Counter({state.value: number for state, number in diary.ended.items()}),
        log=log,
        violations=tuple(violations),
    )


async def _lived(town: Town, office: Office, diary: Diary, faults: Faults, size: Size) -> None:
    stop = asyncio.Event()
    keeping = asyncio.create_task(town.keep())
    raging = asyncio.create_task(faults.rage()) if size.pause else None
    people = [
        asyncio.create_task(
            Person(number, range(number * _ACCOUNTS, (number + 1) * _ACCOUNTS), town, office, diary).live(stop)
        )
        for number in range(size.people)
    ]
    for _ in range(size.restarts):
        await asyncio.sleep(size.seconds / (size.restarts + 1))
        await faults.restart()
    await asyncio.sleep(size.seconds / (size.restarts + 1))
    stop.set()
    if raging is not None:
        await _ended(raging)
    await asyncio.gather(*people)
    await _ended(keeping)


async def _ended(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def _drained(url: str) -> int:
    """Wait until nothing is due any more, for longer than a dead worker keeps anything; what is left."""
    give_up = time.monotonic() + max(_DRAINING, 3 * LEASE.total_seconds())
    left = await asyncio.to_thread(waiting, url)
    while left and time.monotonic() < give_up:
        await asyncio.sleep(_LOOK)
        left = await asyncio.to_thread(waiting, url)
    return left
