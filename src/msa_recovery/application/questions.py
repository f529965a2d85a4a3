"""What a script may ask of the outside. A script is written once, as a generator of questions; a sync driver answers
them by calling the ports, an async one by awaiting them.

A question names a port, a method and arguments, and is typed by the answer: ``stored = yield from load(handle)``.
"""

from collections.abc import Generator, Mapping
from datetime import UTC, date, datetime
from types import CoroutineType, NoneType
from typing import Any, Final, Generic, TypeVar, final

from attrs import field, frozen

from msa_recovery.domain.account import Account, AccountKey, Channel, Pseudonym, VerifiedIdentity
from msa_recovery.domain.challenge import ChallengeKind, Proof
from msa_recovery.domain.helpdesk import Helpdesk
from msa_recovery.domain.identifiers import Identifier
from msa_recovery.domain.passwords import Strength
from msa_recovery.domain.policy import Policy
from msa_recovery.domain.secret import Secret

from .async_ports import AsyncObserver
from .errors import InfrastructureError, WrongAnswer
from .facts import Checkpoint, Ended, Idle, KeptFact
from .intents import DirectoryIntent, ReplacePassword
from .messages import Delivered, Delivery, Message, Rejected, TryLater
from .ports import AccountDirectory, Clock, Messenger, Observer, Secrets, Store, StrengthMeter, Vault
from .records import Change, HandleHash, IntentRow, KeyUse, MessageId, OutboxRow, StoredJourney, StoredLedger, Traces

__all__ = [
    "Ports",
    "Question",
    "Script",
    "apply",
    "claim",
    "commit",
    "deliver",
    "draw_chance",
    "draw_code",
    "draw_guess_id",
    "draw_handle",
    "draw_journey_id",
    "draw_temporary_password",
    "due",
    "ended",
    "erased_through",
    "facts_after",
    "find",
    "find_by_identity",
    "get",
    "idle",
    "intents_to_reseal",
    "journeys_to_reseal",
    "keys_besides",
    "last_checkpoint",
    "load",
    "load_ledger",
    "measure",
    "message",
    "messages_to_reseal",
    "now",
    "open_intents",
    "password_matches",
    "proofs",
    "traces",
]

_EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(9000, 1, 1, tzinfo=UTC)
"""What a clock may show: from either end there is room for every window and every deadline of a policy."""

_DRAWN_BYTES: Final = 6
"""As many as a float holds exactly."""

T = TypeVar("T")


@final
@frozen(eq=False)
class Ports:
    """Everything that is plugged in. Made by ``compose``, which gives each a safe default.

    Attributes:
        accounts: the host's accounts.
        store: where everything is kept.
        clock: what time it is.
        messengers: who delivers, by channel; a channel without one stays in the outbox.
        meter: how hard a password is to guess.
        secrets: where secrets come from.
        vault: the keyed functions.
        policy: the limits.
        helpdesk: whom a person calls who has not signed in.
        observers: who is told each fact once it is kept.
    """

    accounts: AccountDirectory
    store: Store
    clock: Clock
    messengers: Mapping[Channel, Messenger]
    meter: StrengthMeter
    secrets: Secrets
    vault: Vault
    policy: Policy
    helpdesk: Helpdesk
    observers: tuple[Observer | AsyncObserver, ...] = ()


