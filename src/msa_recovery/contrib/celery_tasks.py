"""The periodic work of a host as tasks of its Celery application (extra ``celery``).

Nothing is lost when a worker dies: what is to be done stands in the store, and Celery only says when to look. A task is
acknowledged when it is done, so that the broker hands on one whose worker died; the library keeps a message that a dead
worker had for two minutes, and then sends it under the same key.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Final, final

from attrs import Attribute, field, frozen

from msa_recovery import CallerError, Recovery

if TYPE_CHECKING:
    from celery import Celery

__all__ = ["Schedule", "add_tasks"]

_BATCH: Final = 100
_LEAST: Final = timedelta(seconds=1)


def _interval(default: timedelta) -> timedelta:
    def check(_: object, attribute: "Attribute[timedelta]", value: timedelta) -> None:
        if not isinstance(value, timedelta) or value < _LEAST:
            raise CallerError(f"{attribute.name}: a timedelta of a second or more")

    interval: timedelta = field(default=default, validator=check)
    return interval


@final
@frozen(kw_only=True)
class Schedule:
    """How often beat asks for each task: a ``timedelta`` of a second or more.

    Attributes:
        relay: delivers messages, and applies effects that a crash left open. A person waits for it: a few seconds, or
            less often beside a :class:`Relay` that is told at once.
        lapse_due: ends journeys whose deadline is over.
        purge: deletes what the policy no longer keeps (R59).
        checkpoint: signs over the audit: once a day or more often.

    Raises:
        CallerError: a value is something else; it names the field.
    """

    relay: timedelta = _interval(timedelta(seconds=2))
    lapse_due: timedelta = _interval(timedelta(minutes=1))
    purge: timedelta = _interval(timedelta(hours=1))
    checkpoint: timedelta = _interval(timedelta(hours=24))


def add_tasks(app: "Celery", recovery: Recovery, schedule: Schedule | None = None) -> None:
    """Register ``msa_recovery.relay``, ``.lapse_due``, ``.purge`` and ``.checkpoint``, and what beat does with them.

    Each works until nothing is left to do. Any number of workers may run the same one at once. A task that was not
    begun before the next one was due is dropped: a queue that was not looked at for a night has no thousand of them.
    One that fails says so to Celery and is not tried again: the next one is.

    ``app.send_task("msa_recovery.relay")`` after an event delivers at once, without waiting for beat.

    Args:
        app: the host's application.
        recovery: made by ``compose``, with the messengers that are to deliver. Workers may fork after it was made.
        schedule: how often beat asks.
    """
    times = schedule or Schedule()
    _add(app, "relay", times.relay, _until_idle(lambda: recovery.relay(_BATCH).total))
    _add(app, "lapse_due", times.lapse_due, _until_idle(lambda: recovery.lapse_due(_BATCH)))
    _add(app, "purge", times.purge, _until_idle(lambda: recovery.purge(_BATCH)))

    def checkpoint() -> int:
        return recovery.checkpoint().number

    _add(app, "checkpoint", times.checkpoint, checkpoint)


def _until_idle(step: Callable[[], int]) -> Callable[[], int]:
    def work() -> int:
        done = 0
        while more := step():
            done += more
        return done

    return work


def _add(app: "Celery", name: str, every: timedelta, work: Callable[[], int]) -> None:
    full = f"msa_recovery.{name}"
    app.task(name=full, acks_late=True, reject_on_worker_lost=True, ignore_result=True, shared=False)(work)
    entry = {"task": full, "schedule": every, "options": {"expires": every.total_seconds()}}
    app.conf.beat_schedule = {**app.conf.beat_schedule, full: entry}
