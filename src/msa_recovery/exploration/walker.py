"""What can happen next: one transition a possible happening, taken by the real ``reserve`` and ``step``.

A journey beside a ledger is a *pair*. What can happen to it depends on nothing else, and the step is pure (invariant
12, judged here by taking each step twice), so each pair is walked once, in however many states it occurs.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple, final

from msa_recovery.domain.events import AnswerChallenge, ChoosePassword, EventName, Guessing, Naming, SignIn
from msa_recovery.domain.guessing import Refused, Reserved, reserve
from msa_recovery.domain.helpdesk import ASSISTANCE_INTERNET
from msa_recovery.domain.journey import SIGNED_IN, ChartName, Journey, State
from msa_recovery.domain.ledger import GuessId, Ledger
from msa_recovery.domain.machine import CHARTS, Step, accepted, step, taken_as
from msa_recovery.domain.screens import view_of
from msa_recovery.domain.situation import Case, Context, Guess, Verdict

from .abstraction import (
    ACCOUNT,
    ANOTHER,
    EPOCH,
    PASSWORD,
    JourneyKey,
    Space,
    journey_key,
    ledger_key,
)
from .contexts import Contexts
from .decisions import Undecided, note_decisions
from .inputs import Input, inputs
from .invariants_of_guesses import breach_of_reservation
from .invariants_of_steps import breach_of_step
from .moment import NOW
from .relevance import relevant
from .setting import Setting

__all__ = ["Edge", "RowName", "Walker", "not_begun"]

_GUESS: Final = GuessId("this guess")
_NO_GUESS: Final = Guess(Verdict.NOT_LIVE)
_WRONG: Final = Guess(Verdict.WRONG, _GUESS)
_RIGHT: Final = Guess(Verdict.RIGHT, _GUESS)
_OF_ANOTHER: Final = frozenset(
    {EventName.IDENTIFY, EventName.ANSWER_CHALLENGE, EventName.CHOOSE_CHANNEL, EventName.GO_BACK, EventName.ABANDON}
)
"""What is tried with another account: enough to leave everything in the journey that an account can leave there."""


def not_begun(slot: int) -> int:
    """The number that stands for no journey in this place, yet."""
    return -1 - slot


RowName = tuple[ChartName, str]
"""A row of a chart, by its label."""


class Edge(NamedTuple):
    """One transition of a pair.

    Attributes:
        label: what happens, as a story tells it.
        rightful: whether the holder of the account, who has the right secrets, would do it.
        journey: the number of the journey afterwards.
        ledger: the number of the account's ledger afterwards.
        other: the number of the other account's ledger afterwards.
        ends_others: whether the account's other journeys are over (a new password was accepted).
        row: the row that fired, if the event came to a step.
        says_when: whether the person is told when to try again.
        breach: the invariant that it breaks, or ``None``.
        input: what somebody did.
        guess: what became of a guess, or ``None`` when the host died before it was compared.
    """

    label: str
    rightful: bool
    journey: int
    ledger: int
    other: int
    ends_others: bool = False
    row: RowName | None = None
    says_when: bool = False
    breach: str | None = None
    input: Input | None = None
    guess: Guess | None = None


@final
class Walker:
    """Walks the pairs of one setting.

    Attributes:
        space: the journeys and ledgers that were met.
        steps: how often ``reserve`` or ``step`` was called.
    """

    def __init__(self, setting: Setting, undecided: "Undecided") -> None:
        self.space = Space(setting)
        self.steps = 0
        self._inputs = inputs(setting)
        self._contexts = Contexts(setting, self.space)
        self._edges: dict[tuple[int, int, int], tuple[Edge, ...]] = {}
        self._menus: dict[tuple[ChartName, State, bool], tuple[tuple[Input, ...], tuple[Input, ...]]] = {}
        self._undecided = undecided

    def edges(self, journey: int, ledger: int, other: int) -> tuple[Edge, ...]:
        """Everything that can happen to a journey by an event, or by a door, beside these two ledgers."""
        pair = (journey, ledger, other)
        found = self._edges.get(pair)
        if found is None:
            walk = self._doors(-1 - journey, ledger, other) if journey < 0 else self._events(journey, ledger, other)
            found = self._edges[pair] = tuple(walk)
        return found

    # -- doors ---------------------------------------------------------------------------------------------------------

    def _doors(self, slot: int, ledger: int, other: int) -> Iterator[Edge]:
        """Another journey begins: at the first page, signed in as usual, or with a temporary password."""
        space, quarantined = self.space, self.space.ledger_keys[ledger].quarantined
        first, change = CHARTS[ChartName.RECOVERY].initial, CHARTS[ChartName.CHANGE].initial
        begun = JourneyKey(slot, ChartName.RECOVERY, first, in_time=True)
        yield Edge("begin", True, space.journey(begun), ledger, other)
        held = begun._replace(whose=ACCOUNT, same_epoch=True, quarantined=quarantined)
        pending = space.journey(held._replace(state=State.CONFIRMING_CONTACTS))
        yield Edge("the contact details are still to be confirmed", True, pending, ledger, other)
        changing = space.journey(held._replace(chart=ChartName.CHANGE, state=change))
        yield Edge("begin to change the password", True, changing, ledger, other)
        # Only a right temporary password makes a journey: what else is typed is counted in the ledger alone.
        knocking = space.journey(held._replace(state=State.AWAITING_SIGN_IN))
        for edge in self._inputs_of(knocking, ledger, other, self._inputs[EventName.SIGN_IN]):
            opened = edge.journey >= 0 and space.journey_keys[edge.journey].state is State.PERSONALISING_PASSWORD
            yield edge._replace(label=f"{edge.label} at the door", journey=edge.journey if opened else not_begun(slot))

    # -- events --------------------------------------------------------------------------------------------------------

    def _events(self, journey: int, ledger: int, other: int) -> Iterator[Edge]:
        key = self.space.journey_keys[journey]
        taken, refused = self._menu(key)
        yield from self._inputs_of(journey, ledger, other, taken)
        case = self._case(journey, ledger, other, key.whose)
        for each in refused:
            context = self._contexts.of(each, key, each.names or key.whose, _NO_GUESS, ledger)
            done = step(case, each.event, context)
            self.steps += 1
            breach = breach_of_step(case, each.event, context, done)
            if breach is None and done.row is not None:
                breach = f"invariant 2: {each.label} is taken out of turn"
            if breach is not None:
                yield Edge(each.label, False, journey, ledger, other, breach=breach)
        if key.whose == ACCOUNT and key.state not in SIGNED_IN and (breach := self._seen_apart(journey, ledger)):
            yield Edge("look", False, journey, ledger, other, breach=breach)

    def _menu(self, key: JourneyKey) -> tuple[tuple[Input, ...], tuple[Input, ...]]:
        """The inputs that a state takes, and one of each event that it does not take."""
        which = (key.chart, key.state, key.whose == ANOTHER)
        menu = self._menus.get(which)
        if menu is None:
            names = accepted(Journey(id=self.space.journeys[0].id, chart=key.chart, state=key.state, deadline=NOW))
            taken = [each for name in names for each in self._inputs[name] if not which[2] or name in _OF_ANOTHER]
            refused = [several[0] for name, several in self._inputs.items() if name not in names]
            menu = self._menus[which] = (tuple(taken), tuple(refused))
        return menu

    def _case(self, journey: int, ledger: int, other: int, whose: int) -> Case:
        """The journey, beside the ledger of whom the event speaks."""
        ledgers = self.space.ledgers
        beside = ledgers[ledger] if whose == ACCOUNT else ledgers[other] if whose == ANOTHER else None
        return Case(self.space.journeys[journey], beside)

    def _inputs_of(self, journey: int, ledger: int, other: int, several: tuple[Input, ...]) -> Iterator[Edge]:
        key = self.space.journey_keys[journey]
        for each in several:
            whose = each.names if isinstance(each.event, Naming) else key.whose
            case = self._case(journey, ledger, other, whose)
            try:
                yield from self._happenings(_Pair(journey, ledger, other, key, whose, case), each)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is what was looked for
                breach = f"invariant 12: {type(error).__name__} is raised: {error}"
                yield Edge(each.label, False, journey, ledger, other, breach=breach)

    def _happenings(self, pair: "_Pair", each: Input) -> Iterator[Edge]:
        case, event, key = pair.case, each.event, pair.key
        context = self._contexts.of(each, key, pair.whose, _NO_GUESS, pair.ledger)
        if not isinstance(event, Guessing) or taken_as(case, event, NOW) is not event:
            yield self._stepped(pair, each, case, context, each.label, each.rightful)
            return
        outcome = reserve(case, event, _GUESS, context)
        self.steps += 1
        breach = breach_of_reservation(case, event, _GUESS, context, outcome)
        if breach is None and self._twin_differs(pair, each, outcome):
            breach = "invariant 9: a guess at a decoy is reserved otherwise"
        if isinstance(outcome, Refused):
            context = self._contexts.of(each, key, pair.whose, outcome.guess, pair.ledger)
            edge = self._stepped(pair, each, case, context, f"{each.label}: {outcome.guess.verdict}", each.rightful)
            yield edge if breach is None else edge._replace(breach=breach)
            return
        counted = outcome.case
        if breach is None and not self._counted_once(counted, event, context):
            breach = "invariant 14: a guess is counted twice"
        if breach is not None or counted is not case:
            dies = f"{each.label}, and the host dies before it is compared"
            yield self._edge(pair, counted, dies, breach=breach)
        for guess in self._verdicts(key, event, counted.ledger):
            good = each.rightful and (guess.verdict is Verdict.RIGHT) is not isinstance(event, ChoosePassword)
            by = f" ({guess.channel})" if guess.channel else ""
            context = self._contexts.of(each, key, pair.whose, guess, pair.ledger)
            yield self._stepped(pair, each, counted, context, f"{each.label}: {guess.verdict}{by}", good)

    def _counted_once(self, counted: Case, event: Guessing, context: Context) -> bool:
        """Whether a guess that is decided again, after a crash, is compared without being counted again."""
        again = reserve(counted, event, _GUESS, context)
        self.steps += 1
        return isinstance(again, Reserved) and again.case is counted

    def _verdicts(self, key: JourneyKey, event: Guessing, ledger: Ledger | None) -> Iterator[Guess]:
        """What a comparison may say. Nobody holds what a changed account asks for, but for a code that was sent."""
        yield _WRONG
        if isinstance(event, SignIn):
            passwords = () if ledger is None or key.changed else ledger.temporary_passwords(NOW)
            for password in passwords:
                if password.digest == PASSWORD:
                    yield Guess(Verdict.RIGHT, _GUESS, channel=password.channel)
        elif not (key.changed and isinstance(event, AnswerChallenge)):
            yield _RIGHT

    # -- one step ------------------------------------------------------------------------------------------------------

    def _stepped(self, pair: "_Pair", each: Input, case: Case, context: Context, label: str, rightful: bool) -> Edge:
        done = step(case, each.event, context)
        self.steps += 1
        note_decisions(self._undecided, case, each.event, context)
        breach = breach_of_step(case, each.event, context, done) or self._lockstep(pair, each, case, context, done)
        row = (pair.key.chart, done.row.label) if done.row is not None else None
        says_when = done.problem is not None and done.problem.retry_at is not None
        edge = self._edge(pair, done.case, label, rightful, row, says_when=says_when, breach=breach)
        return edge._replace(input=each, guess=context.evidence.guess)

    def _edge(
        self,
        pair: "_Pair",
        after: Case,
        label: str,
        rightful: bool = False,
        row: RowName | None = None,
        *,
        says_when: bool = False,
        breach: str | None = None,
    ) -> Edge:
        if after is pair.case:
            return Edge(label, rightful, pair.journey, pair.ledger, pair.other, False, row, says_when, breach)
        space, key, ledger, other = self.space, pair.key, pair.ledger, pair.other
        quarantined, epoch = space.ledger_keys[ledger].quarantined, EPOCH
        if after.ledger is not None:
            epoch = after.ledger.epoch
            if after.ledger is not pair.case.ledger:
                number = space.ledger(ledger_key(after.ledger, quarantined=quarantined))
                ledger, other = (number, other) if pair.whose == ACCOUNT else (ledger, number)
        journey = pair.journey
        if after.journey is not pair.case.journey or epoch != EPOCH:
            adopted = after.journey.epoch != pair.case.journey.epoch and epoch == EPOCH
            changed = key.changed and not adopted
            after_key = journey_key(after.journey, key.slot, epoch, changed=changed, quarantined=quarantined)
            journey = space.journey(relevant(after_key))
        ends = epoch != EPOCH and pair.whose == ACCOUNT
        return Edge(label, rightful, journey, ledger, other, ends, row, says_when, breach)

    # -- known and decoy in lockstep -----------------------------------------------------------------------------------

    def _lockstep(self, pair: "_Pair", each: Input, case: Case, context: Context, done: Step) -> str | None:
        """The same for the account's decoy, whoever holds none of its secrets; else the same once more."""
        self.steps += 1
        guess = context.evidence.guess
        secret = guess.verdict is Verdict.RIGHT and each.event.name is not EventName.SUBMIT_CODE
        if (
            secret
            or pair.whose != ACCOUNT
            or pair.key.state in SIGNED_IN
            or each.event.name is EventName.USE_FRANCECONNECT
        ):
            return None if step(case, each.event, context) == done else "invariant 12: the same step is another one"
        twin = self._twin_context(pair, each, guess)
        seen = step(Case(self.space.twin_of(case.journey, pair.journey), case.ledger), each.event, twin)
        alike = (
            seen.row is done.row
            and seen.problem == done.problem
            and seen.audit == done.audit
            and [type(one) for one in seen.requests] == [type(one) for one in done.requests]
            and (pair.key.changed or seen.case.ledger == done.case.ledger)
        )
        return None if alike else "invariant 9: a decoy is treated otherwise"

    def _twin_context(self, pair: "_Pair", each: Input, guess: Guess) -> Context:
        return self._contexts.of(each, pair.key, pair.whose, guess, pair.ledger, genuine=False)

    def _twin_differs(self, pair: "_Pair", each: Input, outcome: Reserved | Refused) -> bool:
        if pair.whose != ACCOUNT or pair.key.state in SIGNED_IN or not isinstance(each.event, Guessing):
            return False
        self.steps += 1
        case = Case(self.space.twin_of(pair.case.journey, pair.journey), pair.case.ledger)
        twin = reserve(case, each.event, _GUESS, self._twin_context(pair, each, _NO_GUESS))
        if isinstance(outcome, Refused) or isinstance(twin, Refused):
            return outcome != twin
        return outcome.case.ledger != twin.case.ledger

    def _seen_apart(self, journey: int, ledger: int) -> str | None:
        key, space = self.space.journey_keys[journey], self.space
        context = self._contexts.of(self._inputs[EventName.LAPSE][0], key, key.whose, _NO_GUESS, ledger)
        views = [
            view_of(Case(one, space.ledgers[ledger]), context, help=ASSISTANCE_INTERNET)
            for one in (space.journeys[journey], space.twin_of(space.journeys[journey], journey))
        ]
        return None if views[0] == views[1] else "invariant 9: a decoy looks otherwise"


class _Pair(NamedTuple):
    """A journey beside the ledger of whom an event speaks."""

    journey: int
    ledger: int
    other: int
    key: JourneyKey
    whose: int
    case: Case
