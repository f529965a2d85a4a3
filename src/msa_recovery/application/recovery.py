"""The driver for hosts that call: it answers a script's questions by calling the ports."""

from contextlib import AbstractContextManager, nullcontext
from types import TracebackType
from typing import TYPE_CHECKING, Final, TypeVar, cast, final

from msa_recovery.domain.inputs import Input
from msa_recovery.domain.policy import Policy
from msa_recovery.domain.problem import Problem
from msa_recovery.domain.secret import Secret

from .caller import Caller
from .reply import Reply

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from msa_recovery.domain.account import AccountKey, Channel
    from msa_recovery.domain.helpdesk import Helpdesk
    from msa_recovery.domain.passwords import Strength

    from .facts import AuditRow, Checkpoint
    from .ports import Observer
    from .questions import Ports, Script
    from .relay import Relayed
    from .rotation import Resealed
    from .tokens import Tokens

__all__ = ["BATCH", "Recovery"]

BATCH: Final = 100
"""How much a batch does at most when nothing else is said."""

_T = TypeVar("_T")


@final
class Recovery(AbstractContextManager["Recovery"]):
    """The journey, for hosts that call. Made by ``compose``.

    Threads may share one. Between two calls it holds nothing: whether it survives a fork is the store's affair. Every
    method may raise :class:`InfrastructureError` (a port failed, nothing is half done, call again) and
    :class:`CallerError` (the host's fault, nothing changed).
    """

    def __init__(self, ports: "Ports") -> None:
        # Imported here: whoever only names the class need not wait for the charts to be compiled.
        from .calls import Calls, failure_of
        from .observing import Watch

        self._ports = ports
        self._failure_of = failure_of
        self._watch = Watch(ports.observers)
        self._calls = Calls.of(ports)
        self._started = False

    @property
    def policy(self) -> Policy:
        """The limits in force."""
        return self._ports.policy

    @property
    def channels(self) -> "frozenset[Channel]":
        """The channels that have a messenger."""
        return self._calls.world.channels

    @property
    def helpdesk(self) -> "Helpdesk":
        """Whom a person calls who has not signed in."""
        return self._ports.helpdesk

    @property
    def tokens(self) -> "Tokens":
        """What a host gives to a browser and wants back as it was, signed and sealed with the ring."""
        from .tokens import Tokens

        return Tokens(self._ports.vault)

    def start(self) -> None:
        """Make sure that the ring has every key that what is kept needs. Done once before the first call in any case;
        a host calls it when it starts, to learn of it there.

        Raises:
            KeysMissing: the ring lacks some; no call is taken.
        """
        self._drive(self._calls.start())
        self._started = True

    def begin(self, caller: Caller) -> Reply:
        """Begin a recovery at its first page.

        Raises:
            Contended: the store has a journey of the name that was drawn for this one; call again.
        """
        return self._run(self._calls.begin(caller))

    def send(self, handle: Secret, event: Input, caller: Caller) -> Reply:
        """Take one event of the person who holds this handle.

        A mistake of the person is ``reply.view.problem``. A lapsed journey answers anything with its view.

        Raises:
            UnknownHandle: no journey has this handle.
            EventNotAccepted: the state does not accept this event.
            JourneyFinished: the journey is over.
            NotAnAgent: a letter was ordered by somebody who is no agent.
            NotForAgents: a code or a password was given by an agent.
            UnknownAccount: the account was closed after its holder signed in.
            Contended: others changed the same account under every attempt; call again.
        """
        return self._run(self._calls.send(handle, event, caller))

    def resume(self, handle: Secret, caller: Caller) -> Reply:
        """Where the journey is: what a page shows when it is opened again. Nothing happens, but a lapse that is due.

        Raises:
            UnknownHandle: no journey has this handle.
            UnknownAccount: the account was closed after its holder signed in.
            JourneyFinished: its time was up, and at this very moment somebody brought it to another end.
            Contended: others changed the same account under every attempt; call again.
        """
        return self._run(self._calls.resume(handle, caller))

    def sign_in(self, identifier: str, password: str, caller: Caller) -> Reply | Problem | None:
        """Try what a host's sign-in form was given as a temporary password, after the host's own check failed.

        A reply when it is right: the journey is at the new-password step. ``None`` when it is none of ours, for an
        unknown identifier and for text of another form alike. A problem when nothing is compared from there for now.

        Raises:
            NotForAgents: ``caller.agent`` is set.
            Contended: others changed the same account under every attempt; call again.
        """
        steps = self._calls.sign_in(identifier, password, caller)
        # From here on, no frame of this call shows them in a traceback.
        del identifier, password
        return self._run(steps)

    def pending(self, account: "AccountKey", caller: Caller) -> Reply | None:
        """After a usual sign-in: a journey that asks for the contact details, or ``None`` if they are confirmed.

        Raises:
            UnknownAccount: the directory does not know this account.
            Contended: others changed the same account under every attempt; call again.
        """
        return self._run(self._calls.pending(account, caller))

    def begin_change(self, account: "AccountKey", caller: Caller) -> Reply:
        """Begin a voluntary change of the password of somebody who is signed in.

        Raises:
            UnknownAccount: the directory does not know this account.
            Contended: others changed the same account under every attempt; call again.
        """
        return self._run(self._calls.begin_change(account, caller))

    def now(self) -> "datetime":
        """What time it is for the journeys (aware, UTC): the moment that a page counts its time left from."""
        return self._run(self._calls.now())

    def strength(self, password: str) -> "Strength":
        """How hard a password is to guess, by itself: what a page shows while it is typed (R44). Nothing is kept of it.

        Once it is chosen, it is measured again together with what is known of the person (R42).
        """
        steps = self._calls.strength(password)
        # From here on, no frame of this call shows it in a traceback.
        del password
        return self._run(steps)

    def unblock(self, identifier: str, caller: Caller) -> Problem | None:
        """Forgive what was counted of an account: guesses, answers, waits, codes and letters sent. For an operator who
        has made sure, by other means, whom the account belongs to; it leaves the fact ``unblocked``.

        What is live stays, codes and temporary passwords alike. ``None`` when it is done, for an identifier of nobody
        as well; a problem when it is no identifier.

        Raises:
            NotAnAgent: ``caller.agent`` is not set.
            Contended: others changed the same account under every attempt; call again.
        """
        return self._run(self._calls.unblock(identifier, caller))

    def forget(self, identifier: str, caller: Caller) -> Problem | None:
        """Delete all that is kept of an account: journeys, counts, messages that were not sent yet, and whose its facts
        in the audit are (RGPD 17). For an operator, who leaves the fact ``forgotten``, which names nobody.

        Effects on the directory that are still open are applied first. The directory itself, and what messengers sent,
        are the host's: forget here first, while the directory still knows the account. ``None`` when it is done, for an
        identifier of nobody as well; a problem when it is no identifier. Cut short, it is done by the next call.

        Raises:
            NotAnAgent: ``caller.agent`` is not set.
            Contended: others changed the same account under every attempt; call again.
        """
        steps = self._calls.forget(identifier, caller)
        # From here on, no frame of this call shows it in a traceback.
        del identifier
        return self._run(steps)

    def relay(self, limit: int = BATCH) -> "Relayed":
        """Deliver promised messages, and apply effects that a crash left open, at most ``limit`` of each.

        Raises:
            Contended: others changed an account under every attempt to apply its effects, which stay open.
        """
        return self._run(self._calls.relay(limit))

    def deliver(self, channel: "Channel", limit: int = BATCH) -> "Relayed":
        """Deliver promised messages of one channel, at most ``limit``, one after the other: what :class:`Relay` does in
        each of its threads. Those of a channel without a messenger stay where they are."""
        return self._run(self._calls.deliver(channel, limit))

    def apply_effects(self, limit: int = BATCH) -> "Relayed":
        """Apply effects on the directory that a crash left open, of at most ``limit`` accounts.

        Raises:
            Contended: others changed an account under every attempt to apply its effects, which stay open.
        """
        return self._run(self._calls.apply_effects(limit))

    def retry_message(self, message: str) -> None:
        """Let the relay try a dead letter again, as if it had never been tried; it leaves ``message_retried``.

        Args:
            message: its whole name, as ``msa-recovery outbox list --dead --json`` shows it.

        Raises:
            UnknownMessage: there is none of this name.
            NotADeadLetter: it waits, or it is over.
            SecretOfNoUse: its secret expired, or another one took its place.
            Contended: somebody else did something with it at the same moment.
        """
        self._run(self._calls.retry_message(message))

    def drop_message(self, message: str) -> None:
        """End a dead letter: what it held is deleted; it leaves ``message_dropped``.

        Args:
            message: its whole name, as ``msa-recovery outbox list --dead --json`` shows it.

        Raises:
            UnknownMessage: there is none of this name.
            NotADeadLetter: it waits, or it is over.
            Contended: somebody else did something with it at the same moment.
        """
        self._run(self._calls.drop_message(message))

    def lost_message(self, message: str) -> bool:
        """Keep that a message which a messenger took never arrived, as a delivery receipt says: an operator sees it,
        and it leaves ``message_lost``. No journey changes, and nothing is sent again.

        Args:
            message: its whole name, the key that the messenger was given.

        Returns:
            Whether that is kept now; ``False`` for a name that nobody has, and for a message that waits or failed.

        Raises:
            Contended: somebody else did something with it at the same moment.
        """
        return self._run(self._calls.lost_message(message))

    def lapse_due(self, limit: int = BATCH) -> int:
        """Let journeys lapse whose deadline is over, at most ``limit``; how many did."""
        return self._run(self._calls.lapse_due(limit))

    def purge(self, limit: int = BATCH) -> int:
        """Delete what the policy no longer keeps (R59), at most ``limit``; how many: finished journeys, ledgers in
        which nothing can matter any more, and of facts all but that they were."""
        return self._run(self._calls.purge(limit))

    def checkpoint(self) -> "Checkpoint":
        """Sign over every fact of the audit up to now, so that none can be changed or taken away unnoticed. Once a day
        or more often; note its number and MAC somewhere else, for ``msa-recovery audit verify --known``.

        Raises:
            AuditBroken: no key of the ring signed the last checkpoint as it stands there.
            Contended: others signed at every attempt; call again.
        """
        return self._run(self._calls.checkpoint())

    def reseal(self) -> "Resealed":
        """After a new first key was put into the ring: seal anew what an earlier one sealed, and say what still needs
        one, until when (R10).

        Raises:
            KeysMissing: a key that sealed some of it is not in the ring; nothing was changed.
            AuditBroken: no key of the ring signed the last checkpoint as it stands there.
            Contended: others signed at every attempt; call again.
        """
        return self._run(self._calls.reseal())

    def listening(self, tell: "Callable[[], None]") -> AbstractContextManager[None]:
        """As long as it lasts, ``tell`` is called when any host has promised messages, from any thread; never where the
        store hears of nothing, as all but PostgreSQL's. What :class:`Relay` does while it runs."""
        listening = getattr(self._ports.store, "listening", None)
        heard: AbstractContextManager[None] = nullcontext() if listening is None else listening(tell)
        return heard

    def close(self) -> None:
        """Release what the store holds."""
        close = getattr(self._ports.store, "close", None)
        if close is not None:
            close()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _run(self, steps: "Script[_T]") -> _T:
        if not self._started:
            self.start()
        return self._drive(steps)

    def _drive(self, steps: "Script[_T]") -> _T:
        try:
            question = next(steps)
            while True:
                try:
                    answer = question.checked(question.ask(self._ports))
                except Exception as error:  # noqa: BLE001 - whatever a port raises
                    question = steps.throw(self._failure_of(question, error))
                else:
                    for row in self._watch.told_of(question, answer):
                        self._tell(row)
                    question = steps.send(answer)
        except StopIteration as done:
            result: _T = done.value
            return result

    def _tell(self, row: "AuditRow") -> None:
        for observer in self._watch.observers:
            try:
                fact = self._watch.concluded(observer, row, cast("Observer", observer).observe(row))
                if fact is not None:
                    self._drive(self._calls.note(fact))
            except Exception as error:  # noqa: BLE001 - whatever an observer raises
                self._watch.failed(observer, error)
