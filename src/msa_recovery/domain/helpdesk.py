"""Whom a person calls: the fund (caisse) of an account, and the general help-desk (Assistance Internet)."""

from datetime import datetime, time
from typing import Final, final

from attrs import frozen

__all__ = ["ASSISTANCE_INTERNET", "Helpdesk", "Opening"]


@final
@frozen
class Opening:
    """One stretch of a day during which somebody answers; a midday break lies between two of them.

    Attributes:
        weekdays: days of the week, Monday is 0.
        opens: the first minute, as clocks in metropolitan France show it.
        closes: the first minute when nobody answers any more.
    """

    weekdays: frozenset[int]
    opens: time
    closes: time

    def contains(self, local: datetime) -> bool:
        """Whether a moment is in it, as clocks in metropolitan France show it."""
        return local.weekday() in self.weekdays and self.opens <= local.time() < self.closes


@final
@frozen
class Helpdesk:
    """A name and the ways to reach it.

    Attributes:
        name: as it is printed on letters.
        phone: as it is dialled in France, in pairs.
        email: the public address.
        hours: the openings of a usual week; public holidays are not modelled.
    """

    name: str
    phone: str
    email: str
    hours: tuple[Opening, ...] = ()

    def answers_at(self, local: datetime) -> bool:
        """Whether somebody answers at a moment, as clocks in metropolitan France show it (R57); ``False`` as well where
        no hours are known. ``msa_recovery.texts.answers_now`` knows those clocks."""
        return any(opening.contains(local) for opening in self.hours)


_WORKDAYS: Final = frozenset(range(5))

ASSISTANCE_INTERNET: Final = Helpdesk(
    name="Assistance Internet",
    phone="03 20 90 05 00",
    email="assistanceinternet.blf@sudaquitaine.msa.fr",
    hours=(Opening(_WORKDAYS, time(8, 30), time(12, 15)), Opening(_WORKDAYS, time(13, 30), time(16, 30))),
)
"""The general help-desk of the source text, with its midday break."""
