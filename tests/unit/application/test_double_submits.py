"""The same request id acts once and answers the same (R39)."""

import pytest

from msa_recovery.application.errors import JourneyFinished
from msa_recovery.application.reply import Reply
from msa_recovery.domain.events import Abandon, GoBack, ResendCode
from msa_recovery.domain.inputs import (
    AnswerChallenge,
    ChooseChannel,
    ChoosePassword,
    Identify,
    Input,
    ProvePassword,
    SignIn,
    SubmitCode,
)
from msa_recovery.domain.journey import State
from msa_recovery.domain.problem import ProblemCode
from msa_recovery.testing.people import LEA, MARIE, NEW_PASSWORD, NIR_OF_LEA, NIR_OF_MARIE
from tests.support.house import HERE, House, asked

ONCE = asked("once")


def test_a_double_submit_answers_the_same(house: House) -> None:
    reply = house.at_code()
    first, second = (house.send(reply, SubmitCode(house.wrong_code), ONCE) for _ in range(2))
    assert (first.view, first.handle) == (second.view, second.handle)


@pytest.mark.parametrize("event", [SubmitCode("0000"), ResendCode(), GoBack(), Abandon()], ids=lambda e: e.name)
def test_a_double_submit_acts_once(house: House, event: Input) -> None:
    reply = house.at_code()
    house.later(minutes=2)
    house.send(reply, event, ONCE)
    before = (house.journey(reply), house.ledger(MARIE), house.store.outbox(), house.store.audit())
    house.send(reply, event, ONCE)
    assert before == (house.journey(reply), house.ledger(MARIE), house.store.outbox(), house.store.audit())


def test_another_request_acts_again(house: House) -> None:
    reply = house.at_code()
    for name in ("first", "second"):
        house.send(reply, SubmitCode(house.wrong_code), asked(name))
    assert 2 == len(house.ledger(MARIE).ledger.code_guesses)


def test_without_a_request_id_every_submit_acts(house: House) -> None:
    reply = house.at_code()
    for _ in range(2):
        house.send(reply, SubmitCode(house.wrong_code))
    assert 2 == len(house.ledger(MARIE).ledger.code_guesses)


def test_one_request_id_serves_each_event_once(house: House) -> None:
    """A host may number its pages: the id belongs to the event too."""
    reply = house.send(house.host.begin(HERE), Identify(NIR_OF_MARIE), ONCE)
    assert State.CONFIRMING_CODE is house.send(reply, ChooseChannel("sms"), ONCE).view.state


def test_one_request_id_serves_each_journey_once(house: House) -> None:
    assert [State.CHOOSING_CHANNEL] * 2 == [
        house.send(house.host.begin(HERE), Identify(NIR_OF_MARIE), ONCE).view.state for _ in range(2)
    ]


def test_text_that_could_not_be_read_may_be_typed_anew_under_its_request_id(house: House) -> None:
    """It was no event."""
    reply = house.at_code()
    house.send(reply, SubmitCode("12a4"), ONCE)
    assert State.AWAITING_SIGN_IN is house.send(reply, SubmitCode(house.code), ONCE).view.state


def test_other_text_under_the_same_request_id_is_not_compared(house: House) -> None:
    """It acts once: who sends one id with many codes tries one of them."""
    reply = house.at_code()
    house.send(reply, SubmitCode(house.wrong_code), ONCE)
    again = house.send(reply, SubmitCode(house.code), ONCE).view
    assert (State.CONFIRMING_CODE, ProblemCode.CODE_WRONG) == (again.state, again.problem and again.problem.code)


def test_a_double_submit_of_the_last_event_answers_the_end(house: House) -> None:
    reply = house.at_code()
    assert [State.ABANDONED] * 2 == [house.send(reply, Abandon(), ONCE).view.state for _ in range(2)]
    with pytest.raises(JourneyFinished):
        house.send(reply, Abandon(), asked("another"))


@pytest.mark.parametrize(("between", "acts_again"), [(7, False), (8, True)])
def test_eight_requests_are_remembered(house: House, between: int, acts_again: bool) -> None:
    """What is remembered of a journey does not grow."""
    reply = house.at_code()
    house.send(reply, GoBack(), ONCE)
    for number in range(between):
        house.send(reply, ChooseChannel("sms") if number % 2 == 0 else GoBack(), asked(f"request {number}"))
    if between % 2 == 0:
        house.send(reply, ChooseChannel("sms"))
    before = house.journey(reply).version
    house.send(reply, GoBack(), ONCE)
    assert acts_again is (house.journey(reply).version > before)


