"""A whole journey through the drivers, on the memory store: what the shell costs, hashing aside.

A journey is the seven events of a recovery by SMS, from ``begin`` to the confirmed contact details, and the runs of the
relay that deliver its messages. Everything but the hash of the password is real. Each account begins one journey a
month, so that no cap is met.
"""

import asyncio
from collections.abc import Callable, Generator, Iterator
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any, Final, TypedDict, final

from msa_recovery import (
    AsyncRecovery,
    Caller,
    Channel,
    ChooseChannel,
    ChoosePassword,
    ConfirmContacts,
    Identify,
    Origin,
    Recovery,
    Reply,
    Secret,
    SignIn,
    State,
    SubmitCode,
    compose,
    compose_async,
)
from msa_recovery.adapters.clocks import ManualClock
from msa_recovery.adapters.keyring import Keys
from msa_recovery.adapters.memory_store import MemoryStore
from msa_recovery.adapters.meter import ZxcvbnMeter
from msa_recovery.application.messages import Delivered, Delivery, Message
from msa_recovery.application.records import MessageId
from msa_recovery.sample import sample_directory

from .report import Line, pairwise

__all__ = ["lines"]

_ROUNDS: Final = 25
_JOURNEYS: Final = 8
_EVENTS: Final = 7
_MONTH: Final = timedelta(days=31)
_START: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_IDENTIFIER: Final = "2 84 03 33 900 001 47"
_CALLER: Final = Caller(origin=Origin("203.0.113.7"))


def lines() -> Iterator[Line]:
    """Measure the ways to drive a journey in turns."""
    meter = ZxcvbnMeter()
    meter.prepare()
    keys = Keys.generate()
    called: list[float] = []
    awaited: list[float] = []
    threaded: list[float] = []
    for _ in range(_ROUNDS):
        called.append(_called(_World(meter, keys)))
        awaited.append(asyncio.run(_awaited(_World(meter, keys, awaitable=True))))
        threaded.append(asyncio.run(_awaited(_World(meter, keys))))
    what = "journey, memory store, hashing aside"
    yield Line.median_of(f"{what}: Recovery", called, "ms")
    yield Line.median_of(f"{what}: Recovery", [_EVENTS * 1_000 / each for each in called], "events/s")
    yield Line.median_of(f"{what}: AsyncRecovery, async ports / Recovery", pairwise(awaited, called), "times")
    yield Line.median_of(f"{what}: AsyncRecovery, sync ports / Recovery", pairwise(threaded, called), "times")


@final
class _NoHashing:
    """A hasher that keeps passwords as they are: never for people."""

    def hash(self, password: Secret) -> str:
        return password.reveal()

    def verify(self, hashed: str, password: Secret) -> bool:
        return Secret(hashed) == password

    def verify_nothing(self, password: Secret) -> None:
        self.verify("", password)

    def needs_rehash(self, hashed: str) -> bool:
        return not hashed


@final
class _Phone:
    """Shows the last secret that came, by whatever channel."""

    def __init__(self) -> None:
        self.secret = Secret("")

    def deliver(self, message: Message, _: MessageId) -> Delivery:
        self.secret = message.secret or self.secret
        return Delivered()


class _Plugs(TypedDict):
    accounts: Any
    keys: Keys
    store: Any
    messengers: dict[Channel, Any]
    meter: Any
    clock: ManualClock


@final
class _World:
    """A host with the sample accounts and an empty store; its ports are async where that is asked for."""

    def __init__(self, meter: ZxcvbnMeter, keys: Keys, *, awaitable: bool = False) -> None:
        port: Callable[[Any], Any] = _Awaitable if awaitable else lambda port: port
        self.clock = ManualClock(_START)
        self.phone = _Phone()
        self.plugs = _Plugs(
            accounts=port(sample_directory(self.clock, _NoHashing())),
            keys=keys,
            store=port(MemoryStore()),
            messengers=dict.fromkeys(Channel, port(self.phone)),
            meter=port(meter),
            clock=self.clock,
        )


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


def _journey(recovery: Recovery | AsyncRecovery, phone: _Phone, number: int) -> Generator[Any, Any, None]:
    """One journey: it yields what each call returned, and is sent the answer."""
    password = f"Brouette-{number}-bleue"
    reply: Reply = yield recovery.begin(_CALLER)
    reply = yield recovery.send(reply.handle, Identify(_IDENTIFIER), _CALLER)
    reply = yield recovery.send(reply.handle, ChooseChannel("sms"), _CALLER)
    yield recovery.relay()
    reply = yield recovery.send(reply.handle, SubmitCode(phone.secret.reveal()), _CALLER)
    yield recovery.relay()
    reply = yield recovery.send(reply.handle, SignIn(phone.secret.reveal()), _CALLER)
    reply = yield recovery.send(reply.handle, ChoosePassword(password, password), _CALLER)
    reply = yield recovery.send(reply.handle, ConfirmContacts(), _CALLER)
    yield recovery.relay()
    if reply.view.state is not State.COMPLETED:
        raise AssertionError(f"the journey came to {reply.view.state}: {reply.view.problem}")


def _called(world: _World) -> float:
    """Milliseconds a journey, each call made."""
    recovery = compose(**world.plugs)
    start = perf_counter()
    for number in range(_JOURNEYS):
        journey = _journey(recovery, world.phone, number)
        answer = next(journey)
        try:
            while True:
                answer = journey.send(answer)
        except StopIteration:
            world.clock.advance(_MONTH)
    return (perf_counter() - start) * 1_000 / _JOURNEYS


async def _awaited(world: _World) -> float:
    """Milliseconds a journey, each call awaited."""
    recovery = compose_async(**world.plugs)
    start = perf_counter()
    for number in range(_JOURNEYS):
        journey = _journey(recovery, world.phone, number)
        call = next(journey)
        try:
            while True:
                call = journey.send(await call)
        except StopIteration:
            world.clock.advance(_MONTH)
    return (perf_counter() - start) * 1_000 / _JOURNEYS
