"""Several journeys of one account: what one of them does to the others (R22)."""

import pytest

from msa_recovery.domain.events import Abandon
from msa_recovery.domain.inputs import ChoosePassword, Identify, ProvePassword, SignIn, SubmitCode
from msa_recovery.domain.journey import State
from msa_recovery.domain.problem import ProblemCode
from msa_recovery.testing.people import (
    MARIE,
    NEW_PASSWORD,
    NIR_OF_LEA,
    NIR_OF_MARIE,
    NIR_OF_PAUL,
    SIRET_OF_PAUL,
    USUAL_PASSWORD,
)
from tests.support.house import ELSEWHERE, HERE, House


def test_a_new_password_ends_the_other_journeys_of_the_account(house: House) -> None:
    """R22: wherever they are."""
    waiting = house.play(Identify(NIR_OF_MARIE), caller=ELSEWHERE)
    at_code = house.at_code(caller=ELSEWHERE)
    house.later(minutes=2)
    house.at_contacts()
    assert [State.LAPSED] * 2 == [house.host.resume(r.handle, ELSEWHERE).view.state for r in (waiting, at_code)]


def test_a_new_password_kills_the_codes_of_the_other_journeys(house: House) -> None:
    other = house.at_code(caller=ELSEWHERE)
    code = house.code
    house.later(minutes=2)
    house.at_contacts()
    assert State.LAPSED is house.send(other, SubmitCode(code), ELSEWHERE).view.state


def test_the_journey_that_set_the_password_goes_on(house: House) -> None:
    """It takes the new epoch."""
    reply = house.at_contacts()
    assert State.CONFIRMING_CONTACTS is house.host.resume(reply.handle, HERE).view.state


def test_a_new_password_ends_no_journey_of_another_account(house: House) -> None:
    other = house.play(Identify(NIR_OF_LEA))
    house.at_contacts()
    assert State.ANSWERING_CHALLENGE is house.host.resume(other.handle, HERE).view.state


def test_a_new_password_ends_the_journeys_under_the_accounts_other_identifier(house: House) -> None:
    other = house.play(Identify(NIR_OF_PAUL))
    house.at_contacts(SIRET_OF_PAUL)
    assert State.LAPSED is house.host.resume(other.handle, HERE).view.state


def test_a_journey_that_was_ended_still_may_be_abandoned(house: House) -> None:
    other = house.at_code(caller=ELSEWHERE)
    house.later(minutes=2)
    house.at_contacts()
    assert State.ABANDONED is house.send(other, Abandon()).view.state


def test_two_people_at_the_new_password_step_set_one(house: House) -> None:
    """Whoever is first."""
    first = house.at_new_password()
    house.later(minutes=2)
    second = house.at_new_password(caller=ELSEWHERE)
    house.send(second, ChoosePassword(NEW_PASSWORD, NEW_PASSWORD), ELSEWHERE)
    other = "Un-autre-mot-2-passe"
    assert State.LAPSED is house.send(first, ChoosePassword(other, other)).view.state
    assert NEW_PASSWORD == house.held(MARIE).password_hash


def test_a_temporary_password_sent_after_a_code_replaces_the_earlier_one(house: House) -> None:
    """R18."""
    house.at_sign_in()
    earlier = house.password
    house.later(minutes=2)
    house.at_sign_in(caller=ELSEWHERE)
    assert house.host.sign_in(NIR_OF_MARIE, earlier, HERE) is None


def test_nobody_elses_journey_spoils_a_temporary_password(house: House) -> None:
    """R18, R30: neither a wrong code, nor a resend, nor an abandoned journey."""
    house.at_sign_in()
    mine = house.password
    house.later(minutes=2)
    other = house.at_code(caller=ELSEWHERE)
    house.send(other, SubmitCode(house.wrong_code), ELSEWHERE)
    house.send(other, Abandon(), ELSEWHERE)
    assert house.host.sign_in(NIR_OF_MARIE, mine, HERE) is not None


def test_a_journey_that_waits_for_a_dead_password_is_over(house: House) -> None:
    """Its password died with the new one."""
    reply = house.at_sign_in()
    change = house.send(house.host.begin_change(MARIE, ELSEWHERE), ProvePassword(USUAL_PASSWORD))
    house.send(change, ChoosePassword(NEW_PASSWORD, NEW_PASSWORD))
    assert State.LAPSED is house.send(reply, SignIn(house.password)).view.state


def test_the_old_password_works_until_the_new_one_is_accepted(house: House) -> None:
    """R17, invariant 8."""
    house.at_new_password()
    assert USUAL_PASSWORD == house.held(MARIE).password_hash


@pytest.mark.parametrize("refused", ["faible", USUAL_PASSWORD, "Marie-Laborde-33"])
def test_a_refused_password_changes_nothing_of_the_account(house: House, refused: str) -> None:
    """R43, invariant 8."""
    reply = house.at_new_password()
    problem = house.send(reply, ChoosePassword(refused, refused)).view.problem
    assert ProblemCode.PASSWORD_REFUSED is (problem and problem.code)
    assert (USUAL_PASSWORD, 0) == (house.held(MARIE).password_hash, house.ledger(MARIE).ledger.epoch)


def test_the_temporary_password_itself_is_refused(house: House) -> None:
    """R43."""
    reply = house.at_new_password()
    problem = house.send(reply, ChoosePassword(house.password, house.password)).view.problem
    assert ("is_temporary",) == (problem and problem.reasons)


def test_the_meter_is_told_what_is_known_of_the_person(house: House) -> None:
    """R42: names, fund and identifiers."""
    reply = house.at_new_password()
    house.send(reply, ChoosePassword(NEW_PASSWORD, NEW_PASSWORD))
    (words,) = (call.arguments[1] for call in house.calls if call.port == "meter")
    assert {"Marie", "Laborde", "Gironde", NIR_OF_MARIE} <= set(words)
