"""The finitely many journeys and ledgers that all real ones amount to, and the real values that stand for them.

What a guard asks of a deadline is whether it has passed; what it asks of a tally is how many of its marks still count.
So a journey is a *key* in which each deadline is a yes or no, and a ledger is a key of counts. Each key has one real
value, made once, that the real ``reserve`` and ``step`` are given; what they return is read back into a key.

- A deadline that has passed is put at the very moment of the step, where *at the deadline* is decided (invariant 6).
- Each tally holds, besides the marks that count, one that does not any more: to forget to look is noticed.
- Names and digests are symbols; numbers that only ever grow (epoch, issue of a temporary password) begin anew.
"""

from typing import Final, NamedTuple, final

from attrs import evolve

from msa_recovery.domain.account import Channel, ContactId, Profile
from msa_recovery.domain.contacts import ContactKind
from msa_recovery.domain.journey import FINAL, SIGNED_IN, ChartName, Code, Edit, Journey, JourneyId, State
from msa_recovery.domain.ledger import (
    CodeSlot,
    GuessId,
    Ledger,
    Mark,
    OriginTag,
    Sent,
    SignInTries,
    Tally,
    TemporaryPassword,
)

from .moment import LATER, NOW
from .setting import Setting

__all__ = [
    "ACCOUNT",
    "ANOTHER",
    "CODE",
    "EPOCH",
    "NOBODY",
    "PASSWORD",
    "JourneyKey",
    "LedgerKey",
    "Space",
    "journey_id",
]

EPOCH: Final = 1
"""The epoch of every account; a journey that an accepted password has ended is of the epoch before."""

CODE: Final = b"code"
PASSWORD: Final = b"password"

NOBODY, ACCOUNT, ANOTHER = range(3)
"""Whose a journey is: nobody's yet, the account's that is explored, another one's."""

_NAMES: Final = ("", "account", "another")
_AGED: Final = Mark(GuessId("aged"), NOW)
_GONE: Final = JourneyId("gone")


def journey_id(slot: int) -> JourneyId:
    """The name of the journey in this place."""
    return JourneyId(f"journey {slot}")


class JourneyKey(NamedTuple):
    """A journey, as far as it matters. Of one that is over, only the state does."""

    slot: int
    chart: ChartName
    state: State
    whose: int = NOBODY
    in_time: bool = False
    same_epoch: bool = False
    challenge_passed: bool = False
    answers: int = 0
    channel: Channel | None = None
    code: tuple[Channel, int] | None = None
    codes_sent: int = 0
    current_password_tries: int = 0
    comparisons: int = 0
    edits: tuple[tuple[ContactKind, bool], ...] = ()
    waits_in_vain: bool = False
    changed: bool = False
    quarantined: bool = False


class LedgerKey(NamedTuple):
    """A ledger, as far as it matters.

    ``sends`` are (origin, whether it counts in the caps of 24 hours); ``codes`` are (journey, issue, in time, guesses
    left); ``sign_ins`` are (origin, tries that count, whether one must wait). ``quarantined`` says of the account
    whether the time of what was changed lately is still to come; ``letter_lost`` of the live letter whether it
    can never arrive.
    """

    code_guesses: int = 0
    answers: int = 0
    current_password_guesses: int = 0
    sign_ins: tuple[tuple[OriginTag | None, int, bool], ...] = ()
    sends: tuple[tuple[OriginTag, bool], ...] = ()
    cools_down: bool = False
    codes: tuple[tuple[JourneyId, int, bool, int], ...] = ()
    letters: int = 0
    sent_password: Channel | None = None
    letter_password: bool = False
    letter_lost: bool = False
    told_of_block: bool = False
    quarantined: bool = False


@final
class Space:
    """Every journey and every ledger that was met, numbered, each as a key and as the real value that stands for it.

    Attributes:
        journeys: the values by number.
        ledgers: the values by number.
        journey_keys: the keys by number.
        ledger_keys: the keys by number.
    """

    def __init__(self, setting: Setting) -> None:
        self.journeys: list[Journey] = []
        self.ledgers: list[Ledger] = []
        self.journey_keys: list[JourneyKey] = []
        self.ledger_keys: list[LedgerKey] = []
        self._journey_numbers: dict[JourneyKey, int] = {}
        self._ledger_numbers: dict[LedgerKey, int] = {}
        self._twins: dict[int, Journey] = {}
        self._profiles = {
            (whose, genuine, waiting): setting.variant.profile(_NAMES[whose], genuine=genuine, waiting=waiting)
            for whose in (ACCOUNT, ANOTHER)
            for genuine in (False, True)
            for waiting in (False, True)
        }

    def profile(self, whose: int, *, quarantined: bool, genuine: bool = True) -> Profile | None:
        """What is frozen of an account, or of its decoy, as long as its quarantine lasts or after it."""
        return None if whose == NOBODY else self._profiles[whose, genuine, quarantined]

    def twin_of(self, journey: Journey, number: int) -> Journey:
        """The same journey of the account's decoy, a reservation included.

        Args:
            journey: the one of this number, or what a reservation made of it.
            number: of the journey.
        """
        if journey is not self.journeys[number]:
            return self._twin(journey)
        twin = self._twins.get(number)
        if twin is None:
            twin = self._twins[number] = self._twin(journey)
        return twin

    def _twin(self, journey: Journey) -> Journey:
        profile = journey.profile
        return journey if profile is None else evolve(journey, profile=evolve(profile, genuine=False))

    def journey(self, key: JourneyKey) -> int:
        """The number of a journey."""
        number = self._journey_numbers.get(key)
        if number is None:
            number = self._journey_numbers[key] = len(self.journeys)
            self.journey_keys.append(key)
            self.journeys.append(self._journey_of(key))
        return number

    def ledger(self, key: LedgerKey) -> int:
        """The number of a ledger."""
        number = self._ledger_numbers.get(key)
        if number is None:
            number = self._ledger_numbers[key] = len(self.ledgers)
            self.ledger_keys.append(key)
            self.ledgers.append(ledger_of(key))
        return number

    def _journey_of(self, key: JourneyKey) -> Journey:
        code = None
        if key.code is not None:
            channel, issue = key.code
            code = Code(CODE, channel, ContactId(channel.value), issue)
        return Journey(
            id=journey_id(key.slot),
            chart=key.chart,
            state=key.state,
            deadline=LATER if key.in_time else NOW,
            profile=self.profile(key.whose, quarantined=key.quarantined),
            epoch=EPOCH if key.same_epoch else EPOCH - 1,
            challenge_passed=key.challenge_passed,
            answers=key.answers,
            channel=key.channel,
            code=code,
            codes_sent=key.codes_sent,
            current_password_tries=key.current_password_tries,
            comparisons=key.comparisons,
            edits=tuple(Edit(kind, removed, b"sealed") for kind, removed in key.edits),
            waits_in_vain=key.waits_in_vain,
        )


