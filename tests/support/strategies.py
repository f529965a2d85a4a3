"""What Hypothesis draws: cases, events and contexts of every shape that the types allow.

Moments are drawn near each other, so that deadlines often fall together; counts are drawn near their caps.
"""

from datetime import datetime, timedelta
from itertools import combinations
from operator import add
from typing import Final

from hypothesis import strategies as st

from msa_recovery.domain import events
from msa_recovery.domain.account import AccountType, Channel, Profile
from msa_recovery.domain.contacts import ContactKind
from msa_recovery.domain.events import Event
from msa_recovery.domain.journey import ChartName, Edit, Journey
from msa_recovery.domain.ledger import GuessId, Ledger, Mark, OriginTag, SignInTries, Tally
from msa_recovery.domain.machine import CHARTS, accepted
from msa_recovery.domain.passwords import PasswordRule
from msa_recovery.domain.policy import DAY, MONTH, Policy
from msa_recovery.domain.situation import Case, Context, Evidence, Guess, Verdict

from . import cases
from .cases import CODE_SENT, ELSEWHERE, GUESS, HERE, JOURNEY, MINUTE, NOW, OTHER_JOURNEY

__all__ = ["cases_of", "contexts", "events_at", "evidences", "ledgers", "moments", "profiles"]

_STEPS: Final = (timedelta(), timedelta(microseconds=1), timedelta(seconds=1), MINUTE, 30 * MINUTE, DAY, MONTH)
_MOMENTS: Final = tuple(
    sorted({NOW + sign * step for sign in (-1, 1) for step in _STEPS}, key=lambda at: abs(at - NOW))
)

moments: Final[st.SearchStrategy[datetime]] = st.sampled_from(_MOMENTS)
"""A moment near the usual one, on either side."""

_maybe: Final = st.none() | moments
_origins: Final = st.sampled_from((HERE, ELSEWHERE, OriginTag("")))

# Drawn from lists that are made beforehand: to draw every mark of a ledger apart would take ten times as long.
_TALLIES: Final[tuple[Tally, ...]] = (
    *(cases.marks(count, until) for count in (0, 1, 2, 3, 4, 7, 8, 25) for until in _MOMENTS),
    *(
        (*cases.marks(count, first), Mark(GUESS, last))
        for count in (0, 3, 7)
        for first in _MOMENTS
        for last in _MOMENTS
    ),
)
_SENDS: Final = tuple(
    (*(cases.sent(first, HERE) for _ in range(own)), *(cases.sent(last, ELSEWHERE) for _ in range(others)))
    for own in (0, 1, 2, 3)
    for others in (0, 1, 2, 5, 14)
    for first in _STEPS
    for last in _STEPS
)
_KINDS: Final = tuple(ContactKind)
_EDITS: Final = tuple(
    tuple(Edit(kind, removed, b"sealed") for kind in kinds)
    for kinds in ((), _KINDS[:1], _KINDS[1:2], _KINDS[:2], _KINDS)
    for removed in (True, False)
)
_tallies: Final[st.SearchStrategy[Tally]] = st.sampled_from(_TALLIES)
_guesses: Final = st.sampled_from((GUESS, GuessId("earlier guess 0"), GuessId("")))

_PROFILES: Final = tuple(
    cases.profile(*channels, type_=type_, first_sign_in=first, genuine=genuine, name=name, usable_from=usable_from)
    for channels in ((Channel.SMS, Channel.EMAIL), (Channel.SMS,), (Channel.EMAIL,), ())
    for type_ in AccountType
    for first in (False, True)
    for genuine in (True, False)
    for name in ("marie", "paul")
    for usable_from in (None, NOW, NOW + MINUTE)
)
profiles: Final[st.SearchStrategy[Profile]] = st.sampled_from(_PROFILES)
"""Accounts and decoys of two pseudonyms, with each set of channels."""

