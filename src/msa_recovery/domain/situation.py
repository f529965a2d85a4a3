"""The values that one step works on: what is so (case), what happens (event), and what is known of it (context)."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeVar, final

from attrs import define, field, frozen

from .account import ELECTRONIC, AccountType, Channel, Profile, Pseudonym, Way
from .audit import Fact, FactName
from .contacts import ContactKind
from .events import ChooseChannel, Event, Naming
from .journey import Journey, State, passed
from .ledger import GuessId, Ledger, OriginTag
from .passwords import PasswordRule
from .policy import Policy
from .problem import Problem
from .requests import Request

__all__ = [
    "Case",
    "Context",
    "Draft",
    "Effect",
    "Evidence",
    "Guard",
    "Guess",
    "Need",
    "Situation",
    "Verdict",
    "is_over",
    "needs_of",
    "reads",
]


@final
class Need(StrEnum):
    """One thing of the outside that a guard or an effect reads. The shell gathers what a (state, event) declares,
    whichever row then fires, so that the work done tells nothing (R14)."""

    PROFILE = "profile"
    GUESS = "guess"
    FRESH_CODE = "fresh_code"
    FRESH_PASSWORD = "fresh_password"  # noqa: S105 - a need
    NEW_PASSWORD = "new_password"  # noqa: S105 - a need
    EDIT = "edit"


@final
class Verdict(StrEnum):
    """What became of a guess: compared, or refused and why."""

    RIGHT = "right"
    WRONG = "wrong"
    NOT_OFFERED = "not_offered"
    NOT_LIVE = "not_live"
    MUST_WAIT = "must_wait"
    NONE_LEFT = "none_left"
    RULES_FAIL = "rules_fail"


@final
@frozen
class Guess:
    """The evidence of one guess.

    Attributes:
        verdict: what became of it.
        id: the guess that was reserved; empty when it was refused.
        retry_at: for ``MUST_WAIT``, when it would be compared.
        channel: how the temporary password that was right had travelled.
    """

    verdict: Verdict
    id: GuessId = GuessId("")
    retry_at: datetime | None = None
    channel: Channel | None = None


@final
@frozen
class Evidence:
    """What the shell found out for one event: values only.

    Attributes:
        profile: the account that the event names, as it is now, or its decoy (``Need.PROFILE``).
        guess: what became of the guess (``Need.GUESS``).
        fresh_code: digest of a code drawn for this event (``Need.FRESH_CODE``).
        fresh_password: digest of a temporary password drawn for this event (``Need.FRESH_PASSWORD``).
        broken_rules: the rules that a new password breaks, the current password aside (``Need.NEW_PASSWORD``).
        held: the kinds of contact on file (``Need.EDIT``).
        sealed_edit: the corrected contact detail, sealed (``Need.EDIT``).
    """

    profile: Profile | None = None
    guess: Guess = Guess(Verdict.NOT_LIVE)
    fresh_code: bytes = b""
    fresh_password: bytes = b""
    broken_rules: tuple[PasswordRule, ...] = ()
    held: frozenset[ContactKind] = frozenset()
    sealed_edit: bytes = b""


@final
@frozen
class Context:
    """What a step may know besides the case and the event.

    Attributes:
        now: the moment (aware, UTC); one for everything that is decided about an event.
        policy: the limits.
        origin: the keyed name of where the caller comes from.
        agent: whether an agent of the fund acts, on the host's word.
        evidence: what the shell found out.
    """

    now: datetime
    policy: Policy
    origin: OriginTag = OriginTag("")
    agent: bool = False
    evidence: Evidence = Evidence()


@final
@frozen
class Case:
    """A journey and the ledger of the account that it, or the event, speaks of."""

    journey: Journey
    ledger: Ledger | None = None


def is_over(case: Case, now: datetime) -> bool:
    """Whether the journey's time is up: its deadline passed, its account moved on to another epoch, or it waits for a
    sign-in and no temporary password is live, unless none was issued in the first place. While an account is still
    being named, the deadline alone decides: the case then holds the ledger of the account that the event names."""
    journey, ledger = case.journey, case.ledger
    if passed(journey.deadline, now):
        return True
    if journey.profile is None or ledger is None or journey.state is State.IDENTIFYING:
        return False
    waiting = journey.state is State.AWAITING_SIGN_IN and not journey.waits_in_vain
    return journey.epoch != ledger.epoch or (waiting and not ledger.temporary_passwords(now))


_NOBODY: Final = Profile(Pseudonym(""), genuine=False, type=AccountType.INDIVIDUAL, first_sign_in=False, ways=())
_EMPTY: Final = Ledger()


@final
class Situation:
    """What guards and effects look at: case, event and context, with the questions that several of them ask."""

    __slots__ = (
        "account_changed",
        "agent",
        "case",
        "event",
        "evidence",
        "journey",
        "ledger",
        "now",
        "origin",
        "policy",
        "same_account",
        "subject",
    )

    def __init__(self, case: Case, event: Event, context: Context) -> None:
        self.case = case
        self.journey = case.journey
        self.ledger = case.ledger if case.ledger is not None else _EMPTY
        self.event = event
        self.now = context.now
        self.policy = context.policy
        self.origin = context.origin
        self.agent = context.agent
        self.evidence = context.evidence
        held = case.journey.profile
        named = context.evidence.profile if isinstance(event, Naming) else held
        self.same_account: bool = (
            held is not None
            and named is not None
            and held.pseudonym == named.pseudonym
            and case.journey.epoch == self.ledger.epoch
        )
        """Whether the event speaks of the account that the journey holds already, in the same epoch."""
        self.account_changed: bool = (
            not isinstance(event, Naming)
            and held is not None
            and context.evidence.profile is not None
            and held.genuine is not context.evidence.profile.genuine
        )
        """Whether the account is no longer what the journey froze: it goes on as its decoy would."""
        self.subject: Profile = (held if self.same_account else named) or _NOBODY
        """The account that the event speaks of: as the journey froze it, or as it would."""

    def passed(self, deadline: datetime) -> bool:
        """Whether a deadline is over."""
        return passed(deadline, self.now)

    def usable(self, channel: Channel) -> Way | None:
        """The way of that channel, if a code may travel it by now (R32): never by letter."""
        way = self.subject.way(channel) if channel in ELECTRONIC else None
        return way if way is not None and (way.usable_from is None or self.passed(way.usable_from)) else None

    @property
    def channel(self) -> Channel:
        """The channel that the event chooses, or else the one chosen last."""
        if isinstance(self.event, ChooseChannel):
            return self.event.channel
        return self.journey.channel or Channel.SMS


# Typed like this, because a call of `dict[str, object]` takes five times as long: in every step, four times.
def _no_changes() -> dict[str, object]:
    return {}


def _no_requests() -> list[Request]:
    return []


def _no_facts() -> list[Fact]:
    return []


@final
@define
class Draft:
    """Where the effects of one row collect what they do. They read the situation, never the draft, so that the order
    of two effects matters only where the later one overrides a field of the journey."""

    journey: dict[str, object] = field(factory=_no_changes)
    ledger: dict[str, object] = field(factory=_no_changes)
    requests: list[Request] = field(factory=_no_requests)
    facts: list[Fact] = field(factory=_no_facts)
    problem: Problem | None = None

    def note(self, name: FactName) -> None:
        """Keep a fact besides the one that each fired row leaves."""
        self.facts.append(Fact(name))


Guard = Callable[[Situation], bool]
"""A pure predicate."""

Effect = Callable[[Situation, Draft], None]
"""What a row does: it collects changes, requests and facts in the draft."""

_F = TypeVar("_F", bound=Callable[..., object])


def reads(*needs: Need) -> Callable[[_F], _F]:
    """Declare what of the outside a guard or an effect reads."""

    def declare(function: _F) -> _F:
        function.__dict__["needs"] = frozenset(needs)
        return function

    return declare


def needs_of(function: Callable[..., object]) -> frozenset[Need]:
    """What a guard or an effect declared to read."""
    needs: frozenset[Need] = function.__dict__.get("needs", frozenset())
    return needs
