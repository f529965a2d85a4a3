"""The periodic work as Celery tasks, called without a broker."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, cast

import pytest
from celery import Celery

from msa_recovery import CallerError, Recovery
from msa_recovery.application.messages import MessageKind
from msa_recovery.contrib.celery_tasks import add_tasks
from msa_recovery.contrib.schedule import Schedule
from msa_recovery.domain.account import Channel
from msa_recovery.domain.journey import State
from tests.support.house import HERE, House

NAMES = ("relay", "lapse_due", "purge", "checkpoint")


@pytest.fixture
def house() -> Iterator[House]:
    opened = House("sync")
    yield opened
    opened.host.close()


def _app(house: House) -> Celery:
    app = Celery("host", set_as_current=False)
    add_tasks(app, cast(Recovery, house.host))
    return app


def _run(app: Celery, name: str) -> Any:
    return app.tasks[f"msa_recovery.{name}"]()


def test_relay_delivers_what_was_promised(house: House) -> None:
    house.at_code()
    assert 1 == _run(_app(house), "relay")
    (message,) = house.delivered(Channel.SMS)
    assert MessageKind.CODE is message.kind


def test_journeys_lapse_and_go_when_their_time_is_over(house: House) -> None:
    """R59."""
    handle = house.at_code().handle
    app = _app(house)
    house.clock.advance(timedelta(hours=2))
    assert 1 == _run(app, "lapse_due")
    assert State.LAPSED is house.host.resume(handle, HERE).view.state
    house.clock.advance(house.host.policy.retention + timedelta(days=1))
    assert 0 < _run(app, "purge")


def test_the_audit_is_signed(house: House) -> None:
    house.at_code()
    app = _app(house)
    assert 1 == _run(app, "checkpoint")


def test_every_task_is_on_the_schedule_and_outlives_its_worker(house: House) -> None:
    app = _app(house)
    for name in NAMES:
        task = app.tasks[f"msa_recovery.{name}"]
        assert (True, True) == (task.acks_late, task.reject_on_worker_lost)
    entries = {entry["task"]: entry for entry in app.conf.beat_schedule.values()}
    assert {f"msa_recovery.{name}" for name in NAMES} == entries.keys()
    # What was not begun in time is dropped: the next one does the same.
    assert all(entry["schedule"].total_seconds() == entry["options"]["expires"] for entry in entries.values())


def test_what_the_host_has_on_its_schedule_stays(house: House) -> None:
    app = Celery("host", set_as_current=False)
    app.conf.beat_schedule = {"mine": {"task": "mine", "schedule": 60}}
    wanted = Schedule(purge=timedelta(hours=7))
    add_tasks(app, cast(Recovery, house.host), wanted, relay=timedelta(seconds=7))
    assert {"task": "mine", "schedule": 60} == app.conf.beat_schedule["mine"]
    assert timedelta(seconds=7) == app.conf.beat_schedule["msa_recovery.relay"]["schedule"]
    assert timedelta(hours=7) == app.conf.beat_schedule["msa_recovery.purge"]["schedule"]


@pytest.mark.parametrize("bad", [timedelta(milliseconds=10), 5])
def test_a_schedule_that_cannot_be_is_refused_by_name(bad: Any) -> None:
    with pytest.raises(CallerError, match="lapse_due"):
        Schedule(lapse_due=bad)


def test_a_relay_that_comes_too_often_is_refused_by_name(house: House) -> None:
    with pytest.raises(CallerError, match="relay"):
        add_tasks(Celery("host", set_as_current=False), cast(Recovery, house.host), relay=timedelta(0))
