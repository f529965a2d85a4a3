"""People who recover their passwords, each in a way of one's own: most as they should, some as they should not.

What a person does next is drawn from what the page shows and from what came by phone. A call that got no answer is made
again, the very same, at another host.
"""

import asyncio
from collections import Counter
from random import Random
from typing import Any, Final, final

from msa_recovery.application.caller import Caller, Origin
from msa_recovery.application.errors import Contended, InfrastructureError, UnknownHandle
from msa_recovery.application.messages import MessageKind
from msa_recovery.application.reply import Reply
from msa_recovery.domain.account import Channel
from msa_recovery.domain.events import Abandon, ConfirmContacts, GoBack, ResendCode
from msa_recovery.domain.inputs import (
    AnswerChallenge,
    ChooseChannel,
    ChoosePassword,
    EditContact,
    Identify,
    Input,
    SignIn,
    SubmitCode,
)
from msa_recovery.domain.journey import State
from msa_recovery.domain.problem import Problem, ProblemCode
from msa_recovery.domain.secret import Secret

from .post import Office
from .town import Lost, Town
from .world import NOBODY, email, identifier, mobile

__all__ = ["Diary", "Person"]

_MOST_STEPS: Final = 25
_PATIENCE: Final = 12.0
"""Seconds that a person waits for a message: longer than a dead worker keeps it."""

_AGAIN: Final = 0.2
_AT_ONCE: Final = 12
"""Guesses that somebody sends at the same time, to as many hosts as there are."""

_WRONG: Final = (ProblemCode.CODE_WRONG, ProblemCode.CODE_WRONG_AND_DEAD)
_FINAL: Final = (State.COMPLETED, State.ABANDONED, State.LAPSED, State.BLOCKED, State.SIGNED_IN_WITH_FRANCECONNECT)


@final
class Diary:
    """What all people together did and were told.

    Attributes:
        events: how many calls were answered.
        again: how many were made again, since a host, a connection or the server had died.
        wrong: of how many wrong codes people were told, by account.
        pushed: accounts at which several guesses were made at once.
        passwords: the last password that was accepted for an account.
        ended: how many journeys came to which state.
        trouble: what no person may be told.
        begun: how many people lived through it.
    """

    def __init__(self) -> None:
        self.events = 0
        self.again = 0
        self.wrong: Counter[int] = Counter()
        self.pushed: set[int] = set()
        self.passwords: dict[int, Secret] = {}
        self.ended: Counter[State] = Counter()
        self.trouble: list[str] = []
        self.begun = 0


