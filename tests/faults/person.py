"""A person whose browser sends a form again, the very same, until it is answered."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final, cast, final

from attrs import evolve

from msa_recovery.application.caller import Caller
from msa_recovery.application.errors import InfrastructureError, UnknownHandle
from msa_recovery.application.records import HandleHash, OutboxState
from msa_recovery.application.recovery import BATCH, Recovery
from msa_recovery.application.relay import Relayed
from msa_recovery.application.reply import Reply
from msa_recovery.application.world import hash_of
from msa_recovery.cli.stage import Stage
from msa_recovery.domain.account import AccountKey
from msa_recovery.domain.inputs import Identify, Input, OrderLetter, SignIn
from msa_recovery.domain.journey import State
from msa_recovery.domain.policy import Policy
from msa_recovery.domain.problem import Problem
from msa_recovery.domain.secret import Secret
from msa_recovery.testing.lines import Lines

from .state import of_store, whole

__all__ = ["Patient"]

_MOST_ATTEMPTS: Final = 60
"""Of one call; none needs half as many."""


@final
class Patient:
    """Makes the calls of one story, each until it is answered.

    Attributes:
        opened: whose private space was opened, in turn.
        handles: the hashes of all handles that somebody was given.
        halves: what a call that failed left half done, which must be nothing.
    """

    def __init__(self, recovery: Recovery, stage: Stage, lines: Lines) -> None:
        self._recovery = recovery
        self._stage = stage
        self._lines = lines
        self._requests = 0
        self._attempts = 0
        self._named: dict[HandleHash, str] = {}
        self._states: dict[HandleHash, State] = {}
        self.opened: list[AccountKey] = []
        self.halves: list[str] = []

    @property
    def handles(self) -> frozenset[HandleHash]:
        return frozenset(self._states)

    @property
    def policy(self) -> Policy:
        return self._recovery.policy

    def begin(self, caller: Caller) -> Reply:
        return self._noted(self._made("begin", lambda: self._recovery.begin(caller)))

    def send(self, handle: Secret, event: Input, caller: Caller) -> Reply:
        caller, known = self._asked(caller), hash_of(handle)
        shape = f"{event.name}:{self._states.get(known)}"
        try:
            reply = cast(Reply, self._made(shape, lambda: self._recovery.send(handle, event, caller)))
        except UnknownHandle:
            if self._attempts == 0 or not isinstance(event, SignIn):
                raise
            # The sign-in was right, and its answer was lost with the new handle. The temporary password is still good:
            # the person goes to the sign-in form with it.
            reply = cast(Reply, self.sign_in(self._named[known], event.password, caller))
        if isinstance(event, Identify | OrderLetter) and reply.view.state is not State.IDENTIFYING:
            self._named[known] = event.identifier
        return self._noted(reply)

    def resume(self, handle: Secret, caller: Caller) -> Reply:
        return self._noted(self._made("resume", lambda: self._recovery.resume(handle, caller)))

    def sign_in(self, identifier: str, password: str, caller: Caller) -> Reply | Problem | None:
        caller = self._asked(caller)
        answer: Reply | Problem | None = self._made(
            "sign_in", lambda: self._recovery.sign_in(identifier, password, caller)
        )
        return self._noted(answer) if isinstance(answer, Reply) else answer

    def pending(self, account: AccountKey, caller: Caller) -> Reply | None:
        reply: Reply | None = None
        for _ in range(_MOST_ATTEMPTS):
            # A directory that fails does not stop a usual sign-in (invariant 8): the person is asked at the next one.
            failures = self._lines.failures
            reply = self._made("pending", lambda: self._recovery.pending(account, caller))
            if reply is not None or failures == self._lines.failures:
                break
        return None if reply is None else self._noted(reply)

    def begin_change(self, account: AccountKey, caller: Caller) -> Reply:
        return self._noted(self._made("begin_change", lambda: self._recovery.begin_change(account, caller)))

    def relay(self, limit: int = BATCH) -> Relayed:
        """Again and again, the clock of the relay ahead, until nothing waits that can be delivered."""
        relayed, total = Relayed(), 0
        for _ in range(_MOST_ATTEMPTS):
            relayed = self._made("relay", lambda: self._recovery.relay(limit))
            total += relayed.total
            waiting = [row.due for row in whole(self._stage.store).outbox() if row.state is OutboxState.WAITING]
            if not waiting and not relayed.total:
                break
            self._lines.early = max([timedelta(), *(due - self._stage.clock.now() for due in waiting)])
        self._lines.early = timedelta()
        return Relayed(delivered=total)

    def lapse_due(self, limit: int = BATCH) -> int:
        lapsed: int = self._made("lapse_due", lambda: self._recovery.lapse_due(limit))
        return lapsed

    # -- a call --------------------------------------------------------------------------------------------------------

    def _asked(self, caller: Caller) -> Caller:
        """The caller with a request id, as every form has one."""
        self._requests += 1
        return caller if caller.request_id else evolve(caller, request_id=f"form {self._requests}")

    def _noted(self, reply: Reply) -> Reply:
        self._states[hash_of(reply.handle)] = reply.view.state
        if reply.account is not None:
            self.opened.append(reply.account)
        return reply

    def _made(self, shape: str, call: Callable[[], Any]) -> Any:
        for self._attempts in range(_MOST_ATTEMPTS):
            self._lines.attempt(shape)
            before = of_store(self._stage)
            try:
                return call()
            except InfrastructureError as failure:
                self.halves += (f"{shape}, {failure}: {what}" for what in of_store(self._stage).half_of(before))
                if shape == "relay":
                    # What it had claimed is free again by then.
                    self._lines.early += timedelta(seconds=1)
            finally:
                self._lines.attempt("")
        raise RuntimeError(f"{shape} does not get through")
