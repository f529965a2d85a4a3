"""What the library needs of the outside. Each port says what it must keep to; ``msa_recovery.testing`` has a contract
suite for each, which a host's own adapter can inherit.

A port may raise anything: it becomes an :class:`InfrastructureError`, nothing is half done, and the host may call
again. So does an answer of another type than a port promises: yes or no is a ``bool``, several things are a tuple.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Protocol, final

from msa_recovery.domain.account import Account, AccountKey, Channel, Pseudonym, VerifiedIdentity
from msa_recovery.domain.audit import Fact
from msa_recovery.domain.challenge import ChallengeKind, Proof
from msa_recovery.domain.identifiers import Identifier
from msa_recovery.domain.passwords import Strength
from msa_recovery.domain.secret import Secret

from .facts import AuditRow, Checkpoint, Ended, Idle, KeptFact
from .intents import DirectoryIntent
from .messages import Delivery, Message
from .records import Change, HandleHash, IntentRow, KeyUse, MessageId, OutboxRow, StoredJourney, StoredLedger, Traces

__all__ = [
    "AccountDirectory",
    "Clock",
    "Messenger",
    "Observer",
    "Purpose",
    "Secrets",
    "Store",
    "StrengthMeter",
    "Vault",
]


class AccountDirectory(Protocol):
    """The host's accounts. For an unknown account every call does the work of a known one (R14)."""

    def find(self, identifier: Identifier) -> Account | None:
        """The account known under this identifier. One that is closed is unknown."""
        ...

    def find_by_identity(self, identity: VerifiedIdentity) -> Account | None:
        """The account of the person whom FranceConnect vouches for: the individual's, if there is one; else another one
        of this very person, which FranceConnect does not open, so that the refusal says why."""
        ...

    def get(self, key: AccountKey) -> Account | None:
        """The account of this canonical key, as it is now; ``None`` for a key that it never gave or has closed."""
        ...

    def proofs(self, key: AccountKey, kind: ChallengeKind, since: date | None) -> tuple[Proof, ...]:
        """What an answer of this kind is checked against, paid on or after ``since`` (``None``: whenever), with the
        dates. Empty for an unknown key."""
        ...

    def password_matches(self, key: AccountKey, password: Secret) -> bool:
        """Whether this is the account's usual password. ``False`` for an unknown key, after the same hashing."""
        ...

    def apply(self, key: AccountKey, intent: DirectoryIntent, once: str) -> bool:
        """Do this, once: a call with the same ``once`` again has no further effect and answers the same.

        ``False`` for what can never be done: an account that is closed, an address that the host's rules refuse. What
        only failed for now is raised, and asked for again. For one account the calls come in order, but the same call
        may come from two processes at a time.
        """
        ...


class Store(Protocol):
    """Where journeys, ledgers, messages, intents and audit facts are kept. Every moment is aware, and in UTC."""

    def load(self, handle: HandleHash) -> StoredJourney | None:
        """The journey that this handle finds now."""
        ...

    def ledger(self, account: Pseudonym) -> StoredLedger:
        """The account's ledger with its open intents; an empty one if none is kept, of version 0 where none was ever
        deleted, else of one that no deleted ledger had."""
        ...

    def commit(self, change: Change) -> bool:
        """Write everything or nothing: durably, unless the change says that it need not be. What is durable has all
        before it durable as well.

        ``False``, and nothing is written, when the journey, the ledger, a message or what is to be deleted is no longer
        of the version in the change, the chain of an account has moved, a fact to erase is erased, or the checkpoint
        exists; one of version 0 must not exist yet. What is written has the next version.
        """
        ...

    def due(self, now: datetime, limit: int) -> tuple[StoredJourney, ...]:
        """Journeys not finished whose deadline is over, the oldest first, at most ``limit``.

        One that cannot be read keeps no other one waiting: it is raised once it alone is left.
        """
        ...

    def ended(self, finished_before: datetime, limit: int) -> tuple[Ended, ...]:
        """Journeys that finished before that moment, the oldest first, at most ``limit``. One that cannot be read is
        among them."""
        ...

    def idle(self, since: datetime, limit: int) -> tuple[Idle, ...]:
        """Ledgers in which nothing has mattered since before that moment (``StoredLedger.until``), those first that
        have been so for longest, at most ``limit``. None of an account that has a journey under way, or effects on the
        directory that are still open."""
        ...

    def traces(self, account: Pseudonym, limit: int) -> Traces:
        """What is kept of an account beside its ledger, of each kind at most ``limit``."""
        ...

    def erased_through(self) -> int:
        """Up to which place facts have been erased for their age."""
        ...

    def facts_after(self, sequence: int, limit: int) -> tuple[KeptFact, ...]:
        """The facts behind this place, in the order in which they were committed, at most ``limit``. No fact is ever
        given a place before one that was returned here."""
        ...

    def last_checkpoint(self) -> Checkpoint | None:
        """The checkpoint of the highest number."""
        ...

    def claim(self, now: datetime, until: datetime, limit: int, channels: frozenset[Channel]) -> tuple[OutboxRow, ...]:
        """Take waiting messages of these channels that are due: the longest due first, those due at the same moment in
        the order in which they were promised.

        At most ``limit``. Each is due again at ``until``, so that it is not lost with the worker that took it; no two
        workers get the same one. What is returned has the next version, which is the worker's claim to it. It need not
        be durable: a claim that a power cut takes back is made again.

        Of one journey and channel the order is kept, also between those who claim at the same moment: a message is left
        while an earlier one waits that was never tried and is due later than it or is being claimed, since a worker has
        it, or had it and died. One that was put off holds none up.
        """
        ...

    def message(self, name: MessageId) -> OutboxRow | None:
        """The message of this name, whatever became of it."""
        ...

    def open_intents(self, limit: int) -> tuple[Pseudonym, ...]:
        """Accounts that have unapplied intents, at most ``limit``: one call after the other comes to all of them, so
        that those whose effects cannot be applied keep no other one waiting."""
        ...

    def keys_besides(self, signer: str, now: datetime) -> tuple[KeyUse, ...]:
        """Which keys what is kept needs besides this one, by the ``keys`` of its rows: one entry a key and place. A
        ledger whose temporary passwords are all dead needs none."""
        ...

    def journeys_to_reseal(self, signer: str, after: StoredJourney | None, limit: int) -> tuple[StoredJourney, ...]:
        """Journeys that name another key than this one, at most ``limit``, in an order of the store's own.

        Args:
            signer: the id of the key that seals now.
            after: the last one of the page before, as it was returned; ``None`` for the first page.
            limit: how many at most.
        """
        ...

    def messages_to_reseal(self, signer: str, after: OutboxRow | None, limit: int) -> tuple[OutboxRow, ...]:
        """Messages that name another key than this one, at most ``limit``, page by page as ``journeys_to_reseal``."""
        ...

    def intents_to_reseal(self, signer: str, after: IntentRow | None, limit: int) -> tuple[IntentRow, ...]:
        """Open intents that name another key than this one, at most ``limit``, page by page as
        ``journeys_to_reseal``."""
        ...


