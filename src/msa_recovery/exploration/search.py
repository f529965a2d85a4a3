"""The breadth-first search over everything that can happen, and the shortest way to whatever it found."""

from array import array
from collections.abc import Iterator
from time import process_time
from typing import Final, final

from attrs import frozen

from msa_recovery.domain.journey import FINAL, State
from msa_recovery.domain.situation import Case

from .abstraction import ANOTHER
from .decisions import Undecided, undecided
from .judging import is_past
from .liveness import Ways
from .moment import NOW
from .setting import Setting
from .walker import RowName
from .world import Happening, World

__all__ = ["Exploration", "Violation", "explore"]

_OUT: Final = frozenset({State.COMPLETED, State.BLOCKED})


@final
@frozen
class Violation:
    """A breach of an invariant, with the shortest way there.

    Attributes:
        breach: what is broken, by its number.
        story: what has to happen, in order; the last happening breaks it.
    """

    breach: str
    story: tuple[str, ...]


@final
class Exploration:
    """What the search found.

    Attributes:
        setting: what was explored.
        world: its states.
        rows: each row that fired, with the state in which it did first, and by what.
        violations: one for each breach, the nearest first.
        transitions: how many.
        seconds: how long it took, in time of the processor.
        complete: whether every state was visited.
        states: every state, in the order in which it was found: the nearest first.
        ways: what whoever holds the right secrets may do.
        came_from: for each state, the one that it was found from.
        came_by: for each state, what happened there.
    """

    def __init__(self, setting: Setting, guards: Undecided) -> None:
        self.setting = setting
        self.world = World(setting, guards)
        self.rows: dict[RowName, tuple[int, Happening]] = {}
        self.violations: list[Violation] = []
        self.transitions = 0
        self.seconds = 0.0
        self.complete = False
        self.states: list[tuple[int, ...]] = []
        self.ways = Ways(setting.journeys)
        self.came_from = array("l")
        self.came_by: list[str] = []

    def way_to(self, number: int) -> tuple[str, ...]:
        """The shortest story that leads to the state of this number."""
        story: list[str] = []
        while number > 0:
            story.append(self.came_by[number])
            number = self.came_from[number]
        return tuple(reversed(story))

    def way_to_row(self, row: RowName) -> tuple[str, ...]:
        """The shortest story whose last happening fires this row.

        Raises:
            KeyError: no story does.
        """
        number, happening = self.rows[row]
        return (*self.way_to(number), happening.label)

    def way_to_state(self, state: State) -> tuple[str, ...] | None:
        """The shortest story that brings some journey into this state; ``None`` if none does."""
        keys = self.world.walker.space.journey_keys
        for number, (_, _, *journeys) in enumerate(self.states):
            if any(journey >= 0 and keys[journey].state is state for journey in journeys):
                return self.way_to(number)
        return None


def explore(
    setting: Setting, *, first_only: bool = False, most: int | None = None, guards: Undecided | None = None
) -> Exploration:
    """Visit every state.

    Args:
        setting: what is explored.
        first_only: whether to stop at the first violation.
        most: at how many states to stop; ``None`` for at no number.
        guards: those that have not decided anything yet, in any exploration; the ones that do are taken away.
    """
    found = Exploration(setting, undecided() if guards is None else guards)
    began = process_time()
    found.complete = _visit_all(found, first_only=first_only, most=most)
    if found.complete:
        found.violations += _stuck(found)
    found.seconds = process_time() - began
    return found


def _visit_all(found: Exploration, *, first_only: bool, most: int | None) -> bool:
    world, states, came_from, came_by = found.world, found.states, found.came_from, found.came_by
    known = {world.start: 0}
    states.append(world.start)
    came_from.append(0)
    came_by.append("")
    number = 0
    while number < len(states):
        if number == most:
            return False
        told = [False] * found.setting.journeys
        for happening in world.happenings(states[number]):
            found.transitions += 1
            label, _, state, edge = happening
            if edge is not None and edge.breach is not None:
                _note_breach(found, edge.breach, number, label)
                if first_only:
                    return False
                continue
            if edge is not None and edge.row is not None and edge.row not in found.rows:
                found.rows[edge.row] = (number, happening)
            target = known.get(state)
            if target is None:
                target = known[state] = len(states)
                states.append(state)
                came_from.append(number)
                came_by.append(label)
            _note_way(found, happening, number, target, told)
        number += 1
    return True


def _note_way(found: Exploration, happening: Happening, number: int, target: int, told: list[bool]) -> None:
    """Keep the transition if whoever holds the right secrets may take it; where that person is told, time may pass."""
    edge = happening.edge
    if edge is None:
        for place, may_wait in enumerate(told):
            if may_wait:
                found.ways.add(place, number, target)
    elif edge.rightful:
        told[happening.slot] = told[happening.slot] or edge.says_when
        if target != number:
            found.ways.add(happening.slot, number, target)


def _note_breach(found: Exploration, breach: str, number: int, label: str) -> None:
    if all(violation.breach != breach for violation in found.violations):
        found.violations.append(Violation(breach, (*found.way_to(number), label)))


def _stuck(found: Exploration) -> Iterator[Violation]:
    """Invariant 3: who does not get out, in the nearest such state."""
    space = found.world.walker.space
    for place in range(found.setting.journeys):

        def case(number: int, place: int = place) -> Case | None:
            ledger, _, *journeys = found.states[number]
            return Case(space.journeys[journeys[place]], space.ledgers[ledger]) if journeys[place] >= 0 else None

        def is_out(number: int) -> bool:
            held = case(number)
            return held is not None and (held.journey.state in _OUT or is_past(held, NOW))

        def matters(number: int, place: int = place) -> bool:
            journey = found.states[number][2 + place]
            key = space.journey_keys[journey] if journey >= 0 else None
            # Whoever holds another account's secrets, or a changed one's, is not the person who is spoken of.
            if key is None or key.state in FINAL or key.whose == ANOTHER or key.changed:
                return False
            # Nobody holds the password of a letter that can never arrive; whoever waits for it begins anew.
            beside = space.ledger_keys[found.states[number][0]]
            lost = key.state is State.AWAITING_SIGN_IN and beside.letter_lost and beside.sent_password is None
            return not lost

        stuck = found.ways.stuck(place, len(found.states), is_out, matters)
        if stuck is not None:
            yield Violation("invariant 3: whoever holds the right secrets does not get out", found.way_to(stuck))
