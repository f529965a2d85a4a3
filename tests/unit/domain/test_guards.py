"""The conditions of the rows, where their name alone leaves a question open."""

import pytest
from attrs import evolve

from msa_recovery.domain import events, guards
from msa_recovery.domain.account import AccountType, Channel, Profile
from msa_recovery.domain.contacts import ContactKind
from msa_recovery.domain.events import Event
from msa_recovery.domain.journey import Edit, State
from msa_recovery.domain.ledger import Ledger
from msa_recovery.domain.situation import Case, Context, Evidence, Situation, Verdict
from tests.support.cases import (
    BOTH,
    BY_EMAIL,
    BY_SMS,
    CODE_SENT,
    EMAIL_ONLY,
    IDENTIFY,
    IDENTITY,
    INSTANT,
    LAST_CODE_SENT,
    MINUTE,
    MSA,
    NEW_EMAIL,
    NEWCOMER,
    NO_EMAIL,
    NO_MOBILE,
    NOW,
    POST_ONLY,
    STRANGER,
    at,
    case_in,
    code_is_live,
    guessed,
    marks,
    profile,
)

EMAIL, MOBILE, LANDLINE = ContactKind.EMAIL, ContactKind.MOBILE, ContactKind.LANDLINE


def so(case: Case, event: Event = IDENTIFY, context: Context = at()) -> Situation:  # noqa: B008 - immutable
    return Situation(case, event, context)


def named(case: Case, account: Profile | None, event: Event = IDENTIFY) -> Situation:
    """An event that names an account."""
    return so(case, event, at(evidence=Evidence(profile=account)))


# -- whom an event speaks of -------------------------------------------------------------------------------------------


def test_an_event_that_names_nobody_speaks_of_the_journey_s_account() -> None:
    assert BOTH is so(case_in(State.CHOOSING_CHANNEL), BY_SMS).subject


def test_naming_the_same_account_again_speaks_of_it_as_it_was_frozen() -> None:
    """R2: what changed in the directory meanwhile does not reach the journey."""
    changed = evolve(BOTH, ways=EMAIL_ONLY.ways)
    assert BOTH is named(case_in(State.IDENTIFYING, profile=BOTH), changed).subject


def test_naming_another_account_speaks_of_that_one() -> None:
    assert STRANGER is named(case_in(State.IDENTIFYING, profile=BOTH), STRANGER).subject


def test_naming_the_same_account_in_another_epoch_takes_it_up_anew() -> None:
    """R22"""
    changed = evolve(BOTH, ways=EMAIL_ONLY.ways)
    moved = case_in(State.IDENTIFYING, Ledger(epoch=1), profile=BOTH)
    assert changed is named(moved, changed).subject


def test_an_identity_without_an_account_is_not_the_account_that_the_journey_holds() -> None:
    """R2"""
    situation = named(case_in(State.IDENTIFYING, profile=BOTH), None, events.UseFranceConnect(IDENTITY))
    assert not guards.identity_is_an_individuals(situation)


@pytest.mark.parametrize("type_", AccountType)
def test_franceconnect_serves_individuals_alone(type_: AccountType) -> None:
    """R48"""
    situation = named(case_in(State.IDENTIFYING), profile(type_=type_), events.UseFranceConnect(IDENTITY))
    assert (type_ is AccountType.INDIVIDUAL) is guards.identity_is_an_individuals(situation)


def test_franceconnect_opens_no_decoy() -> None:
    decoy = profile(genuine=False)
    assert not guards.identity_is_an_individuals(
        named(case_in(State.IDENTIFYING), decoy, events.UseFranceConnect(IDENTITY))
    )


@pytest.mark.parametrize(
    ("now", "changed"),
    [
        pytest.param(BOTH, False, id="the same"),
        pytest.param(evolve(BOTH, ways=EMAIL_ONLY.ways), False, id="known, with other contacts: the shell judges it"),
        pytest.param(evolve(BOTH, genuine=False), True, id="no longer what was taken up"),
        pytest.param(None, False, id="nobody asked"),
    ],
)
def test_an_account_that_is_no_longer_what_was_taken_up_is_noticed(now: Profile | None, changed: bool) -> None:
    """R2: the journey then goes on as its decoy would."""
    assert changed is named(case_in(State.CHOOSING_CHANNEL), now, BY_SMS).account_changed


