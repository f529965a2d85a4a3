"""What a host plugs in, called or awaited, as its type checker sees it.

As in ``host.py``, a line that must be refused says so.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from msa_recovery import AccountKey, AsyncRecovery, Channel, Recovery, Secret, Strength, compose, compose_async
from msa_recovery.adapters.keyring import Keys
from msa_recovery.adapters.memory_directory import MemoryDirectory
from msa_recovery.adapters.memory_store import MemoryStore
from msa_recovery.adapters.password_hashing import Argon2idHasher
from msa_recovery.adapters.sms_gateway import SmsGatewayMessenger
from msa_recovery.adapters.sms_shape import SmsGateway
from msa_recovery.adapters.smtp import SmtpMessenger, SmtpServer
from msa_recovery.application.async_ports import AsyncAccountDirectory, AsyncMessenger, AsyncObserver, AsyncStore
from msa_recovery.application.facts import AuditRow
from msa_recovery.application.intents import (
    DirectoryIntent,
    ReplacePassword,
    RevokeSessions,
    SetContactsMark,
    UpdateContacts,
)
from msa_recovery.application.messages import Delivered, Delivery, Message, TryLater
from msa_recovery.application.ports import AccountDirectory, Clock, Observer, StrengthMeter
from msa_recovery.application.records import Change, MessageId
from msa_recovery.domain.account import Account, AccountType, Contact, ContactId, VerifiedIdentity
from msa_recovery.domain.audit import Fact
from msa_recovery.domain.challenge import Amount, ChallengeKind, Proof
from msa_recovery.domain.contacts import ContactKind, EmailAddress, PhoneNumber
from msa_recovery.domain.helpdesk import ASSISTANCE_INTERNET
from msa_recovery.domain.identifiers import Identifier, Nir, Siret
from msa_recovery.sample import sample_accounts
from msa_recovery.testing.async_ports import AsyncStoreOf

MARIE = Account(
    key=AccountKey("marie"),
    type=AccountType.INDIVIDUAL,
    first_sign_in=False,
    identifiers=(Nir("2840333900001"),),
    contacts=(Contact(ContactId("1"), ContactKind.EMAIL, EmailAddress("marie@example.org")),),
    names=("Marie", "Laborde"),
    postal_address=("MME MARIE LABORDE", "33000 BORDEAUX"),
    fund=ASSISTANCE_INTERNET,
)
Contact(ContactId("1"), ContactKind.EMAIL, "marie@example.org")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
Proof(ChallengeKind.BENEFIT_AMOUNT, 148.52)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


class Ours:
    """A directory that is awaited: one by its shape."""

    async def find(self, identifier: Identifier) -> Account | None:
        match identifier:
            case Nir(number):
                return MARIE if number == "2840333900001" else None
            case Siret():
                return None

    async def find_by_identity(self, identity: VerifiedIdentity) -> Account | None:
        return MARIE if identity.family_name == "Laborde" else None

    async def get(self, key: AccountKey) -> Account | None:
        return None

    async def proofs(self, key: AccountKey, kind: ChallengeKind, since: date | None) -> tuple[Proof, ...]:
        return (Proof(kind, Amount(148_52), since),)

    async def password_matches(self, key: AccountKey, password: Secret) -> bool:
        return password == Secret("Vendanges#2019")

    async def apply(self, key: AccountKey, intent: DirectoryIntent, once: str) -> bool:
        match intent:
            case ReplacePassword(password):
                return bool(password.reveal())
            case RevokeSessions():
                return True
            case UpdateContacts(values):
                return all(isinstance(value, EmailAddress | PhoneNumber) for _, value in values)
            case SetContactsMark(to_confirm):
                return to_confirm


class Halfway(Ours):
    """Awaited, but for one method: no directory of either kind."""

    def get(self, key: AccountKey) -> Account | None:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]
        return None


class Forgetful:
    """A store that is awaited, with none of the other methods."""

    async def commit(self, change: Change) -> bool:
        return change.journey is not None


class Pigeons:
    """A messenger that is awaited."""

    async def deliver(self, message: Message, key: MessageId) -> Delivery:
        return Delivered() if message.channel is Channel.LETTER else TryLater()


class Doves:
    """No messenger: its answer says nothing."""

    async def deliver(self, message: Message, key: MessageId) -> bool:
        return True


class Watchman:
    """An observer that is awaited."""

    async def observe(self, row: AuditRow) -> Fact | None:
        return row.fact if row.at.year else None


class Sundial:
    """A clock."""

    def now(self) -> datetime:
        return datetime(2026, 3, 2, tzinfo=UTC)


class Optimist:
    """A meter."""

    def measure(self, password: Secret, words: tuple[str, ...]) -> Strength:
        return Strength.STRONG


def awaited(keys: Keys, store: AsyncStore) -> AsyncRecovery:
    directory: AsyncAccountDirectory = Ours()
    pigeons: AsyncMessenger = Pigeons()
    watchman: AsyncObserver = Watchman()
    halfway: AsyncAccountDirectory = Halfway()  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
    doves: AsyncMessenger = Doves()  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
    forgetful: AsyncStore = Forgetful()  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
    called: AccountDirectory = Ours()  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
    del halfway, doves, forgetful, called
    compose_async(accounts=Halfway(), keys=keys, store=store)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    compose_async(accounts=directory, keys=keys, store=Forgetful())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    compose_async(accounts=directory, keys=keys, store=store, messengers={Channel.SMS: Doves()})  # type: ignore[dict-item]  # pyright: ignore[reportArgumentType]
    compose(accounts=directory, keys=keys, store=MemoryStore())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    compose_async(accounts=directory, keys=keys, store=AsyncStoreOf(MemoryStore()))
    return compose_async(
        accounts=directory, keys=keys, store=store, messengers={Channel.LETTER: pigeons}, observers=[watchman]
    )


def mixed(accounts: AccountDirectory, keys: Keys) -> AsyncRecovery:
    """A port is awaited in all its methods or in none, each port as it likes."""
    return compose_async(
        accounts=accounts, keys=keys, store=MemoryStore(), messengers={Channel.SMS: by_sms(), Channel.LETTER: Pigeons()}
    )


def called(keys: Keys, observer: Observer) -> Recovery:
    clock: Clock = Sundial()
    meter: StrengthMeter = Optimist()
    hasher = Argon2idHasher()
    directory: AccountDirectory = MemoryDirectory(sample_accounts(clock, hasher), hasher, clock)
    compose(accounts=directory, keys=keys, store=MemoryStore(), messengers={Channel.SMS: Pigeons()})  # type: ignore[dict-item]  # pyright: ignore[reportArgumentType]
    compose(accounts=directory, keys=keys, store=MemoryStore(), meter=clock)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    return compose(
        accounts=directory,
        keys=keys,
        store="postgresql://recovery@localhost/recovery",
        messengers={Channel.SMS: by_sms(), Channel.EMAIL: by_email()},
        clock=clock,
        meter=meter,
        observers=[observer],
        helpdesk=ASSISTANCE_INTERNET,
    )


def by_sms() -> SmsGatewayMessenger:
    body: Mapping[str, str | Secret] = {"to": "{to}", "text": "{text}", "key": Secret("as the gateway gave it")}
    return SmsGatewayMessenger(SmsGateway(url="https://sms.example/send", body=body))


def by_email() -> SmtpMessenger:
    SmtpMessenger("mail.example", sender="a@msa.example", name="MSA")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    SmtpServer(host="mail.example", password="in clear")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    return SmtpMessenger(SmtpServer(host="mail.example"), sender="ne-pas-repondre@msa.example", name="MSA")
