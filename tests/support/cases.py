"""Small builders of the domain's values: an account of each kind, a case in each state, a moment, evidence.

Each takes what a test is about and fills in the rest with what is usual, so that a test shows only what matters.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from attrs import evolve

from msa_recovery.domain import events
from msa_recovery.domain.account import (
    POSTAL,
    AccountType,
    Channel,
    ContactId,
    Profile,
    Pseudonym,
    VerifiedIdentity,
    Way,
)
from msa_recovery.domain.challenge import Amount, Answer, ChallengeKind, VitaleSerial
from msa_recovery.domain.contacts import ContactKind, EmailAddress
from msa_recovery.domain.helpdesk import Helpdesk
from msa_recovery.domain.identifiers import Nir, Siret
from msa_recovery.domain.journey import ChartName, Code, Journey, JourneyId, State
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
from msa_recovery.domain.policy import DAY, MONTH, Policy
from msa_recovery.domain.secret import Secret
from msa_recovery.domain.situation import Case, Context, Evidence, Guess, Verdict

NOW: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
INSTANT: Final = timedelta(microseconds=1)
"""The least that time can pass."""

MINUTE: Final = timedelta(minutes=1)
MSA: Final = Policy.msa()
HERE: Final = OriginTag("here")
ELSEWHERE: Final = OriginTag("elsewhere")
JOURNEY: Final = JourneyId("journey")
OTHER_JOURNEY: Final = JourneyId("other journey")
GUESS: Final = GuessId("this guess")
NIR: Final = Nir("2840333063021")
SIRET: Final = Siret("35600000000048")
HELPDESK: Final = Helpdesk("MSA Sud Aquitaine", "03 20 90 05 00", "assistance@exemple.fr")
IDENTITY: Final = VerifiedIdentity(
    subject="fc",
    given_names=("Marie",),
    family_name="Durand",
    birthdate="1984-03-02",
    gender="female",
    birthplace="33063",
    birthcountry="99100",
)
MASKS: Final = {Channel.SMS: "06 •• •• •• 12", Channel.EMAIL: "m•••••@e•••••.fr", Channel.LETTER: ""}

# -- accounts ----------------------------------------------------------------------------------------------------------


def way(channel: Channel, usable_from: datetime | None = None) -> Way:
    """One way to the holder of an account."""
    contact = POSTAL if channel is Channel.LETTER else ContactId(channel.value)
    return Way(channel, contact, b"fingerprint", MASKS[channel], usable_from)


def profile(
    *channels: Channel,
    type_: AccountType = AccountType.INDIVIDUAL,
    first_sign_in: bool = False,
    genuine: bool = True,
    name: str = "marie",
    usable_from: datetime | None = None,
) -> Profile:
    """An account with these electronic channels, and always the letter."""
    ways = (*(way(channel, usable_from) for channel in channels), way(Channel.LETTER))
    return Profile(Pseudonym(name), genuine, type_, first_sign_in, ways)


BOTH: Final = profile(Channel.SMS, Channel.EMAIL)
SMS_ONLY: Final = profile(Channel.SMS)
EMAIL_ONLY: Final = profile(Channel.EMAIL)
POST_ONLY: Final = profile()
NEWCOMER: Final = profile(Channel.SMS, Channel.EMAIL, first_sign_in=True)
"""Has never signed in."""

NEWCOMER_BY_POST: Final = profile(first_sign_in=True)
STRANGER: Final = profile(Channel.SMS, name="paul")
"""Another account."""

# -- journeys ----------------------------------------------------------------------------------------------------------

CODE_SENT: Final[dict[str, Any]] = {
    "channel": Channel.SMS,
    "code": Code(b"digest of a code", Channel.SMS, ContactId("sms"), 1),
    "codes_sent": 1,
}
"""What a journey keeps once its first code went out by SMS."""

LAST_CODE_SENT: Final[dict[str, Any]] = {**CODE_SENT, "codes_sent": 3}
"""What it keeps once two more were asked for elsewhere: none is left."""

_USUAL: Final[dict[State, dict[str, Any]]] = {
    State.IDENTIFYING: {},
    State.ANSWERING_CHALLENGE: {"profile": NEWCOMER},
    State.CHOOSING_CHANNEL: {"profile": BOTH},
    State.CONFIRMING_CODE: {"profile": BOTH, **CODE_SENT},
    State.AWAITING_SIGN_IN: {"profile": BOTH, "channel": Channel.SMS, "codes_sent": 1},
}


def journey(state: State, chart: ChartName = ChartName.RECOVERY, **changes: Any) -> Journey:
    """A journey that has just come to this state, of an account with both electronic channels.

    In ``confirming_code`` its first code went out by SMS.
    """
    usual = Journey(JOURNEY, chart, state, NOW + 60 * MINUTE)
    return evolve(usual, **{**_USUAL.get(state, {"profile": BOTH}), **changes})


def case_in(
    state: State,
    ledger: Ledger | None = None,
    *,
    chart: ChartName = ChartName.RECOVERY,
    **changes: Any,
) -> Case:
    """A journey in this state, with the ledger that it would usually have; ``changes`` are those of the journey."""
    if ledger is None:
        usual = {State.CONFIRMING_CODE: code_is_live(), State.AWAITING_SIGN_IN: password_is_live()}
        ledger = usual.get(state, Ledger())
    return Case(journey(state, chart, **changes), ledger)


# -- ledgers -----------------------------------------------------------------------------------------------------------


def slot(
    guesses_left: int = 3, of: JourneyId = JOURNEY, until: datetime = NOW + 30 * MINUTE, issue: int = 1
) -> CodeSlot:
    """A live code."""
    return CodeSlot(of, issue, until, guesses_left)


def sent(ago: timedelta, origin: OriginTag = HERE) -> Sent:
    """A code that was sent so long ago."""
    return Sent(origin, NOW - ago + DAY, NOW - ago + MONTH)


def marks(count: int, until: datetime = NOW + DAY) -> Tally:
    """So many counted guesses, all of which age out at that moment."""
    return tuple(Mark(GuessId(f"earlier guess {number}"), until) for number in range(count))


def tries(count: int, origin: OriginTag | None = HERE, wait_until: datetime = NOW) -> SignInTries:
    """So many wrong temporary passwords from one origin."""
    return SignInTries(origin, marks(count), wait_until)


def password_by(channel: Channel, until: datetime = NOW + DAY) -> TemporaryPassword:
    """A temporary password that went out this way."""
    return TemporaryPassword(b"digest of a password", channel, until)


def code_is_live(guesses_left: int = 3, **changes: Any) -> Ledger:
    """The ledger of an account to which the journey's first code was sent a minute ago; another may be sent now."""
    usual = Ledger(sends=(sent(MINUTE),), codes=(slot(guesses_left),), next_send=NOW)
    return evolve(usual, **changes)


