"""A whole recovery on a host's adapters, with a known one beside the store and the directory, and somebody in every
line."""

from collections.abc import Mapping
from typing import Any, cast, final

from msa_recovery.adapters.clocks import ManualClock
from msa_recovery.adapters.keyring import Keys, RootKey
from msa_recovery.adapters.memory_directory import MemoryDirectory
from msa_recovery.adapters.memory_store import MemoryStore
from msa_recovery.adapters.vault import Vault
from msa_recovery.application.caller import Caller
from msa_recovery.application.intents import DirectoryIntent
from msa_recovery.application.ports import AccountDirectory, Clock, Messenger, Secrets, Store, StrengthMeter
from msa_recovery.application.ports import Vault as VaultPort
from msa_recovery.application.questions import Ports
from msa_recovery.application.recovery import Recovery
from msa_recovery.application.reply import Reply
from msa_recovery.domain.account import Account, AccountKey, Channel
from msa_recovery.domain.inputs import Input
from msa_recovery.domain.policy import Policy
from msa_recovery.domain.secret import Secret

from .beside import Beside
from .fakes import LengthMeter, PlainHasher, drawn_from
from .inside import Inside
from .people import ANYBODYS, EVERYBODY
from .tapped import Call, Tap, Tapped, through

__all__ = ["Bench"]

_KEYS = Keys((RootKey("test", b"k" * 32),), b"i" * 32)


@final
class Bench(Inside):
    """What a test of a host's adapters looks at.

    Args:
        policy: the limits.
        store: the host's, empty.
        directory: the host's, which knows ``EVERYBODY``.
        messengers: the host's, by channel.
        clock: the clock of all of them.

    Attributes:
        host: the recovery, to be called as a host calls it.
        clock: stands still unless it is moved.
        store: one in memory that is given everything that the host's is given.
        directory: one in memory, the same of the host's directory.
        differences: what the host's answered otherwise than these.
        tap: is given every call of a port.
    """

    def __init__(
        self,
        policy: Policy,
        store: Store,
        directory: AccountDirectory,
        messengers: Mapping[Channel, Messenger],
        clock: ManualClock,
    ) -> None:
        self.clock = clock
        known = MemoryDirectory((each.held(each.password) for each in EVERYBODY), PlainHasher(), clock)
        super().__init__(MemoryStore(), known, Vault(_KEYS))
        self.differences: list[str] = []
        self.tap: Tap = through
        self._accounts = Beside("accounts", directory, self.directory, self.differences)

        def tapped(port: str, of: object) -> Any:
            return Tapped(port, of, self._listen)

        self.host = Recovery(
            Ports(
                accounts=cast(AccountDirectory, tapped("accounts", self._accounts)),
                store=cast(Store, tapped("store", Beside("store", store, self.store, self.differences))),
                clock=cast(Clock, tapped("clock", clock)),
                messengers={by: cast(Messenger, tapped("messengers", of)) for by, of in messengers.items()},
                meter=cast(StrengthMeter, tapped("meter", LengthMeter())),
                secrets=cast(Secrets, tapped("secrets", drawn_from(1))),
                vault=cast(VaultPort, tapped("vault", self.vault)),
                policy=policy,
                helpdesk=ANYBODYS,
            )
        )

    def _listen(self, call: Call, go: Any) -> Any:
        answer = self.tap(call, go)
        self.note(call, answer)
        return answer

    # -- what happens --------------------------------------------------------------------------------------------------

    def send(self, reply: Reply, event: Input, caller: Caller) -> Reply:
        """One event of the person who holds this reply's handle."""
        return self.host.send(reply.handle, event, caller)

    def host_does(self, key: AccountKey, intent: DirectoryIntent, once: str) -> None:
        """The host itself changes an account, outside of any journey."""
        self._accounts.apply(key, intent, once)

    def looks_up(self, account: Account) -> None:
        """The host's directory is asked for somebody, under every name; ``differences`` has what was wrong."""
        self._accounts.get(account.key)
        for identifier in account.identifiers:
            self._accounts.find(identifier)

    def still_signs_in(self, key: AccountKey, password: str) -> bool:
        """Whether the host's directory takes this for the usual password."""
        matches: bool = self._accounts.password_matches(key, Secret(password))
        return matches
