"""One concrete situation for each row of the product's charts, found by walking at random through the real ``step``.

Accounts keep their ledger from journey to journey, as in production, so that the rows of spent limits come up too. The
walk is the same in every run.
"""

from collections.abc import Hashable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final, final

from attrs import evolve, frozen

from msa_recovery.domain import events
from msa_recovery.domain.account import POSTAL, AccountType, Channel, ContactId, Profile, Pseudonym, Way
from msa_recovery.domain.account import VerifiedIdentity as Identity
from msa_recovery.domain.challenge import Amount, Answer, ChallengeKind
from msa_recovery.domain.compiler import Row
from msa_recovery.domain.contacts import ContactKind
from msa_recovery.domain.events import Event, EventName, Guessing, Naming
from msa_recovery.domain.guessing import Refused, reserve
from msa_recovery.domain.identifiers import Nir
from msa_recovery.domain.journey import FINAL, ChartName, Journey, JourneyId, State
from msa_recovery.domain.ledger import GuessId, Ledger, OriginTag, live
from msa_recovery.domain.machine import CHARTS, accepted, step
from msa_recovery.domain.passwords import PasswordRule
from msa_recovery.domain.policy import Policy
from msa_recovery.domain.secret import Secret
from msa_recovery.domain.situation import Case, Context, Evidence, Guess, Verdict

__all__ = ["Given", "one_for_each_row"]

_SEED: Final = 2
_MOST_STEPS: Final = 400_000
_POLICY: Final = Policy.testing()
"""Its rows are those of every policy, and its limits are reached soon."""

_START: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_ORIGINS: Final = (OriginTag("home"), OriginTag("work"))
_GAPS: Final = (
    *(timedelta(seconds=seconds) for seconds in (1, 5, 30, 61, 61, 61)),
    *(timedelta(minutes=31), timedelta(hours=25), timedelta(days=12)),
)
_AT_A_TIME: Final = 4
"""After how many events the walk goes on from somewhere else."""

_NIR: Final = Nir("2840333063021")
_IDENTITY: Final = Identity(
    subject="subject",
    given_names=("Marie",),
    family_name="Durand",
    birthdate="1984-03-02",
    gender="female",
    birthplace="33063",
    birthcountry="99100",
)
_PASSWORD: Final = Secret("Brouette-7-bleue")
_EVENTS: Final[Mapping[EventName, tuple[Event, ...]]] = {
    EventName.IDENTIFY: (events.Identify(_NIR),),
    EventName.USE_FRANCECONNECT: (events.UseFranceConnect(_IDENTITY),),
    EventName.ORDER_LETTER: (events.OrderLetter(_NIR),),
    EventName.ANSWER_CHALLENGE: tuple(
        events.AnswerChallenge(Answer(kind, Amount(12_345)))
        for kind in ChallengeKind
        if kind is not ChallengeKind.VITALE_SERIAL
    ),
    EventName.CHOOSE_CHANNEL: (events.ChooseChannel(Channel.SMS), events.ChooseChannel(Channel.EMAIL)),
    EventName.SUBMIT_CODE: (events.SubmitCode(Secret("0042")),),
    EventName.RESEND_CODE: (events.ResendCode(),),
    EventName.SIGN_IN: (events.SignIn(Secret("Ab3#efghijkm")),),
    EventName.PROVE_PASSWORD: (events.ProvePassword(_PASSWORD),),
    EventName.CHOOSE_PASSWORD: (events.ChoosePassword(_PASSWORD, _PASSWORD),),
    EventName.EDIT_CONTACT: tuple(events.EditContact(kind, None) for kind in (ContactKind.EMAIL, ContactKind.MOBILE)),
    EventName.CONFIRM_CONTACTS: (events.ConfirmContacts(),),
    EventName.GO_BACK: (events.GoBack(),),
    EventName.ABANDON: (events.Abandon(),),
    EventName.LAPSE: (events.Lapse(),),
}
_DOORS: Final = (
    (ChartName.RECOVERY, State.IDENTIFYING),
    (ChartName.RECOVERY, State.IDENTIFYING),
    (ChartName.RECOVERY, State.IDENTIFYING),
    (ChartName.RECOVERY, State.AWAITING_SIGN_IN),
    (ChartName.RECOVERY, State.CONFIRMING_CONTACTS),
    (ChartName.CHANGE, State.PROVING_PASSWORD),
)


@final
@frozen
class Given:
    """A situation in which one row fires: the arguments of ``step``."""

    row: Row
    case: Case
    event: Event
    context: Context


def one_for_each_row() -> Mapping[str, Given]:
    """By chart and label of the row, in the order of the charts, the first situation of the walk in which it fires.

    An event that came past the deadline, and was taken as another one, is passed over.
    """
    wanted = {_key(chart.name, row): row for chart in CHARTS.values() for row in chart.rows}
    found: dict[str, Given] = {}
    for steps, given in enumerate(_walk(Random(_SEED))):
        found.setdefault(_key(given.case.journey.chart, given.row), given)
        if len(found) == len(wanted):
            return {key: found[key] for key in wanted}
        if steps > _MOST_STEPS:
            raise RuntimeError(f"no situation found for {sorted(wanted.keys() - found.keys())}")
    raise AssertionError("the walk has no end")


