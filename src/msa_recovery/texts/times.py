"""Moments, days and opening hours in words, as clocks and calendars in metropolitan France show them."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from msa_recovery.application.caller import Language
from msa_recovery.domain.helpdesk import Helpdesk, Opening

if TYPE_CHECKING:
    from babel import Locale

__all__ = [
    "Say",
    "answers_now",
    "day",
    "hours",
    "lasting",
    "local",
    "open_until",
    "opens_next",
    "retry",
    "short_until",
    "time_of_day",
    "until",
]

Say = Callable[..., str]
"""Looks a text up by its id and fills it: words and patterns are in the catalogue, never here."""

_LOCALES: Final = {Language.FR: "fr_FR", Language.EN: "en_GB"}
_MINUTE: Final = timedelta(minutes=1)
_HALF_A_DAY: Final = timedelta(hours=12)
_WEEK: Final = 7
_UNITS: Final = (
    ("duration-day", timedelta(days=1)),
    ("duration-hour", timedelta(hours=1)),
    ("duration-minute", timedelta(minutes=1)),
    ("duration-second", timedelta(seconds=1)),
)
"""Lengths of time, the longest first, under their names in CLDR."""

_A_MONDAY: Final = date(2024, 1, 1)


@cache
def _zone() -> ZoneInfo:
    return ZoneInfo("Europe/Paris")


@cache
def _locale(language: Language) -> "Locale":
    from babel import Locale

    return Locale.parse(_LOCALES[language])


def local(moment: datetime) -> datetime:
    """An aware moment as clocks in metropolitan France show it."""
    return moment.astimezone(_zone())


# Days and times of the day: few are read at once, and each page has some.
@lru_cache(maxsize=1_024)
def _patterned(what: date | time, pattern: str, language: Language) -> str:
    from babel.dates import format_date, format_time

    if isinstance(what, time):
        return format_time(what, pattern, locale=_locale(language))
    return format_date(what, pattern, locale=_locale(language))


def day(on: date, language: Language, say: Say) -> str:
    """``lundi 23 novembre 2026``."""
    return _patterned(on, say("format.first_day" if on.day == 1 else "format.day"), language)


def time_of_day(at: time, language: Language, say: Say) -> str:
    """``14 h 30``, ``14 h``; seconds are dropped."""
    return _patterned(at, say("format.time" if at.minute else "format.full_hour"), language)


def until(moment: datetime, language: Language, say: Say) -> str:
    """``lundi 23 novembre 2026 à 14 h 30``, cut to the minute: never later than what is true."""
    at = local(moment)
    return say("when.moment", day=day(at, language, say), time=time_of_day(at.time(), language, say))


def short_until(moment: datetime, now: datetime, language: Language, say: Say) -> str:
    """``jusqu'à 14h30``, or ``jusqu'au 24/11 à 14h30`` half a day ahead and more: for an SMS, cut to the minute."""
    at = local(moment)
    clock = _patterned(at.time(), say("format.sms_time"), language)
    if moment - now < _HALF_A_DAY:
        return say("when.sms_soon", time=clock)
    return say("when.sms_later", day=_patterned(at.date(), say("format.sms_day"), language), time=clock)


def retry(moment: datetime, now: datetime, language: Language, say: Say) -> str:
    """``aujourd’hui à partir de 14 h 31``, rounded up to the minute: whoever comes at that time does not come early."""
    cut = moment.replace(second=0, microsecond=0)
    at = local(cut if cut == moment else cut + _MINUTE)
    clock = time_of_day(at.time(), language, say)
    match (at.date() - local(now).date()).days:
        case 0:
            return say("when.today", time=clock)
        case 1:
            return say("when.tomorrow", time=clock)
        case _:
            return say("when.later", day=day(at, language, say), time=clock)


def lasting(length: timedelta, language: Language) -> str:
    """A length of time in words, rounded down: never more than is left."""
    name, unit = next(((name, unit) for name, unit in _UNITS if length >= 2 * unit), _UNITS[-1])
    return _counted(max(length // unit, 0), name, language)


@lru_cache(maxsize=1_024)
def _counted(number: int, unit: str, language: Language) -> str:
    from babel.units import format_unit

    return format_unit(number, unit, locale=str(language))


# -- opening hours -----------------------------------------------------------------------------------------------------


def answers_now(helpdesk: Helpdesk, now: datetime) -> bool:
    """Whether somebody answers at this aware moment, by the clocks of metropolitan France (R57)."""
    return helpdesk.answers_at(local(now))


def open_until(helpdesk: Helpdesk, now: datetime) -> time | None:
    """The minute when nobody answers any more, if somebody answers now (R57)."""
    at = local(now)
    return max((opening.closes for opening in helpdesk.hours if opening.contains(at)), default=None)


def opens_next(helpdesk: Helpdesk, now: datetime) -> datetime | None:
    """When somebody answers again, by the hours of a usual week."""
    at = local(now)
    days = (at.date() + timedelta(days=number) for number in range(_WEEK + 1))
    moments = (
        datetime.combine(day, opening.opens, _zone())
        for day in days
        for opening in helpdesk.hours
        if day.weekday() in opening.weekdays
    )
    return min((moment for moment in moments if moment > at), default=None)


def hours(helpdesk: Helpdesk, language: Language, say: Say) -> str:
    """``du lundi au vendredi, de 8 h 30 à 12 h 15 et de 13 h 30 à 16 h 30``; empty when no hours are known."""

    def days_of(opening: Opening) -> list[int]:
        return sorted(opening.weekdays)

    openings = sorted(helpdesk.hours, key=lambda opening: (days_of(opening), opening.opens))
    return say("hours.between_days").join(
        say(
            "hours.days",
            days=_days(days, language, say),
            times=_listed([_stretch(opening, language, say) for opening in stretches], say),
        )
        for days, stretches in groupby(openings, key=days_of)
        if days
    )


def _stretch(opening: Opening, language: Language, say: Say) -> str:
    opens, closes = (time_of_day(at, language, say) for at in (opening.opens, opening.closes))
    return say("hours.stretch", opens=opens, closes=closes)


def _days(days: list[int], language: Language, say: Say) -> str:
    names = [_patterned(_A_MONDAY + timedelta(days=number), "EEEE", language) for number in days]
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:  # noqa: PLR2004 - two days are named, not spanned
        return say("hours.span", first=names[0], last=names[-1])
    return _listed(names, say)


def _listed(items: list[str], say: Say) -> str:
    *before, last = items
    return say("list.last", before=", ".join(before), last=last) if before else last
