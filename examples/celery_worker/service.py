"""The one recovery of this service: its doors and its workers import it."""

from pathlib import Path

from msa_recovery import Channel, compose
from msa_recovery.adapters.clocks import SystemClock
from msa_recovery.adapters.console import ConsoleMessenger
from msa_recovery.adapters.keyring import read_keys
from msa_recovery.adapters.password_hashing import Argon2idHasher
from msa_recovery.adapters.sqlite_directory import SqliteDirectory
from msa_recovery.sample import sample_accounts

accounts = SqliteDirectory(Path("accounts.sqlite"), Argon2idHasher(), SystemClock())
console = ConsoleMessenger(lambda message: print(message, end="\n\n", flush=True))
recovery = compose(
    accounts=accounts,
    keys=read_keys(Path("keys.toml")),
    store="recovery.sqlite",  # one machine; several share a PostgreSQL
    messengers=dict.fromkeys(Channel, console),
)

if __name__ == "__main__":  # people who do not exist, for trying it
    accounts.add(sample_accounts(SystemClock(), Argon2idHasher()))
