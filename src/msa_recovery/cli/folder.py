"""The folder of the demonstration: what outlives one visit, so that the next one goes on where the person was."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final, final

from attrs import frozen

from msa_recovery.adapters.clocks import ManualClock
from msa_recovery.adapters.json_values import from_json, to_json
from msa_recovery.adapters.keyring import KeyringError, Keys, read_keys, write_keys
from msa_recovery.adapters.meter import ZxcvbnMeter
from msa_recovery.adapters.password_hashing import TESTS_ONLY, Argon2idHasher
from msa_recovery.adapters.sqlite_directory import SqliteDirectory
from msa_recovery.adapters.sqlite_inbox import SqliteInbox
from msa_recovery.adapters.sqlite_store import SqliteStore
from msa_recovery.adapters.whole_file import write_whole
from msa_recovery.compose import compose
from msa_recovery.domain.account import AccountKey, Channel
from msa_recovery.domain.secret import Secret
from msa_recovery.sample import sample_accounts

from .stage import Stage

__all__ = ["DemoFolder", "FolderError", "Visit"]

_KEYS: Final = "keys.toml"
_STORE: Final = "recovery.sqlite"
_ACCOUNTS: Final = "accounts.sqlite"
_MESSAGES: Final = "messages.sqlite"
_VISIT: Final = "visit.json"
_BESIDE_A_DATABASE: Final = ("", "-wal", "-shm")


@final
class FolderError(Exception):
    """The folder cannot be gone on with; the text says what to do."""


@final
@frozen
class Visit:
    """Where a visit was when it ended.

    Attributes:
        moment: what the demonstration's clock showed.
        here: the handle of the journey that the person looks at: what a browser keeps in its cookie.
        left: the handle of the recovery that can be gone on with.
        account: whose private space is open.
    """

    moment: datetime
    here: Secret | None = None
    left: Secret | None = None
    account: AccountKey | None = None


@final
@frozen
class DemoFolder:
    """The library's store, and beside it what in life is elsewhere: keys, accounts, phones, a browser.

    Attributes:
        path: the folder, made when it is needed, its owner's alone.
    """

    path: Path

    @contextmanager
    def opened(self, now: datetime) -> Generator[Stage]:
        """The stage as the last visit left it, or a new one.

        Args:
            now: what a new one's clock shows first.

        Raises:
            FolderError: it holds a store whose keys are gone, or something that is not as it should be.
            InfrastructureError: a file of it cannot be used.
            OSError: it cannot be made or written.
        """
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        keys = self._keys()
        last = self.last()
        clock = ManualClock(now if last is None else last.moment)
        hasher = Argon2idHasher(TESTS_ONLY)
        directory = SqliteDirectory(self.path / _ACCOUNTS, hasher, clock)
        if not directory.accounts():
            directory.add(sample_accounts(clock, hasher))
        store = SqliteStore(self.path / _STORE)
        inboxes = {channel: SqliteInbox(self.path / _MESSAGES, channel) for channel in Channel}
        meter = ZxcvbnMeter()
        recovery = compose(accounts=directory, keys=keys, store=store, messengers=inboxes, clock=clock, meter=meter)
        try:
            yield Stage(clock, directory, store, inboxes, meter, recovery)
        finally:
            directory.close()
            store.close()
            for inbox in inboxes.values():
                inbox.close()

    def last(self) -> Visit | None:
        """Where the last visit was when it ended; ``None`` before the first.

        Raises:
            FolderError: it cannot be read.
        """
        try:
            return from_json((self.path / _VISIT).read_text(encoding="utf-8"), Visit)
        except FileNotFoundError:
            return None
        # Whatever is wrong with it: where the person was is a convenience, and the text may hold a handle.
        except Exception:  # noqa: BLE001
            raise FolderError(f"{self.path / _VISIT} is damaged") from None

    def keep(self, visit: Visit) -> None:
        """Where the person is now."""
        write_whole(self.path / _VISIT, Secret(to_json(visit)))

    def clear(self) -> None:
        """Delete what earlier visits left, and nothing else."""
        for name in (_STORE, _ACCOUNTS, _MESSAGES):
            for more in _BESIDE_A_DATABASE:
                (self.path / f"{name}{more}").unlink(missing_ok=True)
        for name in (_VISIT, _KEYS):
            (self.path / name).unlink(missing_ok=True)

    def _keys(self) -> Keys:
        path = self.path / _KEYS
        try:
            return read_keys(path)
        except FileNotFoundError:
            if (self.path / _STORE).exists():
                raise FolderError(f"{path} is gone, and without it what {_STORE} holds is lost") from None
        except KeyringError as error:
            raise FolderError(str(error)) from None
        keys = Keys.generate()
        write_keys(path, keys)
        return keys
