"""The breadth-first search over everything that can happen, and the shortest way to whatever it found."""

from array import array
from collections.abc import Iterator, Sequence
from itertools import chain
from time import perf_counter
from typing import NamedTuple, final

from attrs import frozen

from msa_recovery.domain.journey import FINAL, SIGNED_IN, State

from .abstraction import ACCOUNT, ANOTHER, LedgerKey, journey_id
from .ageing import aged_journey, ageing, expiring, without_quarantine
from .relevance import EVERYTHING, NOTHING, Part, of_journey, relevant, worn
from .setting import Setting
from .walker import Edge, Walker, not_begun

__all__ = ["Exploration", "Global", "Happening", "Violation", "explore"]

Global = tuple[int, ...]
"""One state: the numbers of the account's ledger, of the other account's, and of the journey in each place."""


class Happening(NamedTuple):
    """One transition.

    Attributes:
        label: as a story tells it; within a state, no two are called alike.
        slot: whose journey it happens to, or -1 when time passes or the directory changes.
        target: the state afterwards.
        edge: what a journey made of it.
    """

    label: str
    slot: int
    target: Global
    edge: Edge | None = None


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
class World:
    """The states of a setting: where they begin, and what can happen in each.

    Attributes:
        setting: what is explored.
        walker: takes the steps.
        start: the state in which nothing has happened yet.
    """

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.walker = Walker(setting)
        self._space = self.walker.space
        fresh = LedgerKey(quarantined=bool(setting.variant.quarantined))
        self._nowhere = self._space.ledger(LedgerKey())
        places = (not_begun(slot) for slot in range(setting.journeys))
        self.start: Global = (self._space.ledger(fresh), self._nowhere, *places)
        self._aged: dict[int, tuple[tuple[str, int], ...]] = {}
        self._asked: dict[int, Part] = {}
        self._worn: dict[tuple[int, Part], int] = {}

    def _state(self, ledger: int, other: int, journeys: Sequence[int]) -> Global:
        """A state, worn where nothing can ask for what it remembers."""
        asked = NOTHING
        for journey in journeys:
            part = self._asked.get(journey)
            if part is None:
                part = EVERYTHING if journey < 0 else of_journey(self._space.journey_keys[journey])
                self._asked[journey] = part
            asked |= part
        number = self._worn.get((ledger, asked))
        if number is None:
            key = worn(self._space.ledger_keys[ledger], asked, self.setting.policy)
            number = self._worn[ledger, asked] = self._space.ledger(key)
        return (number, other, *journeys)

    def happenings(self, state: Global) -> Iterator[Happening]:
        """Everything that can happen in a state."""
        ledger, other, *journeys = state
        several = len(journeys) > 1
        for slot, journey in enumerate(journeys):
            for edge in self.walker.edges(journey, ledger, other):
                label = f"{journey_id(slot)}: {edge.label}" if several else edge.label
                yield Happening(label, slot, self._after(journeys, slot, edge), edge)
        yield from self._time_passes(ledger, other, journeys)
        if self.setting.changes:
            yield from self._directory_changes(ledger, other, journeys)

    def _after(self, journeys: list[int], slot: int, edge: Edge) -> Global:
        if edge.journey == journeys[slot] and not edge.ends_others:
            return self._state(edge.ledger, edge.other, journeys)
        after = [self._ended(journey) for journey in journeys] if edge.ends_others else list(journeys)
        after[slot] = edge.journey
        # What the other account remembers does not matter once no journey speaks of it any more.
        other = edge.other
        if other != self._nowhere and not any(self._speaks_of_another(journey) for journey in after):
            other = self._nowhere
        return self._state(edge.ledger, other, after)

    def _speaks_of_another(self, journey: int) -> bool:
        return journey >= 0 and self._space.journey_keys[journey].whose == ANOTHER

    def _ended(self, journey: int) -> int:
        """What becomes of another journey of the account when a new password is accepted."""
        key = self._space.journey_keys[journey] if journey >= 0 else None
        if key is None or key.whose != ACCOUNT:
            return journey
        return self._space.journey(relevant(key._replace(same_epoch=False)))

    def _time_passes(self, ledger: int, other: int, journeys: list[int]) -> Iterator[Happening]:
        space = self._space
        aged = self._aged.get(ledger)
        if aged is None:
            key = space.ledger_keys[ledger]
            each = chain(expiring(key), ageing(key) if self.setting.ages else ())
            aged = self._aged[ledger] = tuple((label, space.ledger(after)) for label, after in each)
        for label, after in aged:
            yield Happening(label, -1, self._state(after, other, journeys))
        for slot, journey in enumerate(journeys):
            if journey < 0:
                continue
            passed = aged_journey(space.journey_keys[journey], space.ledger_keys[ledger], space.ledger_keys[other])
            if passed is not None:
                label, key, own, others = passed
                after_journeys = [*journeys[:slot], space.journey(relevant(key)), *journeys[slot + 1 :]]
                yield Happening(label, -1, self._state(space.ledger(own), space.ledger(others), after_journeys))
        if space.ledger_keys[ledger].quarantined:
            usable = space.ledger(space.ledger_keys[ledger]._replace(quarantined=False))
            moved = [j if j < 0 else space.journey(without_quarantine(space.journey_keys[j])) for j in journeys]
            yield Happening("what was changed lately may be used", -1, self._state(usable, other, moved))

    def _directory_changes(self, ledger: int, other: int, journeys: list[int]) -> Iterator[Happening]:
        """The host changes the account: what took it up before goes on as a decoy's would, until the sign-in."""
        space = self._space
        moved = list(journeys)
        for slot, journey in enumerate(journeys):
            key = space.journey_keys[journey] if journey >= 0 else None
            if key is not None and key.whose == ACCOUNT and key.state not in FINAL | SIGNED_IN:
                moved[slot] = space.journey(key._replace(changed=True))
        if moved != journeys:
            yield Happening("the directory changes the account", -1, (ledger, other, *moved))


