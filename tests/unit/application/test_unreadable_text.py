"""Text that cannot be read is a problem in the view, and changes nothing: nothing is counted, compared or sent."""

from collections.abc import Callable

import pytest

from msa_recovery.application.reply import Reply
from msa_recovery.domain.inputs import (
    AnswerChallenge,
    ChooseChannel,
    ChoosePassword,
    EditContact,
    Identify,
    Input,
    ProvePassword,
    SignIn,
    SubmitCode,
)
from msa_recovery.domain.journey import State
from msa_recovery.domain.problem import ProblemCode
from msa_recovery.testing.people import LEA, MARIE, NIR_OF_LEA
from tests.support.endless import Endless
from tests.support.house import HERE, House, asked


def at_challenge(house: House) -> Reply:
    return house.play(Identify(NIR_OF_LEA))


def at_change(house: House) -> Reply:
    return house.host.begin_change(MARIE, HERE)


UNREADABLE: list[tuple[Callable[[House], Reply], Input, ProblemCode]] = [
    (House.play, Identify(""), ProblemCode.TEXT_MISSING),
    (House.play, Identify("\ud800"), ProblemCode.IDENTIFIER_CHARACTERS),
    (House.play, Identify("2840333900001\n"), ProblemCode.IDENTIFIER_CHARACTERS),
    (House.play, Identify(Endless()), ProblemCode.TEXT_TOO_LONG),
    (at_challenge, AnswerChallenge("birthday", "1"), ProblemCode.CHALLENGE_UNKNOWN),
    (at_challenge, AnswerChallenge(Endless(), "1"), ProblemCode.CHALLENGE_UNKNOWN),
    (at_challenge, AnswerChallenge("vitale_serial", "x"), ProblemCode.VITALE_SERIAL_FORM),
    (at_challenge, AnswerChallenge("benefit_amount", Endless()), ProblemCode.TEXT_TOO_LONG),
    (lambda house: house.play(Identify("2840333900001")), ChooseChannel("letter"), ProblemCode.CHANNEL_UNKNOWN),
    (lambda house: house.play(Identify("2840333900001")), ChooseChannel(Endless()), ProblemCode.TEXT_TOO_LONG),
    (House.at_code, SubmitCode("12a4"), ProblemCode.CODE_FORM),
    (House.at_code, SubmitCode("12345"), ProblemCode.CODE_FORM),
    (House.at_code, SubmitCode("\u0661\u0662\u0663\u0664"), ProblemCode.CODE_FORM),
    (House.at_code, SubmitCode(Endless()), ProblemCode.TEXT_TOO_LONG),
    (House.at_sign_in, SignIn("Vendanges#2019"), ProblemCode.TEMPORARY_PASSWORD_FORM),
    (House.at_sign_in, SignIn(Endless()), ProblemCode.TEXT_TOO_LONG),
    (House.at_new_password, ChoosePassword("", ""), ProblemCode.TEXT_MISSING),
    (House.at_new_password, ChoosePassword("a\0b", "a\0b"), ProblemCode.PASSWORD_CHARACTERS),
    (House.at_new_password, ChoosePassword("Brouette-7-bleue", Endless()), ProblemCode.TEXT_TOO_LONG),
    (House.at_new_password, ChoosePassword(Endless(), "x"), ProblemCode.TEXT_TOO_LONG),
    (House.at_contacts, EditContact("pigeon", "x"), ProblemCode.CONTACT_KIND_UNKNOWN),
    (House.at_contacts, EditContact("email", "marie"), ProblemCode.EMAIL_FORM),
    (House.at_contacts, EditContact("email", Endless()), ProblemCode.TEXT_TOO_LONG),
    (at_change, ProvePassword(""), ProblemCode.TEXT_MISSING),
    (at_change, ProvePassword(Endless()), ProblemCode.TEXT_TOO_LONG),
]


@pytest.mark.parametrize("request_id", [None, "a request"])
@pytest.mark.parametrize(("there", "event", "code"), UNREADABLE, ids=range(len(UNREADABLE)))
def test_text_that_cannot_be_read_is_a_problem_and_changes_nothing(
    house: House, there: Callable[[House], Reply], event: Input, code: ProblemCode, request_id: str | None
) -> None:
    """R35: ten megabytes are refused by their length alone."""
    reply = there(house)
    before = (house.journey(reply), house.ledger(MARIE), house.ledger(LEA), house.store.outbox(), house.store.audit())
    caller = HERE if request_id is None else asked(request_id)
    answer = house.send(reply, event, caller)
    assert (code, reply.view.state) == (answer.view.problem and answer.view.problem.code, answer.view.state)
    after = (house.journey(reply), house.ledger(MARIE), house.ledger(LEA), house.store.outbox(), house.store.audit())
    assert before == after


def test_no_password_is_hashed_for_a_text_that_cannot_be_read(house: House) -> None:
    reply = house.at_new_password()
    house.send(reply, ChoosePassword(Endless(), "x"))
    assert (0, 0) == (house.count("accounts.password_matches"), house.count("meter.measure"))


def test_ten_megabytes_at_the_door_are_refused_by_their_length(house: House) -> None:
    """R35."""
    assert [None] * 2 == [
        house.host.sign_in(identifier, password, asked("a request"))
        for identifier, password in ((Endless(), "x"), ("2840333900001", Endless()))
    ]


def test_text_that_cannot_be_read_is_a_lapse_when_it_comes_too_late(house: House) -> None:
    reply = house.at_code()
    house.later(hours=1)
    view = house.send(reply, SubmitCode("12a4")).view
    assert (State.LAPSED, None) == (view.state, view.problem)
