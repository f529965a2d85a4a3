"""One table of a TOML file that somebody wrote by hand: every field is taken once and checked, none is left over."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, TypeVar, cast, final

from msa_recovery.application.errors import CallerError

__all__ = ["AccountsFileError", "CheckedTable"]

_LONGEST_TEXT: Final = 254
_MOST_DAYS: Final = 36_500

_T = TypeVar("_T")


@final
class AccountsFileError(CallerError):
    """The accounts file says something that cannot be: the fault of whoever wrote it. It shows nothing of any person.

    Attributes:
        entry: which table, such as ``account 3`` or ``fund gironde``; accounts are counted from 1.
        field: which field of it, such as ``mobile.value`` or ``proofs[2].amount``; empty for the table itself.
    """

    def __init__(self, entry: str, field: str, why: str) -> None:
        super().__init__(f"accounts file, {entry}{', ' if field else ''}{field}: {why}")
        self.entry = entry
        self.field = field


@final
class CheckedTable:
    """Takes the fields of one table; whatever is not as it should be is an :class:`AccountsFileError`.

    Args:
        entry: what the table is called in errors.
        given: what stands in the file in its place.
        path: the field of the entry in which it stands, if it is not the entry itself.
    """

    def __init__(self, entry: str, given: object, path: str = "") -> None:
        if not isinstance(given, dict):
            raise AccountsFileError(entry, path, "a table")
        self.entry = entry
        self._path = path
        self._left = dict(cast("dict[str, object]", given))

    def fault(self, field: str, why: str) -> AccountsFileError:
        """What is wrong with a field."""
        return AccountsFileError(self.entry, self._within(field), why)

    def end(self) -> None:
        """Nothing else stands in the table: a misspelt field is never silently ignored."""
        for field in self._left:
            raise self.fault(field[:_LONGEST_TEXT], "no such field")

    def has(self, field: str) -> bool:
        """Whether the field is there and was not taken yet."""
        return field in self._left

    def text(self, field: str) -> str:
        """A text of one line, not empty, of at most 254 characters."""
        return self._line(field, self._take(field, str, "a text"))

    def texts(self, field: str, most: int) -> tuple[str, ...]:
        """One such text or more, at most so many."""
        items = self._list(field, "a list of texts")
        if not 1 <= len(items) <= most:
            raise self.fault(field, f"1 to {most} texts")
        return tuple(self._line(f"{field}[{number}]", item) for number, item in enumerate(items, start=1))

    def choice(self, field: str, choices: Mapping[str, _T]) -> _T:
        """What one of a closed list of names stands for."""
        name = self.text(field)
        if name not in choices:
            raise self.fault(field, f"one of {', '.join(choices)}")
        return choices[name]

    def flag(self, field: str) -> bool:
        """``true`` or ``false``; ``false`` where nothing stands."""
        return self._take(field, bool, "true or false") if field in self._left else False

    def time_of_day(self, field: str) -> time:
        """A time of day."""
        return self._take(field, time, "a time of day, such as 08:30:00")

    def day(self, field: str) -> date:
        """A day of the calendar."""
        day = self._take(field, date, "a day, such as 2026-03-29")
        if isinstance(day, datetime):
            raise self.fault(field, "a day without a time of day")
        return day

    def recent_day(self, name: str, today: date) -> date:
        """A day: the field ``<name>_on``, or ``<name>_days_ago``, counted from today."""
        ago = self._days_ago(name)
        return self.day(f"{name}_on") if ago is None else today - ago

    def recent_moment(self, name: str, now: datetime) -> datetime | None:
        """A moment, in UTC, if one is given: the field ``<name>_at``, or ``<name>_days_ago``, counted from now."""
        ago, field = self._days_ago(name), f"{name}_at"
        if ago is not None:
            return now - ago
        if not self.has(field):
            return None
        moment = self._take(field, datetime, "a date and time")
        if moment.utcoffset() is None:
            raise self.fault(field, "a date and time with its offset from UTC")
        try:
            return moment.astimezone(UTC)
        except OverflowError:
            raise self.fault(field, "a date and time that UTC can tell") from None

    def table(self, field: str) -> "CheckedTable":
        """A table within this one."""
        return CheckedTable(self.entry, self._take(field, object, "a table"), self._within(field))

    def tables(self, field: str) -> "tuple[CheckedTable, ...]":
        """A list of tables within this one."""
        numbered = enumerate(self._list(field, "a list of tables"), start=1)
        return tuple(CheckedTable(self.entry, item, self._within(f"{field}[{number}]")) for number, item in numbered)

    def text_or_table(self, field: str, name: str) -> "CheckedTable":
        """A table within this one; a text in its place stands for a table with this text as its only field ``name``."""
        given = self._take(field, object, "a text or a table")
        return CheckedTable(self.entry, {name: given} if isinstance(given, str) else given, self._within(field))

    def entries(self, field: str) -> "tuple[CheckedTable, ...]":
        """The tables ``[[field]]``, each an entry of its own with its number, from 1."""
        items = self._list(field, f"tables under [[{field}]]")
        return tuple(CheckedTable(f"{field} {number}", item) for number, item in enumerate(items, start=1))

    def named_entries(self, field: str) -> "dict[str, CheckedTable]":
        """The tables ``[field.name]``, each an entry of its own, by name."""
        items = cast("dict[str, object]", self._take(field, dict, f"tables under [{field}.name]"))
        return {name: CheckedTable(f"{field} {name[:_LONGEST_TEXT]}", item) for name, item in items.items()}

    def _within(self, field: str) -> str:
        return f"{self._path}.{field}" if self._path else field

    def _take(self, field: str, kind: type[_T], what: str) -> _T:
        if field not in self._left:
            raise self.fault(field, f"missing: {what}")
        value = self._left.pop(field)
        # To Python true is also a number.
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.fault(field, what)
        return value

    def _list(self, field: str, what: str) -> list[object]:
        return cast("list[object]", self._take(field, list, what))

    def _line(self, field: str, value: object) -> str:
        if not isinstance(value, str):
            raise self.fault(field, "a text")
        if not 1 <= len(value) <= _LONGEST_TEXT or not value.isprintable() or value.isspace():
            raise self.fault(field, f"a text of 1 to {_LONGEST_TEXT} characters on one line")
        return value

    def _days_ago(self, name: str) -> timedelta | None:
        field = f"{name}_days_ago"
        if field not in self._left:
            return None
        days = self._take(field, int, "a number of days")
        if not 0 <= days <= _MOST_DAYS:
            raise self.fault(field, f"0 to {_MOST_DAYS} days")
        return timedelta(days=days)
