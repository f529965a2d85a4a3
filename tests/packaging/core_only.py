"""A recovery with the core dependencies alone: what `make package` runs where a wheel was installed, and no extra."""

import hashlib
import hmac
import os
import re
from importlib import metadata
from pathlib import Path

import msa_recovery as msa
from msa_recovery.adapters.clocks import SystemClock
from msa_recovery.adapters.keyring import Keys
from msa_recovery.adapters.memory_store import MemoryStore
from msa_recovery.adapters.recording import RecordingMessenger
from msa_recovery.sample import sample_directory


def of_extras() -> set[str]:
    """Every distribution that an extra of the library brings and its core does not ask for."""
    names: dict[bool, set[str]] = {True: set(), False: set()}
    for requirement in metadata.requires("msa-recovery") or ():
        name = re.split(r"[^\w.-]", requirement, maxsplit=1)[0]
        names["extra ==" in requirement].add(name)
    return names[True] - names[False] - {"msa-recovery"}


def is_installed(name: str) -> bool:
    """Whether this environment has a distribution of this name."""
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False
    return True


class Scrypt:
    """What argon2 does, with the standard library: a `Hasher`."""

    def hash(self, password: msa.Secret) -> str:
        salt = os.urandom(16)
        return f"{salt.hex()}${self._mixed(salt, password)}"

    def verify(self, hashed: str, password: msa.Secret) -> bool:
        salt, kept = hashed.split("$")
        return hmac.compare_digest(kept, self._mixed(bytes.fromhex(salt), password))

    def verify_nothing(self, password: msa.Secret) -> None:
        self._mixed(bytes(16), password)

    def needs_rehash(self, hashed: str) -> bool:
        return False

    def _mixed(self, salt: bytes, password: msa.Secret) -> str:
        return hashlib.scrypt(password.reveal().encode(), salt=salt, n=2**12, r=8, p=1).hex()


def recovered() -> msa.Reply:
    """The last answer of a whole recovery by SMS."""
    phone = RecordingMessenger(msa.Channel.SMS)
    recovery = msa.compose(
        accounts=sample_directory(SystemClock(), Scrypt()),
        keys=Keys.generate(),
        store=MemoryStore(),
        messengers={msa.Channel.SMS: phone},
    )
    caller = msa.Caller(origin=msa.Origin("192.0.2.1"))

    def received() -> str:
        recovery.relay()
        secret = phone.messages()[-1].secret
        assert secret is not None
        return secret.reveal()

    reply = recovery.begin(caller)
    for typed in (
        lambda: msa.Identify("2 84 03 33 900 001 47"),
        lambda: msa.ChooseChannel("sms"),
        lambda: msa.SubmitCode(received()),
        lambda: msa.SignIn(received()),
        lambda: msa.ChoosePassword("Tournesol-bleu-47!", "Tournesol-bleu-47!"),
        msa.ConfirmContacts,
    ):
        reply = recovery.send(reply.handle, typed(), caller)
    return reply


if __name__ == "__main__":
    extras = of_extras()
    assert len(extras) > 40, f"the wheel says nothing of its extras: {extras}"
    there = sorted(filter(is_installed, extras))
    assert not there, f"more than the core is installed: {there}"
    where = Path(msa.__file__)
    assert "site-packages" in where.parts, f"not the wheel: {where}"
    assert (where.parent / "py.typed").exists(), "type checkers would not look"
    assert recovered().view.state is msa.State.COMPLETED
    print("recovered, with the core alone")  # noqa: T201
