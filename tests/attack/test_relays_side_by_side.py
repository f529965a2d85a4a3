"""Relays that share one SQLite file send nothing twice, and lose nothing when one of them is killed.

The failure: a worker that reads what is due, sends it, and then writes that it is sent; beside a second one, or after a
crash, people get two codes, of which the second is the first one again, or none.
"""

import os
import signal
import sqlite3
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from msa_recovery import Channel, Relay
from msa_recovery.adapters.clocks import SystemClock
from msa_recovery.adapters.memory_directory import MemoryDirectory
from msa_recovery.adapters.sqlite_inbox import SqliteInbox
from msa_recovery.adapters.sqlite_store import SqliteStore
from msa_recovery.adapters.vault import Vault
from msa_recovery.application import relay as relaying
from msa_recovery.application.messages import Delivery, Message
from msa_recovery.application.records import Change, MessageId
from msa_recovery.application.recovery import Recovery
from msa_recovery.compose import compose
from msa_recovery.testing.contracts.examples import a_journey
from msa_recovery.testing.fakes import PlainHasher
from tests.support.house import KEYS
from tests.support.promised import notice

MESSAGES = 60


class Noted:
    """An inbox that notes every call in a file, also one of a message that it has."""

    def __init__(self, folder: Path, channel: Channel) -> None:
        self._inbox = SqliteInbox(folder / "inbox.sqlite", channel)
        self._calls = folder / "calls.txt"

    def deliver(self, message: Message, key: MessageId) -> Delivery:
        with self._calls.open("a") as calls:
            calls.write(f"{key}\n")
        return self._inbox.deliver(message, key)


def host(folder: Path) -> Recovery:
    """A host of the file, as each process opens its own."""
    return compose(
        accounts=MemoryDirectory((), PlainHasher(), SystemClock()),
        keys=KEYS,
        store=folder / "recovery.sqlite",
        messengers={channel: Noted(folder, channel) for channel in (Channel.SMS, Channel.EMAIL)},
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A file with sixty messages of twenty journeys, by two channels."""
    store, vault, now = SqliteStore(tmp_path / "recovery.sqlite"), Vault(KEYS), SystemClock().now()
    for journey in range(MESSAGES // 3):
        channel = (Channel.SMS, Channel.EMAIL)[journey % 2]
        rows = tuple(notice(vault, now, f"journey{journey}", number, channel=channel) for number in range(3))
        assert store.commit(Change(journey=a_journey(f"journey{journey}"), outbox=rows))
    store.close()
    return tmp_path


def calls(folder: Path) -> list[str]:
    """The keys under which messengers were asked, in turn."""
    path = folder / "calls.txt"
    return path.read_text().split() if path.exists() else []


def states(folder: Path) -> Counter[str]:
    with sqlite3.connect(folder / "recovery.sqlite") as connection:
        return Counter(state for (state,) in connection.execute("SELECT state FROM outbox"))


def arrived(folder: Path) -> int:
    return sum(len(SqliteInbox(folder / "inbox.sqlite", channel).messages()) for channel in Channel)


def child(folder: Path) -> int:
    """A process that drains the outbox; who it is."""
    process = os.fork()
    if process == 0:
        try:
            with host(folder) as recovery:
                Relay(recovery, workers=2).drain()
        finally:
            os._exit(0)
    return process


def test_two_relays_in_threads_of_one_process_send_nothing_twice(folder: Path) -> None:
    with host(folder) as recovery:
        assert MESSAGES == Relay(recovery, workers=8).drain().delivered
    assert (MESSAGES, MESSAGES) == (len(calls(folder)), len(set(calls(folder))))


def test_relays_in_three_processes_send_nothing_twice(folder: Path) -> None:
    for process in [child(folder) for _ in range(3)]:
        os.waitpid(process, 0)
    assert (MESSAGES, MESSAGES) == (len(calls(folder)), len(set(calls(folder))))
    assert Counter({"delivered": MESSAGES}) == states(folder)


def test_what_a_journey_sends_leaves_in_its_order_whichever_process_sends_it(folder: Path) -> None:
    for process in [child(folder) for _ in range(3)]:
        os.waitpid(process, 0)
    by_journey: dict[str, list[str]] = {}
    for key in calls(folder):
        by_journey.setdefault(key.partition(".")[0], []).append(key)
    assert [] == [keys for keys in by_journey.values() if keys != sorted(keys)]


def test_no_message_is_lost_when_relays_are_killed_at_any_moment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A message may be handed over again, by the same key, so that it arrives once."""
    monkeypatch.setattr(relaying, "_LEASE", timedelta(seconds=1))
    killed = 0
    while states(folder)["waiting"] and killed < 12:
        process, before = child(folder), len(calls(folder))
        # Killed when it has sent something, wherever it is then.
        while len(calls(folder)) < before + 3 and os.waitpid(process, os.WNOHANG) == (0, 0):
            time.sleep(0.001)
        try:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
        except (ProcessLookupError, ChildProcessError):
            break
        killed += 1
    with host(folder) as recovery:
        while states(folder)["waiting"]:
            Relay(recovery).drain()
            time.sleep(0.05)
    assert killed > 0
    assert (Counter({"delivered": MESSAGES}), MESSAGES) == (states(folder), arrived(folder))
    assert MESSAGES == len(set(calls(folder)))