def test_an_event_that_names_an_account_changes_none() -> None:
    decoy = evolve(BOTH, genuine=False)
    assert not named(case_in(State.IDENTIFYING, profile=BOTH), decoy).account_changed


def test_nobody_is_an_agent_whom_the_host_does_not_call_one() -> None:
    """R58"""
    assert not guards.asked_by_an_agent(so(case_in(State.IDENTIFYING), context=Context(NOW, MSA)))


# -- the knowledge question --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("held", "passed", "account", "proved"),
    [
        pytest.param(NEWCOMER, True, NEWCOMER, True, id="the same account"),
        pytest.param(NEWCOMER, False, NEWCOMER, False, id="not answered"),
        pytest.param(NEWCOMER, True, evolve(NEWCOMER, pseudonym=STRANGER.pseudonym), False, id="another account"),
        pytest.param(BOTH, True, BOTH, False, id="somebody who has signed in before"),
    ],
)
def test_a_right_answer_proves_one_account_in_one_journey(
    held: Profile, passed: bool, account: Profile, proved: bool
) -> None:
    """R2, R24"""
    case = case_in(State.IDENTIFYING, profile=held, challenge_passed=passed)
    assert proved is guards.first_sign_in_is_proved(named(case, account))


@pytest.mark.parametrize(("of_journey", "of_month", "left"), [(0, 0, True), (0, 2, True), (1, 0, False), (0, 3, False)])
def test_one_answer_a_journey_and_three_in_thirty_days(of_journey: int, of_month: int, left: bool) -> None:
    """R25"""
    case = case_in(State.IDENTIFYING, Ledger(answers=marks(of_month)), answers=of_journey)
    assert left is guards.answer_is_left(named(case, NEWCOMER))


def test_an_answer_that_aged_out_is_left_again() -> None:
    """R25"""
    assert guards.answer_is_left(named(case_in(State.IDENTIFYING, Ledger(answers=marks(3, NOW))), NEWCOMER))


# -- codes -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("account", "may"), [(BOTH, True), (EMAIL_ONLY, True), (POST_ONLY, False)])
def test_a_code_needs_a_channel(account: Profile, may: bool) -> None:
    assert may is guards.code_may_be_sent(named(case_in(State.IDENTIFYING), account))


@pytest.mark.parametrize(("usable_from", "may"), [(NOW + INSTANT, False), (NOW, True)])
def test_a_contact_in_quarantine_is_no_channel(usable_from: object, may: bool) -> None:
    """R32"""
    account = profile(Channel.SMS, usable_from=usable_from)  # type: ignore[arg-type]
    assert may is guards.code_may_be_sent(named(case_in(State.IDENTIFYING), account))


@pytest.mark.parametrize(
    ("account", "leads_on"), [pytest.param(BOTH, True, id="its account"), pytest.param(STRANGER, False, id="another")]
)
def test_a_live_code_leads_on_for_its_account_alone(account: Profile, leads_on: bool) -> None:
    """R2, invariant 5"""
    last = case_in(State.IDENTIFYING, code_is_live(), profile=BOTH, **LAST_CODE_SENT)
    assert leads_on is guards.code_is_live_or_may_be_sent(named(last, account))


def test_a_dead_code_leads_on_for_nobody() -> None:
    """R11"""
    last = case_in(State.IDENTIFYING, code_is_live(0), profile=BOTH, **LAST_CODE_SENT)
    assert not guards.code_is_live_or_may_be_sent(named(last, BOTH))


@pytest.mark.parametrize(("event", "is_its"), [(BY_SMS, True), (BY_EMAIL, False)])
def test_a_live_code_belongs_to_its_channel(event: Event, is_its: bool) -> None:
    case = case_in(State.CHOOSING_CHANNEL, code_is_live(), **CODE_SENT)
    assert is_its is guards.code_of_channel_is_live(so(case, event))


def test_a_dead_code_belongs_to_none() -> None:
    """R11"""
    case = case_in(State.CHOOSING_CHANNEL, code_is_live(0), **CODE_SENT)
    assert not guards.code_of_channel_is_live(so(case, BY_SMS))


