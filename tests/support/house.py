"""A whole recovery, in memory if no store is given: all that a test of the application looks at, and ways there."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, cast, final

from attrs import evolve

from msa_recovery.adapters.clocks import ManualClock
from msa_recovery.adapters.held_account import HeldAccount
from msa_recovery.adapters.keyring import Keys, RootKey
from msa_recovery.adapters.memory_directory import MemoryDirectory
from msa_recovery.adapters.memory_store import MemoryStore
from msa_recovery.adapters.recording import RecordingMessenger
from msa_recovery.adapters.vault import Vault
from msa_recovery.application.async_ports import AsyncObserver
from msa_recovery.application.async_recovery import AsyncRecovery
from msa_recovery.application.caller import Caller, Origin
from msa_recovery.application.messages import Delivery, Message
from msa_recovery.application.ports import (
    AccountDirectory,
    Clock,
    Messenger,
    Observer,
    Secrets,
    Store,
    StrengthMeter,
)
from msa_recovery.application.ports import Vault as VaultPort
from msa_recovery.application.questions import Ports
from msa_recovery.application.records import OutboxState, StoredLedger
from msa_recovery.application.recovery import Recovery
from msa_recovery.application.reply import Reply
from msa_recovery.domain.account import (
    Account,
    AccountKey,
    AccountType,
    Channel,
    IdentifierKind,
    Profile,
)
from msa_recovery.domain.audit import FactName
from msa_recovery.domain.decoy import decoy
from msa_recovery.domain.identifiers import Nir
from msa_recovery.domain.inputs import (
    ChooseChannel,
    ChoosePassword,
    Identify,
    Input,
    SignIn,
    SubmitCode,
)
from msa_recovery.domain.policy import Policy
from msa_recovery.testing.async_ports import AsyncDirectoryOf, AsyncMessengerOf, AsyncStoreOf
from msa_recovery.testing.fakes import LengthMeter, PlainHasher, drawn_from
from msa_recovery.testing.inside import Inside
from msa_recovery.testing.people import ANYBODYS, NEW_PASSWORD, NIR_OF_MARIE, START, USUAL_PASSWORD, people
from msa_recovery.testing.tapped import Call, Tap, Tapped, through

from .hosts import Awaited, Called, Host

MSA = Policy.msa()
HERE = Caller(origin=Origin("203.0.113.7"))
ELSEWHERE = Caller(origin=Origin("198.51.100.9"))
ANYWHERE = Caller()
AGENT = evolve(HERE, agent=True)
KEYS = Keys((RootKey("test", b"k" * 32),), b"i" * 32)


@final
class House(Inside):
    """One host, and everything that is plugged into it.

    ``tap`` may be set at any moment: it is in the line of every port. ``calls`` is every call of a port so far. The
    ``neighbour`` is another process of the same host, which nobody listens to.
    """

    def __init__(
        self,
        driver: str = "sync",
        policy: Policy = MSA,
        messengers: Mapping[Channel, Messenger] | None = None,
        seed: int = 1,
        store: Store | None = None,
        accounts: Iterable[HeldAccount] | None = None,
        observers: tuple[Observer | AsyncObserver, ...] = (),
    ) -> None:
        self._seed = seed
        self.tap: Tap = through
        self.calls: list[Call] = []
        self.closed: set[AccountKey] = set()
        self.clock = ManualClock(START)
        held = people(USUAL_PASSWORD) if accounts is None else accounts
        super().__init__(
            # Typed as the one whose insides most tests look at.
            MemoryStore() if store is None else cast(MemoryStore, store),
            MemoryDirectory(held, PlainHasher(), self.clock),
            Vault(KEYS),
        )
        self.inboxes = {channel: RecordingMessenger(channel) for channel in Channel}
        self._driver = driver
        ports = self._ports(driver, policy, self.inboxes if messengers is None else messengers)
        self.ports = evolve(ports, observers=observers)
        self.neighbour = self._next_door()
        self.host = self._hosted()

    def _hosted(self) -> Host:
        called = self._driver == "sync"
        return cast(Host, Called(Recovery(self.ports)) if called else Awaited(AsyncRecovery(self.ports)))

    def _next_door(self) -> Recovery:
        return Recovery(
            evolve(
                self.ports,
                accounts=self.directory,
                store=self.store,
                clock=self.clock,
                messengers=self.inboxes,
                secrets=drawn_from(self._seed + 1_000),
                vault=self.vault,
            )
        )

    def restart_with(self, keys: Keys) -> None:
        """The host and its neighbour are started again, with these keys."""
        self.host.close()
        self.vault = Vault(keys)
        self.ports = evolve(self.ports, vault=Tapped("vault", self.vault, self._listen))
        self.neighbour, self.host = self._next_door(), self._hosted()

    def _ports(self, driver: str, policy: Policy, messengers: Mapping[Channel, Messenger]) -> Ports:
        def tapped(port: str, of: object) -> Any:
            return Tapped(port, of, self._listen)

        store, accounts = tapped("store", self.store), tapped("accounts", self.directory)
        by = {channel: tapped("messengers", messenger) for channel, messenger in messengers.items()}
        if driver == "async":
            store, accounts = AsyncStoreOf(store), AsyncDirectoryOf(accounts)
            by = {channel: AsyncMessengerOf(messenger) for channel, messenger in by.items()}
        return Ports(
            accounts=cast(AccountDirectory, accounts),
            store=cast(Store, store),
            clock=cast(Clock, tapped("clock", self.clock)),
            messengers=cast("Mapping[Channel, Messenger]", by),
            meter=cast(StrengthMeter, tapped("meter", LengthMeter())),
            secrets=cast(Secrets, tapped("secrets", drawn_from(self._seed))),
            vault=cast(VaultPort, tapped("vault", self.vault)),
            policy=policy,
            helpdesk=ANYBODYS,
        )

    def _listen(self, call: Call, go: Any) -> Any:
        self.calls.append(call)
        answer = self.tap(call, go)
        if isinstance(answer, Account):
            return None if answer.key in self.closed else answer
        self.note(call, answer)
        return answer

    # -- ways to get there ---------------------------------------------------------------------------------------------

    def later(self, **units: float) -> None:
        """Time passes."""
        self.clock.advance(timedelta(**units))

    def answer_with(self, delivery: Delivery) -> None:
        """From now on every messenger answers so."""
        for inbox in self.inboxes.values():
            inbox.answer_with(delivery)

    def send(self, reply: Reply, event: Input, caller: Caller = HERE) -> Reply:
        """One event of the person who holds this reply's handle."""
        return self.host.send(reply.handle, event, caller)

    def play(self, *events: Input, caller: Caller = HERE) -> Reply:
        """A journey with these events."""
        reply = self.host.begin(caller)
        for event in events:
            reply = self.send(reply, event, caller)
        return reply

    def at_code(self, identifier: str = NIR_OF_MARIE, channel: str = "sms", caller: Caller = HERE) -> Reply:
        """A journey to which a code was just sent."""
        return self.play(Identify(identifier), ChooseChannel(channel), caller=caller)

    def at_sign_in(self, identifier: str = NIR_OF_MARIE, channel: str = "sms", caller: Caller = HERE) -> Reply:
        """A journey to which a temporary password was just sent."""
        return self.send(self.at_code(identifier, channel, caller), SubmitCode(self.code), caller)

    def at_new_password(self, identifier: str = NIR_OF_MARIE, caller: Caller = HERE) -> Reply:
        """A journey whose holder has signed in with the temporary password."""
        return self.send(self.at_sign_in(identifier, caller=caller), SignIn(self.password), caller)

    def at_contacts(self, identifier: str = NIR_OF_MARIE, caller: Caller = HERE) -> Reply:
        """A journey whose new password was accepted."""
        return self.send(self.at_new_password(identifier, caller), ChoosePassword(NEW_PASSWORD, NEW_PASSWORD), caller)

    # -- people whom nobody knows --------------------------------------------------------------------------------------

    def decoy(self, nir: str) -> Profile:
        """What an unknown NIR looks like."""
        canonical = Nir(nir).canonical
        seed, name = self.vault.decoy_seed(canonical), self.pseudonym(canonical)
        return decoy(seed, IdentifierKind.NIR, name, self.ports.policy)

    def unknown(
        self,
        *channels: Channel,
        type_: AccountType = AccountType.INDIVIDUAL,
        first_sign_in: bool = False,
    ) -> str:
        """A NIR that nobody has, whose decoy has this profile: reached by SMS and e-mail when nothing is said."""
        wanted = {*(channels or (Channel.SMS, Channel.EMAIL)), Channel.LETTER}
        for number in range(1, 1_000):
            nir = f"1990133990{number:03}"
            found = self.decoy(nir)
            ways = {way.channel for way in found.ways}
            if (type_, first_sign_in, wanted) == (found.type, found.first_sign_in, ways):
                return nir
        raise LookupError("no such decoy among a thousand")

    # -- secrets -------------------------------------------------------------------------------------------------------

    @property
    def wrong_code(self) -> str:
        """Not that code."""
        return f"{(int(self.code) + 1) % 10_000:04}"

    @property
    def wrong_password(self) -> str:
        """Not that password, but of its form."""
        return f"{self.password[1:]}{self.password[0]}"

    # -- what is so ----------------------------------------------------------------------------------------------------

    def ledger(self, key: AccountKey) -> StoredLedger:
        """The ledger of an account, as it is kept."""
        return self.store.ledger(self.pseudonym(f"account:{key}"))

    def delivered(self, channel: Channel) -> tuple[Message, ...]:
        """What reached people that way, oldest first, once the relay has run."""
        self.host.relay()
        return self.inboxes[channel].messages()

    def rows(self) -> list[tuple[OutboxState, int, bytes]]:
        """Where each message is, how often it was tried, and what is left of it."""
        return [(row.state, row.tries, row.sealed) for row in self.store.outbox()]

    def facts(self) -> list[FactName]:
        """The facts that were kept, by name."""
        return [row.fact.name for row in self.store.audit()]

    def outside(self) -> list[Call]:
        """The calls of ports that can fail on their own: keyed functions are computed where the script runs."""
        return [call for call in self.calls if call.port != "vault"]

    def count(self, call: str) -> int:
        """How often a port's method was called, said as ``port.method``."""
        return sum(str(each) == call for each in self.calls)


def asked(request_id: str, caller: Caller = HERE) -> Caller:
    """The same caller, with a request id."""
    return evolve(caller, request_id=request_id)
