"""A host's sign-in form, after the host's own check failed: is it a temporary password of ours?"""

from collections.abc import Callable
from datetime import timedelta

import pytest

from msa_recovery.application.reply import Reply
from msa_recovery.domain.audit import FactName
from msa_recovery.domain.inputs import ChooseChannel, ChoosePassword, Identify, OrderLetter
from msa_recovery.domain.journey import State
from msa_recovery.domain.policy import Policy
from msa_recovery.domain.problem import Problem, ProblemCode
from msa_recovery.testing.people import (
    MARIE,
    NEW_PASSWORD,
    NIR_OF_LEA,
    NIR_OF_MARIE,
    NIR_OF_PAUL,
    NIR_OF_ROGER,
    PAUL,
    SIRET_OF_PAUL,
    START,
    USUAL_PASSWORD,
)
from tests.support.house import AGENT, ELSEWHERE, HERE, House

UNKNOWN = "1990133990999"


def right(answer: Reply | Problem | None) -> Reply:
    """The reply to a password that was right."""
    assert isinstance(answer, Reply)
    return answer


def test_a_temporary_password_opens_the_new_password_step_from_any_device(house: House) -> None:
    house.at_sign_in()
    assert State.PERSONALISING_PASSWORD is right(house.host.sign_in(NIR_OF_MARIE, house.password, ELSEWHERE)).view.state


def test_the_journey_at_the_door_leads_to_the_end(house: House) -> None:
    house.at_sign_in()
    reply = right(house.host.sign_in(NIR_OF_MARIE, house.password, ELSEWHERE))
    house.send(reply, ChoosePassword(NEW_PASSWORD, NEW_PASSWORD))
    assert NEW_PASSWORD == house.held(MARIE).password_hash


def test_a_temporary_password_by_letter_works_for_three_weeks(house: House) -> None:
    house.play(Identify(NIR_OF_ROGER))
    house.later(days=20, hours=23)
    assert isinstance(house.host.sign_in(NIR_OF_ROGER, house.password, HERE), Reply)


@pytest.mark.parametrize(("after", "works"), [(timedelta(days=1, microseconds=-1), True), (timedelta(days=1), False)])
def test_a_temporary_password_by_sms_works_for_a_day(house: House, after: timedelta, works: bool) -> None:
    """R18; invariant 6: at the deadline itself it is dead."""
    house.at_sign_in()
    house.clock.advance(after)
    assert works is isinstance(house.host.sign_in(NIR_OF_MARIE, house.password, HERE), Reply)


@pytest.mark.parametrize("identifier", [NIR_OF_PAUL, SIRET_OF_PAUL])
def test_an_account_with_two_identifiers_signs_in_under_either(house: House, identifier: str) -> None:
    house.at_sign_in(SIRET_OF_PAUL)
    assert isinstance(house.host.sign_in(identifier, house.password, HERE), Reply)


def test_two_identifiers_of_a_farmer_have_one_ledger(house: House) -> None:
    """What is sent under the one counts under the other (R5)."""
    for identifier in (NIR_OF_PAUL, SIRET_OF_PAUL, NIR_OF_PAUL):
        house.at_code(identifier)
        house.later(minutes=31)
    refused = house.play(Identify(SIRET_OF_PAUL), ChooseChannel("sms")).view
    assert (3, ProblemCode.SENDS_SPENT_FOR_NOW) == (
        len(house.ledger(PAUL).ledger.sends),
        refused.problem and refused.problem.code,
    )


def test_the_temporary_password_of_one_account_opens_no_other(house: House) -> None:
    """R2."""
    house.at_sign_in(NIR_OF_PAUL)
    pauls = house.password
    house.at_sign_in()
    assert house.host.sign_in(NIR_OF_MARIE, pauls, HERE) is None


@pytest.mark.parametrize("identifier", [NIR_OF_MARIE, NIR_OF_LEA, UNKNOWN, "no identifier", ""])
def test_a_password_that_was_never_sent_is_none_of_ours(house: House, identifier: str) -> None:
    """R13: whoever it is."""
    assert house.host.sign_in(identifier, "Ab3#efghijkm", HERE) is None


@pytest.mark.parametrize("password", ["", USUAL_PASSWORD, "Ab3#efghijk", "x" * 10_000, "\ud800"])
def test_a_text_of_another_form_is_no_guess(house: House, password: str) -> None:
    """R20: mistyped usual passwords count nothing."""
    house.at_sign_in()
    before = house.ledger(MARIE)
    assert house.host.sign_in(NIR_OF_MARIE, password, HERE) is None
    assert before == house.ledger(MARIE)


