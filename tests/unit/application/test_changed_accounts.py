"""The account changes in the middle of a journey: before the sign-in it acts as its decoy, after it as it is (R13)."""

from collections.abc import Callable

import pytest
from attrs import evolve

from msa_recovery.application.errors import UnknownAccount
from msa_recovery.application.intents import ReplacePassword, UpdateContacts
from msa_recovery.application.relay import Relayed
from msa_recovery.application.reply import Reply
from msa_recovery.domain.account import Channel
from msa_recovery.domain.contacts import ContactKind, PhoneNumber
from msa_recovery.domain.events import Abandon, ConfirmContacts, GoBack, Lapse, ResendCode, UseFranceConnect
from msa_recovery.domain.inputs import (
    AnswerChallenge,
    ChooseChannel,
    ChoosePassword,
    EditContact,
    Identify,
    OrderLetter,
    ProvePassword,
    SignIn,
    SubmitCode,
)
from msa_recovery.domain.journey import State
from msa_recovery.domain.problem import Problem, ProblemCode
from msa_recovery.domain.secret import Secret
from msa_recovery.testing.people import (
    ANYBODYS,
    FUND,
    IDENTITY_OF_MARIE,
    IDENTITY_OF_PAUL,
    LEA,
    MARIE,
    MOBILE,
    NEW_PASSWORD,
    NIR_OF_LEA,
    NIR_OF_MARIE,
    NIR_OF_ROGER,
    SERIAL,
)
from tests.support.house import AGENT, HERE, House


def change_number(house: House) -> None:
    """By the host, from a usual sign-in."""
    house.directory.apply(MARIE, UpdateContacts(((ContactKind.MOBILE, PhoneNumber("+33600000099")),)), "by the host")


def close(house: House) -> None:
    house.closed.add(MARIE)


BEFORE = {"changed": change_number, "closed": close}
happens = pytest.mark.parametrize("happen", BEFORE.values(), ids=BEFORE.keys())


# -- before the sign-in ------------------------------------------------------------------------------------------------


@happens
def test_a_code_that_is_asked_for_afterwards_reaches_nobody(house: House, happen: Callable[[House], None]) -> None:
    """Invariant 7: and the screen is that of any other."""
    reply = house.play(Identify(NIR_OF_MARIE))
    happen(house)
    assert State.CONFIRMING_CODE is house.send(reply, ChooseChannel("sms")).view.state
    assert (Relayed(delivered=1), 0) == (house.host.relay(), house.count("messengers.deliver"))


@happens
def test_the_code_still_leads_to_a_password_that_reaches_nobody(house: House, happen: Callable[[House], None]) -> None:
    reply = house.at_code()
    house.host.relay()
    happen(house)
    assert State.AWAITING_SIGN_IN is house.send(reply, SubmitCode(house.code)).view.state
    house.host.relay()
    assert 1 == house.count("messengers.deliver")


@happens
def test_a_temporary_password_opens_nothing_in_that_journey(house: House, happen: Callable[[House], None]) -> None:
    reply = house.at_sign_in()
    happen(house)
    assert State.AWAITING_SIGN_IN is house.send(reply, SignIn(house.password)).view.state


def test_a_temporary_password_that_was_delivered_still_opens_the_door(house: House) -> None:
    """The account that was changed is known, and its password is live."""
    house.at_sign_in()
    change_number(house)
    assert isinstance(house.host.sign_in(NIR_OF_MARIE, house.password, HERE), Reply)


@happens
def test_what_is_shown_stays_what_it_was(house: House, happen: Callable[[House], None]) -> None:
    """R13: masks and channels are those of the beginning."""
    reply = house.play(Identify(NIR_OF_MARIE))
    happen(house)
    assert reply.view == house.host.resume(reply.handle, HERE).view


def test_a_right_answer_is_wrong_once_the_account_is_closed(house: House) -> None:
    reply = house.play(Identify(NIR_OF_LEA))
    house.closed.add(LEA)
    assert State.AWAITING_SIGN_IN is house.send(reply, AnswerChallenge("vitale_serial", SERIAL)).view.state


@happens
def test_a_letter_that_is_never_posted_is_awaited_all_the_same(house: House, happen: Callable[[House], None]) -> None:
    """R13: a decoy's journey does not lapse there."""
    reply = house.at_code()
    happen(house)
    for minutes in (1, 1, 0):
        for _ in range(3):
            reply = house.send(reply, SubmitCode(house.wrong_code))
        house.later(minutes=minutes)
        reply = reply if minutes == 0 else house.send(reply, ResendCode())
    house.later(days=20)
    assert State.AWAITING_SIGN_IN is house.host.resume(reply.handle, HERE).view.state