_passwords: Final = st.builds(cases.password_by, st.sampled_from(Channel), moments)
_OWN: Final = ((), *((cases.slot(left, until=until),) for left in (0, 1, 3) for until in _MOMENTS))
_OTHER: Final = ((), *((cases.slot(left, OTHER_JOURNEY, until),) for left in (1, 3, 8) for until in _MOMENTS))
_slots: Final = st.builds(add, st.sampled_from(_OWN), st.sampled_from(_OTHER))
_tries: Final = st.builds(SignInTries, _origins | st.none(), _tallies, moments)

ledgers: Final[st.SearchStrategy[Ledger]] = st.builds(
    Ledger,
    epoch=st.sampled_from((0, 0, 0, 1)),
    code_guesses=_tallies,
    answers=_tallies,
    current_password_guesses=_tallies,
    sign_ins=st.lists(_tries, max_size=2).map(tuple),
    sends=st.sampled_from(_SENDS),
    next_send=_maybe,
    codes=_slots,
    letters=st.lists(moments, max_size=2).map(tuple),
    sent_password=st.none() | _passwords,
    letter_password=st.none() | _passwords,
    next_block_notice=_maybe,
)

_codes: Final = st.none() | st.just(CODE_SENT["code"])


def _journeys(chart: ChartName) -> st.SearchStrategy[Journey]:
    return st.builds(
        Journey,
        id=st.just(JOURNEY),
        chart=st.just(chart),
        state=st.sampled_from([state for state, _ in CHARTS[chart].cells]),
        deadline=st.sampled_from((NOW + 60 * MINUTE, NOW + MONTH, NOW)),
        profile=st.none() | profiles,
        epoch=st.sampled_from((0, 0, 0, 1)),
        challenge_passed=st.booleans(),
        answers=st.integers(0, 2),
        channel=st.none() | st.sampled_from(Channel),
        code=_codes,
        codes_sent=st.integers(0, 4),
        current_password_tries=st.integers(0, 6),
        comparisons=st.integers(0, 11),
        edits=st.sampled_from(_EDITS),
    )


def cases_of(chart: ChartName) -> st.SearchStrategy[Case]:
    """Any case of a chart that is not over, likely ones and others."""
    return st.builds(Case, _journeys(chart), st.none() | ledgers | ledgers)


evidences: Final[st.SearchStrategy[Evidence]] = st.builds(
    Evidence,
    profile=st.none() | profiles,
    guess=st.builds(Guess, st.sampled_from(Verdict), _guesses, _maybe),
    fresh_code=st.just(b"fresh code"),
    fresh_password=st.just(b"fresh password"),
    broken_rules=st.sampled_from(((), (PasswordRule.TOO_SHORT,), (PasswordRule.NO_DIGIT, PasswordRule.TOO_WEAK))),
    held=st.sampled_from([frozenset(held) for many in range(3) for held in combinations(_KINDS, many)]),
    sealed_edit=st.just(b"sealed"),
)

contexts: Final[st.SearchStrategy[Context]] = st.builds(
    Context,
    now=moments,
    policy=st.sampled_from((cases.MSA, Policy.strict(), Policy.testing())),
    origin=_origins,
    agent=st.booleans(),
    evidence=evidences,
)

_EVENTS: Final[tuple[Event, ...]] = (
    *cases.ONE_OF_EACH,
    cases.PAYROLL,
    cases.BY_EMAIL,
    events.ChooseChannel(Channel.LETTER),
    cases.NO_EMAIL,
    cases.NO_MOBILE,
)


@st.composite
def events_at(draw: st.DrawFn, journey: Journey) -> Event:
    """An event: nine in ten times one that the journey's state accepts."""
    names = accepted(journey)
    if not names or draw(st.integers(0, 9)) == 0:
        return draw(st.sampled_from(_EVENTS))
    name = draw(st.sampled_from(names))
    return draw(st.sampled_from([event for event in _EVENTS if event.name is name]))
