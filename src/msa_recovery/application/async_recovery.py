"""The driver for hosts on asyncio or trio: it answers a script's questions by awaiting the ports."""

import inspect
from contextlib import AbstractAsyncContextManager, nullcontext
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar, cast, final

from attrs import frozen

from msa_recovery.domain.inputs import Input
from msa_recovery.domain.policy import Policy
from msa_recovery.domain.problem import Problem
from msa_recovery.domain.secret import Secret

from .caller import Caller
from .recovery import BATCH
from .reply import Reply

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from msa_recovery.domain.account import AccountKey, Channel
    from msa_recovery.domain.helpdesk import Helpdesk
    from msa_recovery.domain.passwords import Strength

    from .facts import AuditRow, Checkpoint
    from .questions import Ports, Question, Script
    from .recovery import Recovery
    from .relay import Relayed
    from .rotation import Resealed
    from .tokens import Tokens

__all__ = ["AsyncRecovery"]

_T = TypeVar("_T")

_AT_ONCE: Final = frozenset({"clock", "secrets"})
"""Ports that are asked wherever the script is: they take microseconds."""

_UNASKED: Final = object()


@final
@frozen(eq=False)
class _Leg:
    """How far a worker thread has brought a script.

    Attributes:
        question: what is up to the event loop; ``None`` where the script has ended.
        answer: of a question that was asked and whose answer is to be awaited, or told of; at the end, the script's.
    """

    question: "Question[Any] | None"
    answer: object = _UNASKED


