"""A host that keeps everything in a file: it is stopped in the middle of a recovery, started again, and goes on.

What belongs to the library is ``recovery.sqlite`` and ``keys.toml``. The accounts and the phone would be the host's
own; here they are files as well, so that they too are still there after the restart.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from msa_recovery import (
    Caller,
    Channel,
    ChooseChannel,
    ChoosePassword,
    ConfirmContacts,
    Identify,
    Origin,
    Recovery,
    SignIn,
    State,
    SubmitCode,
    compose,
)
from msa_recovery.adapters.clocks import SystemClock
from msa_recovery.adapters.keyring import Keys, read_keys, write_keys
from msa_recovery.adapters.password_hashing import Argon2idHasher
from msa_recovery.adapters.sqlite_directory import SqliteDirectory
from msa_recovery.adapters.sqlite_inbox import SqliteInbox
from msa_recovery.contrib.worker import Worker
from msa_recovery.sample import sample_accounts

caller = Caller(origin=Origin("192.0.2.1"))


@contextmanager
def host(folder: Path) -> Iterator[tuple[Recovery, SqliteInbox]]:
    """Start the service, with a thread for the periodic work; and stop both."""
    accounts = SqliteDirectory(folder / "accounts.sqlite", Argon2idHasher(), SystemClock())
    phone = SqliteInbox(folder / "phone.sqlite", Channel.SMS)
    with compose(
        accounts=accounts,
        keys=read_keys(folder / "keys.toml"),
        store=folder / "recovery.sqlite",
        messengers={Channel.SMS: phone},
    ) as recovery:
        recovery.start()  # lacks the ring a key that the file needs, or is the file out of order: it is known here
        worker = Worker(recovery)  # any number of processes may have one
        thread = Thread(target=worker.run)
        thread.start()
        try:
            yield recovery, phone
        finally:
            worker.stop()
            thread.join()
    accounts.close()
    phone.close()


def received(phone: SqliteInbox, count: int) -> str:
    """Wait for so many messages; the secret of the last one."""
    while len(messages := phone.messages()) < count:
        Event().wait(0.01)
    return messages[-1].secret.reveal()


with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    write_keys(folder / "keys.toml", Keys.generate())  # in life, once: msa-recovery keys new keys.toml
    with SqliteDirectory(folder / "accounts.sqlite", Argon2idHasher(), SystemClock()) as accounts:
        accounts.add(sample_accounts(SystemClock(), Argon2idHasher()))

    with host(folder) as (recovery, phone):
        reply = recovery.begin(caller)
        reply = recovery.send(reply.handle, Identify("2 84 03 33 900 001 47"), caller)
        reply = recovery.send(reply.handle, ChooseChannel("sms"), caller)
        print("before the restart:", reply.view.state)

    with host(folder) as (recovery, phone):
        reply = recovery.resume(reply.handle, caller)
        print("after the restart: ", reply.view.state)
        reply = recovery.send(reply.handle, SubmitCode(received(phone, 1)), caller)
        reply = recovery.send(reply.handle, SignIn(received(phone, 2)), caller)
        reply = recovery.send(reply.handle, ChoosePassword("Tournesol-bleu-47!", "Tournesol-bleu-47!"), caller)
        reply = recovery.send(reply.handle, ConfirmContacts(), caller)
        print("at the end:        ", reply.view.state)
        assert reply.view.state is State.COMPLETED
