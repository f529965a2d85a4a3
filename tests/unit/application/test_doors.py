"""How a journey begins, and how it is found again."""

from datetime import timedelta

import pytest

from msa_recovery.application.errors import UnknownAccount, UnknownHandle
from msa_recovery.application.intents import SetContactsMark
from msa_recovery.domain.audit import FactName
from msa_recovery.domain.events import Abandon, ConfirmContacts
from msa_recovery.domain.inputs import ChoosePassword, Identify, ProvePassword, SubmitCode
from msa_recovery.domain.journey import ChartName, State
from msa_recovery.domain.secret import Secret
from msa_recovery.testing.people import (
    ANYBODYS,
    FUND,
    LEA,
    MARIE,
    NEW_PASSWORD,
    NIR_OF_MARIE,
    START,
    USUAL_PASSWORD,
)
from tests.support.house import HERE, MSA, House

# -- begin -------------------------------------------------------------------------------------------------------------


def test_a_recovery_begins_at_the_identifier(house: House) -> None:
    assert (ChartName.RECOVERY, State.IDENTIFYING) == (
        (view := house.host.begin(HERE).view).chart,
        view.state,
    )


def test_a_recovery_has_its_hour_from_the_beginning(house: House) -> None:
    assert START + timedelta(hours=1) == house.host.begin(HERE).view.deadline


def test_a_journey_that_begins_is_kept(house: House) -> None:
    reply = house.host.begin(HERE)
    assert reply.view == house.host.resume(reply.handle, HERE).view


def test_a_journey_that_begins_leaves_a_fact(house: House) -> None:
    """R53."""
    house.host.begin(HERE)
    assert [FactName.JOURNEY_BEGUN] == house.facts()


def test_two_journeys_have_two_handles(house: House) -> None:
    assert house.host.begin(HERE).handle != house.host.begin(HERE).handle


def test_before_the_sign_in_anybodys_help_desk_is_named(house: House) -> None:
    """The fund of the account would tell that it exists."""
    assert ANYBODYS == house.at_sign_in().view.help


def test_after_the_sign_in_the_accounts_fund_is_named(house: House) -> None:
    """R57."""
    assert FUND == house.at_new_password().view.help


def test_only_the_end_names_the_account(house: House) -> None:
    """R21."""
    reply = house.at_contacts()
    assert (None, MARIE) == (reply.account, house.send(reply, ConfirmContacts()).account)


def test_the_policy_in_force_can_be_read(house: House) -> None:
    assert house.host.policy is MSA


# -- resume ------------------------------------------------------------------------------------------------------------


def test_a_page_that_is_opened_again_shows_the_same(house: House) -> None:
    reply = house.at_code()
    assert reply.view == house.host.resume(reply.handle, HERE).view


def test_a_problem_is_shown_once(house: House) -> None:
    reply = house.at_code()
    house.send(reply, SubmitCode(house.wrong_code))
    assert house.host.resume(reply.handle, HERE).view.problem is None


def test_opening_a_page_again_writes_nothing(house: House) -> None:
    reply = house.at_code()
    before = house.count("store.commit")
    house.host.resume(reply.handle, HERE)
    assert before == house.count("store.commit")


def test_a_journey_that_is_looked_at_is_read_once_and_so_is_its_ledger(house: House) -> None:
    """Each read is a way to the database: most pages are nothing but a look."""
    reply = house.at_sign_in()
    before = len(house.calls)
    house.host.resume(reply.handle, HERE)
    assert ["store.load", "store.ledger"] == [str(call) for call in house.calls[before:] if call.port == "store"]


def test_a_journey_whose_time_is_up_lapses_when_it_is_looked_at(house: House) -> None:
    reply = house.host.begin(HERE)
    house.later(hours=1)
    view = house.host.resume(reply.handle, HERE).view
    assert (State.LAPSED, State.LAPSED) == (view.state, house.journey(reply).journey.state)


def test_a_journey_that_is_over_can_be_looked_at(house: House) -> None:
    reply = house.play(Identify(NIR_OF_MARIE), Abandon())
    assert State.ABANDONED is house.host.resume(reply.handle, HERE).view.state


def test_a_completed_journey_still_names_its_account(house: House) -> None:
    reply = house.send(house.at_contacts(), ConfirmContacts())
    assert MARIE == house.host.resume(reply.handle, HERE).account