@happens
def test_tries_at_a_letter_that_is_never_posted_wait_as_any_others(
    house: House, happen: Callable[[House], None]
) -> None:
    """R13: those of a decoy's letter are counted too."""
    reply = house.at_code()
    happen(house)
    reply = house.send(reply, SubmitCode(house.code))
    for _ in range(6):
        reply = house.send(reply, SignIn(house.wrong_password))
    assert reply.view.problem is not None
    assert ProblemCode.SIGN_IN_MUST_WAIT is reply.view.problem.code


def test_naming_the_account_again_does_not_take_it_up_anew(house: House) -> None:
    """Of the same account nothing is erased: not what the journey froze of it either."""
    reply = house.play(Identify(NIR_OF_MARIE))
    change_number(house)
    house.send(house.send(reply, GoBack()), Identify(NIR_OF_MARIE))
    house.send(reply, ChooseChannel("sms"))
    assert () == house.delivered(Channel.SMS)


def test_a_new_journey_takes_the_account_as_it_is_now(house: House) -> None:
    """The changed number is in its quarantine: only the e-mail address serves (R32)."""
    change_number(house)
    assert [Channel.EMAIL] == [choice.channel for choice in house.play(Identify(NIR_OF_MARIE)).view.choices]


def test_an_account_that_is_opened_later_does_not_take_over_its_decoys_journey(house: House) -> None:
    """A journey never becomes another account's: nobody was known under the identifier when it was taken up."""
    house.closed.add(MARIE)
    reply = house.play(Identify(NIR_OF_MARIE))
    house.closed.clear()
    assert State.CONFIRMING_CODE is house.send(reply, ChooseChannel("sms")).view.state
    assert (Relayed(delivered=1), 0) == (house.host.relay(), house.count("messengers.deliver"))


def test_whoever_signs_in_as_usual_for_the_first_time_is_another_profile(house: House) -> None:
    reply = house.play(Identify(NIR_OF_LEA))
    house.directory.apply(LEA, ReplacePassword(Secret(NEW_PASSWORD)), "by the host")
    house.send(reply, AnswerChallenge("vitale_serial", SERIAL))
    assert 1 == len(house.ledger(LEA).ledger.answers)


# -- after the sign-in -------------------------------------------------------------------------------------------------


def test_after_the_sign_in_the_account_is_taken_as_it_is(house: House) -> None:
    """Decision 8."""
    reply = house.at_new_password()
    change_number(house)
    view = house.send(reply, ChoosePassword(NEW_PASSWORD, NEW_PASSWORD)).view
    assert (State.CONFIRMING_CONTACTS, FUND) == (view.state, view.help)
    assert "06 00 00 00 99" in [line.text for line in view.contacts]


@pytest.mark.parametrize(
    ("begin", "call"),
    [
        (House.at_new_password, lambda house, r: house.send(r, ChoosePassword(NEW_PASSWORD, NEW_PASSWORD))),
        (House.at_contacts, lambda house, r: house.send(r, EditContact("email", "marie2@example.org"))),
        (House.at_contacts, lambda house, r: house.send(r, ConfirmContacts())),
        (lambda house: house.host.begin_change(MARIE, HERE), lambda house, r: house.send(r, ProvePassword("x"))),
        (House.at_new_password, lambda house, r: house.host.resume(r.handle, HERE)),
    ],
    ids=["password", "edit", "confirm", "prove", "resume"],
)
def test_after_the_sign_in_a_closed_account_is_the_hosts_affair(
    house: House, begin: Callable[[House], Reply], call: Callable[[House, Reply], object]
) -> None:
    """Decision 8: nothing changes, and the host is told."""
    reply = begin(house)
    house.closed.add(MARIE)
    before = house.journey(reply)
    with pytest.raises(UnknownAccount):
        call(house, reply)
    assert before == house.journey(reply)


def test_a_journey_of_a_closed_account_can_still_be_left(house: House) -> None:
    reply = house.at_new_password()
    house.closed.add(MARIE)
    assert State.ABANDONED is house.send(reply, Abandon()).view.state


def test_a_journey_of_a_closed_account_lapses_when_it_is_looked_at(house: House) -> None:
    reply = house.at_new_password()
    house.closed.add(MARIE)
    house.later(minutes=30)
    assert State.LAPSED is house.host.resume(reply.handle, HERE).view.state


