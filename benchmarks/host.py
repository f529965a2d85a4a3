"""A host for the benchmarks: the sample accounts, real ports but for the hash of passwords, and a phone."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final, TypedDict, final

from msa_recovery import Caller, Channel, Origin, Secret
from msa_recovery.adapters.clocks import ManualClock
from msa_recovery.adapters.keyring import Keys
from msa_recovery.adapters.meter import ZxcvbnMeter
from msa_recovery.application.messages import Delivered, Delivery, Message
from msa_recovery.application.records import MessageId
from msa_recovery.sample import sample_directory

__all__ = ["CALLER", "IDENTIFIER", "START", "Host", "NoHashing", "Phone"]

START: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
IDENTIFIER: Final = "2 84 03 33 900 001 47"
CALLER: Final = Caller(origin=Origin("203.0.113.7"))


@final
class NoHashing:
    """A hasher that keeps passwords as they are: never for people."""

    def hash(self, password: Secret) -> str:
        return password.reveal()

    def verify(self, hashed: str, password: Secret) -> bool:
        return Secret(hashed) == password

    def verify_nothing(self, password: Secret) -> None:
        self.verify("", password)

    def needs_rehash(self, hashed: str) -> bool:
        return not hashed


@final
class Phone:
    """Shows the last secret that came, by whatever channel."""

    def __init__(self) -> None:
        self.secret = Secret("")

    def deliver(self, message: Message, _: MessageId) -> Delivery:
        self.secret = message.secret or self.secret
        return Delivered()


class _Plugs(TypedDict):
    accounts: Any
    keys: Keys
    store: Any
    messengers: dict[Channel, Any]
    meter: Any
    clock: ManualClock


@final
class Host:
    """A host with the sample accounts, and what it plugs in.

    Args:
        store: where everything is kept.
        meter: one that is ready.
        keys: the key ring.
        port: what each port is wrapped in.
    """

    def __init__(
        self, store: object, meter: ZxcvbnMeter, keys: Keys, port: Callable[[Any], Any] = lambda port: port
    ) -> None:
        self.clock = ManualClock(START)
        self.phone = Phone()
        self.plugs = _Plugs(
            accounts=port(sample_directory(self.clock, NoHashing())),
            keys=keys,
            store=port(store),
            messengers=dict.fromkeys(Channel, port(self.phone)),
            meter=port(meter),
            clock=self.clock,
        )
