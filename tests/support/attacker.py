"""Somebody who guesses at codes, and plays by the rules: every event goes through the real ``reserve`` and ``step``.

Nothing is stored or digested: whether a guess is right is drawn, one code out of so many as a test says, so that few
runs already tell two formulas apart.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Final, final

from attrs import evolve

from msa_recovery.domain import events
from msa_recovery.domain.account import Channel
from msa_recovery.domain.guessing import Reserved, reserve
from msa_recovery.domain.journey import ChartName, Journey, JourneyId, State
from msa_recovery.domain.ledger import GuessId, Ledger, OriginTag, live
from msa_recovery.domain.machine import step
from msa_recovery.domain.policy import DAY, Policy
from msa_recovery.domain.situation import Case, Context, Evidence, Guess, Verdict

from .cases import (
    BOTH,
    BY_EMAIL,
    BY_SMS,
    CODE,
    IDENTIFY,
    NOW,
    SIGN_IN,
    journey,
    letter_is_live,
    password_by,
)

__all__ = ["Attacker", "erratic", "gets_in", "hoarding", "most_tries", "sprays", "thrifty"]

_ANYWHERE: Final = OriginTag("")
_LETTER: Final = timedelta(days=1)
"""How much later somebody tries again whom every journey now leads to a letter."""


@final
class Attacker:
    """One account's attacker, with as many origins as it takes.

    Attributes:
        now: the moment.
        compared: when each guess was compared, all of them wrong but perhaps the last.
        right: whether it was right.
    """

    def __init__(self, policy: Policy, codes: int, chance: Random) -> None:
        self._policy = policy
        self._codes = codes
        self._chance = chance
        self._ledger = Ledger()
        self._journey: Journey | None = None
        self._left: list[tuple[Journey, int, int]] = []
        self._begun = self._sent = 0
        self._code = self._tried = 0
        self.now = NOW
        self.compared: list[datetime] = []
        self.right = False

    # -- what the attacker sees ----------------------------------------------------------------------------------------

    @property
    def room(self) -> int:
        """Wrong codes that 30 days still bear."""
        return self._policy.code_guesses_per_month - len(live(self._ledger.code_guesses, self.now))

    @property
    def guesses_left(self) -> int:
        """Guesses at the code that was sent last."""
        slot = None if self._journey is None else self._ledger.slot(self._journey, self.now)
        return 0 if slot is None else slot.guesses_left

    # -- what the attacker does ----------------------------------------------------------------------------------------

    def wait(self, span: timedelta) -> None:
        self.now += span

    def begins_anew(self) -> None:
        """Leave the journey as it is, its code alive, and take another one the next time."""
        if self._journey is not None:
            self._left.append((self._journey, self._code, self._tried))
        self._journey = None

    def gives_up(self) -> None:
        """Leave all journeys for good."""
        self._journey = None
        self._left.clear()

    def goes_back(self) -> bool:
        """Whether there was a journey that was left: the first of them goes on."""
        if not self._left:
            return False
        self.begins_anew()
        self._journey, self._code, self._tried = self._left.pop(0)
        return True

    def asks_for_a_code(self, channel: events.ChooseChannel = BY_SMS) -> bool:
        """Whether one was sent: in the journey that there is, or in a new one."""
        origin = OriginTag(f"origin {self._sent}")
        if self._journey is None or self._journey.state is not State.CONFIRMING_CODE:
            self._begun += 1
            begun = Journey(
                JourneyId(f"journey {self._begun}"),
                ChartName.RECOVERY,
                State.IDENTIFYING,
                self.now + self._policy.journey_lifetime,
            )
            self._journey = begun
            self._take(IDENTIFY, Evidence(profile=BOTH), origin)
            wanted: events.Event = channel
        else:
            wanted = events.ResendCode()
        before = self._journey.codes_sent
        if self._journey.state in (State.CHOOSING_CHANNEL, State.CONFIRMING_CODE):
            self._take(wanted, Evidence(profile=BOTH, fresh_code=b"drawn"), origin)
        if self._journey.codes_sent == before:
            return False
        self._code, self._tried, self._sent = self._chance.randrange(self._codes), 0, self._sent + 1
        return True

    def next_code_at(self) -> datetime | None:
        """When a new journey would get a code, as its page says; ``None`` if it leads to a letter."""
        asked = Journey(JourneyId("next"), ChartName.RECOVERY, State.CHOOSING_CHANNEL, self.now + DAY)
        return self._ledger.next_send_at(asked, OriginTag("elsewhere"), self.now, self._policy)

    def guesses(self) -> bool:
        """Whether a code that was not tried yet is right; with no live code, nothing is compared."""
        assert self._journey is not None
        guess = GuessId(f"guess {len(self.compared)}")
        context = Context(self.now, self._policy)
        reserved = reserve(Case(self._journey, self._ledger), CODE, guess, context)
        verdict = Verdict.NOT_LIVE
        if isinstance(reserved, Reserved):
            self._keep(reserved.case)
            verdict = Verdict.RIGHT if self._tried == self._code else Verdict.WRONG
            self.compared.append(self.now)
            self._tried += 1
            self.right |= verdict is Verdict.RIGHT
        self._take(CODE, Evidence(profile=BOTH, guess=Guess(verdict, guess), fresh_password=b"drawn"))
        return self.right

    def _take(self, event: events.Event, evidence: Evidence, origin: OriginTag = _ANYWHERE) -> None:
        assert self._journey is not None
        context = Context(self.now, self._policy, origin, evidence=evidence)
        self._keep(step(Case(self._journey, self._ledger), event, context).case)

    def _keep(self, case: Case) -> None:
        assert case.ledger is not None
        self._journey, self._ledger = case.journey, case.ledger


# -- how they go about it ----------------------------------------------------------------------------------------------

Plan = Callable[[Attacker, Policy, datetime], None]


def thrifty(attacker: Attacker, policy: Policy, end: datetime) -> None:
    """The best way: as soon as possible and as often as possible, and never so that the last few guesses are lost.

    With room for four wrong codes and three guesses a code, one guess at this code and three at the next are compared;
    three at this one would leave room for no other.
    """
    while attacker.now < end:
        if not attacker.asks_for_a_code():
            attacker.begins_anew()
            if not attacker.asks_for_a_code():
                at = attacker.next_code_at()
                assert at is None or at > attacker.now, "a code was refused that may be sent"
                attacker.begins_anew()
                attacker.now = min(end, _LETTER + attacker.now if at is None else at)
                continue
        room, whole = attacker.room, policy.guesses_per_code
        for _ in range(room - whole if whole < room < 2 * whole else whole):
            if attacker.guesses():
                return
        attacker.wait(policy.send_cooldown)


def erratic(attacker: Attacker, policy: Policy, end: datetime) -> None:
    """Anything, at any time: several journeys whose codes are alive together, guesses put off, waits of all lengths."""
    chance = attacker._chance
    waits = (
        timedelta(),
        timedelta(minutes=5),
        policy.send_cooldown,
        policy.code_lifetime_email / 2,
        DAY / 2,
        DAY,
        3 * DAY,
        11 * DAY,
    )
    while not attacker.right and attacker.now < end:
        match chance.randrange(8):
            case 0:
                attacker.wait(chance.choice(waits))
            case 1:
                attacker.begins_anew()
            case 2:
                attacker.asks_for_a_code(chance.choice((BY_SMS, BY_EMAIL)))
            case 3 | 4 if attacker.goes_back():
                pass
            case _ if attacker.guesses_left and attacker.now < end:
                attacker.guesses()
            case _:
                attacker.asks_for_a_code()


def hoarding(attacker: Attacker, policy: Policy, end: datetime) -> None:
    """As many live codes as there can be, each in a journey of its own, and only then all guesses at all of them."""
    while attacker.now < end:
        asked = 0
        while attacker.asks_for_a_code():
            asked += 1
            attacker.begins_anew()
            attacker.wait(policy.send_cooldown)
        attacker.begins_anew()
        for _ in range(asked + 1):
            attacker.goes_back()
            while attacker.guesses_left and attacker.now < end:
                if attacker.guesses():
                    return
        attacker.gives_up()
        at = attacker.next_code_at()
        attacker.now = max(attacker.now + policy.send_cooldown, end if at is None else at)


def gets_in(policy: Policy, days: int, codes: int, chance: Random, plan: Plan = thrifty) -> Attacker:
    """An attacker after so many days, or after the first right code."""
    attacker = Attacker(policy, codes, chance)
    plan(attacker, policy, NOW + days * DAY)
    return attacker


def sprays(policy: Policy, accounts: int, codes: int, chance: Random) -> bool:
    """Whether any code is right, when each of so many accounts gets one code, and all guesses at it."""
    for _ in range(accounts):
        attacker = Attacker(policy, codes, chance)
        attacker.asks_for_a_code()
        while attacker.guesses_left:
            if attacker.guesses():
                return True
    return False


def most_tries(policy: Policy, days: int, origins: int, enough: int) -> int:
    """Wrong temporary passwords that so many origins get compared while a letter is live all the time.

    They stop after ``enough``: nothing else may stop them.
    """
    until = NOW + (days + 1) * DAY
    ledger = letter_is_live(letter_password=password_by(Channel.LETTER, until))
    case = Case(journey(State.AWAITING_SIGN_IN, deadline=until), ledger)
    now, tried = NOW, 0
    while now < NOW + days * DAY and tried < enough:
        waits: list[datetime] = []
        for origin in range(origins):
            context = Context(now, policy, OriginTag(f"origin {origin}"))
            reserved = reserve(case, SIGN_IN, GuessId(f"try {tried}"), context)
            if isinstance(reserved, Reserved):
                wrong = evolve(context, evidence=Evidence(guess=Guess(Verdict.WRONG)))
                case, tried = step(reserved.case, SIGN_IN, wrong).case, tried + 1
            elif reserved.guess.retry_at is not None:
                waits.append(reserved.guess.retry_at)
        if len(waits) == origins:
            now = min(waits)
    return tried