def password_is_live(**changes: Any) -> Ledger:
    """The ledger of an account whose temporary password went out by SMS."""
    return evolve(Ledger(sent_password=password_by(Channel.SMS)), **changes)


def letter_is_live(**changes: Any) -> Ledger:
    """The ledger of an account to which a letter is under way."""
    until = NOW + 21 * DAY
    usual = Ledger(letters=(NOW + MONTH,), letter_password=password_by(Channel.LETTER, until))
    return evolve(usual, **changes)


def letters_are_spent(**changes: Any) -> Ledger:
    """The ledger of an account to which two letters were posted, of which none is live any more."""
    return evolve(Ledger(letters=(NOW + DAY, NOW + 2 * DAY)), **changes)


# -- events ------------------------------------------------------------------------------------------------------------

IDENTIFY: Final = events.Identify(NIR)
SERIAL: Final = events.AnswerChallenge(Answer(ChallengeKind.VITALE_SERIAL, VitaleSerial(Secret("0123456789"))))
PAYROLL: Final = events.AnswerChallenge(Answer(ChallengeKind.PAYROLL_CONTRIBUTIONS, Amount(12_345)))
BY_SMS: Final = events.ChooseChannel(Channel.SMS)
BY_EMAIL: Final = events.ChooseChannel(Channel.EMAIL)
CODE: Final = events.SubmitCode(Secret("0042"))
SIGN_IN: Final = events.SignIn(Secret("Ab3#efghijkm"))
PROVE: Final = events.ProvePassword(Secret("Ancien-mot-2-passe"))
NEW_PASSWORD: Final = events.ChoosePassword(Secret("Brouette-7-bleue"), Secret("Brouette-7-bleue"))
NEW_EMAIL: Final = events.EditContact(ContactKind.EMAIL, EmailAddress("paul@exemple.fr"))
NO_EMAIL: Final = events.EditContact(ContactKind.EMAIL, None)
NO_MOBILE: Final = events.EditContact(ContactKind.MOBILE, None)

ONE_OF_EACH: Final[tuple[events.Event, ...]] = (
    IDENTIFY,
    events.UseFranceConnect(IDENTITY),
    events.OrderLetter(NIR),
    SERIAL,
    BY_SMS,
    CODE,
    events.ResendCode(),
    SIGN_IN,
    PROVE,
    NEW_PASSWORD,
    NEW_EMAIL,
    events.ConfirmContacts(),
    events.GoBack(),
    events.Abandon(),
    events.Lapse(),
)
"""Every event, once."""

# -- contexts ----------------------------------------------------------------------------------------------------------


def guessed(verdict: Verdict, retry_at: datetime | None = None) -> Evidence:
    """What became of a guess, and nothing else."""
    compared = verdict in (Verdict.RIGHT, Verdict.WRONG)
    return Evidence(guess=Guess(verdict, GUESS if compared else GuessId(""), retry_at))


NOTHING: Final = Evidence()
"""Nothing was gathered."""

RIGHT: Final = guessed(Verdict.RIGHT)
WRONG: Final = guessed(Verdict.WRONG)


def at(
    now: datetime = NOW,
    evidence: Evidence = NOTHING,
    *,
    policy: Policy = MSA,
    origin: OriginTag = HERE,
    agent: bool = False,
) -> Context:
    """A context, of the usual policy and origin."""
    return Context(now, policy, origin, agent, evidence)


AROUND: Final = (
    pytest.param(-INSTANT, False, id="an instant before"),
    pytest.param(timedelta(), True, id="at the moment"),
    pytest.param(INSTANT, True, id="an instant after"),
)
"""Three moments by a deadline, and whether it is over: at the deadline itself it is (invariant 6)."""
