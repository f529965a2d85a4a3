"""Every call that a host may make, as a script: the arguments are checked here, whichever driver then runs it."""

from datetime import datetime
from typing import Any, Final, final

from attrs import frozen

from msa_recovery.domain.account import AccountKey, Channel
from msa_recovery.domain.audit import Fact
from msa_recovery.domain.errors import CallerError, NotText, RecoveryError, checked
from msa_recovery.domain.inputs import Input
from msa_recovery.domain.passwords import Strength, normalised
from msa_recovery.domain.problem import Problem
from msa_recovery.domain.secret import Secret

from . import (
    auditing,
    checkpoints,
    dead_letters,
    doors,
    forgetting,
    operations,
    questions,
    receipts,
    rotation,
    script,
    upkeep,
)
from . import relay as relaying
from .caller import Caller
from .errors import InfrastructureError
from .facts import Checkpoint
from .questions import Ports, Question, Script
from .records import MessageId
from .relay import Relayed
from .reply import Reply
from .rotation import Resealed
from .world import World

__all__ = ["Calls", "failure_of"]

_LONGEST_MEASURED: Final = 1_024
"""The longest beginning of a text that is measured, in code points: the inputs' own cap (R35)."""


@final
@frozen(eq=False)
class Calls:
    """The scripts of one host."""

    world: World

    @classmethod
    def of(cls, ports: Ports) -> "Calls":
        """The scripts that these ports serve."""
        return cls(World(ports.vault, ports.policy, ports.helpdesk, frozenset(ports.messengers)))

    def begin(self, caller: Caller) -> Script[Reply]:
        return doors.begin(self.world, checked(caller, Caller, "caller"))

    def send(self, handle: Secret, event: Input, caller: Caller) -> Script[Reply]:
        if not isinstance(event, Input):
            raise CallerError("event: one of the inputs that msa_recovery exports")
        return script.send(self.world, checked(handle, Secret, "handle"), event, checked(caller, Caller, "caller"))

    def resume(self, handle: Secret, caller: Caller) -> Script[Reply]:
        return doors.resume(self.world, checked(handle, Secret, "handle"), checked(caller, Caller, "caller"))

    def sign_in(self, identifier: str, password: str, caller: Caller) -> Script[Reply | Problem | None]:
        who, what = Secret(_text(identifier, "identifier")), Secret(_text(password, "password"))
        return doors.sign_in(self.world, who, what, checked(caller, Caller, "caller"))

    def pending(self, account: AccountKey, caller: Caller) -> Script[Reply | None]:
        return doors.pending(self.world, AccountKey(_text(account, "account")), checked(caller, Caller, "caller"))

    def begin_change(self, account: AccountKey, caller: Caller) -> Script[Reply]:
        return doors.begin_change(self.world, AccountKey(_text(account, "account")), checked(caller, Caller, "caller"))

    def relay(self, limit: int) -> Script[Relayed]:
        return relaying.relay(self.world, _limit(limit))

    def deliver(self, channel: Channel, limit: int) -> Script[Relayed]:
        return relaying.deliver(self.world, _limit(limit), {checked(channel, Channel, "channel")})

    def apply_effects(self, limit: int) -> Script[Relayed]:
        return relaying.apply_effects(self.world, _limit(limit))

    def retry_message(self, message: str) -> Script[None]:
        return dead_letters.retry(self.world, MessageId(_text(message, "message")))

    def drop_message(self, message: str) -> Script[None]:
        return dead_letters.drop(self.world, MessageId(_text(message, "message")))

    def lost_message(self, message: str) -> Script[bool]:
        return receipts.lost(self.world, MessageId(_text(message, "message")))

    def lapse_due(self, limit: int) -> Script[int]:
        return upkeep.lapse_due(self.world, _limit(limit))

    def purge(self, limit: int) -> Script[int]:
        return upkeep.purge(self.world, _limit(limit))

    def unblock(self, identifier: str, caller: Caller) -> Script[Problem | None]:
        who = Secret(_text(identifier, "identifier"))
        return operations.unblock(self.world, who, checked(caller, Caller, "caller"))

    def forget(self, identifier: str, caller: Caller) -> Script[Problem | None]:
        who = Secret(_text(identifier, "identifier"))
        return forgetting.forget(self.world, who, checked(caller, Caller, "caller"))

    def now(self) -> Script[datetime]:
        return questions.now()

    def strength(self, password: str) -> Script[Strength]:
        return _strength(Secret(_text(password, "password")[:_LONGEST_MEASURED]))

    def checkpoint(self) -> Script[Checkpoint]:
        return checkpoints.checkpoint(self.world)

    def note(self, fact: Fact) -> Script[None]:
        return auditing.note_of_nobody(self.world, fact)

    def start(self) -> Script[None]:
        return rotation.start(self.world)

    def reseal(self) -> Script[Resealed]:
        return rotation.reseal(self.world)


def _strength(password: Secret) -> Script[Strength]:
    return (yield from questions.measure(Secret(normalised(password.reveal())), ()))


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise NotText(name, value)
    return value


def _limit(value: object) -> int:
    if type(value) is not int or value < 1:
        raise CallerError("limit: a whole number, 1 or more")
    return value


def failure_of(question: Question[Any], error: Exception) -> RecoveryError:
    """What the host sees of a port that failed: which port, and the kind of the error, whose text may tell too much.
    The error itself stays its cause."""
    if isinstance(error, RecoveryError):
        return error
    failure = InfrastructureError(question.port, type(error).__name__)
    failure.__cause__ = error
    return failure
