"""What a failure of a port costs, what it says, and what it never stops (R16)."""

from collections.abc import Callable
from traceback import walk_tb
from typing import Any

import pytest

from msa_recovery.application.errors import Contended, InfrastructureError, UnknownHandle
from msa_recovery.application.reply import Reply
from msa_recovery.domain.inputs import (
    ChoosePassword,
    Identify,
    Input,
    SignIn,
    SubmitCode,
)
from msa_recovery.domain.journey import State
from msa_recovery.domain.problem import ProblemCode
from msa_recovery.testing.people import (
    MARIE,
    NEW_PASSWORD,
    NIR_OF_MARIE,
)
from msa_recovery.testing.tapped import Call, failing, through
from tests.support.house import HERE, House, asked

ONCE = asked("once")


def test_a_crash_spends_the_guess(house: House) -> None:
    """Section 4: it was counted before it was compared, and without a request id the retry is another one."""
    reply = house.at_code()
    right = SubmitCode(house.code)
    house.tap = failing(3, port="store")
    with pytest.raises(InfrastructureError):
        house.send(reply, right)
    house.tap = through
    view = house.host.resume(reply.handle, HERE).view
    assert (2, 1) == (view.attempts_left, len(house.ledger(MARIE).ledger.code_guesses))


def test_three_crashes_spend_the_code(house: House) -> None:
    """R3: also when its holder never hears of any of them."""
    reply = house.at_code()
    right = SubmitCode(house.code)
    for _ in range(3):
        house.tap = failing(3, port="store")
        with pytest.raises(InfrastructureError):
            house.send(reply, right)
    house.tap = through
    problem = house.send(reply, right).view.problem
    assert ProblemCode.CODE_NOT_LIVE is (problem and problem.code)


def test_a_guess_that_was_reserved_in_time_is_not_compared_too_late(house: House) -> None:
    """Invariant 6: the code expired between the crash and the retry."""
    reply = house.at_code()
    right = SubmitCode(house.code)
    house.tap = failing(3, port="store")
    with pytest.raises(InfrastructureError):
        house.send(reply, right, ONCE)
    house.tap = through
    house.later(minutes=30)
    assert State.CONFIRMING_CODE is house.send(reply, right, ONCE).view.state


def test_a_new_handle_that_nobody_heard_is_no_harm(house: House) -> None:
    """The temporary password still opens the door."""
    reply = house.at_sign_in()
    house.tap = failing(3, port="store", after=True)
    with pytest.raises(InfrastructureError):
        house.send(reply, SignIn(house.password))
    house.tap = through
    with pytest.raises(UnknownHandle):
        house.host.resume(reply.handle, HERE)
    answer = house.host.sign_in(NIR_OF_MARIE, house.password, HERE)
    assert isinstance(answer, Reply)
    assert State.PERSONALISING_PASSWORD is answer.view.state


@pytest.mark.parametrize(
    ("begin", "event", "port"),
    [
        (lambda house: house.host.begin(HERE), Identify(NIR_OF_MARIE), "store"),
        (lambda house: house.host.begin(HERE), Identify(NIR_OF_MARIE), "accounts"),
        (lambda house: house.host.begin(HERE), Identify(NIR_OF_MARIE), "clock"),
        (House.at_code, SubmitCode("0000"), "secrets"),
        (House.at_new_password, ChoosePassword(NEW_PASSWORD, NEW_PASSWORD), "meter"),
    ],
    ids=["store", "accounts", "clock", "secrets", "meter"],
)
def test_a_failure_says_which_port_it_was_and_no_more(
    house: House, begin: Callable[[House], Reply], event: Input, port: str
) -> None:
    """R54: what the port itself says may hold a name or a number; it stays the cause."""
    reply = begin(house)
    house.tap = failing(0, port=port)
    with pytest.raises(InfrastructureError) as failed:
        house.send(reply, event)
    assert (port, f"{port}: ConnectionError") == (failed.value.port, str(failed.value))
    assert isinstance(failed.value.__cause__, ConnectionError)


def test_what_a_port_raises_of_ours_is_raised_as_it_is(house: House) -> None:
    """A store of several hosts may itself be contended."""

    def busy(call: Call, go: Callable[[], Any]) -> Any:
        if call.port == "store":
            raise Contended
        return go()

    house.tap = busy
    with pytest.raises(Contended):
        house.host.begin(HERE)


@pytest.mark.parametrize("door", ["begin", "begin_change", "sign_in"])
def test_a_door_that_fails_can_be_tried_again(open_house: Callable[..., House], door: str) -> None:
    def knock(house: House) -> State:
        match door:
            case "begin":
                return house.host.begin(HERE).view.state
            case "sign_in":
                answer: object = house.host.sign_in(NIR_OF_MARIE, house.password, HERE)
            case _:
                answer = getattr(house.host, door)(MARIE, HERE)
        assert isinstance(answer, Reply)
        return answer.view.state

    def ready() -> House:
        house = open_house()
        house.at_sign_in()
        return house

    house = ready()
    before = len(house.outside())
    expected = knock(house)
    for number in range(len(house.outside()) - before):
        house = ready()
        house.tap = failing(number)
        with pytest.raises((InfrastructureError, AssertionError)) as failure:
            knock(house)
        # A directory that fails does not stop a usual sign-in (invariant 8): the person is asked at the next one.
        assert failure.type is InfrastructureError or door == "pending"
        house.tap = through
        assert expected is knock(house)


def test_a_directory_that_fails_stops_no_usual_sign_in(house: House) -> None:
    """Invariant 8: the person is asked at the next one."""
    house.at_contacts()
    house.tap = failing(0, port="accounts")
    assert house.host.pending(MARIE, HERE) is None
    house.tap = through
    assert house.host.pending(MARIE, HERE) is not None


@pytest.mark.parametrize("port", ["store", "clock", "secrets"])
def test_another_port_that_fails_is_said_at_a_usual_sign_in(house: House, port: str) -> None:
    house.at_contacts()
    house.tap = failing(0, port=port)
    with pytest.raises(InfrastructureError, match=port):
        house.host.pending(MARIE, HERE)


@pytest.mark.parametrize("call", ["send", "sign_in"])
def test_no_frame_of_a_call_that_fails_shows_what_was_typed(house: House, call: str) -> None:
    """R54: in a traceback with its locals, such as an error report keeps."""
    reply = house.at_new_password()
    wrong = house.wrong_password
    house.tap = failing(0, port="store")
    calls: dict[str, Callable[[], object]] = {
        "send": lambda: house.send(reply, ChoosePassword(NEW_PASSWORD, NEW_PASSWORD)),
        "sign_in": lambda: house.host.sign_in(NIR_OF_MARIE, wrong, HERE),
    }
    with pytest.raises(InfrastructureError) as failed:
        calls[call]()
    ours = (frame for frame, _ in walk_tb(failed.tb) if "msa_recovery/application" in frame.f_code.co_filename)
    shown = " ".join(repr(value) for frame in ours for value in frame.f_locals.values())
    assert [] == [text for text in (NEW_PASSWORD, NIR_OF_MARIE, wrong) if text in shown]