@pytest.mark.parametrize(
    ("event", "offered"), [(BY_SMS, False), (BY_EMAIL, True), (events.ChooseChannel(Channel.LETTER), False)]
)
def test_only_an_electronic_channel_on_file_is_offered(event: Event, offered: bool) -> None:
    """R12: the letter is never a choice, whoever builds the event."""
    assert offered is guards.channel_is_offered(so(case_in(State.CHOOSING_CHANNEL, profile=EMAIL_ONLY), event))


def test_a_code_that_was_not_asked_for_by_channel_goes_the_way_of_the_last() -> None:
    by_email = case_in(State.CONFIRMING_CODE, channel=Channel.EMAIL)
    assert Channel.EMAIL is so(by_email, events.ResendCode()).channel


def test_before_any_went_out_it_would_be_by_sms() -> None:
    assert Channel.SMS is so(case_in(State.AWAITING_SIGN_IN, channel=None), events.ResendCode()).channel


# -- passwords ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verdict", "comparisons", "spent"),
    [
        (Verdict.RIGHT, 9, False),
        (Verdict.RIGHT, 10, True),
        (Verdict.WRONG, 10, False),
        (Verdict.NONE_LEFT, 10, True),
        (Verdict.RULES_FAIL, 10, False),
    ],
)
def test_only_who_keeps_giving_the_current_password_is_blocked(verdict: Verdict, comparisons: int, spent: bool) -> None:
    """R43: a tenth comparison that finds another password is accepted."""
    case = case_in(State.PERSONALISING_PASSWORD, comparisons=comparisons)
    assert spent is guards.comparisons_are_spent(so(case, context=at(evidence=guessed(verdict))))


@pytest.mark.parametrize(("tried", "left"), [(4, True), (5, False)])
def test_five_current_passwords_a_journey(tried: int, left: bool) -> None:
    """R29"""
    case = case_in(State.PROVING_PASSWORD, current_password_tries=tried)
    assert left is guards.current_password_try_is_left(so(case))


# -- contact details ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("held", "edits", "event", "may"),
    [
        pytest.param({EMAIL}, (), NO_EMAIL, False, id="the only one"),
        pytest.param({EMAIL, LANDLINE}, (), NO_EMAIL, False, id="a landline receives no code"),
        pytest.param({EMAIL, MOBILE}, (), NO_EMAIL, True, id="one of two"),
        pytest.param({EMAIL, MOBILE}, (Edit(MOBILE, True, b""),), NO_EMAIL, False, id="the other one is taken off"),
        pytest.param({EMAIL}, (Edit(MOBILE, False, b""),), NO_EMAIL, True, id="another one is added"),
        pytest.param({EMAIL}, (Edit(MOBILE, False, b""),), NO_MOBILE, True, id="the added one again"),
        pytest.param({EMAIL, MOBILE}, (Edit(EMAIL, True, b""),), NO_EMAIL, True, id="taken off already"),
        pytest.param({MOBILE}, (), NO_EMAIL, True, id="one that is not on file"),
        pytest.param(set(), (), NO_EMAIL, True, id="nothing on file"),
        pytest.param({EMAIL}, (), NEW_EMAIL, True, id="another address in its place"),
        pytest.param({LANDLINE}, (), events.EditContact(LANDLINE, None), True, id="a landline"),
    ],
)
def test_who_could_be_reached_can_be_reached_after_a_correction(
    held: set[ContactKind], edits: tuple[Edit, ...], event: Event, may: bool
) -> None:
    case = case_in(State.CONFIRMING_CONTACTS, edits=edits)
    context = at(evidence=Evidence(held=frozenset(held)))
    assert may is guards.contact_may_be_edited(so(case, event, context))


# -- decoys ------------------------------------------------------------------------------------------------------------


def test_no_guard_but_franceconnect_s_looks_at_whether_an_account_is_real() -> None:
    """R13: a decoy goes where an account of the same profile goes."""
    decoy = evolve(BOTH, genuine=False)
    situations = [
        named(case_in(State.IDENTIFYING, code_is_live(next_send=NOW + MINUTE)), each) for each in (BOTH, decoy)
    ]
    names = [name for name in guards.__all__ if name != "identity_is_an_individuals"]
    genuine, other = ([getattr(guards, name)(situation) for name in names] for situation in situations)
    assert genuine == other
