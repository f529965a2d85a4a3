"""A whole MSA on a stage: sample accounts, a clock that is moved by hand, and what arrived on phones and in boxes."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final, Protocol, Self, final

from attrs import field, frozen

from msa_recovery.adapters.clocks import ManualClock
from msa_recovery.adapters.kept_directory import KeptDirectory
from msa_recovery.adapters.keyring import Keys
from msa_recovery.adapters.memory_store import MemoryStore
from msa_recovery.adapters.meter import ZxcvbnMeter
from msa_recovery.adapters.password_hashing import TESTS_ONLY, Argon2idHasher
from msa_recovery.adapters.recording import RecordingMessenger
from msa_recovery.adapters.secrets_source import SystemSecrets
from msa_recovery.application.messages import Message
from msa_recovery.application.ports import AccountDirectory, Messenger, Store
from msa_recovery.application.recovery import Recovery
from msa_recovery.compose import compose
from msa_recovery.domain.account import Channel
from msa_recovery.domain.secret import Secret
from msa_recovery.sample import sample_directory

from .cast import Member, member

__all__ = ["WRONG_CODES", "Disguise", "Inbox", "NoCodeTwice", "Stage", "as_it_is"]

WRONG_CODES: Final = ("0000", "0001", "0002", "0003")
"""Codes that are never drawn on a stage."""

Disguise = Callable[[AccountDirectory], AccountDirectory]
"""Puts another face on the sample directory, to show what a host's own could answer."""


def as_it_is(directory: AccountDirectory) -> AccountDirectory:
    """No disguise."""
    return directory


class Inbox(Messenger, Protocol):
    """A messenger that keeps what it delivered."""

    def messages(self) -> tuple[Message, ...]:
        """What was delivered, oldest first."""
        ...


@final
@frozen(eq=False)
class Stage:
    """Everything that a story or the demonstration acts on.

    The sample passwords stand in clear in their file, so they are hashed at the cost that is for tests only.

    Attributes:
        clock: stands still unless it is moved.
        directory: the sample accounts.
        store: what the library keeps.
        inboxes: what was delivered, by channel.
        meter: judges new passwords.
        recovery: the library.
    """

    clock: ManualClock
    directory: KeptDirectory
    store: Store
    inboxes: Mapping[Channel, Inbox]
    meter: ZxcvbnMeter
    recovery: Recovery

    @classmethod
    def sample(cls, now: datetime, disguise: Disguise = as_it_is, store: Store | None = None) -> Self:
        """A new one, with new keys, on which nothing has happened yet.

        Args:
            now: what its clock shows first.
            disguise: what the library sees of the directory, if it is not the sample itself.
            store: an empty one; in memory when nothing is said.
        """
        clock = ManualClock(now)
        directory = sample_directory(clock, Argon2idHasher(TESTS_ONLY))
        store = store or MemoryStore()
        inboxes = {channel: RecordingMessenger(channel) for channel in Channel}
        meter = ZxcvbnMeter()
        recovery = compose(
            accounts=disguise(directory),
            keys=Keys.generate(),
            store=store,
            messengers=inboxes,
            clock=clock,
            meter=meter,
            secrets=NoCodeTwice(),
        )
        return cls(clock, directory, store, inboxes, meter, recovery)

    def wait(self, length: timedelta) -> None:
        """Let time pass."""
        self.clock.advance(length)

    def member(self, key: str) -> Member:
        """The sample account of that key, as it is now."""
        return member(self.directory, key)

    def delivered(self, channel: Channel) -> tuple[Message, ...]:
        """What has arrived by that channel, oldest first, once everything that was promised is delivered."""
        while self.recovery.relay().total:
            pass
        return self.inboxes[channel].messages()


@final
@frozen(eq=False)
class NoCodeTwice:
    """The system's random source, but for codes: each is drawn once, so that an earlier one is always a wrong one, and
    none of those is drawn that stories type as wrong ones.
    """

    _drawn: set[str] = field(factory=lambda: set(WRONG_CODES), init=False)
    _source: SystemSecrets = field(factory=SystemSecrets, init=False)

    def code(self, digits: int) -> Secret:
        while (code := self._source.code(digits)).reveal() in self._drawn:
            pass
        self._drawn.add(code.reveal())
        return code

    def temporary_password(self, length: int) -> Secret:
        return self._source.temporary_password(length)

    def handle(self) -> Secret:
        return self._source.handle()

    def guess_id(self) -> bytes:
        return self._source.guess_id()

    def journey_id(self) -> str:
        return self._source.journey_id()