def test_a_wrong_password_is_counted_and_writes_no_journey(house: House) -> None:
    house.at_sign_in()
    house.host.sign_in(NIR_OF_MARIE, house.wrong_password, HERE)
    changes = [call.arguments[0] for call in house.calls if str(call) == "store.commit"][-2:]
    assert [None, None] == [change.journey for change in changes]
    assert 1 == house.ledger(MARIE).ledger.sign_in_count(house.clock.now())


def test_a_wrong_password_leaves_a_fact_of_no_journey(house: House) -> None:
    """R53."""
    house.at_sign_in()
    house.host.sign_in(NIR_OF_MARIE, house.wrong_password, HERE)
    last = house.store.audit()[-1]
    assert (FactName.SIGN_IN_REFUSED, "", house.pseudonym("account:marie")) == (
        last.fact.name,
        last.journey,
        last.account,
    )


def test_a_right_password_is_not_counted(house: House) -> None:
    house.at_sign_in()
    house.host.sign_in(NIR_OF_MARIE, house.password, HERE)
    assert 0 == house.ledger(MARIE).ledger.sign_in_count(house.clock.now())


def test_after_five_wrong_ones_the_next_waits(house: House) -> None:
    """R29."""
    house.at_sign_in()
    for _ in range(5):
        house.host.sign_in(NIR_OF_MARIE, house.wrong_password, HERE)
    answer = house.host.sign_in(NIR_OF_MARIE, house.password, HERE)
    assert (
        Problem(ProblemCode.SIGN_IN_MUST_WAIT, "password", retry_at=START + house.host.policy.sign_in_first_wait)
        == answer
    )


def test_somebody_elses_wrong_ones_do_not_keep_the_owner_waiting(house: House) -> None:
    """R30: the waits are an account and origin's."""
    house.at_sign_in()
    for _ in range(6):
        house.host.sign_in(NIR_OF_MARIE, house.wrong_password, ELSEWHERE)
    assert isinstance(house.host.sign_in(NIR_OF_MARIE, house.password, HERE), Reply)


def test_after_the_wait_it_is_compared_again(house: House) -> None:
    house.at_sign_in()
    for _ in range(5):
        house.host.sign_in(NIR_OF_MARIE, house.wrong_password, HERE)
    house.clock.advance(house.host.policy.sign_in_first_wait)
    assert isinstance(house.host.sign_in(NIR_OF_MARIE, house.password, HERE), Reply)


def test_many_wrong_ones_raise_the_alarm(open_house: Callable[..., House]) -> None:
    """R6: the sixth, with this policy, and each further one."""
    house = open_house(policy=Policy.testing())
    house.at_sign_in()
    for caller in (HERE, ELSEWHERE):
        for _ in range(4):
            house.host.sign_in(NIR_OF_MARIE, house.wrong_password, caller)
            house.later(hours=1)
    assert [FactName.SIGN_IN_ALARM] * 3 == [name for name in house.facts() if name is FactName.SIGN_IN_ALARM]


def test_the_account_that_is_read_at_the_door_is_the_one_of_that_moment(house: House) -> None:
    """An account that was closed is unknown."""
    house.at_sign_in()
    house.closed.add(MARIE)
    assert house.host.sign_in(NIR_OF_MARIE, house.password, HERE) is None


def test_the_one_sent_after_a_code_and_the_one_by_letter_both_work(house: House) -> None:
    """A letter replaces none."""
    house.at_sign_in()
    sent = house.password
    house.play(OrderLetter(NIR_OF_MARIE), caller=AGENT)
    assert [State.PERSONALISING_PASSWORD] * 2 == [
        right(house.host.sign_in(NIR_OF_MARIE, password, HERE)).view.state for password in (sent, house.password)
    ]


def test_the_one_sent_after_a_code_dies_at_its_own_deadline_although_a_letter_is_live(house: House) -> None:
    """R18, invariant 6."""
    house.at_sign_in()
    sent = house.password
    house.play(OrderLetter(NIR_OF_MARIE), caller=AGENT)
    house.later(days=1)
    answers = [house.host.sign_in(NIR_OF_MARIE, password, HERE) for password in (sent, house.password)]
    assert [None, State.PERSONALISING_PASSWORD] == [answer and right(answer).view.state for answer in answers]


def test_a_journey_that_begins_at_the_door_is_said_to_begin(house: House) -> None:
    """R53: whoever counts what began counts it by this name, whichever door it was."""
    reply = house.at_sign_in()
    right(house.host.sign_in(NIR_OF_MARIE, house.password, ELSEWHERE))
    begun = {row.journey for row in house.store.audit() if row.fact.name is FactName.JOURNEY_BEGUN}
    assert (2, True) == (len(begun), house.journey(reply).journey.id in begun)
    assert begun == {row.journey for row in house.store.audit() if row.journey}
