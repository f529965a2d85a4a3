"""A port fails in the middle: nothing is half done, nothing is opened, and the retry ends well (R16, invariant 11)."""

from collections.abc import Callable

import pytest

from msa_recovery.application.errors import InfrastructureError
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
from msa_recovery.testing.people import (
    IDENTITY_OF_MARIE,
    LEA,
    MARIE,
    NEW_PASSWORD,
    NIR_OF_LEA,
    NIR_OF_MARIE,
    SERIAL,
    USUAL_PASSWORD,
)
from msa_recovery.testing.tapped import Call, failing, through
from tests.support.house import HERE, House, asked

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
    "current password again": (
        House.at_new_password,
        ChoosePassword(USUAL_PASSWORD, USUAL_PASSWORD),
        State.PERSONALISING_PASSWORD,
    ),
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
        house.journey(reply).journey.comparisons,
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


def _undisturbed(house: House, play: Play) -> tuple[tuple[object, ...], list[Call]]:
    """What a play comes to in a house where nothing fails, and the calls that it takes."""
    begin, event, state = play
    reply, before = begin(house), len(house.outside())
    after = house.send(reply, _right(house, event), ONCE)
    assert state is after.view.state
    return _everything(house, after), house.outside()[before:]


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
