"""python-statemachine's notation for charts, made strict where it would silently drop what was written.

In a row of plain python-statemachine, a guard or an effect that stands twice counts once, even when one of the two is an
``unless``. Here such a row is refused. Importing the library also changes the process's gettext domain; it is put back.
"""

import gettext
from collections.abc import Iterable
from typing import cast

from .errors import ChartError

_domain = gettext.textdomain()

import statemachine  # noqa: E402
from statemachine.state import _ToState  # noqa: E402
from statemachine.transition_list import TransitionList  # noqa: E402

gettext.textdomain(_domain)

__all__ = ["State", "StateChart", "TransitionList"]

StateChart = statemachine.StateChart

Names = str | Iterable[str] | None


def names(given: Names) -> tuple[str, ...]:
    """The names of a row's ``cond``, ``unless`` or ``on``."""
    return (given,) if isinstance(given, str) else tuple(given or ())


class _StrictTo(_ToState):
    def __call__(self, *targets: object, **row: object) -> TransitionList:
        written = [name for part in ("cond", "unless", "on") for name in names(cast(Names, row.get(part)))]
        for name in written:
            if written.count(name) > 1:
                where = ", ".join(target.id if isinstance(target, statemachine.State) else "-" for target in targets)
                raise ChartError(f"row {self._state.name!r} -> {where or '-'}: {name!r} stands twice")
        return cast(TransitionList, super().__call__(*targets, **row))  # type: ignore[arg-type]


class State(statemachine.State):
    """A state whose rows are refused with a :class:`ChartError` when a name stands twice in one of them."""

    @property
    def to(self) -> _StrictTo:
        """Declare rows from this state."""
        return _StrictTo(self)
