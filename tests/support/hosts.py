"""The two drivers behind one face, so that one suite tells whether they do the same."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, Protocol, TypeVar, final

from msa_recovery.application.async_recovery import AsyncRecovery
from msa_recovery.application.caller import Caller
from msa_recovery.application.facts import Checkpoint
from msa_recovery.application.recovery import Recovery
from msa_recovery.application.relay import Relayed
from msa_recovery.application.reply import Reply
from msa_recovery.application.rotation import Resealed
from msa_recovery.domain.account import AccountKey, Channel
from msa_recovery.domain.inputs import Input
from msa_recovery.domain.policy import Policy
from msa_recovery.domain.problem import Problem
from msa_recovery.domain.secret import Secret

_T = TypeVar("_T")

Asked = tuple[str, tuple[Any, ...]]
"""The name of a call of :class:`Host`, and what it is given."""


class Host(Protocol):
    """What a host calls, whichever driver answers."""

    @property
    def policy(self) -> Policy: ...
    def begin(self, caller: Caller) -> Reply: ...
    def send(self, handle: Secret, event: Input, caller: Caller) -> Reply: ...
    def resume(self, handle: Secret, caller: Caller) -> Reply: ...
    def sign_in(self, identifier: str, password: str, caller: Caller) -> Reply | Problem | None: ...
    def pending(self, account: AccountKey, caller: Caller) -> Reply | None: ...
    def begin_change(self, account: AccountKey, caller: Caller) -> Reply: ...
    def unblock(self, identifier: str, caller: Caller) -> Problem | None: ...
    def forget(self, identifier: str, caller: Caller) -> Problem | None: ...
    def relay(self, limit: int = ...) -> Relayed: ...
    def deliver(self, channel: Channel, limit: int = ...) -> Relayed: ...
    def apply_effects(self, limit: int = ...) -> Relayed: ...
    def retry_message(self, message: str) -> None: ...
    def drop_message(self, message: str) -> None: ...
    def lost_message(self, message: str) -> bool: ...
    def lapse_due(self, limit: int = ...) -> int: ...
    def purge(self, limit: int = ...) -> int: ...
    def checkpoint(self) -> Checkpoint: ...
    def start(self) -> None: ...
    def reseal(self) -> Resealed: ...
    def close(self) -> None: ...

    def together(self, calls: Sequence[Asked]) -> list[Any]:
        """What each call answers or raises, all made at the same time."""
        ...


def _outcome(call: Callable[[], _T]) -> _T | Exception:
    try:
        return call()
    except Exception as error:  # noqa: BLE001 - an outcome like any other
        return error


@final
class Called:
    """A host that calls; at the same time means by threads."""

    def __init__(self, recovery: Recovery) -> None:
        self._recovery = recovery

    def __getattr__(self, name: str) -> Any:
        return getattr(self._recovery, name)

    def together(self, calls: Sequence[Asked]) -> list[Any]:
        start = Barrier(len(calls))

        def make(asked: Asked) -> Any:
            name, arguments = asked
            start.wait()
            return _outcome(lambda: getattr(self._recovery, name)(*arguments))

        with ThreadPoolExecutor(len(calls)) as pool:
            return list(pool.map(make, calls))


@final
class Awaited:
    """A host that awaits; at the same time means by tasks of one loop."""

    def __init__(self, recovery: AsyncRecovery) -> None:
        self._recovery = recovery
        self._runner = asyncio.Runner()

    @property
    def policy(self) -> Policy:
        return self._recovery.policy

    def __getattr__(self, name: str) -> Any:
        method: Callable[..., Coroutine[Any, Any, Any]] = getattr(self._recovery, name)

        def call(*arguments: Any) -> Any:
            return self._runner.run(method(*arguments))

        return call

    def together(self, calls: Sequence[Asked]) -> list[Any]:
        async def all_of_them() -> list[Any]:
            made = (getattr(self._recovery, name)(*arguments) for name, arguments in calls)
            return await asyncio.gather(*made, return_exceptions=True)

        return self._runner.run(all_of_them())

    def close(self) -> None:
        self._runner.run(self._recovery.aclose())
        self._runner.close()