def test_a_journey_of_a_closed_account_lapses_all_the_same(house: House) -> None:
    reply = house.at_new_password()
    house.closed.add(MARIE)
    house.later(minutes=30)
    assert (1, State.LAPSED) == (house.host.lapse_due(), house.host.resume(reply.handle, HERE).view.state)


def test_a_completed_journey_of_a_closed_account_can_be_looked_at(house: House) -> None:
    """It names no fund any more."""
    reply = house.send(house.at_contacts(), ConfirmContacts())
    house.closed.add(MARIE)
    view = house.host.resume(reply.handle, HERE).view
    assert (State.COMPLETED, ANYBODYS) == (view.state, view.help)


def test_a_completed_journey_shows_the_same_after_its_own_corrections(house: House) -> None:
    reply = house.send(house.at_contacts(), EditContact("mobile", "06 00 00 00 99"))
    done = house.send(reply, ConfirmContacts())
    assert done.view == house.host.resume(done.handle, HERE).view


def test_the_last_way_to_reach_somebody_is_judged_by_what_is_on_file_now(house: House) -> None:
    """R12: the e-mail address was taken off file meanwhile, so the mobile number stays."""
    reply = house.at_contacts()
    house.directory.apply(MARIE, UpdateContacts(((ContactKind.EMAIL, None),)), "by the host")
    assert house.send(reply, EditContact("mobile", "")).view.problem is not None


# -- FranceConnect -----------------------------------------------------------------------------------------------------


def test_a_verified_identity_opens_its_account(house: House) -> None:
    reply = house.play(UseFranceConnect(IDENTITY_OF_MARIE))
    assert (State.SIGNED_IN_WITH_FRANCECONNECT, MARIE, FUND) == (reply.view.state, reply.account, reply.view.help)


def test_a_verified_identity_of_nobody_opens_nothing(house: House) -> None:
    reply = house.play(UseFranceConnect(evolve(IDENTITY_OF_MARIE, family_name="Inconnue")))
    assert (State.IDENTIFYING, None) == (reply.view.state, reply.account)


def test_who_is_refused_is_told_why(house: House) -> None:
    """R48: the account is not an individual's, or there is none; both are about the very person who asks."""
    farmer = house.play(UseFranceConnect(IDENTITY_OF_PAUL))
    nobody = house.play(UseFranceConnect(evolve(IDENTITY_OF_PAUL, birthdate="1970-01-06")))
    said = [ProblemCode.FRANCECONNECT_INDIVIDUALS_ONLY, ProblemCode.FRANCECONNECT_REFUSED]
    assert [Problem(code) for code in said] == [reply.view.problem for reply in (farmer, nobody)]
    assert [(State.IDENTIFYING, None)] * 2 == [(reply.view.state, reply.account) for reply in (farmer, nobody)]


def test_a_refused_identity_leaves_the_account_that_the_journey_holds(house: House) -> None:
    """The journey went back to the first page, with Marie's account in it."""
    reply = house.play(Identify(NIR_OF_MARIE), GoBack(), UseFranceConnect(evolve(IDENTITY_OF_MARIE, gender="male")))
    assert State.IDENTIFYING is reply.view.state
    profile = house.journey(reply).journey.profile
    assert house.pseudonym("account:marie") == (profile and profile.pseudonym)


def test_a_refused_letter_leaves_the_account_that_the_journey_holds(house: House) -> None:
    """R58: the agent asked for Roger's, of which one is under way."""
    house.play(Identify(NIR_OF_ROGER))
    reply = house.play(Identify(NIR_OF_MARIE), GoBack(), OrderLetter(NIR_OF_ROGER), caller=AGENT)
    assert reply.view.problem is not None
    house.send(house.send(reply, Identify(NIR_OF_MARIE)), ChooseChannel("sms"))
    assert [(MOBILE,)] == [message.to for message in house.delivered(Channel.SMS)]


def test_what_is_left_of_the_code_of_another_account_is_nothing(house: House) -> None:
    """R2: identifying another account erases what the earlier one left."""
    reply = house.at_code()
    marys = house.code
    house.send(house.send(reply, GoBack()), GoBack())
    reply = house.send(reply, Identify(house.unknown()))
    assert house.journey(reply).journey.code is None
    reply = house.send(reply, ChooseChannel("sms"))
    assert State.CONFIRMING_CODE is reply.view.state
    assert State.CONFIRMING_CODE is house.send(reply, SubmitCode(marys)).view.state


def test_lapse_may_be_sent_by_a_host(house: House) -> None:
    """It is an input like any other; before the deadline nothing happens."""
    reply = house.at_code()
    assert State.CONFIRMING_CODE is house.send(reply, Lapse()).view.state
