"""A host's Celery application, as its workers import it: on a store and inboxes that the environment names."""

import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, final

from celery import Celery

from msa_recovery import Channel, compose
from msa_recovery.adapters.clocks import SystemClock
from msa_recovery.adapters.password_hashing import TESTS_ONLY, Argon2idHasher
from msa_recovery.adapters.sqlite_inbox import SqliteInbox
from msa_recovery.application import relay
from msa_recovery.application.messages import Delivery, Message
from msa_recovery.application.records import MessageId
from msa_recovery.contrib.celery_tasks import add_tasks
from msa_recovery.sample import sample_directory
from tests.support.house import KEYS

__all__ = ["BROKER", "FOLDER", "QUEUE", "STORE", "app"]

STORE: Final = "MSA_RECOVERY_CELERY_STORE"
FOLDER: Final = "MSA_RECOVERY_CELERY_FOLDER"
BROKER: Final = "MSA_RECOVERY_CELERY_BROKER"
QUEUE: Final = "MSA_RECOVERY_CELERY_QUEUE"

_LEASE: Final = timedelta(seconds=3)
_SLOW: Final = 0.05


@final
class _Slow:
    """An inbox that takes its time, before and after it keeps a message: whoever is killed is killed in the middle.

    Every attempt leaves a line, whatever becomes of it.
    """

    def __init__(self, folder: Path, channel: Channel) -> None:
        self._inbox = SqliteInbox(folder / "inbox.sqlite", channel)
        self._tries = folder / "tries"

    def deliver(self, message: Message, key: MessageId) -> Delivery:
        with self._tries.open("a") as tries:
            tries.write(f"{key}\n")
        time.sleep(_SLOW)
        kept = self._inbox.deliver(message, key)
        time.sleep(_SLOW)
        return kept


def _recovery(folder: Path, store: str) -> Any:
    return compose(
        accounts=sample_directory(SystemClock(), Argon2idHasher(TESTS_ONLY)),
        keys=KEYS,
        store=store,
        messengers={channel: _Slow(folder, channel) for channel in Channel},
    )


relay._LEASE = _LEASE  # type: ignore[misc]  # pyright: ignore[reportConstantRedefinition]
app = Celery("recovery", broker=os.environ[BROKER])
app.conf.task_default_queue = os.environ[QUEUE]
app.conf.worker_hijack_root_logger = False
app.conf.broker_connection_retry_on_startup = True
add_tasks(app, _recovery(Path(os.environ[FOLDER]), os.environ[STORE]), relay=timedelta(seconds=1))