def journey_key(journey: Journey, slot: int, epoch: int, *, changed: bool, quarantined: bool) -> JourneyKey:
    """What matters of a journey, beside a ledger of that epoch."""
    if journey.state in FINAL:
        return JourneyKey(slot, journey.chart, journey.state)
    profile, code = journey.profile, journey.code
    return JourneyKey(
        slot,
        journey.chart,
        journey.state,
        NOBODY if profile is None else _NAMES.index(profile.pseudonym),
        journey.deadline > NOW,
        profile is not None and journey.epoch == epoch,
        journey.challenge_passed,
        journey.answers,
        journey.channel,
        None if code is None else (code.channel, code.issue),
        journey.codes_sent,
        journey.current_password_tries,
        journey.comparisons,
        tuple(sorted((edit.kind, edit.removed) for edit in journey.edits)) if journey.edits else (),
        journey.waits_in_vain,
        changed and journey.state not in SIGNED_IN,
        quarantined and profile is not None,
    )


# -- ledgers -----------------------------------------------------------------------------------------------------------


def _tally(count: int) -> Tally:
    return (_AGED, *(Mark(GuessId(f"mark {number}"), LATER) for number in range(count)))


def ledger_of(key: LedgerKey) -> Ledger:
    """The ledger that stands for a key."""
    return Ledger(
        epoch=EPOCH,
        code_guesses=_tally(key.code_guesses),
        answers=_tally(key.answers),
        current_password_guesses=_tally(key.current_password_guesses),
        sign_ins=tuple(
            SignInTries(origin, _tally(count), LATER if waits else NOW) for origin, count, waits in key.sign_ins
        ),
        sends=(
            Sent(OriginTag("aged"), NOW, NOW),
            *(Sent(origin, LATER if today else NOW, LATER) for origin, today in key.sends),
        ),
        next_send=LATER if key.cools_down else NOW,
        codes=tuple(
            CodeSlot(journey, issue, LATER if in_time else NOW, left) for journey, issue, in_time, left in key.codes
        ),
        letters=(NOW, *[LATER] * key.letters),
        sent_password=TemporaryPassword(
            PASSWORD, key.sent_password or Channel.SMS, LATER if key.sent_password else NOW
        ),
        letter_password=TemporaryPassword(
            b"" if key.letter_lost else PASSWORD, Channel.LETTER, LATER if key.letter_password else NOW
        ),
        next_block_notice=LATER if key.told_of_block else NOW,
        issued=1,
    )


def _count(tally: Tally) -> int:
    count = 0
    for mark in tally:
        if mark.until > NOW:
            count += 1
    return count


def ledger_key(ledger: Ledger, *, quarantined: bool) -> LedgerKey:
    """What matters of a ledger."""
    sent, letter, notice, next_send = (
        ledger.sent_password,
        ledger.letter_password,
        ledger.next_block_notice,
        ledger.next_send,
    )
    return LedgerKey(
        _count(ledger.code_guesses),
        _count(ledger.answers),
        _count(ledger.current_password_guesses),
        tuple(
            sorted(
                ((tries.origin, _count(tries.tally), tries.wait_until > NOW) for tries in ledger.sign_ins),
                key=_by_origin,
            )
        )
        if ledger.sign_ins
        else (),
        tuple(sorted((sent.origin, sent.day > NOW) for sent in ledger.sends if sent.month > NOW)),
        next_send is not None and next_send > NOW,
        tuple(sorted((s.journey, s.issue, s.until > NOW, s.guesses_left) for s in ledger.codes))
        if ledger.codes
        else (),
        sum(until > NOW for until in ledger.letters),
        sent.channel if sent is not None and sent.until > NOW else None,
        letter is not None and letter.until > NOW,
        letter is not None and letter.until > NOW and not letter.digest,
        notice is not None and notice > NOW,
        quarantined,
    )


def _by_origin(tries: tuple[OriginTag | None, int, bool]) -> str:
    return tries[0] or ""
