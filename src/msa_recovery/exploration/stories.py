"""Stories: what has to happen, one happening a line; and a violation as a program that runs its story."""

from collections.abc import Iterable, Iterator

from .decisions import undecided
from .search import Violation
from .setting import Setting
from .world import Happening, World

__all__ = ["replay", "runnable"]


def replay(setting: Setting, story: Iterable[str]) -> Iterator[Happening]:
    """Let a story happen, by the real ``reserve`` and ``step``.

    Raises:
        LookupError: nothing of that name can happen there; it says what can.
    """
    world = World(setting, undecided())
    state = world.start
    for label in story:
        possible = {happening.label: happening for happening in world.happenings(state)}
        if label not in possible:
            raise LookupError(f"{label!r} cannot happen here, but {sorted(possible)}")
        yield possible[label]
        state = possible[label].target


def runnable(setting: Setting, violation: Violation) -> str:
    """A violation as a program that shows it: each happening with the row that fires."""
    lines = "\n".join(f"    {label!r}," for label in violation.story)
    return f"""# {violation.breach}
from msa_recovery.exploration.runs import setting_named
from msa_recovery.exploration.stories import replay

STORY = (
{lines}
)
for happening in replay(setting_named({setting.name!r}), STORY):
    edge = happening.edge
    row = edge.row if edge is not None and edge.row is not None else ()
    print(happening.label, *row, edge.breach if edge is not None and edge.breach is not None else "", sep="  ")
"""
