"""A whole journey through the drivers, on each store: what the shell costs, hashing aside.

A journey is the seven events of a recovery by SMS, from ``begin`` to the confirmed contact details, and the runs of the
relay that deliver its messages. Everything but the hash of the password is real. Each account begins one journey a
month, so that no cap is met.
"""

import asyncio
from collections.abc import Callable, Generator, Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Final, final

from msa_recovery import (
    AsyncRecovery,
    ChooseChannel,
    ChoosePassword,
    ConfirmContacts,
    Identify,
    Recovery,
    Reply,
    SignIn,
    State,
    SubmitCode,
    compose,
    compose_async,
)
from msa_recovery.adapters.keyring import Keys
from msa_recovery.adapters.memory_store import MemoryStore
from msa_recovery.adapters.meter import ZxcvbnMeter
from msa_recovery.adapters.sqlite_store import SqliteStore

from .host import CALLER, IDENTIFIER, Host, Phone
from .report import Line, pairwise

__all__ = ["called", "grown", "lines"]

_ROUNDS: Final = 25
_JOURNEYS: Final = 8
_EVENTS: Final = 7
_MONTH: Final = timedelta(days=31)
_KEPT: Final = 1_000 * 4_096
"""Bytes of a log when SQLite begins to write it anew from its start."""


def lines() -> Iterator[Line]:
    """Measure the ways to drive a journey in turns."""
    meter = ZxcvbnMeter()
    meter.prepare()
    keys = Keys.generate()
    of_calls: list[float] = []
    of_awaits: list[float] = []
    of_threads: list[float] = []
    of_files: list[float] = []
    with TemporaryDirectory() as folder:
        path = Path(folder) / "journeys.sqlite"
        store = SqliteStore(path)
        store.open_intents(1)  # So that the tables are there.
        on_disk = Host(store, meter, keys)
        grown(path, lambda: called(on_disk))
        for _ in range(_ROUNDS):
            of_calls.append(called(Host(MemoryStore(), meter, keys)))
            of_awaits.append(asyncio.run(_awaited(Host(MemoryStore(), meter, keys, _Awaitable))))
            of_threads.append(asyncio.run(_awaited(Host(MemoryStore(), meter, keys))))
            of_files.append(called(on_disk))
        store.close()
    what = "journey, hashing aside"
    yield Line.median_of(f"{what}, memory: Recovery", of_calls, "ms")
    yield Line.median_of(f"{what}, memory: Recovery", [_EVENTS * 1_000 / each for each in of_calls], "events/s")
    yield Line.median_of(
        f"{what}, memory: AsyncRecovery, async ports / Recovery", pairwise(of_awaits, of_calls), "times"
    )
    yield Line.median_of(
        f"{what}, memory: AsyncRecovery, sync ports / Recovery", pairwise(of_threads, of_calls), "times"
    )
    yield Line.median_of(f"{what}, SQLite FULL: Recovery", of_files, "ms")
    yield Line.median_of(f"{what}, SQLite FULL: Recovery", [_EVENTS * 1_000 / each for each in of_files], "events/s")
    yield Line.median_of(f"{what}, SQLite FULL / memory", pairwise(of_files, of_calls), "times")


@final
class _Awaitable:
    """A port whose methods are awaited, and do at once what those of the sync one do."""

    def __init__(self, port: object) -> None:
        for name in dir(port):
            if not name.startswith("_") and callable(getattr(port, name)):
                setattr(self, name, _async(getattr(port, name)))


def _async(method: Callable[..., Any]) -> Callable[..., Any]:
    async def call(*arguments: object) -> Any:
        return method(*arguments)

    return call


def _journey(recovery: Recovery | AsyncRecovery, phone: Phone, number: int) -> Generator[Any, Any, None]:
    """One journey: it yields what each call returned, and is sent the answer."""
    password = f"Brouette-{number}-bleue"
    reply: Reply = yield recovery.begin(CALLER)
    reply = yield recovery.send(reply.handle, Identify(IDENTIFIER), CALLER)
    reply = yield recovery.send(reply.handle, ChooseChannel("sms"), CALLER)
    yield recovery.relay()
    reply = yield recovery.send(reply.handle, SubmitCode(phone.secret.reveal()), CALLER)
    yield recovery.relay()
    reply = yield recovery.send(reply.handle, SignIn(phone.secret.reveal()), CALLER)
    reply = yield recovery.send(reply.handle, ChoosePassword(password, password), CALLER)
    reply = yield recovery.send(reply.handle, ConfirmContacts(), CALLER)
    yield recovery.relay()
    if reply.view.state is not State.COMPLETED:
        raise AssertionError(f"the journey came to {reply.view.state}: {reply.view.problem}")


def grown(path: Path, use: Callable[[], object]) -> None:
    """Use a file until its log has the size that it keeps: a sync that makes a file longer takes several times as long
    as one that does not, and a service meets that for a few seconds of its life."""
    log = path.with_name(f"{path.name}-wal")
    while not log.exists() or log.stat().st_size < _KEPT:
        use()


def called(host: Host) -> float:
    """Milliseconds a journey, each call made."""
    recovery = compose(**host.plugs)
    start = perf_counter()
    for number in range(_JOURNEYS):
        journey = _journey(recovery, host.phone, number)
        answer = next(journey)
        try:
            while True:
                answer = journey.send(answer)
        except StopIteration:
            host.clock.advance(_MONTH)
    return (perf_counter() - start) * 1_000 / _JOURNEYS


async def _awaited(host: Host) -> float:
    """Milliseconds a journey, each call awaited."""
    recovery = compose_async(**host.plugs)
    start = perf_counter()
    for number in range(_JOURNEYS):
        journey = _journey(recovery, host.phone, number)
        call = next(journey)
        try:
            while True:
                call = journey.send(await call)
        except StopIteration:
            host.clock.advance(_MONTH)
    return (perf_counter() - start) * 1_000 / _JOURNEYS
