"""Exceptions for the host. Whose fault it is shows in the class; a person's mistake is never one of these.

``CallerError``: the host asked for something that cannot be; nothing was changed, and the same call fails again.
``InfrastructureError``: a port failed; nothing is half done, and the same call may be made again.
"""

from typing import final

from msa_recovery.domain.errors import CallerError, RecoveryError
from msa_recovery.domain.events import EventName
from msa_recovery.domain.journey import State

__all__ = [
    "AuditBroken",
    "CallerError",
    "Contended",
    "EventNotAccepted",
    "InfrastructureError",
    "JourneyFinished",
    "KeysMissing",
    "NotADeadLetter",
    "NotAnAgent",
    "NotForAgents",
    "SecretOfNoUse",
    "UnknownAccount",
    "UnknownHandle",
    "UnknownMessage",
    "WrongAnswer",
]


@final
class UnknownHandle(CallerError):
    """No journey has this handle: it never had one, has a newer one since a sign-in, or was purged."""

    def __init__(self) -> None:
        super().__init__("no journey has this handle")


@final
class UnknownAccount(CallerError):
    """The directory does not know the account that the host named as signed in."""

    def __init__(self) -> None:
        super().__init__("the directory does not know this account")


@final
class JourneyFinished(CallerError):
    """The journey is over; begin another one.

    Attributes:
        state: the final state that it is in.
    """

    def __init__(self, state: State) -> None:
        super().__init__(f"the journey is over: {state}")
        self.state = state


@final
class EventNotAccepted(CallerError):
    """The journey's state does not accept this event; nothing changed (R1).

    Attributes:
        state: the state that the journey is in.
        event: the event that was sent.
    """

    def __init__(self, state: State, event: EventName) -> None:
        super().__init__(f"{state} does not accept {event}")
        self.state = state
        self.event = event


@final
class NotForAgents(CallerError):
    """What only the person may type: a code or a password. An agent never sees nor chooses one (R58)."""

    def __init__(self) -> None:
        super().__init__("an agent never types a code or a password of the person")


@final
class NotAnAgent(CallerError):
    """Only a caller whom the host vouches for as an agent may do this (R58)."""

    def __init__(self) -> None:
        super().__init__("only an agent of the fund may do this: Caller(agent=True)")


@final
class UnknownMessage(CallerError):
    """The outbox has no message of this name: it never had, or it went with its journey."""

    def __init__(self) -> None:
        super().__init__("the outbox has no such message")


@final
class NotADeadLetter(CallerError):
    """Only a message that failed for good is tried again or dropped by hand; the relay has the others.

    Attributes:
        state: where the message is.
    """

    def __init__(self, state: str) -> None:
        super().__init__(f"the message is no dead letter: it is {state}")
        self.state = state


@final
class SecretOfNoUse(CallerError):
    """A message whose secret opens nothing any more is never sent again (invariant 6).

    Attributes:
        why: ``expired`` or ``superseded``.
    """

    def __init__(self, why: str) -> None:
        super().__init__(f"its secret is {why}: let the person begin anew, and drop the message")
        self.why = why


class InfrastructureError(RecoveryError):
    """A port failed. Nothing is half done and nothing was opened; the same call may be made again (R16).

    Attributes:
        port: which port.
    """

    def __init__(self, port: str, why: str) -> None:
        super().__init__(f"{port}: {why}")
        self.port = port


@final
class WrongAnswer(InfrastructureError):
    """A port answered with something of a type that it does not promise: an async method that nobody awaits, say.

    Attributes:
        answered: the name of that type.
    """

    def __init__(self, port: str, method: str, answer: object) -> None:
        self.answered = type(answer).__name__
        super().__init__(port, f"{method} answered with a {self.answered}")


@final
class KeysMissing(InfrastructureError):
    """The ring lacks keys that what is kept still needs: put them back behind the first one (R10).

    Attributes:
        key_ids: their ids, which are no secret.
    """

    def __init__(self, key_ids: frozenset[str], rows: int) -> None:
        names = ", ".join(sorted(key_ids))
        super().__init__("vault", f"{rows} rows of the store need keys that are not in the ring: {names}")
        self.key_ids = key_ids


@final
class AuditBroken(InfrastructureError):
    """No key of the ring signed the last checkpoint of the audit as it stands there.

    Attributes:
        number: its place among the checkpoints, from 1.
    """

    def __init__(self, number: int) -> None:
        super().__init__("store", f"no key of the ring signed checkpoint {number} of the audit: see audit verify")
        self.number = number


@final
class Contended(InfrastructureError):
    """Others changed the same account again and again while this event was decided."""

    def __init__(self) -> None:
        super().__init__("store", "the account changed under every attempt; try again")
