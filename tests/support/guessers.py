"""Many people who guess at once, threads or processes, and somebody outside the library who sees what was compared."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from multiprocessing import get_context
from threading import Barrier, local
from typing import Any, Final, final

from attrs import frozen

from msa_recovery.application.errors import EventNotAccepted, InfrastructureError, JourneyFinished
from msa_recovery.domain.inputs import texts_of
from msa_recovery.testing.tapped import Call, through

from .elsewhere import in_child
from .hosts import Asked
from .house import House

__all__ = ["Compared", "Listener", "by_processes", "by_threads"]

_EXPECTED: Final = (InfrastructureError, EventNotAccepted, JourneyFinished)
"""What a host is told where others were quicker: contended, or a file that was locked too long, or too late."""


@final
@frozen
class Compared:
    """One comparison with somebody's secret.

    Attributes:
        secret: with which: a digest, or the key of the account that the directory was asked about.
        guess: which call it was made for; a double submit (the same request id and text) is the same guess.
        origin: where that call came from.
        handle: under which journey it was made; empty at the door.
    """

    secret: object
    guess: object
    origin: object
    handle: str


@final
class Listener:
    """Writes down every comparison with one of these secrets, where it is made: a digest that is verified, an account
    that the directory is asked about. It knows nothing of what the library counts."""

    def __init__(self, house: House, secrets: frozenset[object], name: int = 0) -> None:
        self._secrets = secrets
        self._name = name
        self._call = local()
        self._numbers = count()
        self.compared: list[Compared] = []
        self.surprises: list[Exception] = []
        house.tap = self._listen

    def _listen(self, call: Call, go: Callable[[], Any]) -> Any:
        secret: object = None
        match str(call):
            case "vault.verify":
                secret = call.arguments[1]
            case "accounts.proofs" | "accounts.password_matches":
                secret = call.arguments[0]
            case _:
                return go()
        if secret in self._secrets:
            self.compared.append(Compared(secret, *self._call.now))
        return go()

    def make(self, house: House, asked: Asked) -> None:
        """One call, known to be this one while it runs."""
        name, (whose, typed, caller) = asked
        handle = "" if isinstance(whose, str) else whose.reveal()
        texts = (typed,) if isinstance(typed, str) else texts_of(typed)
        number = (self._name, next(self._numbers))
        guess = number if caller.request_id is None else (caller.request_id, name, handle or whose, *texts)
        self._call.now = (guess, caller.origin, handle)
        try:
            getattr(house.host, name)(whose, typed, caller)
        except _EXPECTED:
            pass
        except Exception as error:  # noqa: BLE001 - told to the test
            self.surprises.append(error)


def by_threads(house: House, secrets: frozenset[object], calls: Sequence[Asked]) -> list[Compared]:
    """What was compared when a thread each makes these calls at once."""
    listener, start = Listener(house, secrets), Barrier(len(calls))

    def guesser(asked: Asked) -> None:
        start.wait(60)
        listener.make(house, asked)

    with ThreadPoolExecutor(len(calls)) as pool:
        list(pool.map(guesser, calls))
    house.tap = through
    assert [] == listener.surprises
    return listener.compared


def by_processes(house: House, secrets: frozenset[object], calls: Sequence[Asked], processes: int) -> list[Compared]:
    """What was compared when so many hosts, a process each, take their share of these calls at once, two at a time."""
    start = get_context("fork").Barrier(processes)

    def host(number: int) -> list[Compared]:
        def work() -> list[Compared]:
            # Another host of the same keys and file, which draws other numbers.
            there = House(seed=7_000 + number, store=house.store)
            there.clock.set(house.clock.now())
            listener = Listener(there, secrets, number)
            start.wait(60)
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(lambda asked: listener.make(there, asked), calls[number::processes]))
            assert [] == listener.surprises
            return listener.compared

        return in_child(work)

    with ThreadPoolExecutor(processes) as pool:
        return [one for found in pool.map(host, range(processes)) for one in found]
