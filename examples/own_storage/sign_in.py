"""A host that keeps its journeys in its own journal: a usual sign-in, a lost password, and a restart in the middle."""

from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from journal_store import JournalStore

from msa_recovery import (
    AccountKey,
    Caller,
    Channel,
    ChooseChannel,
    ChoosePassword,
    ConfirmContacts,
    Identify,
    Origin,
    Reply,
    Secret,
    State,
    SubmitCode,
    compose,
)
from msa_recovery.adapters.keyring import Keys
from msa_recovery.adapters.recording import RecordingMessenger
from msa_recovery.sample import sample_directory

CAMILLE, NADEGE = "2 84 03 33 900 001 47", "2 69 08 64 905 007"

caller = Caller(origin=Origin("192.0.2.1"))
accounts, keys = sample_directory(), Keys.generate()
phone = RecordingMessenger(Channel.SMS)


@contextmanager
def started(path):
    """The host, until it is stopped."""
    with compose(accounts=accounts, keys=keys, store=JournalStore(path), messengers={Channel.SMS: phone}) as recovery:
        yield recovery


def sign_in(recovery, identifier, password) -> AccountKey | Reply | None:
    """The account; or a journey that comes first; or nothing. (A problem means: nothing is compared for a while.)"""
    account = accounts.sign_in(identifier, Secret(password))  # the usual check comes first
    if account is not None:
        return recovery.pending(account, caller) or account  # are there contact details to confirm?
    return recovery.sign_in(identifier, password, caller)  # then: is it a temporary password?


with TemporaryDirectory() as folder:
    journal = Path(folder, "recovery.journal")

    with started(journal) as recovery:
        print("a usual sign-in:        ", sign_in(recovery, CAMILLE, "Cep#Vendanges19"))
        reply = sign_in(recovery, NADEGE, "Espelette%Rouge69")
        print("one with a journey:     ", reply.view.state)
        print("                        ", recovery.send(reply.handle, ConfirmContacts(), caller).account)
        reply = recovery.begin(caller)
        reply = recovery.send(reply.handle, Identify(CAMILLE), caller)
        reply = recovery.send(reply.handle, ChooseChannel("sms"), caller)
        print("before the restart:     ", reply.view.state)

    with started(journal) as recovery:
        recovery.relay()
        code = phone.messages()[-1].secret.reveal()
        recovery.send(reply.handle, SubmitCode(code), caller)
        recovery.relay()
        reply = sign_in(recovery, CAMILLE, phone.messages()[-1].secret.reveal())
        print("a temporary password:   ", reply.view.state)
        reply = recovery.send(reply.handle, ChoosePassword("Tournesol-bleu-47!", "Tournesol-bleu-47!"), caller)
        reply = recovery.send(reply.handle, ConfirmContacts(), caller)
        print("after it:               ", reply.view.state)
        assert reply.view.state is State.COMPLETED
        print("the new one:            ", sign_in(recovery, CAMILLE, "Tournesol-bleu-47!"))
        assert sign_in(recovery, CAMILLE, "Cep#Vendanges19") is None
