"""What is shown in each state: what the step needs, nothing secret, nothing that tells an account apart (R13)."""

from typing import Any

import pytest
from attrs import evolve, fields

from msa_recovery.domain.account import AccountType, Channel
from msa_recovery.domain.challenge import ChallengeKind
from msa_recovery.domain.contacts import ContactKind
from msa_recovery.domain.events import EventName
from msa_recovery.domain.journey import FINAL, ChartName, State
from msa_recovery.domain.ledger import Ledger
from msa_recovery.domain.policy import Policy
from msa_recovery.domain.problem import Problem, ProblemCode
from msa_recovery.domain.screens import view_of
from msa_recovery.domain.situation import Case
from msa_recovery.domain.view import Choice, ContactDetail, View
from tests.support.cases import (
    BOTH,
    EMAIL_ONLY,
    HELPDESK,
    INSTANT,
    MINUTE,
    NOW,
    POST_ONLY,
    at,
    case_in,
    code_is_live,
    letter_is_live,
    marks,
    profile,
    sent,
    slot,
)
from tests.support.scenarios import CHANGE, CHOOSING, CONFIRMING, IN_PROGRESS

NUMBER = "06 •• •• •• 12"
ADDRESS = "m•••••@e•••••.fr"
STEPS = {
    State.ANSWERING_CHALLENGE: {"questions"},
    State.CHOOSING_CHANNEL: {"choices"},
    State.CONFIRMING_CODE: {"channel", "mask", "code_deadline", "attempts_left", "resend_at"},
    State.AWAITING_SIGN_IN: {"channel", "mask"},
    State.PROVING_PASSWORD: {"attempts_left"},
    State.CONFIRMING_CONTACTS: {"contacts"},
}
"""What each step shows besides what every step shows; a step that is not here shows nothing more."""

CONTACTS = (ContactDetail(ContactKind.EMAIL, "marie@exemple.fr"), ContactDetail(ContactKind.FAX, None))
EVERYWHERE = [*IN_PROGRESS, *((ChartName.RECOVERY, state) for state in sorted(FINAL))]


def shown(case: Case, **context: Any) -> View:
    """The screen of a case."""
    return view_of(case, at(**context), help=HELPDESK, contacts=CONTACTS)


# -- every screen ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("chart", "state"), EVERYWHERE)
def test_each_step_shows_what_it_needs_and_no_more(chart: ChartName, state: State) -> None:
    view = shown(case_in(state, chart=chart))
    usual = {"chart", "state", "problem", "may", "deadline", "help"}
    more = {each.name for each in fields(View) if each.name not in usual and getattr(view, each.name) not in (None, ())}
    assert STEPS.get(state, set()) == more


@pytest.mark.parametrize(("chart", "state"), EVERYWHERE)
def test_every_screen_says_where_one_is_and_whom_to_call(chart: ChartName, state: State) -> None:
    view = shown(case_in(state, chart=chart))
    assert (chart, state, HELPDESK) == (view.chart, view.state, view.help)


@pytest.mark.parametrize(("chart", "state"), EVERYWHERE)
def test_nothing_tells_a_decoy_from_an_account(chart: ChartName, state: State) -> None:
    """R13, invariant 9"""
    case = case_in(state, chart=chart)
    held = case.journey.profile
    decoy = held and evolve(held, genuine=False)
    assert shown(case) == shown(evolve(case, journey=evolve(case.journey, profile=decoy)))


@pytest.mark.parametrize(("chart", "state"), EVERYWHERE)
def test_the_time_that_is_left_is_said_until_the_journey_is_over(chart: ChartName, state: State) -> None:
    """R56"""
    assert (None if state in FINAL else NOW + 60 * MINUTE) == shown(case_in(state, chart=chart)).deadline


@pytest.mark.parametrize(
    ("chart", "state", "may"),
    [
        (ChartName.RECOVERY, State.IDENTIFYING, {EventName.IDENTIFY, EventName.USE_FRANCECONNECT}),
        (ChartName.RECOVERY, State.ANSWERING_CHALLENGE, {EventName.ANSWER_CHALLENGE, EventName.GO_BACK}),
        (ChartName.RECOVERY, CHOOSING, {EventName.CHOOSE_CHANNEL, EventName.GO_BACK}),
        (ChartName.RECOVERY, CONFIRMING, {EventName.SUBMIT_CODE, EventName.RESEND_CODE, EventName.GO_BACK}),
        (ChartName.RECOVERY, State.AWAITING_SIGN_IN, {EventName.SIGN_IN}),
        (ChartName.RECOVERY, State.PERSONALISING_PASSWORD, {EventName.CHOOSE_PASSWORD}),
        (ChartName.RECOVERY, State.CONFIRMING_CONTACTS, {EventName.EDIT_CONTACT, EventName.CONFIRM_CONTACTS}),
        (CHANGE, State.PROVING_PASSWORD, {EventName.PROVE_PASSWORD}),
        (CHANGE, State.PERSONALISING_PASSWORD, {EventName.CHOOSE_PASSWORD}),
    ],
)
def test_a_person_may_do_what_the_step_is_for_or_give_up(chart: ChartName, state: State, may: set[EventName]) -> None:
    """R19, R58: neither an agent's letter nor the lapse is a person's to ask for."""
    assert {*may, EventName.ABANDON} == set(shown(case_in(state, chart=chart)).may)


@pytest.mark.parametrize("state", sorted(FINAL))
def test_nothing_may_be_done_once_it_is_over(state: State) -> None:
    assert () == shown(case_in(state)).may