def test_a_completed_journey_of_long_ago_names_no_account(house: House) -> None:
    """R21: whoever finds its handle opens nothing any more."""
    reply = house.send(house.at_contacts(), ConfirmContacts())
    house.later(minutes=30)
    assert (State.COMPLETED, None) == ((again := house.host.resume(reply.handle, HERE)).view.state, again.account)


def test_a_completed_journey_names_no_account_after_a_later_password(house: House) -> None:
    """R22: the new password ended that session too."""
    reply = house.send(house.at_contacts(), ConfirmContacts())
    change = house.send(house.host.begin_change(MARIE, HERE), ProvePassword(NEW_PASSWORD))
    other = "Un-autre-mot-2-passe"
    house.send(change, ChoosePassword(other, other))
    assert house.host.resume(reply.handle, HERE).account is None


def test_nobodys_handle_resumes_nothing(house: House) -> None:
    with pytest.raises(UnknownHandle):
        house.host.resume(Secret("nobody's"), HERE)


# -- pending -----------------------------------------------------------------------------------------------------------


def test_whoever_has_confirmed_is_not_asked(house: House) -> None:
    assert house.host.pending(MARIE, HERE) is None


def test_whoever_left_before_confirming_is_asked_at_the_next_sign_in(house: House) -> None:
    house.at_contacts()
    reply = house.host.pending(MARIE, HERE)
    assert reply is not None
    assert State.CONFIRMING_CONTACTS is reply.view.state


def test_whoever_is_asked_again_sees_the_contact_details(house: House) -> None:
    house.at_contacts()
    reply = house.host.pending(MARIE, HERE)
    assert reply is not None
    assert ["marie@example.org", "06 00 00 00 11", None, None] == [line.text for line in reply.view.contacts]


def test_whoever_has_confirmed_by_then_is_asked_no_more(house: House) -> None:
    house.at_contacts()
    reply = house.host.pending(MARIE, HERE)
    assert reply is not None
    assert State.COMPLETED is house.send(reply, ConfirmContacts()).view.state
    assert house.host.pending(MARIE, HERE) is None


def test_whoever_leaves_again_is_asked_again(house: House) -> None:
    house.at_contacts()
    reply = house.host.pending(MARIE, HERE)
    assert reply is not None
    house.send(reply, Abandon())
    assert house.host.pending(MARIE, HERE) is not None


def test_a_confirmation_has_half_an_hour(house: House) -> None:
    house.directory.apply(LEA, SetContactsMark(True), "by the host")
    reply = house.host.pending(LEA, HERE)
    assert reply is not None
    assert START + timedelta(minutes=30) == reply.view.deadline


def test_nobody_unknown_has_anything_pending(house: House) -> None:
    house.closed.add(MARIE)
    with pytest.raises(UnknownAccount):
        house.host.pending(MARIE, HERE)


# -- a voluntary change ------------------------------------------------------------------------------------------------


def test_a_change_begins_with_the_current_password(house: House) -> None:
    view = house.host.begin_change(MARIE, HERE).view
    assert (ChartName.CHANGE, State.PROVING_PASSWORD, 5) == (view.chart, view.state, view.attempts_left)


def test_a_change_opens_the_account_that_it_was_begun_for(house: House) -> None:
    reply = house.send(house.host.begin_change(MARIE, HERE), ProvePassword(USUAL_PASSWORD))
    done = house.send(reply, ChoosePassword(NEW_PASSWORD, NEW_PASSWORD))
    assert (State.COMPLETED, MARIE) == (done.view.state, done.account)


def test_a_changed_password_is_the_accounts(house: House) -> None:
    reply = house.send(house.host.begin_change(MARIE, HERE), ProvePassword(USUAL_PASSWORD))
    house.send(reply, ChoosePassword(NEW_PASSWORD, NEW_PASSWORD))
    assert NEW_PASSWORD == house.held(MARIE).password_hash


def test_a_change_kills_a_temporary_password_that_is_under_way(house: House) -> None:
    """R18."""
    waiting = house.at_sign_in()
    reply = house.send(house.host.begin_change(MARIE, HERE), ProvePassword(USUAL_PASSWORD))
    house.send(reply, ChoosePassword(NEW_PASSWORD, NEW_PASSWORD))
    assert State.LAPSED is house.host.resume(waiting.handle, HERE).view.state
    assert house.host.sign_in(NIR_OF_MARIE, house.password, HERE) is None


def test_nobody_unknown_changes_a_password(house: House) -> None:
    house.closed.add(MARIE)
    with pytest.raises(UnknownAccount):
        house.host.begin_change(MARIE, HERE)