@final
class Exploration:
    """What the search found.

    Attributes:
        setting: what was explored.
        world: its states.
        rows: the label of each row that fired, with the state in which it did first, and by what.
        violations: one for each breach, the nearest first.
        transitions: how many.
        seconds: how long it took.
        complete: whether every state was visited.
    """

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.world = World(setting)
        self.rows: dict[str, tuple[int, Happening]] = {}
        self.violations: list[Violation] = []
        self.transitions = 0
        self.seconds = 0.0
        self.complete = False
        self.states: list[Global] = []
        self._came_from = array("l")
        self._came_by: list[str] = []

    def way_to(self, number: int) -> tuple[str, ...]:
        """The shortest story that leads to the state of this number."""
        story: list[str] = []
        while number > 0:
            story.append(self._came_by[number])
            number = self._came_from[number]
        return tuple(reversed(story))

    def way_to_row(self, label: str) -> tuple[str, ...]:
        """The shortest story whose last happening fires this row.

        Raises:
            KeyError: no story does.
        """
        number, happening = self.rows[label]
        return (*self.way_to(number), happening.label)

    def way_to_state(self, state: State) -> tuple[str, ...] | None:
        """The shortest story that brings some journey into this state; ``None`` if none does."""
        keys = self.world.walker.space.journey_keys
        for number, (_, _, *journeys) in enumerate(self.states):
            if any(journey >= 0 and keys[journey].state is state for journey in journeys):
                return self.way_to(number)
        return None


def explore(setting: Setting, *, first_only: bool = False, most: int | None = None) -> Exploration:
    """Visit every state.

    Args:
        setting: what is explored.
        first_only: whether to stop at the first violation.
        most: at how many states to stop; ``None`` for at no number.
    """
    found = Exploration(setting)
    began = perf_counter()
    found.complete = _search(found, first_only=first_only, most=most)
    found.seconds = perf_counter() - began
    return found


def _search(found: Exploration, *, first_only: bool, most: int | None) -> bool:
    world, states, rows = found.world, found.states, found.rows
    came_from, came_by = found._came_from, found._came_by
    known = {world.start: 0}
    breaches: set[str] = set()
    states.append(world.start)
    came_from.append(0)
    came_by.append("")
    number = 0
    while number < len(states):
        if most is not None and number >= most:
            return False
        for happening in world.happenings(states[number]):
            found.transitions += 1
            label, _, target, edge = happening
            if edge is not None:
                if edge.breach is not None:
                    if edge.breach not in breaches:
                        breaches.add(edge.breach)
                        found.violations.append(Violation(edge.breach, (*found.way_to(number), label)))
                    if first_only:
                        return False
                    continue
                if edge.row is not None and edge.row not in rows:
                    rows[edge.row] = (number, happening)
            if target not in known:
                known[target] = len(states)
                states.append(target)
                came_from.append(number)
                came_by.append(label)
        number += 1
    return True