def _key(chart: ChartName, row: Row) -> str:
    return f"{chart}:{row.label}"


@final
@frozen
class _Moment:
    """Where a walk may go on from: all values are immutable, so that keeping one costs nothing."""

    journey: Journey
    profiles: tuple[Profile, ...]
    ledgers: Mapping[Pseudonym, Ledger]
    now: datetime

    @property
    def used_up(self) -> Hashable:
        """What tells it from other moments: the state, and how much of what is used up, for the account begun with."""
        ledger = self.ledgers[self.profiles[0].pseudonym]
        slot = ledger.slot(self.journey, self.now)
        return (
            self.journey.chart,
            self.journey.state,
            self.journey.challenge_passed,
            self.journey.codes_sent,
            self.journey.comparisons,
            self.journey.current_password_tries,
            0 if slot is None else slot.guesses_left,
            ledger.letter_is_live(self.now),
            ledger.may_post_letter(self.now, _POLICY),
            len(live(ledger.current_password_guesses, self.now)),
            ledger.sign_in_count(self.now),
        )


def _walk(chance: Random) -> Iterator[Given]:
    """Walk on for a few events at a time, from a moment unlike all others, so that the rare ones lead on too."""
    places: dict[Hashable, int] = {}
    moments: list[_Moment] = []
    while True:
        moment = chance.choice(moments) if moments and chance.random() < 0.9 else _anybody(chance)
        for _ in range(_AT_A_TIME):
            given, moment = _turn(chance, moment)
            place = places.setdefault(moment.used_up, len(moments))
            moments[place : place + 1] = [moment]
            if given is not None:
                yield given


def _anybody(chance: Random) -> _Moment:
    """A new journey of an account that never did anything, with another account beside it."""
    profiles = tuple(_profile(chance, name) for name in ("one", "other"))
    return _begun(chance, _START, profiles, {profile.pseudonym: Ledger() for profile in profiles})


def _begun(
    chance: Random, now: datetime, profiles: tuple[Profile, ...], ledgers: Mapping[Pseudonym, Ledger]
) -> _Moment:
    chart, state = chance.choice(_DOORS)
    known = profiles[0] if state is not State.IDENTIFYING else None
    deadline = now + (_POLICY.journey_lifetime if known is None else _POLICY.signed_in_lifetime)
    epoch = 0 if known is None else ledgers[known.pseudonym].epoch
    journey = Journey(JourneyId(chance.randbytes(16).hex()), chart, state, deadline, known, epoch)
    return _Moment(journey, profiles, ledgers, now)


def _turn(chance: Random, moment: _Moment) -> tuple[Given | None, _Moment]:
    """One event: the situation in which its row fired, unless it was taken as another event, and what came of it."""
    journey, now = moment.journey, moment.now + chance.choice(_GAPS)
    if journey.state in FINAL:
        return None, _begun(chance, now, moment.profiles, moment.ledgers)
    event = chance.choice(_EVENTS[chance.choice(accepted(journey))])
    named = moment.profiles[chance.randrange(8) == 0] if isinstance(event, Naming) else journey.profile
    context = Context(
        now,
        _POLICY,
        chance.choice(_ORIGINS),
        agent=chance.random() < 0.5,
        evidence=Evidence(
            profile=named,
            fresh_code=chance.randbytes(32),
            fresh_password=chance.randbytes(32),
            broken_rules=chance.choice(((), (), (PasswordRule.TOO_SHORT,))),
            held=chance.choice((frozenset({ContactKind.EMAIL}), frozenset(ContactKind))),
            sealed_edit=chance.randbytes(64),
        ),
    )
    case = Case(journey, None if named is None else moment.ledgers[named.pseudonym])
    if isinstance(event, Guessing):
        case, context = _guessed(chance, case, event, context)
    done = step(case, event, context)
    ledgers = moment.ledgers
    if named is not None and done.case.ledger is not None:
        ledgers = {**ledgers, named.pseudonym: done.case.ledger}
    row = done.row
    given = Given(row, case, event, context) if row is not None and row.event is event.name else None
    return given, _Moment(done.case.journey, moment.profiles, ledgers, now)


def _guessed(chance: Random, case: Case, event: Guessing, context: Context) -> tuple[Case, Context]:
    guess = GuessId(chance.randbytes(16).hex())
    reserved = reserve(case, event, guess, context)
    if isinstance(reserved, Refused):
        return case, evolve(context, evidence=evolve(context.evidence, guess=reserved.guess))
    verdict = chance.choice((Verdict.RIGHT, Verdict.WRONG))
    return reserved.case, evolve(context, evidence=evolve(context.evidence, guess=Guess(verdict, guess)))


def _profile(chance: Random, name: str) -> Profile:
    """An account; most have both electronic channels, and may sign in for the first time."""
    channels = chance.choice(((), (Channel.SMS,), (Channel.SMS, Channel.EMAIL), (Channel.SMS, Channel.EMAIL)))
    ways = [Way(channel, ContactId(channel), chance.randbytes(16), "06 •• •• •• 12") for channel in channels]
    return Profile(
        Pseudonym(name),
        genuine=True,
        type=chance.choice(tuple(AccountType)),
        first_sign_in=chance.random() < 0.5,
        ways=(*ways, Way(Channel.LETTER, POSTAL, chance.randbytes(16), "")),
    )
