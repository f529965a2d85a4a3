"""The relay over messengers that do nothing, on a file: how many messages a second, and how long one takes from the
commit that promises it until a messenger has it."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import SimpleQueue
from statistics import quantiles
from threading import Thread
from time import perf_counter, sleep
from typing import Final, final

from msa_recovery import Channel, Relay
from msa_recovery.adapters.clocks import SystemClock
from msa_recovery.adapters.keyring import Keys
from msa_recovery.adapters.memory_directory import MemoryDirectory
from msa_recovery.adapters.password_hashing import TESTS_ONLY, Argon2idHasher
from msa_recovery.adapters.sqlite_store import SqliteStore
from msa_recovery.adapters.vault import Vault
from msa_recovery.application.messages import Delivered, Delivery, Message
from msa_recovery.application.records import Change, MessageId
from msa_recovery.compose import compose
from msa_recovery.testing.contracts.examples import a_journey
from tests.support.promised import notice

from .report import Line

__all__ = ["lines"]

_MESSAGES: Final = 1_000
_ONE_BY_ONE: Final = 200
_BETWEEN: Final = 0.02
"""Seconds between two messages that are promised one by one."""


@final
class _Nothing:
    """Says when it was asked, and does nothing."""

    def __init__(self) -> None:
        self.asked: SimpleQueue[float] = SimpleQueue()

    def deliver(self, _: Message, __: MessageId) -> Delivery:
        self.asked.put(perf_counter())
        return Delivered()


def lines() -> Iterator[Line]:
    """Measure, and say how the relay does."""
    keys, messenger = Keys.generate(), _Nothing()
    vault, clock = Vault(keys), SystemClock()
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteStore(Path(folder) / "recovery.sqlite")
        accounts = MemoryDirectory((), Argon2idHasher(TESTS_ONLY), clock)

        def promised(number: int) -> None:
            name = f"{number:032}"
            row = notice(vault, clock.now(), name)
            if not store.commit(Change(journey=a_journey(name), outbox=(row,))):
                raise AssertionError("nothing else writes here")

        with compose(accounts=accounts, keys=keys, store=store, messengers={Channel.SMS: messenger}) as recovery:
            for number in range(_MESSAGES):
                promised(number)
            start = perf_counter()
            if Relay(recovery).drain().delivered != _MESSAGES:
                raise AssertionError("every message is delivered")
            passed = perf_counter() - start
            waits = {}
            for woken in (True, False):
                relay = Relay(recovery)
                waits[woken] = _one_by_one(relay, messenger, promised, woken=woken, first=_MESSAGES * (2 + woken))
    yield Line("messages that the relay hands to a messenger that does nothing", _MESSAGES / passed, "a second")
    yield from _judged(waits[True], "that is woken")
    yield from _judged(waits[False], "that looks by itself")


def _one_by_one(
    relay: Relay, messenger: _Nothing, promised: Callable[[int], None], *, woken: bool, first: int
) -> list[float]:
    """Milliseconds from the commit of each message until the messenger is asked, while a relay runs."""
    while not messenger.asked.empty():
        messenger.asked.get()
    thread = Thread(target=relay.run)
    thread.start()
    waits: list[float] = []
    try:
        for number in range(_ONE_BY_ONE):
            promised(first + number)
            committed = perf_counter()
            if woken:
                relay.wake()
            waits.append((messenger.asked.get(timeout=30) - committed) * 1_000)
            sleep(_BETWEEN)
    finally:
        relay.stop()
        thread.join()
    return waits


def _judged(waits: list[float], how: str) -> Iterator[Line]:
    yield Line.median_of(f"from commit to delivery, by a relay {how}: median", waits, "ms")
    yield Line(f"from commit to delivery, by a relay {how}: 99th percentile", quantiles(waits, n=100)[-1], "ms")
