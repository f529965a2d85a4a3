"""A port fails in the middle: nothing is half done, nothing is opened, and the retry ends well (R16, invariant 11)."""

from collections.abc import Callable
from traceback import walk_tb
from typing import Any

import pytest

from msa_recovery.application.errors import Contended, InfrastructureError, UnknownHandle
from msa_recovery.application.reply import Reply
from msa_recovery.domain.events import ConfirmContacts, UseFranceConnect
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
from tests.support.house import HERE, House, asked
from tests.support.people import (
    IDENTITY_OF_MARIE,
    LEA,
    MARIE,
    NEW_PASSWORD,
    NIR_OF_LEA,
    NIR_OF_MARIE,
    SERIAL,
    USUAL_PASSWORD,
)
from tests.support.tapped import Call, Tap, through


def failing(number: int, *, port: str = "", after: bool = False) -> Tap:
    """The so-manieth call, counted from 0, of a port that is asked (of that name) fails: before it does anything, or
    after it has done it, so that nobody hears the answer."""
    made = -1

    def tap(call: Call, go: Callable[[], Any]) -> Any:
        nonlocal made
        if call.port == "vault" or port not in ("", call.port):
            return go()
        made += 1
        if made != number:
            return go()
        if after:
            go()
        raise ConnectionError("the line is dead: Marie, 2840333900001")

    return tap


ONCE = asked("once")
Play = tuple[Callable[[House], Reply], Input, State]

PLAYS: dict[str, Play] = {
    "identify": (lambda house: house.host.begin(HERE), Identify(NIR_OF_MARIE), State.CHOOSING_CHANNEL),
    "franceconnect": (
        lambda house: house.host.begin(HERE),
        UseFranceConnect(IDENTITY_OF_MARIE),
        State.SIGNED_IN_WITH_FRANCECONNECT,
    ),
    "answer": (
        lambda house: house.play(Identify(NIR_OF_LEA)),
        AnswerChallenge("vitale_serial", SERIAL),
        State.CHOOSING_CHANNEL,
    ),
    "channel": (lambda house: house.play(Identify(NIR_OF_MARIE)), ChooseChannel("email"), State.CONFIRMING_CODE),
    "code": (House.at_code, SubmitCode("right"), State.AWAITING_SIGN_IN),
    "sign in": (House.at_sign_in, SignIn("right"), State.PERSONALISING_PASSWORD),
    "password": (House.at_new_password, ChoosePassword(NEW_PASSWORD, NEW_PASSWORD), State.CONFIRMING_CONTACTS),
    "edit": (House.at_contacts, EditContact("email", "marie2@example.org"), State.CONFIRMING_CONTACTS),
    "confirm": (
        lambda house: house.send(house.at_contacts(), EditContact("email", "marie2@example.org")),
        ConfirmContacts(),
        State.COMPLETED,
    ),
    "prove": (
        lambda house: house.host.begin_change(MARIE, HERE),
        ProvePassword(USUAL_PASSWORD),
        State.PERSONALISING_PASSWORD,
    ),
}


def _right(house: House, event: Input) -> Input:
    """The event with the right secret in it."""
    match event:
        case SubmitCode():
            return SubmitCode(house.code)
        case SignIn():
            return SignIn(house.password)
        case _:
            return event


def _everything(house: House, reply: Reply) -> tuple[object, ...]:
    """All that is seen, counted, promised and done, but for what is drawn at random."""
    ledgers = [house.ledger(key) for key in (MARIE, LEA)]
    marie = house.held(MARIE).account
    return (
        reply.view,
        [
            (
                stored.open_intents,
                stored.ledger.epoch,
                stored.ledger.intents,
                len(stored.ledger.code_guesses),
                len(stored.ledger.answers),
                len(stored.ledger.current_password_guesses),
                stored.ledger.sign_in_count(house.clock.now()),
                [slot.guesses_left for slot in stored.ledger.codes],
                len(stored.ledger.sends),
                stored.ledger.sent_password is None,
            )
            for stored in ledgers
        ],
        [(row.channel, row.state, len(row.sealed)) for row in house.store.outbox()],
        [row.fact for row in house.store.audit()],
        [(held.password_hash, held.sessions_revoked) for held in house.directory.accounts()],
        [(contact.kind, contact.value) for contact in marie.contacts],
        marie.contacts_to_confirm,
    )


