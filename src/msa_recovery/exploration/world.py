"""The states of a setting, and everything that can happen in each: to a journey, to time, to the directory."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple, final

from msa_recovery.domain.account import Channel
from msa_recovery.domain.journey import FINAL, SIGNED_IN, ChartName, JourneyId
from msa_recovery.domain.ledger import OriginTag
from msa_recovery.domain.machine import CHARTS

from .abstraction import ACCOUNT, ANOTHER, JourneyKey, LedgerKey, journey_id
from .ageing import aged_journey, ageing, expiring, without_quarantine
from .decisions import Undecided
from .relevance import EVERYTHING, NOTHING, Part, of_journey, relevant, worn
from .setting import Setting
from .walker import Edge, Walker, not_begun

__all__ = ["Global", "Happening", "World"]

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
class World:
    """The states of a setting: where they begin, and what can happen in each.

    Attributes:
        setting: what is explored.
        walker: takes the steps.
        start: the state in which nothing has happened yet.
    """

    def __init__(self, setting: Setting, guards: Undecided) -> None:
        self.setting = setting
        self.walker = Walker(setting, guards)
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
        if self.setting.past and state == self.start:
            yield from self._pasts(ledger, other, journeys)
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
            kept = space.ledger_keys[ledger]
            each = chain(expiring(kept), ageing(kept) if self.setting.ages else ())
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

    def _pasts(self, ledger: int, other: int, journeys: list[int]) -> Iterator[Happening]:
        """What earlier journeys may have left behind when this one begins, one thing at a time."""
        begun = JourneyKey(0, ChartName.RECOVERY, CHARTS[ChartName.RECOVERY].initial, in_time=True)
        journeys = [self._space.journey(begun), *journeys[1:]]
        key, policy = self._space.ledger_keys[ledger], self.setting.policy
        gone, elsewhere = JourneyId("gone"), OriginTag("elsewhere")
        for label, past in (
            ("a letter was posted that is under way", key._replace(letters=1, letter_password=True)),
            ("all letters were posted", key._replace(letters=policy.letters_per_month)),
            ("a temporary password was sent", key._replace(sent_password=Channel.EMAIL)),
            (
                "temporary passwords of both kinds were sent",
                key._replace(sent_password=Channel.SMS, letter_password=True),
            ),
            ("all answers were given", key._replace(answers=policy.answers_per_month)),
            ("all codes were guessed at", key._replace(code_guesses=policy.code_guesses_per_month)),
            ("a code was sent to another journey", key._replace(codes=((gone, 1, True, policy.guesses_per_code),))),
            ("codes were asked for elsewhere", key._replace(sends=((elsewhere, True),) * policy.sends_per_day)),
        ):
            yield Happening(f"begin after {label}", -1, self._state(self._space.ledger(past), other, journeys))

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