class Clock(Protocol):
    """What time it is."""

    def now(self) -> datetime:
        """This moment, aware and in UTC. It may go backwards by a little; deadlines are kept as they were set."""
        ...


class Messenger(Protocol):
    """Delivers messages by one channel."""

    def deliver(self, message: Message, key: MessageId) -> Delivery:
        """Hand the message to the transport. Called again with the same key, the person gets it once, if the transport
        can tell. It never raises for an address or a transport that fails: that is an answer."""
        ...


class Observer(Protocol):
    """Is told each fact, once it is kept: for logs, traces, counters and alarms.

    It is called by the call that the fact comes from, after the commit and never inside, so that it can undo nothing:
    what it raises is logged. A call that is killed right after its commit tells nobody; the audit itself has the fact.
    """

    def observe(self, row: AuditRow) -> Fact | None:
        """Take note of it. What is returned, such as an alarm, is kept as a further fact and told to every observer."""
        ...


class StrengthMeter(Protocol):
    """How hard a password is to guess."""

    def measure(self, password: Secret, words: tuple[str, ...]) -> Strength:
        """Faible, moyen or fort, a pure function of both arguments: any text, any length, any thread, within 50 ms.

        Args:
            password: in NFC.
            words: what an attacker who knows the person tries first: names, identifiers, the fund.
        """
        ...


class Secrets(Protocol):
    """Where codes, temporary passwords, handles and names of journeys and guesses come from: uniform, unpredictable."""

    def code(self, digits: int) -> Secret:
        """So many decimal digits, leading zeros kept."""
        ...

    def temporary_password(self, length: int) -> Secret:
        """So many characters, of the form that ``domain/temporary.py`` describes."""
        ...

    def handle(self) -> Secret:
        """At least 128 bits, safe in a cookie (R34)."""
        ...

    def guess_id(self) -> bytes:
        """128 bits."""
        ...

    def journey_id(self) -> str:
        """128 bits as text."""
        ...


@final
class Purpose(StrEnum):
    """What a key is for. Each has its own, so that nothing made for one can serve another; a value that changes orphans
    what was made for it."""

    CODE = "code"
    TEMPORARY_PASSWORD = "temporary_password"  # noqa: S105 - a purpose
    SEAL = "seal"
    AUDIT = "audit"
    CSRF = "csrf"
    GUESS = "guess"
    PSEUDONYM = "pseudonym"
    DECOY = "decoy"
    FINGERPRINT = "fingerprint"


class Vault(Protocol):
    """The keyed functions: quick, and pure but for the nonces. What ``digest`` and ``seal`` make begins with a header
    that names its key (``application/sealed.py``)."""

    @property
    def signer(self) -> str:
        """The id of the key that digests and seals from now on."""
        ...

    def holds(self, key_id: str) -> bool:
        """Whether what the key of this id made can be verified and unsealed."""
        ...

    def digest(self, purpose: Purpose, *fields: bytes) -> bytes:
        """A keyed digest over the purpose and the fields, each with its length."""
        ...

    def verify(self, purpose: Purpose, expected: bytes, *fields: bytes) -> bool:
        """Whether ``expected`` is the digest of these fields, in constant time."""
        ...

    def pseudonym(self, canonical: str) -> str:
        """The keyed name of an account or an origin."""
        ...

    def decoy_seed(self, canonical: str) -> bytes:
        """The 32 bytes that an unknown identifier's decoy is drawn from."""
        ...

    def fingerprint(self, text: str) -> bytes:
        """The keyed digest of an address."""
        ...

    def seal(self, plain: bytes, *, bound_to: tuple[bytes, ...], size: int) -> bytes:
        """Encrypt and authenticate, padded to a multiple of ``size`` bytes; opened only with the same binding."""
        ...

    def unseal(self, sealed: bytes, *, bound_to: tuple[bytes, ...]) -> bytes:
        """What was sealed; anything else than the very same bytes and binding raises."""
        ...
