"""Celery workers are killed in the middle of what they deliver: nothing is lost, nothing leaves under two keys (R15).

On a real broker: RabbitMQ and Redis on their usual ports of this machine, or where ``MSA_RECOVERY_TEST_RABBITMQ`` and
``MSA_RECOVERY_TEST_REDIS`` say.
"""

import os
import secrets
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest
from kombu import Connection

from msa_recovery.adapters.clocks import SystemClock
from msa_recovery.adapters.postgres_store import PostgresStore
from msa_recovery.adapters.vault import Vault
from msa_recovery.application.records import Change
from msa_recovery.testing.contracts.examples import a_journey
from tests.support import postgres
from tests.support.house import KEYS
from tests.support.promised import notice

BROKERS: Final = {
    "RABBITMQ": "amqp://guest:guest@127.0.0.1:5672//",
    "REDIS": "redis://127.0.0.1:6379/0",
}
MESSAGES: Final = 40
KILLS: Final = 2
LONGEST: Final = 60.0

_ROOT: Final = Path(__file__).parents[2]


def _broker(name: str) -> str:
    """Where it is. Without one the test is skipped; in CI, where there must be one, it fails."""
    setting = f"MSA_RECOVERY_TEST_{name}"
    url = os.environ.get(setting, BROKERS[name])
    try:
        with Connection(url, connect_timeout=3) as connection:
            connection.ensure_connection(max_retries=1, timeout=3)
    except Exception as error:  # noqa: BLE001 - each broker has its own
        why = f"no {name} at {url}: start one, or say in {setting} where it is ({error})"
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    return url


@contextmanager
def _queue(broker: str) -> Generator[str]:
    """A queue that the test has to itself, gone afterwards."""
    name = f"msa_recovery_test_{secrets.token_hex(6)}"
    try:
        yield name
    finally:
        with Connection(broker) as connection:
            channel: Any = connection.channel()
            channel.queue_delete(name)
            channel.exchange_delete(name)


def _program(*words: str, environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "celery", "-A", "tests.support.celery_app", *words]
    # In a session of its own, so that a worker and the processes that it forked are killed together.
    return subprocess.Popen(  # noqa: S603 - our own words
        command,
        cwd=_ROOT,
        env=os.environ | environment,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _kill(program: "subprocess.Popen[bytes]") -> None:
    os.killpg(program.pid, signal.SIGKILL)
    program.wait()


def _until(happened: Callable[[], bool], what: str) -> None:
    give_up = time.monotonic() + LONGEST
    while not happened():
        assert time.monotonic() < give_up, what
        time.sleep(0.1)


def _tries(folder: Path) -> list[str]:
    path = folder / "tries"
    return path.read_text().split() if path.exists() else []


def _has_tried(folder: Path, some: int) -> bool:
    return len(_tries(folder)) >= some


def _arrived(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "inbox.sqlite")) as inbox:
        return [key for (key,) in inbox.execute("SELECT key FROM messages ORDER BY key")]


@pytest.mark.parametrize("broker", BROKERS)
def test_every_message_arrives_once_though_workers_are_killed(broker: str, tmp_path: Path) -> None:
    url = _broker(broker)
    vault, now = Vault(KEYS), SystemClock().now()
    promised = tuple(notice(vault, now, f"journey-{number}") for number in range(MESSAGES))
    with postgres.fresh() as store_url, _queue(url) as queue:
        store = PostgresStore(store_url, connections=2)
        for row in promised:
            # Once its journey is gone, a message that is over goes as well.
            assert store.commit(Change(journey=a_journey(row.journey)))
        assert store.commit(Change(outbox=promised))
        store.close()
        environment = {
            "MSA_RECOVERY_CELERY_STORE": store_url,
            "MSA_RECOVERY_CELERY_FOLDER": str(tmp_path),
            "MSA_RECOVERY_CELERY_BROKER": url,
            "MSA_RECOVERY_CELERY_QUEUE": queue,
        }
        schedule = str(tmp_path / "schedule")
        beat = _program("beat", "-s", schedule, environment=environment)
        worker = ("worker", "-c", "2", "--without-gossip", "--without-mingle")
        working = _program(*worker, environment=environment)
        try:
            for kill in range(1, KILLS + 1):
                _until(partial(_has_tried, tmp_path, 5 * kill), "nobody delivers")
                _kill(working)
                working = _program(*worker, environment=environment)
            _until(
                lambda: [(0,)] == postgres.executed(store_url, "SELECT count(*) FROM outbox WHERE state = 'waiting'"),
                "messages wait for ever",
            )
        finally:
            _kill(working)
            _kill(beat)
        assert [("delivered", MESSAGES)] == postgres.executed(
            store_url, "SELECT state, count(*) FROM outbox GROUP BY state"
        )
    assert sorted(row.id for row in promised) == _arrived(tmp_path)
    # What a killed worker was at was tried again, under its key, and nothing else.
    tries = _tries(tmp_path)
    assert set(tries) == {row.id for row in promised}
    assert len(tries) <= MESSAGES + 2 * KILLS