def _outside(house: House) -> list[Call]:
    """Every call so far of a port that can fail on its own: keyed functions are computed where the script runs."""
    return [call for call in house.calls if call.port != "vault"]


def _undisturbed(house: House, play: Play) -> tuple[tuple[object, ...], list[Call]]:
    """What a play comes to in a house where nothing fails, and the calls that it takes."""
    begin, event, state = play
    reply, before = begin(house), len(_outside(house))
    after = house.send(reply, _right(house, event), ONCE)
    assert state is after.view.state
    return _everything(house, after), _outside(house)[before:]


@pytest.mark.parametrize("play", PLAYS.values(), ids=PLAYS.keys())
def test_whichever_call_fails_the_retry_comes_to_the_same(open_house: Callable[..., House], play: Play) -> None:
    """R16: fault injection at every call. The same request id makes the retry the same guess."""
    expected, calls = _undisturbed(open_house(), play)
    begin, event, _ = play
    for number, call in enumerate(calls):
        house = open_house()
        reply = begin(house)
        right = _right(house, event)
        house.tap = failing(number)
        with pytest.raises(InfrastructureError):
            house.send(reply, right, ONCE)
        house.tap = through
        # After the commit of a sign-in the handle is another one, which nobody heard: that has a test of its own.
        if not (isinstance(event, SignIn) and _is_step(calls[number - 1])):
            assert expected == _everything(house, house.send(reply, right, ONCE)), f"call {number}: {call}"


@pytest.mark.parametrize(
    "play", [PLAYS[name] for name in PLAYS if name != "sign in"], ids=[name for name in PLAYS if name != "sign in"]
)
def test_whichever_answer_is_lost_the_retry_comes_to_the_same(open_house: Callable[..., House], play: Play) -> None:
    """R16: a call that did its work, of which nobody heard."""
    expected, calls = _undisturbed(open_house(), play)
    begin, event, _ = play
    for number, call in enumerate(calls):
        house = open_house()
        reply = begin(house)
        right = _right(house, event)
        house.tap = failing(number, after=True)
        with pytest.raises(InfrastructureError):
            house.send(reply, right, ONCE)
        house.tap = through
        assert expected == _everything(house, house.send(reply, right, ONCE)), f"call {number}: {call}"


def _is_step(call: Call) -> bool:
    """Whether this is the commit of a step: it keeps facts, a reservation keeps none."""
    return str(call) == "store.commit" and bool(call.arguments[0].audit)


@pytest.mark.parametrize("play", PLAYS.values(), ids=PLAYS.keys())
def test_what_fails_before_the_step_is_kept_opens_nothing(open_house: Callable[..., House], play: Play) -> None:
    """Invariant 11: no state, no message, no effect, no fact."""
    _, calls = _undisturbed(open_house(), play)
    begin, event, _ = play
    for number in range([_is_step(call) for call in calls].index(True) + 1):
        house = open_house()
        reply = begin(house)
        right = _right(house, event)
        before = (
            house.journey(reply).journey.state,
            house.store.outbox(),
            house.store.audit(),
            house.directory.accounts(),
        )
        house.tap = failing(number)
        with pytest.raises(InfrastructureError):
            house.send(reply, right)
        after = (
            house.journey(reply).journey.state,
            house.store.outbox(),
            house.store.audit(),
            house.directory.accounts(),
        )
        assert before == after, f"call {number}: {calls[number]}"
        assert () == house.ledger(MARIE).open_intents


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
    before = len(_outside(house))
    expected = knock(house)
    for number in range(len(_outside(house)) - before):
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
