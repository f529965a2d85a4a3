"""The hosts and relay workers as people and faults see them: who lives, how to reach one, and how one dies."""

import asyncio
import multiprocessing
import random
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, Any, Final, final

from .frames import read, write
from .host import serve
from .worker import work
from .world import Place

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from tests.crash.wire import Answer

__all__ = ["Lost", "Town"]

_METHODS: Final = multiprocessing.get_context("forkserver")
_PAUSE: Final = 0.05


class Lost(Exception):
    """The host was gone before it answered."""


@final
class _Line:
    """The line to one host, for many calls at once."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._asked: dict[int, asyncio.Future[Answer]] = {}
        self._names = 0
        self.open = True
        self._hears = asyncio.create_task(self._answers(reader))

    async def ask(self, method: str, arguments: tuple[Any, ...]) -> Any:
        if not self.open or self._writer.is_closing():
            raise Lost
        self._names += 1
        answer = self._asked[self._names] = asyncio.get_running_loop().create_future()
        write(self._writer, (self._names, method, arguments))
        return (await answer).given()

    async def _answers(self, reader: asyncio.StreamReader) -> None:
        try:
            while True:
                name, answer = await read(reader)
                self._asked.pop(name).set_result(answer)
        except (OSError, asyncio.IncompleteReadError):
            self.open = False
            self._writer.close()
            for each in self._asked.values():
                each.set_exception(Lost())


@final
class Town:
    """So many hosts and relay workers, each in a process of its own.

    Args:
        place: what each is started with.
        hosts: how many hosts.
        workers: how many relay workers.

    Attributes:
        kills: how many of them were killed.
    """

    def __init__(self, place: Place, hosts: int, workers: int) -> None:
        self._place = place
        self._ours, self._theirs = _METHODS.Pipe()
        self._hosts: list[BaseProcess | None] = [None] * hosts
        self._workers: list[BaseProcess | None] = [None] * workers
        self._lines: dict[int, _Line] = {}
        self._chance = random.Random(1)
        self.kills = 0

    async def open(self) -> None:
        """Start everybody, and wait until each host answers."""
        _METHODS.set_forkserver_preload(["tests.load.worker"])
        for number in range(len(self._hosts)):
            self._start_host(number)
        for number in range(len(self._workers)):
            self._start_worker(number)
        while len(self._lines) < len(self._hosts):
            await self._connect()
            await asyncio.sleep(_PAUSE)

    async def ask(self, method: str, *arguments: Any) -> Any:
        """Make a call at some host that lives.

        Raises:
            Lost: it died before it answered; whether it did what it was asked is not known.
        """
        while not self._lines:
            await asyncio.sleep(_PAUSE)
            await self._connect()
        number = self._chance.choice(list(self._lines))
        try:
            return await self._lines[number].ask(method, arguments)
        except Lost:
            if number in self._lines and not self._lines[number].open:
                del self._lines[number]
            raise

    async def keep(self) -> None:
        """Reach for hosts that came back, again and again."""
        while True:
            await asyncio.sleep(_PAUSE)
            await self._connect()

    async def kill(self) -> None:
        """Somebody is killed, and another one started in his place."""
        number = self._chance.randrange(len(self._hosts) + len(self._workers))
        of_hosts = number < len(self._hosts)
        group: list[BaseProcess | None] = self._hosts if of_hosts else self._workers
        place = number if of_hosts else number - len(self._hosts)
        await _killed(group[place])
        self.kills += 1
        if of_hosts:
            self._start_host(place)
        else:
            self._start_worker(place)

    async def close(self) -> None:
        """Everybody is killed."""
        for process in (*self._hosts, *self._workers):
            await _killed(process)
        for end in (self._ours, self._theirs):
            end.close()

    async def _connect(self) -> None:
        for number in range(len(self._hosts)):
            if number in self._lines and self._lines[number].open:
                continue
            try:
                reader, writer = await asyncio.open_unix_connection(self._place.folder / f"host-{number}.sock")
            except OSError:
                continue
            self._lines[number] = _Line(reader, writer)

    def _start_host(self, number: int) -> None:
        self._hosts[number] = self._started(serve, self._place, number, self._theirs)

    def _start_worker(self, number: int) -> None:
        self._workers[number] = self._started(work, self._place, self._theirs)

    def _started(self, what: Callable[..., None], *arguments: "Place | int | Connection[Any, Any]") -> BaseProcess:
        process = _METHODS.Process(target=what, args=arguments, daemon=True)
        process.start()
        return process


async def _killed(process: BaseProcess | None) -> None:
    if process is not None:
        process.kill()
        await asyncio.to_thread(process.join)