@final
@frozen(eq=False)
class Question(Generic[T]):
    """One call of one port, not yet made.

    Attributes:
        port: the port's name in :class:`Ports`.
        method: its method.
        arguments: what it is given.
        channel: which of the messengers, when one is asked.
        answers: of which types the answer may be.
        heavy: whether to answer takes long computing, such as a hash of a password.
    """

    port: str
    method: str
    arguments: tuple[Any, ...] = field(default=(), repr=False)
    channel: Channel | None = None
    answers: tuple[type, ...] = field(default=(object,), repr=False)
    heavy: bool = False

    def target(self, ports: Ports) -> Any:
        """The method that answers."""
        port = getattr(ports, self.port)
        return getattr(port if self.channel is None else port[self.channel], self.method)

    def ask(self, ports: Ports) -> T:
        """Make the call. With an async port the answer is an awaitable of it."""
        answer: T = self.target(ports)(*self.arguments)
        return answer

    def checked(self, answer: T) -> T:
        """The answer, once it is awaited. One of another type is a port that failed: taken for true because it is not
        nothing, it would open what is to stay shut.

        Raises:
            WrongAnswer: the port did not answer what it promises.
        """
        if isinstance(answer, self.answers):
            return answer
        given: object = answer
        if isinstance(given, CoroutineType):
            # Nobody will await it: it need not complain of that as well.
            given.close()
        raise WrongAnswer(self.port, self.method, answer)

    def __iter__(self) -> "Generator[Question[Any], Any, T]":
        answer: T = yield self
        return answer


Script = Generator[Question[Any], Any, T]
"""What happens to one event: it yields questions, is sent answers, and returns a ``T``."""

# -- the store ---------------------------------------------------------------------------------------------------------


def load(handle: HandleHash) -> Question[StoredJourney | None]:
    """The journey that a handle finds."""
    return Question("store", "load", (handle,), answers=(StoredJourney, NoneType))


def load_ledger(account: Pseudonym) -> Question[StoredLedger]:
    """An account's ledger, with its open intents."""
    return Question("store", "ledger", (account,), answers=(StoredLedger,))


def commit(change: Change) -> Question[bool]:
    """Write a change, all or nothing."""
    return Question("store", "commit", (change,), answers=(bool,))


def due(at: datetime, limit: int) -> Question[tuple[StoredJourney, ...]]:
    """Journeys whose deadline is over."""
    return Question("store", "due", (at, limit), answers=(tuple,))


def ended(finished_before: datetime, limit: int) -> Question[tuple[Ended, ...]]:
    """Journeys that finished long ago."""
    return Question("store", "ended", (finished_before, limit), answers=(tuple,))


def idle(since: datetime, limit: int) -> Question[tuple[Idle, ...]]:
    """Ledgers in which nothing matters any more."""
    return Question("store", "idle", (since, limit), answers=(tuple,))


def traces(account: Pseudonym, limit: int) -> Question[Traces]:
    """What is kept of an account beside its ledger."""
    return Question("store", "traces", (account, limit), answers=(Traces,))


def erased_through() -> Question[int]:
    """Up to which place facts have been erased for their age."""
    return Question("store", "erased_through", answers=(int,))


def facts_after(sequence: int, limit: int) -> Question[tuple[KeptFact, ...]]:
    """The facts that follow one."""
    return Question("store", "facts_after", (sequence, limit), answers=(tuple,))


def last_checkpoint() -> Question[Checkpoint | None]:
    """The checkpoint that was signed last."""
    return Question("store", "last_checkpoint", answers=(Checkpoint, NoneType))


def claim(at: datetime, until: datetime, limit: int, channels: frozenset[Channel]) -> Question[tuple[OutboxRow, ...]]:
    """Take messages of these channels that are due."""
    return Question("store", "claim", (at, until, limit, channels), answers=(tuple,))


def message(name: MessageId) -> Question[OutboxRow | None]:
    """One message of the outbox."""
    return Question("store", "message", (name,), answers=(OutboxRow, NoneType))


def open_intents(limit: int) -> Question[tuple[Pseudonym, ...]]:
    """Accounts with unapplied intents."""
    return Question("store", "open_intents", (limit,), answers=(tuple,))


def keys_besides(signer: str, at: datetime) -> Question[tuple[KeyUse, ...]]:
    """Which keys what is kept needs besides this one."""
    return Question("store", "keys_besides", (signer, at), answers=(tuple,))


def journeys_to_reseal(signer: str, after: StoredJourney | None, limit: int) -> Question[tuple[StoredJourney, ...]]:
    """Journeys that name another key."""
    return Question("store", "journeys_to_reseal", (signer, after, limit), answers=(tuple,))