@final
class AsyncRecovery(AbstractAsyncContextManager["AsyncRecovery"]):
    """The journey, for hosts on asyncio or trio: the methods of :class:`Recovery`, awaited. Made by ``compose_async``.

    A port's method may be async, or sync: then it is called in a worker thread, off the event loop, and so is what is
    asked after it, until something is async. Cancelled at any await, a call has done everything or nothing.
    """

    def __init__(self, ports: "Ports") -> None:
        # Imported here: whoever only names the class need not wait for charts to be compiled, nor for an event loop.
        import os

        from anyio import CapacityLimiter, fail_after
        from anyio.to_thread import run_sync

        from .calls import Calls, failure_of
        from .observing import Watch
        from .relay import PATIENCE

        self._ports = ports
        self._in_thread = run_sync
        # As many at once as there are processors: what computes for long keeps no other call from a thread.
        self._heavy = CapacityLimiter(os.cpu_count() or 1)
        self._fail_after = fail_after
        self._patience = PATIENCE.total_seconds()
        self._failure_of = failure_of
        self._watch = Watch(ports.observers)
        self._calls = Calls.of(ports)
        self._started = False

    @classmethod
    def of(cls, recovery: "Recovery") -> Self:
        """The same journeys on asyncio, over the ports of a :class:`Recovery`: pages beside a script that calls."""
        return cls(recovery._ports)  # noqa: SLF001 - the other driver of the same ports

    @property
    def policy(self) -> Policy:
        """The limits in force."""
        return self._ports.policy

    @property
    def channels(self) -> "frozenset[Channel]":
        """See :attr:`Recovery.channels`."""
        return self._calls.world.channels

    @property
    def helpdesk(self) -> "Helpdesk":
        """See :attr:`Recovery.helpdesk`."""
        return self._ports.helpdesk

    @property
    def tokens(self) -> "Tokens":
        """See :attr:`Recovery.tokens`."""
        from .tokens import Tokens

        return Tokens(self._ports.vault)

    async def start(self) -> None:
        """See :meth:`Recovery.start`."""
        await self._drive(self._calls.start())
        self._started = True

    async def begin(self, caller: Caller) -> Reply:
        """See :meth:`Recovery.begin`."""
        return await self._run(self._calls.begin(caller))

    async def send(self, handle: Secret, event: Input, caller: Caller) -> Reply:
        """See :meth:`Recovery.send`."""
        return await self._run(self._calls.send(handle, event, caller))

    async def resume(self, handle: Secret, caller: Caller) -> Reply:
        """See :meth:`Recovery.resume`."""
        return await self._run(self._calls.resume(handle, caller))

    async def sign_in(self, identifier: str, password: str, caller: Caller) -> Reply | Problem | None:
        """See :meth:`Recovery.sign_in`."""
        steps = self._calls.sign_in(identifier, password, caller)
        # From here on, no frame of this call shows them in a traceback.
        del identifier, password
        return await self._run(steps)

    async def pending(self, account: "AccountKey", caller: Caller) -> Reply | None:
        """See :meth:`Recovery.pending`."""
        return await self._run(self._calls.pending(account, caller))

    async def begin_change(self, account: "AccountKey", caller: Caller) -> Reply:
        """See :meth:`Recovery.begin_change`."""
        return await self._run(self._calls.begin_change(account, caller))

    async def now(self) -> "datetime":
        """See :meth:`Recovery.now`."""
        return await self._run(self._calls.now())

    async def strength(self, password: str) -> "Strength":
        """See :meth:`Recovery.strength`."""
        steps = self._calls.strength(password)
        # From here on, no frame of this call shows it in a traceback.
        del password
        return await self._run(steps)

    async def unblock(self, identifier: str, caller: Caller) -> Problem | None:
        """See :meth:`Recovery.unblock`."""
        return await self._run(self._calls.unblock(identifier, caller))

    async def forget(self, identifier: str, caller: Caller) -> Problem | None:
        """See :meth:`Recovery.forget`."""
        steps = self._calls.forget(identifier, caller)
        # From here on, no frame of this call shows it in a traceback.
        del identifier
        return await self._run(steps)

    async def relay(self, limit: int = BATCH) -> "Relayed":
        """See :meth:`Recovery.relay`."""
        return await self._run(self._calls.relay(limit))

    async def deliver(self, channel: "Channel", limit: int = BATCH) -> "Relayed":
        """See :meth:`Recovery.deliver`. A messenger that has not answered after 50 s is asked again later."""
        return await self._run(self._calls.deliver(channel, limit))

    async def apply_effects(self, limit: int = BATCH) -> "Relayed":
        """See :meth:`Recovery.apply_effects`."""
        return await self._run(self._calls.apply_effects(limit))

    async def retry_message(self, message: str) -> None:
        """See :meth:`Recovery.retry_message`."""
        await self._run(self._calls.retry_message(message))

    async def drop_message(self, message: str) -> None:
        """See :meth:`Recovery.drop_message`."""
        await self._run(self._calls.drop_message(message))

    async def lost_message(self, message: str) -> bool:
        """See :meth:`Recovery.lost_message`."""
        return await self._run(self._calls.lost_message(message))

    async def lapse_due(self, limit: int = BATCH) -> int:
        """See :meth:`Recovery.lapse_due`."""
        return await self._run(self._calls.lapse_due(limit))

    async def purge(self, limit: int = BATCH) -> int:
        """See :meth:`Recovery.purge`."""
        return await self._run(self._calls.purge(limit))

    async def checkpoint(self) -> "Checkpoint":
        """See :meth:`Recovery.checkpoint`."""
        return await self._run(self._calls.checkpoint())

    async def reseal(self) -> "Resealed":
        """See :meth:`Recovery.reseal`."""
        return await self._run(self._calls.reseal())

    def listening(self, tell: "Callable[[], None]") -> AbstractAsyncContextManager[None]:
        """See :meth:`Recovery.listening`: called in the event loop, where the store is asyncio's own."""
        listening = getattr(self._ports.store, "alistening", None)
        heard: AbstractAsyncContextManager[None] = nullcontext() if listening is None else listening(tell)
        return heard

    async def aclose(self) -> None:
        """Release what the store holds."""
        close = getattr(self._ports.store, "aclose", None) or getattr(self._ports.store, "close", None)
        if close is not None:
            answer = close()
            if inspect.isawaitable(answer):
                await answer

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    async def _ask(self, question: "Question[Any]") -> Any:
        if question.port in _AT_ONCE:
            return question.ask(self._ports)
        if question.port == "messengers":
            with self._fail_after(self._patience):
                return await self._awaited(question.target(self._ports), *question.arguments)
        return await self._awaited(question.target(self._ports), *question.arguments, heavy=question.heavy)

    async def _awaited(self, method: "Callable[..., Any]", *arguments: Any, heavy: bool = False) -> Any:
        if inspect.iscoroutinefunction(method):
            return await method(*arguments)
        answer = await self._in_thread(method, *arguments, limiter=self._heavy if heavy else None)
        # A method may answer an awaitable without being a coroutine function itself: one that is wrapped, say.
        return await answer if inspect.isawaitable(answer) else answer

    async def _run(self, steps: "Script[_T]") -> _T:
        if not self._started:
            await self.start()
        return await self._drive(steps)

    async def _drive(self, steps: "Script[_T]") -> _T:
        try:
            question = next(steps)
            while True:
                leg = _Leg(question)
                if self._is_for_a_thread(question):
                    # Each way to a thread and back costs more than most of what is asked there.
                    leg = await self._in_thread(self._brought_on, steps, question)
                if leg.question is None:
                    return cast("_T", leg.answer)
                question = leg.question
                try:
                    answer = question.checked(await self._answer(leg, question))
                except Exception as error:  # noqa: BLE001 - whatever a port raises
                    question = steps.throw(self._failure_of(question, error))
                else:
                    for row in self._watch.told_of(question, answer):
                        await self._tell(row)
                    question = steps.send(answer)
        except StopIteration as done:
            result: _T = done.value
            return result

    async def _answer(self, leg: _Leg, question: "Question[Any]") -> Any:
        if leg.answer is _UNASKED:
            return await self._ask(question)
        return await leg.answer if inspect.isawaitable(leg.answer) else leg.answer

    def _is_for_a_thread(self, question: "Question[Any]") -> bool:
        if question.port in _AT_ONCE or question.port == "messengers" or question.heavy:
            return False
        return not inspect.iscoroutinefunction(question.target(self._ports))

    def _brought_on(self, steps: "Script[Any]", question: "Question[Any]") -> _Leg:
        """Ask one question after the other, as long as none is up to the event loop."""
        try:
            while question.port in _AT_ONCE or self._is_for_a_thread(question):
                try:
                    answer = question.ask(self._ports)
                    if inspect.isawaitable(answer):
                        return _Leg(question, answer)
                    answer = question.checked(answer)
                except Exception as error:  # noqa: BLE001 - whatever a port raises
                    question = steps.throw(self._failure_of(question, error))
                else:
                    if self._watch.told_of(question, answer):
                        return _Leg(question, answer)
                    question = steps.send(answer)
        except StopIteration as done:
            return _Leg(None, done.value)
        return _Leg(question)

    async def _tell(self, row: "AuditRow") -> None:
        for observer in self._watch.observers:
            try:
                fact = self._watch.concluded(observer, row, await self._awaited(observer.observe, row))
                if fact is not None:
                    await self._drive(self._calls.note(fact))
            except Exception as error:  # noqa: BLE001 - whatever an observer raises
                self._watch.failed(observer, error)