@final
class Person:
    """One person, who has some accounts and forgets one password after the other.

    Args:
        number: the person's; accounts and chance follow from it.
        accounts: the accounts, by number.
        town: the hosts.
        office: what came by phone and mail.
        diary: where everybody writes.
    """

    def __init__(self, number: int, accounts: range, town: Town, office: Office, diary: Diary) -> None:
        self._number = number
        self._accounts = accounts
        self._town = town
        self._office = office
        self._diary = diary
        self._chance = Random(number)
        self._origin = Origin(f"198.{18 + number // 65_536}.{number // 256 % 256}.{number % 256}")
        self._requests = 0

    async def live(self, stop: asyncio.Event) -> None:
        """One story after the other, until time is up; the one under way is ended first."""
        self._diary.begun += 1
        try:
            for account in self._accounts:
                if stop.is_set():
                    return
                await self._story(account, stop)
        except Exception as error:  # noqa: BLE001 - whatever it is, no person may be told it
            self._diary.trouble.append(f"person {self._number}: {type(error).__name__}: {error}")

    # -- one story -----------------------------------------------------------------------------------------------------

    async def _story(self, account: int, stop: asyncio.Event) -> None:
        somebody = self._chance.random() > 0.1
        self._account = account if somebody else NOBODY + account % 9_000
        self._somebody = somebody
        self._channel = Channel.SMS
        self._before: dict[MessageKind, int] = dict.fromkeys((MessageKind.CODE, MessageKind.TEMPORARY_PASSWORD), 0)
        reply: Reply = await self._made("begin")
        for _ in range(_MOST_STEPS):
            state = reply.view.state
            if state in _FINAL or (stop.is_set() and self._chance.random() < 0.5):
                self._diary.ended[state] += 1
                return
            try:
                reply = await self._next(reply)
            except UnknownHandle:
                # Another password was accepted meanwhile, by a letter or by a second sign-in of ours.
                return
        self._diary.ended[reply.view.state] += 1

    async def _next(self, reply: Reply) -> Reply:
        handle, draw = reply.handle, self._chance.random()
        if draw < 0.02:
            return await self._sent(handle, Abandon())
        match reply.view.state:
            case State.IDENTIFYING:
                return await self._sent(handle, Identify(identifier(self._account)))
            case State.ANSWERING_CHALLENGE:
                return await self._sent(handle, AnswerChallenge(reply.view.questions[0].value, "12,34"))
            case State.CHOOSING_CHANNEL:
                return await self._chose(reply, draw)
            case State.CONFIRMING_CODE:
                return await self._confirmed(reply, draw)
            case State.AWAITING_SIGN_IN:
                return await self._signed_in(reply, draw)
            case State.PERSONALISING_PASSWORD:
                return await self._personalised(handle, draw)
            case State.CONFIRMING_CONTACTS if draw < 0.2:
                return await self._sent(handle, EditContact("landline", "05 36 49 00 11"))
            case State.CONFIRMING_CONTACTS:
                return await self._sent(handle, ConfirmContacts())
            case state:
                raise AssertionError(f"nobody comes to {state} here")

    async def _chose(self, reply: Reply, draw: float) -> Reply:
        if draw < 0.05:
            return await self._sent(reply.handle, GoBack())
        if reply.view.problem is not None:
            await asyncio.sleep(1 + draw)
        self._channel = self._chance.choice((Channel.SMS, Channel.EMAIL))
        return await self._sent(reply.handle, ChooseChannel(self._channel.value))

    async def _personalised(self, handle: Secret, draw: float) -> Reply:
        if draw < 0.1:
            return await self._sent(handle, ChoosePassword("azerty", "azerty"))
        text = f"Brouette-{self._number}-{self._chance.randrange(1_000_000)}-bleue"
        reply = await self._sent(handle, ChoosePassword(text, text))
        if reply.view.state is State.CONFIRMING_CONTACTS:
            self._diary.passwords[self._account] = Secret(text)
        return reply

    async def _confirmed(self, reply: Reply, draw: float) -> Reply:
        if draw < 0.06:
            return await self._sent(reply.handle, GoBack())
        if draw < 0.1:
            return await self._sent(reply.handle, ResendCode())
        if draw < 0.18:
            return await self._guessed(reply.handle)
        if draw < 0.26:
            return await self._pushed(reply)
        code = await self._came(MessageKind.CODE)
        if code is None:
            return await self._sent(reply.handle, ResendCode() if self._somebody else Abandon())
        reply = await self._sent(reply.handle, SubmitCode(code))
        if reply.view.state is State.CONFIRMING_CODE:
            # It was no longer the last one, or is dead.
            await asyncio.sleep(2 + draw)
            return await self._sent(reply.handle, ResendCode())
        return reply

    async def _guessed(self, handle: Secret) -> Reply:
        return await self._sent(handle, SubmitCode(self._guess()))

    async def _pushed(self, reply: Reply) -> Reply:
        """Many guesses at once, each a form of its own."""
        self._diary.pushed.add(self._account)
        guesses = (self._guessed(reply.handle) for _ in range(_AT_ONCE))
        await asyncio.gather(*guesses, return_exceptions=True)
        resumed: Reply = await self._made("resume", reply.handle)
        return resumed

    async def _signed_in(self, reply: Reply, draw: float) -> Reply:
        if draw < 0.1:
            return await self._sent(reply.handle, SignIn("Wrong#Secret9"))
        password = await self._came(MessageKind.TEMPORARY_PASSWORD)
        if password is None:
            return await self._sent(reply.handle, Abandon())
        try:
            return await self._sent(reply.handle, SignIn(password))
        except UnknownHandle:
            # It was right, and its answer was lost with the new handle: the password is still good at the door.
            return await self._at_the_door(password)

    async def _at_the_door(self, password: str) -> Reply:
        answer: Reply | Problem | None = await self._made("sign_in", identifier(self._account), password)
        if isinstance(answer, Reply):
            return answer
        raise UnknownHandle

    # -- what came by phone --------------------------------------------------------------------------------------------

    def _guess(self) -> str:
        return f"{self._chance.randrange(10_000):04}"

    @property
    def _address(self) -> str:
        return mobile(self._account) if self._channel is Channel.SMS else email(self._account)

    async def _came(self, kind: MessageKind) -> str | None:
        """The secret that was sent last, or the one before when nothing new comes."""
        if not self._somebody:
            return None
        newest = await self._office.secret(self._address, kind, self._before[kind], _PATIENCE)
        return newest or await self._office.secret(self._address, kind, 0, 0)

    # -- a call --------------------------------------------------------------------------------------------------------

    async def _sent(self, handle: Secret, event: Input) -> Reply:
        before = {kind: self._office.known(self._address, kind) for kind in self._before}
        reply: Reply = await self._made("send", handle, event)
        if isinstance(event, ChooseChannel | ResendCode) and reply.view.problem is None:
            self._before[MessageKind.CODE] = before[MessageKind.CODE]
        if isinstance(event, SubmitCode):
            self._before[MessageKind.TEMPORARY_PASSWORD] = before[MessageKind.TEMPORARY_PASSWORD]
            if reply.view.problem is not None and reply.view.problem.code in _WRONG:
                self._diary.wrong[self._account] += 1
        return reply

    async def _made(self, method: str, *arguments: Any) -> Any:
        self._requests += 1
        caller = Caller(origin=self._origin, request_id=f"{self._number} {self._requests}")
        while True:
            try:
                answer = await self._town.ask(method, *arguments, caller)
            except (Lost, InfrastructureError, Contended):
                self._diary.again += 1
                await asyncio.sleep(_AGAIN * self._chance.uniform(0.5, 1.5))
            else:
                self._diary.events += 1
                return answer
