"""The library as a person's browser reaches it: a form that got no answer is sent again, the very same."""

from datetime import datetime
from hashlib import sha256
from typing import Any, Final, cast, final

from attrs import evolve

from msa_recovery.adapters.clocks import ManualClock
from msa_recovery.application.caller import Caller
from msa_recovery.application.errors import UnknownHandle
from msa_recovery.application.recovery import BATCH
from msa_recovery.application.relay import Relayed
from msa_recovery.application.reply import Reply
from msa_recovery.domain.account import AccountKey
from msa_recovery.domain.errors import CallerError
from msa_recovery.domain.inputs import ChoosePassword, Identify, Input, OrderLetter, SignIn
from msa_recovery.domain.journey import State
from msa_recovery.domain.policy import Policy
from msa_recovery.domain.problem import Problem
from msa_recovery.domain.secret import Secret

from .host import LEASE
from .hosts import Died, Host, Zygote
from .inquest import Inquest
from .plans import Plan
from .wire import Order, Setting

__all__ = ["Browser"]

_MOST_ATTEMPTS: Final = 60
"""Of one call; none needs half as many."""


@final
class Browser:
    """Makes the calls of one story, each until it is answered, with a host that dies as the plan says.

    Args:
        zygote: what hosts are forked from.
        setting: what each is started with.
        clock: the story's.
        plan: when a host dies.
        inquest: looks at what each death left behind.

    Attributes:
        kills: how often a host was killed.
        restarts: how often one was started after such a death.
        handles: the hashes of all handles that somebody was given.
    """

    def __init__(self, zygote: Zygote, setting: Setting, clock: ManualClock, plan: Plan, inquest: Inquest) -> None:
        self._zygote = zygote
        self._setting = setting
        self._clock = clock
        self._plan = plan
        self._inquest = inquest
        self._host: Host | None = None
        self._requests = 0
        self._claimed_until: datetime | None = None
        self._named: dict[bytes, str] = {}
        self._states: dict[bytes, State] = {}
        self.kills = 0
        self.restarts = 0

    @property
    def handles(self) -> frozenset[bytes]:
        return frozenset(self._states)

    def close(self) -> None:
        """The last host is no longer needed."""
        if self._host is not None:
            self._host.leaves()
            self._host = None

    # -- the library ---------------------------------------------------------------------------------------------------

    @property
    def policy(self) -> Policy:
        return Policy.msa()

    def begin(self, caller: Caller) -> Reply:
        return self._noted(self._made("begin", self._asked(caller)))

    def send(self, handle: Secret, event: Input, caller: Caller) -> Reply:
        shape = f"{event.name}:{self._states.get(_hash_of(handle))}"
        if isinstance(event, ChoosePassword):
            # What comes of it depends on nothing but the text.
            shape = f"{shape}:{event.password}"
        try:
            reply: Reply = self._made("send", handle, event, self._asked(caller), shape=shape)
        except UnknownHandle:
            if self._attempts == 0 or not isinstance(event, SignIn):
                raise
            # The sign-in was right, and its answer was lost with the new handle. The temporary password is still good:
            # the person goes to the sign-in form with it.
            reply = cast(Reply, self.sign_in(self._named[_hash_of(handle)], event.password, caller))
        if isinstance(event, Identify | OrderLetter) and reply.view.state is not State.IDENTIFYING:
            self._named[_hash_of(handle)] = event.identifier
        return self._noted(reply)

    def resume(self, handle: Secret, caller: Caller) -> Reply:
        return self._noted(self._made("resume", handle, self._asked(caller)))

    def sign_in(self, identifier: str, password: str, caller: Caller) -> Reply | Problem | None:
        answer: Reply | Problem | None = self._made("sign_in", identifier, password, self._asked(caller))
        return self._noted(answer) if isinstance(answer, Reply) else answer

    def pending(self, account: AccountKey, caller: Caller) -> Reply | None:
        reply: Reply | None = self._made("pending", account, self._asked(caller))
        return None if reply is None else self._noted(reply)

    def begin_change(self, account: AccountKey, caller: Caller) -> Reply:
        return self._noted(self._made("begin_change", account, self._asked(caller)))

    def relay(self, limit: int = BATCH) -> Relayed:
        relayed: Relayed = self._made("relay", limit, shape=str(self._inquest.waiting()))
        return relayed

    def lapse_due(self, limit: int = BATCH) -> int:
        lapsed: int = self._made("lapse_due", limit)
        return lapsed

    def purge(self, limit: int = BATCH) -> int:
        purged: int = self._made("purge", limit)
        return purged

    # -- what a host does before the first person comes ----------------------------------------------------------------

    def opens(self) -> None:
        """The sample people move in, and the library is started."""
        try:
            self._made("settle")
        except CallerError:
            # They had moved in already, and nobody had heard of it.
            if self._attempts == 0:
                raise
        self._made("start")

    # -- a call --------------------------------------------------------------------------------------------------------

    def _asked(self, caller: Caller) -> Caller:
        """The caller with a request id, as every form has one."""
        return caller if caller.request_id else evolve(caller, request_id=f"form {self._requests + 1}")

    def _noted(self, reply: Reply) -> Reply:
        self._states[_hash_of(reply.handle)] = reply.view.state
        return reply

    def _made(self, method: str, *arguments: Any, shape: str = "") -> Any:
        self._requests += 1
        self._inquest.opens(self._requests)
        counted = self._inquest.counted()
        for self._attempts in range(_MOST_ATTEMPTS):
            blow = self._plan.blow(f"{method}:{shape}", self._attempts, progress=self._inquest.progress)
            now = self._moment(method)
            order = Order(self._requests, method, arguments, now, self._clock.now(), blow.point, blow.every, counted)
            try:
                answer = self._started().answers(order, blow.delay)
            except Died:
                self._host = None
                self.kills += 1
                self._claimed_until = now + LEASE if method == "relay" else self._claimed_until
                self._inquest.after_death()
            else:
                self._inquest.after_answer()
                return answer.given()
        raise RuntimeError(f"{method} does not get through")

    def _moment(self, method: str) -> datetime:
        """What the library's clock shows: for a relay, a moment at which no dead worker has a claim."""
        now = self._clock.now()
        return max(now, self._claimed_until) if method == "relay" and self._claimed_until is not None else now

    def _started(self) -> Host:
        if self._host is None:
            self._host = self._zygote.starts(self._setting)
            self.restarts += self.kills > 0
        return self._host


def _hash_of(handle: Secret) -> bytes:
    return sha256(handle.reveal().encode()).digest()