def messages_to_reseal(signer: str, after: OutboxRow | None, limit: int) -> Question[tuple[OutboxRow, ...]]:
    """Messages that name another key."""
    return Question("store", "messages_to_reseal", (signer, after, limit), answers=(tuple,))


def intents_to_reseal(signer: str, after: IntentRow | None, limit: int) -> Question[tuple[IntentRow, ...]]:
    """Open intents that name another key."""
    return Question("store", "intents_to_reseal", (signer, after, limit), answers=(tuple,))


# -- the host's accounts -----------------------------------------------------------------------------------------------


def find(identifier: Identifier) -> Question[Account | None]:
    """The account of an identifier."""
    return Question("accounts", "find", (identifier,), answers=(Account, NoneType))


def find_by_identity(identity: VerifiedIdentity) -> Question[Account | None]:
    """The account of a verified identity."""
    return Question("accounts", "find_by_identity", (identity,), answers=(Account, NoneType))


def get(key: AccountKey) -> Question[Account | None]:
    """The account of a key."""
    return Question("accounts", "get", (key,), answers=(Account, NoneType))


def proofs(key: AccountKey, kind: ChallengeKind, since: date | None) -> Question[tuple[Proof, ...]]:
    """What an answer is checked against."""
    return Question("accounts", "proofs", (key, kind, since), answers=(tuple,))


def password_matches(key: AccountKey, password: Secret) -> Question[bool]:
    """Whether this is the account's usual password: slow on purpose."""
    return Question("accounts", "password_matches", (key, password), answers=(bool,), heavy=True)


def apply(key: AccountKey, intent: DirectoryIntent, once: str) -> Question[bool]:
    """One effect on the directory; whether it could be done."""
    heavy = isinstance(intent, ReplacePassword)
    return Question("accounts", "apply", (key, intent, once), answers=(bool,), heavy=heavy)


# -- the others --------------------------------------------------------------------------------------------------------


def deliver(message: Message, key: MessageId) -> Question[Delivery]:
    """Hand a message to its channel's messenger."""
    return Question("messengers", "deliver", (message, key), message.channel, (Delivered, TryLater, Rejected))


def measure(password: Secret, words: tuple[str, ...]) -> Question[Strength]:
    """How hard a password is to guess."""
    return Question("meter", "measure", (password, words), answers=(Strength,), heavy=True)


def now() -> Script[datetime]:
    """What time it is: asked once for everything that is decided about an event.

    Raises:
        InfrastructureError: the clock shows no moment, or one so far away that no deadline can be counted from it.
    """
    moment: object = yield from Question[object]("clock", "now")
    if not isinstance(moment, datetime) or moment.utcoffset() is None:
        raise InfrastructureError("clock", f"an aware datetime, not a naive one or a {type(moment).__name__}")
    if not _EARLIEST < moment < _LATEST:
        raise InfrastructureError("clock", f"a moment between {_EARLIEST.year} and {_LATEST.year}")
    return moment


def draw_code(digits: int) -> Question[Secret]:
    """A fresh code."""
    return Question("secrets", "code", (digits,), answers=(Secret,))


def draw_temporary_password(length: int) -> Question[Secret]:
    """A fresh temporary password."""
    return Question("secrets", "temporary_password", (length,), answers=(Secret,))


def draw_handle() -> Question[Secret]:
    """A fresh handle."""
    return Question("secrets", "handle", answers=(Secret,))


def draw_guess_id() -> Question[bytes]:
    """A fresh name of a guess."""
    return Question("secrets", "guess_id", answers=(bytes,))


def draw_chance() -> Script[float]:
    """A uniform number, from 0 up to 1: of the bits that a guess would be named with."""
    drawn = yield from draw_guess_id()
    return int.from_bytes(drawn[:_DRAWN_BYTES]) / 256**_DRAWN_BYTES


def draw_journey_id() -> Question[str]:
    """A fresh name of a journey."""
    return Question("secrets", "journey_id", answers=(str,))