def test_the_problem_of_the_last_event_is_shown() -> None:
    problem = Problem(ProblemCode.CODE_WRONG, "code", limit=2)
    assert problem is view_of(case_in(CONFIRMING), at(), help=HELPDESK, problem=problem).problem


# -- the question and the channels -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type_", "questions"),
    [
        (AccountType.INDIVIDUAL, (ChallengeKind.VITALE_SERIAL, ChallengeKind.BENEFIT_AMOUNT)),
        (AccountType.FARMER, (ChallengeKind.CONTRIBUTION_INVOICE,)),
        (AccountType.COMPANY, (ChallengeKind.PAYROLL_CONTRIBUTIONS,)),
        (AccountType.GARDENER_EMPLOYER, (ChallengeKind.PAYROLL_CONTRIBUTIONS,)),
    ],
)
def test_each_account_type_is_asked_its_questions(type_: AccountType, questions: tuple[ChallengeKind, ...]) -> None:
    """R25"""
    asked = case_in(State.ANSWERING_CHALLENGE, profile=profile(type_=type_, first_sign_in=True))
    assert questions == shown(asked).questions


@pytest.mark.parametrize(
    ("account", "choices"),
    [
        (BOTH, (Choice(Channel.SMS, NUMBER), Choice(Channel.EMAIL, ADDRESS))),
        (EMAIL_ONLY, (Choice(Channel.EMAIL, ADDRESS),)),
        (POST_ONLY, ()),
    ],
    ids=["both", "one", "none"],
)
def test_only_channels_on_file_are_offered_and_never_the_letter(account: Any, choices: tuple[Choice, ...]) -> None:
    assert choices == shown(case_in(CHOOSING, profile=account)).choices


@pytest.mark.parametrize(("usable_from", "count"), [(NOW + INSTANT, 0), (NOW, 1)])
def test_a_contact_in_quarantine_is_not_offered(usable_from: Any, count: int) -> None:
    """R32"""
    recent = profile(Channel.SMS, usable_from=usable_from)
    assert count == len(shown(case_in(CHOOSING, profile=recent)).choices)


def test_a_policy_may_hide_what_contacts_look_like() -> None:
    hidden = (Choice(Channel.SMS, None), Choice(Channel.EMAIL, None))
    assert hidden == shown(case_in(CHOOSING), policy=Policy.strict()).choices


@pytest.mark.parametrize("state", [CONFIRMING, State.AWAITING_SIGN_IN])
def test_it_hides_where_a_message_went_as_well(state: State) -> None:
    view = shown(case_in(state), policy=Policy.strict())
    assert (Channel.SMS, None) == (view.channel, view.mask)


# -- the code ----------------------------------------------------------------------------------------------------------


def test_a_live_code_shows_where_it_went_how_long_it_lives_and_how_often_it_may_be_tried() -> None:
    """R56"""
    view = shown(case_in(CONFIRMING, code_is_live(2)))
    expected = (Channel.SMS, NUMBER, NOW + 30 * MINUTE, 2)
    assert expected == (view.channel, view.mask, view.code_deadline, view.attempts_left)


@pytest.mark.parametrize("dead", [code_is_live(0), code_is_live(codes=(slot(until=NOW),)), Ledger()])
def test_a_dead_code_has_no_time_and_no_guess_left(dead: Ledger) -> None:
    view = shown(case_in(CONFIRMING, dead))
    assert (None, 0) == (view.code_deadline, view.attempts_left)


@pytest.mark.parametrize(
    ("ledger", "journey", "expected"),
    [
        pytest.param(code_is_live(), {}, NOW, id="at once"),
        pytest.param(code_is_live(next_send=NOW + MINUTE), {}, NOW + MINUTE, id="after the cool-down"),
        pytest.param(code_is_live(sends=(sent(MINUTE),) * 3), {}, sent(MINUTE).day, id="when one of three ages out"),
        pytest.param(code_is_live(), {"codes_sent": 3}, None, id="never: the journey's are spent"),
        pytest.param(code_is_live(code_guesses=marks(8, NOW + MINUTE)), {}, NOW + MINUTE, id="when guesses age out"),
    ],
)
def test_when_another_code_may_be_asked_for_is_said(ledger: Ledger, journey: dict[str, Any], expected: Any) -> None:
    """R56, invariant 3"""
    assert expected == shown(case_in(CONFIRMING, ledger, **journey)).resend_at


# -- the rest ----------------------------------------------------------------------------------------------------------


def test_a_letter_has_no_mask() -> None:
    posted = shown(case_in(State.AWAITING_SIGN_IN, letter_is_live(), channel=Channel.LETTER))
    assert (Channel.LETTER, None) == (posted.channel, posted.mask)


def test_a_way_that_is_not_on_file_has_no_mask() -> None:
    """Somebody who waits for a sign-in without having asked for a code by this channel."""
    assert shown(case_in(State.AWAITING_SIGN_IN, profile=EMAIL_ONLY, channel=None)).mask is None


@pytest.mark.parametrize(("tried", "left"), [(0, 5), (4, 1)])
def test_the_tries_of_the_current_password_that_are_left_are_said(tried: int, left: int) -> None:
    case = case_in(State.PROVING_PASSWORD, chart=CHANGE, current_password_tries=tried)
    assert left == shown(case).attempts_left


def test_contact_details_are_shown_to_who_confirms_them() -> None:
    """R13: and to nobody before; see what each step shows."""
    assert CONTACTS == shown(case_in(State.CONFIRMING_CONTACTS)).contacts


def test_a_contact_detail_is_not_shown_by_accident() -> None:
    """R54"""
    assert "marie" not in repr(CONTACTS)
