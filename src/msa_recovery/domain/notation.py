"""python-statemachine's notation for charts, made strict where it would silently drop what was written.

In a row of plain python-statemachine, a guard or an effect that stands twice counts once, even when one of the two is
an ``unless``. Here such a row is refused. Importing the library also changes the process's gettext domain; it is put
back. Whoever needs python-statemachine itself has it from here, so that nobody imports it before.
"""

import gettext
from collections.abc import Collection
from typing import cast

from .errors import ChartError

_domain = gettext.textdomain()

import statemachine  # noqa: E402
from statemachine.state import NestedStateFactory, _ToState  # noqa: E402
from statemachine.transition_list import TransitionList  # noqa: E402

gettext.textdomain(_domain)

__all__ = ["State", "StateChart", "TransitionList", "statemachine"]

StateChart = statemachine.StateChart


def _names(given: object) -> tuple[object, ...]:
    """The names of a row's ``cond``, ``unless`` or ``on``; what is no name is left to the compiler to refuse."""
    if isinstance(given, Collection) and not isinstance(given, str):
        return tuple(cast(Collection[object], given))
    return () if given is None else (given,)


def _title(state: object) -> str:
    """How a state is called before the class body has given it a name: a compound state has no title of its own."""
    title = state.name if isinstance(state, statemachine.State) else "the same"
    return repr(title or "the compound state")


class _StrictTo(_ToState):
    def __call__(self, *targets: object, **row: object) -> TransitionList:
        written = [name for part in ("cond", "unless", "on") for name in _names(row.get(part))]
        for name in written:
            if written.count(name) > 1:
                titles = [_title(state) for state in (self._state, *targets)]
                raise ChartError(f"row {' -> '.join(titles)}: {name!r} stands twice")
        return cast(TransitionList, super().__call__(*targets, **row))  # type: ignore[arg-type]


class _StrictCompound(NestedStateFactory):
    """The body of a compound state becomes a state of python-statemachine's own class: it is made one of ours."""

    def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, object]) -> "_StrictCompound":  # noqa: PYI034
        made: object = super().__new__(cls, name, bases, body)  # pyright: ignore[reportUnknownMemberType]
        if isinstance(made, statemachine.State):
            made.__class__ = State
        return cast(_StrictCompound, made)


class State(statemachine.State):
    """A state whose rows are refused with a :class:`ChartError` when a name stands twice in one of them."""

    class Compound(metaclass=_StrictCompound):  # pyright: ignore[reportIncompatibleVariableOverride]
        """A state that holds others; its rows belong to each of them."""

    @property
    def to(self) -> _StrictTo:
        """Declare rows from this state."""
        return _StrictTo(self)
