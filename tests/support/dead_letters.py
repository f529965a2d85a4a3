"""Messages that failed for good, in a store on the disk, by the clock of the system: what commands find there."""

from pathlib import Path

from msa_recovery import Caller, Channel, compose
from msa_recovery.adapters.clocks import SystemClock
from msa_recovery.adapters.keyring import read_keys
from msa_recovery.adapters.recording import RecordingMessenger
from msa_recovery.adapters.sqlite_store import SqliteStore
from msa_recovery.application.messages import Rejected
from msa_recovery.application.records import OutboxRow
from msa_recovery.domain.events import Abandon
from msa_recovery.domain.inputs import ChooseChannel, Identify
from msa_recovery.domain.policy import Policy
from msa_recovery.sample import sample_directory
from msa_recovery.testing.fakes import PlainHasher

__all__ = ["dead_letters", "make_dead_letters"]

_BY_SMS = "2 84 03 33 900 001 47"
_BY_EMAIL = "2 62 11 64 902 003"


def make_dead_letters(keys: Path, store: Path) -> None:
    """Two codes whose addresses no transport takes, promised just now."""
    inboxes = {channel: RecordingMessenger(channel) for channel in Channel}
    for inbox in inboxes.values():
        inbox.answer_with(Rejected("no such address"))
    with compose(
        accounts=sample_directory(SystemClock(), PlainHasher()),
        keys=read_keys(keys),
        store=store,
        messengers=inboxes,
        policy=Policy.msa(),
    ) as recovery:
        for identifier, channel in ((_BY_SMS, "sms"), (_BY_EMAIL, "email")):
            reply = recovery.begin(Caller())
            reply = recovery.send(reply.handle, Identify(identifier), Caller())
            recovery.send(reply.handle, ChooseChannel(channel), Caller())
            # No live code is left that would need its key.
            recovery.send(reply.handle, Abandon(), Caller())
        assert 2 == recovery.relay().dead


def dead_letters(store: Path) -> tuple[OutboxRow, ...]:
    """Those that are there now, the newest first."""
    opened = SqliteStore(store)
    try:
        return opened.dead_messages(10)
    finally:
        opened.close()
