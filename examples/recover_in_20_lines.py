"""A whole recovery by SMS, in twenty lines: sample accounts, a store in memory, and a phone that remembers."""

import msa_recovery as msa
from msa_recovery.adapters.keyring import Keys
from msa_recovery.adapters.memory_store import MemoryStore
from msa_recovery.adapters.recording import RecordingMessenger
from msa_recovery.sample import sample_directory

accounts = sample_directory()
phone = RecordingMessenger(msa.Channel.SMS)
inboxes = {msa.Channel.SMS: phone}
recovery = msa.compose(accounts=accounts, keys=Keys.generate(), store=MemoryStore(), messengers=inboxes)
caller = msa.Caller(origin=msa.Origin("192.0.2.1"))


def send(reply, event):
    reply = recovery.send(reply.handle, event, caller)
    print(f"{event.name:16} -> {reply.view.state:22}", *(choice.mask for choice in reply.view.choices))
    recovery.relay()
    return reply


def received():
    return phone.messages()[-1].secret.reveal()


reply = send(recovery.begin(caller), msa.Identify("2 84 03 33 900 001 47"))
reply = send(reply, msa.ChooseChannel("sms"))
reply = send(reply, msa.SubmitCode(received()))
reply = send(reply, msa.SignIn(received()))
reply = send(reply, msa.ChoosePassword("Tournesol-bleu-47!", "Tournesol-bleu-47!"))
reply = send(reply, msa.ConfirmContacts())
assert reply.view.state is msa.State.COMPLETED
print("the private space of", reply.account, "may be opened")