def test_a_double_submit_after_the_deadline_is_a_lapse(house: House) -> None:
    """It answers no page that nobody can use any more."""
    reply = house.at_code()
    house.send(reply, SubmitCode(house.wrong_code), ONCE)
    house.later(hours=1)
    assert [State.LAPSED] * 2 == [house.send(reply, SubmitCode(house.wrong_code), ONCE).view.state for _ in range(2)]


# -- at the same time --------------------------------------------------------------------------------------------------


def test_two_submits_at_the_same_time_are_counted_once(house: House) -> None:
    """R39: concurrent; the guess is one guess."""
    reply = house.at_code()
    call = ("send", (reply.handle, SubmitCode(house.wrong_code), ONCE))
    answers = house.host.together([call] * 8)
    assert [reply.handle] * 8 == [answer.handle for answer in answers]
    assert 1 == len(house.ledger(MARIE).ledger.code_guesses)


def test_two_right_submits_at_the_same_time_send_one_password(house: House) -> None:
    reply = house.at_code()
    call = ("send", (reply.handle, SubmitCode(house.code), ONCE))
    answers = house.host.together([call] * 8)
    assert [State.AWAITING_SIGN_IN] * 8 == [answer.view.state for answer in answers]
    assert 2 == len(house.store.outbox())


def test_the_third_guess_may_be_a_double_submit_of_the_right_code(house: House) -> None:
    """The second of the two must not tell the first that no guess is left."""
    reply = house.at_code()
    for _ in range(2):
        house.send(reply, SubmitCode(house.wrong_code))
    call = ("send", (reply.handle, SubmitCode(house.code), ONCE))
    assert [State.AWAITING_SIGN_IN] * 8 == [answer.view.state for answer in house.host.together([call] * 8)]


# -- a guess that is made again ----------------------------------------------------------------------------------------


def _forgotten(house: House, reply: Reply) -> None:
    """So many other requests that the journey no longer remembers the first."""
    for number in range(8):
        house.send(reply, GoBack() if number % 2 == 0 else ChooseChannel("sms"), asked(f"other {number}"))


def test_the_same_request_at_another_code_is_another_guess(house: House) -> None:
    """R3, invariant 14: what was counted against one code buys no comparison with the next one."""
    reply = house.at_code()
    wrong = house.wrong_code
    house.send(reply, SubmitCode(wrong), ONCE)
    house.later(minutes=2)
    house.send(reply, ResendCode())
    _forgotten(house, reply)
    house.send(reply, SubmitCode(wrong if wrong != house.code else house.wrong_code), ONCE)
    assert 2 == len(house.ledger(MARIE).ledger.code_guesses)


def test_the_same_request_at_the_same_code_is_the_same_guess(house: House) -> None:
    """However long ago: it tells nothing new, and costs nothing."""
    reply = house.at_code()
    wrong = house.wrong_code
    for _ in range(2):
        house.send(reply, SubmitCode(wrong), ONCE)
        _forgotten(house, reply)
    assert 1 == len(house.ledger(MARIE).ledger.code_guesses)


@pytest.mark.parametrize("text", [NEW_PASSWORD, "faible"])
def test_a_double_submit_of_a_new_password_answers_the_same(house: House, text: str) -> None:
    reply = house.at_new_password()
    first, second = (house.send(reply, ChoosePassword(text, text), ONCE).view for _ in range(2))
    assert first == second


def test_a_double_submit_of_an_answer_is_one_answer(house: House) -> None:
    """R25."""
    reply = house.play(Identify(NIR_OF_LEA))
    views = [house.send(reply, AnswerChallenge("vitale_serial", "0123456789"), ONCE).view for _ in range(2)]
    assert [State.AWAITING_SIGN_IN] * 2 == [view.state for view in views]
    assert 1 == len(house.ledger(LEA).ledger.answers)


def test_a_double_submit_of_the_current_password_is_one_try(house: House) -> None:
    reply = house.host.begin_change(MARIE, HERE)
    assert [4, 4] == [house.send(reply, ProvePassword("faux"), ONCE).view.attempts_left for _ in range(2)]


def test_a_double_submit_at_the_door_is_counted_once(house: House) -> None:
    house.at_sign_in()
    for _ in range(2):
        house.host.sign_in(NIR_OF_MARIE, house.wrong_password, ONCE)
    assert 1 == house.ledger(MARIE).ledger.sign_in_count(house.clock.now())


def test_a_double_submit_of_a_wrong_temporary_password_is_counted_once(house: House) -> None:
    reply = house.at_sign_in()
    for _ in range(2):
        house.send(reply, SignIn(house.wrong_password), ONCE)
    assert 1 == house.ledger(MARIE).ledger.sign_in_count(house.clock.now())
