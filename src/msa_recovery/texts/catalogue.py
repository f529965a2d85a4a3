"""The catalogues: one gettext file a language, read as it is when a text of that language is first asked for.

A text has a stable id in place of an English original, such as ``problem.code_wrong``; its placeholders are named, as
in ``%(limit)s``. The French titles of the states are not in the file: the chart holds them.
"""

import gettext
import re
from collections.abc import Callable, Mapping
from functools import cache, cached_property
from importlib import resources
from types import MappingProxyType
from typing import Final, final

from attrs import frozen

from msa_recovery.application.caller import Language
from msa_recovery.domain.errors import CallerError
from msa_recovery.domain.journey import ChartName, State
from msa_recovery.domain.machine import CHARTS

__all__ = ["Catalogue", "Entry", "TextFault", "UnknownText", "catalogue", "title_id"]

_PLACEHOLDER: Final = re.compile(r"%(?:\((?P<name>\w+)\)s|%|(?P<stray>.|$))", re.DOTALL)


@final
class UnknownText(CallerError):
    """No text has this id.

    Attributes:
        id: the id that was asked for, or overridden.
    """

    def __init__(self, id: str) -> None:  # noqa: A002 - the texts' own word
        super().__init__(f"no text has the id {id!r}")
        self.id = id


@final
class TextFault(CallerError):
    """A text that the host put in place of ours, or the values for one of ours, cannot be used.

    Attributes:
        id: the text that it is about.
    """

    def __init__(self, id: str, why: str) -> None:  # noqa: A002 - the texts' own word
        super().__init__(f"text {id!r}: {why}")
        self.id = id


@final
@frozen
class Entry:
    """One text in one language.

    Attributes:
        forms: its plural forms in the order of the language; most texts have one.
    """

    forms: tuple[str, ...]

    @cached_property
    def placeholders(self) -> frozenset[str]:
        """The names that any of its forms is filled with."""
        found = (match["name"] for form in self.forms for match in _PLACEHOLDER.finditer(form))
        return frozenset(name for name in found if name is not None)

    @property
    def stray_percent(self) -> bool:
        """Whether a per cent sign is neither doubled nor the beginning of a placeholder."""
        return any(match["stray"] is not None for form in self.forms for match in _PLACEHOLDER.finditer(form))


@final
@frozen(eq=False)
class Catalogue:
    """All texts of one language.

    Attributes:
        entries: by id.
        form_of: which plural form a number takes.
    """

    entries: Mapping[str, Entry]
    form_of: Callable[[int], int]


def title_id(chart: ChartName, state: State) -> str:
    """The id of a state's title."""
    return f"state.{chart}.{state}.title"


@cache
def catalogue(language: Language) -> Catalogue:
    """The shipped texts of a language."""
    from babel.messages.pofile import read_po

    with resources.files(__name__.rpartition(".")[0]).joinpath(f"{language}.po").open("rb") as file:
        messages = read_po(file, locale=str(language), charset="utf-8", abort_invalid=True)
    entries = _titles() if language is Language.FR else {}
    for message in messages:
        if message.id:
            name = message.id if isinstance(message.id, str) else message.id[0]
            texts = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
            entries[name] = Entry(texts)
    return Catalogue(MappingProxyType(entries), gettext.c2py(messages.plural_expr))


def _titles() -> dict[str, Entry]:
    return {
        title_id(chart.name, state): Entry((title.replace("%", "%%"),))
        for chart in CHARTS.values()
        for state, title in chart.titles.items()
    }
