"""How often the periodic work of a host is done that no person waits for, whatever does it: a worker of
:mod:`msa_recovery.contrib.worker`, or Celery's beat."""

from datetime import timedelta
from typing import TYPE_CHECKING, Final, final

from attrs import field, frozen

from msa_recovery import CallerError

if TYPE_CHECKING:
    from attrs import Attribute

__all__ = ["BATCH", "Schedule", "checked"]

BATCH: Final = 100
"""How much of a job is done at a time."""

_LEAST: Final = timedelta(seconds=1)


def checked(name: str, interval: timedelta) -> timedelta:
    """The interval, if it can be one.

    Raises:
        CallerError: it is no timedelta of a second or more; it names the interval.
    """
    if not isinstance(interval, timedelta) or interval < _LEAST:
        raise CallerError(f"{name}: a timedelta of a second or more")
    return interval


def _interval(default: timedelta) -> timedelta:
    def check(_: object, attribute: "Attribute[timedelta]", value: timedelta) -> None:
        checked(attribute.name, value)

    interval: timedelta = field(default=default, validator=check)
    return interval


@final
@frozen(kw_only=True)
class Schedule:
    """How often each job is done: a ``timedelta`` of a second or more.

    Attributes:
        lapse_due: ends journeys whose deadline is over.
        purge: deletes what the policy no longer keeps (R59).
        checkpoint: signs over the audit: once a day or more often.

    Raises:
        CallerError: a value is something else; it names the field.
    """

    lapse_due: timedelta = _interval(timedelta(minutes=1))
    purge: timedelta = _interval(timedelta(hours=1))
    checkpoint: timedelta = _interval(timedelta(hours=24))
