"""A job that delivers what is due and ends, as cron or a task queue would run it: a bar in a terminal, else lines."""

import sys
import tempfile
from pathlib import Path

from msa_recovery import Caller, Channel, ChooseChannel, Identify, Relay, compose
from msa_recovery.adapters.clocks import SystemClock
from msa_recovery.adapters.keyring import Keys
from msa_recovery.adapters.password_hashing import TESTS_ONLY, Argon2idHasher
from msa_recovery.adapters.recording import RecordingMessenger
from msa_recovery.adapters.relay_progress import RelayProgress
from msa_recovery.sample import sample_directory

PEOPLE = {"2 84 03 33 900 001 47": "sms", "2 62 11 64 902 003": "email"}

with tempfile.TemporaryDirectory() as folder:
    inboxes = {channel: RecordingMessenger(channel) for channel in Channel}
    recovery = compose(
        accounts=sample_directory(SystemClock(), Argon2idHasher(TESTS_ONLY)),
        keys=Keys.generate(),  # read_keys("keys.toml")
        store=Path(folder) / "recovery.sqlite",
        messengers=inboxes,  # the host's own: docs/messages.md
    )
    with recovery:
        for identifier, channel in PEOPLE.items():  # what hosts promised meanwhile
            reply = recovery.begin(Caller())
            reply = recovery.send(reply.handle, Identify(identifier), Caller())
            recovery.send(reply.handle, ChooseChannel(channel), Caller())
        with RelayProgress(sys.stdout) as progress:
            done = Relay(recovery, tell=progress).drain()
        print(f"completed: {done.delivered} delivered, {done.retried} put off, {done.dead} for an operator")
