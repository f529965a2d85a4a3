"""What is the host's fault is a CallerError that says which, and changes nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from msa_recovery.application.caller import Caller, Language, Origin
from msa_recovery.application.errors import (
    EventNotAccepted,
    JourneyFinished,
    NotAnAgent,
    UnknownHandle,
)
from msa_recovery.domain import inputs
from msa_recovery.domain.account import Channel
from msa_recovery.domain.errors import CallerError, NotText
from msa_recovery.domain.events import Abandon, ConfirmContacts, EventName, GoBack, Lapse, ResendCode
from msa_recovery.domain.inputs import Identify, OrderLetter, ProvePassword, SignIn, SubmitCode
from msa_recovery.domain.journey import State
from msa_recovery.domain.secret import Secret
from msa_recovery.testing.people import MARIE, NIR_OF_MARIE
from tests.support.endless import Endless
from tests.support.house import AGENT, ANYWHERE, HERE, House

# -- handles -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "handle", ["", "nobody's", "\ud800", "é" * 100, Endless()], ids=["empty", "short", "odd", "é", "long"]
)
@pytest.mark.parametrize("request_id", [None, "a request"])
def test_nobodys_handle_is_unknown(house: House, handle: str, request_id: str | None) -> None:
    with pytest.raises(UnknownHandle, match="no journey has this handle"):
        house.host.send(Secret(handle), Abandon(), Caller(request_id=request_id))


def test_a_purged_journey_is_unknown(house: House) -> None:
    reply = house.play(Abandon())
    house.later(days=31)
    house.host.purge()
    with pytest.raises(UnknownHandle):
        house.host.resume(reply.handle, HERE)


# -- events ------------------------------------------------------------------------------------------------------------


def test_an_event_out_of_turn_is_refused_by_name(house: House) -> None:
    """R1."""
    reply = house.host.begin(HERE)
    with pytest.raises(EventNotAccepted, match="identifying does not accept submit_code") as refused:
        house.send(reply, SubmitCode("0000"))
    assert (State.IDENTIFYING, EventName.SUBMIT_CODE) == (refused.value.state, refused.value.event)


def test_an_event_out_of_turn_changes_nothing(house: House) -> None:
    """R1, invariant 2."""
    reply = house.at_code()
    before = (house.journey(reply), house.ledger(MARIE), house.store.outbox(), house.store.audit())
    for event in (Identify(NIR_OF_MARIE), SignIn("Ab3#efghijkm"), ConfirmContacts(), ProvePassword("x")):
        with pytest.raises(EventNotAccepted):
            house.send(reply, event)
    assert before == (house.journey(reply), house.ledger(MARIE), house.store.outbox(), house.store.audit())


def test_an_event_out_of_turn_costs_no_more_than_a_refusal(house: House) -> None:
    """R35: ten megabytes cost a refusal."""
    with pytest.raises(EventNotAccepted):
        house.send(house.host.begin(HERE), SubmitCode(Endless()))


def test_a_journey_that_is_over_says_how(house: House) -> None:
    reply = house.play(Abandon())
    with pytest.raises(JourneyFinished, match="abandoned") as refused:
        house.send(reply, Abandon())
    assert State.ABANDONED is refused.value.state


@pytest.mark.parametrize("event", [Abandon(), SubmitCode("0000"), Identify("no identifier"), GoBack(), Lapse()])
def test_a_lapsed_journey_answers_anything_with_its_view(house: House, event: inputs.Input) -> None:
    reply = house.host.begin(HERE)
    house.later(hours=1)
    house.host.lapse_due()
    view = house.send(reply, event).view
    assert (State.LAPSED, (), None) == (view.state, view.may, view.problem)


def test_an_accepted_event_that_comes_too_late_is_a_lapse(house: House) -> None:
    reply = house.at_code()
    house.later(hours=1)
    assert State.LAPSED is house.send(reply, ResendCode()).view.state


def test_abandoning_late_is_still_abandoning(house: House) -> None:
    reply = house.at_code()
    house.later(hours=1)
    assert State.ABANDONED is house.send(reply, Abandon()).view.state


def test_only_an_agent_orders_a_letter(house: House) -> None:
    """R58."""
    reply = house.host.begin(HERE)
    with pytest.raises(NotAnAgent):
        house.send(reply, OrderLetter(NIR_OF_MARIE))
    assert () == house.store.outbox()


def test_an_agent_orders_a_letter(house: House) -> None:
    """R58: and sees nothing of the password."""
    reply = house.play(OrderLetter(NIR_OF_MARIE), caller=AGENT)
    assert State.AWAITING_SIGN_IN is reply.view.state
    assert house.password not in repr(reply)


# -- types -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("given", [None, 4, b"2840333900001", ["2840333900001"], {"a": 1}, 1.5, object(), Secret("x")])
@pytest.mark.parametrize(
    ("make", "field"),
    [
        (inputs.Identify, "identifier"),
        (inputs.OrderLetter, "identifier"),
        (lambda text: inputs.AnswerChallenge(text, "1"), "kind"),
        (lambda text: inputs.AnswerChallenge("vitale_serial", text), "answer"),
        (inputs.ChooseChannel, "channel"),
        (inputs.SubmitCode, "code"),
        (inputs.SignIn, "password"),
        (inputs.ProvePassword, "password"),
        (lambda text: inputs.ChoosePassword(text, "x"), "password"),
        (lambda text: inputs.ChoosePassword("x", text), "repeated"),
        (lambda text: inputs.EditContact(text, "x"), "kind"),
        (lambda text: inputs.EditContact("email", text), "value"),
        (Origin, "origin"),
    ],
    ids=[f"{place}" for place in range(13)],
)
def test_what_is_no_text_is_refused_by_the_name_of_its_field(
    make: Callable[[Any], object], field: str, given: object
) -> None:
    """R35: a CallerError, and a TypeError, that says which field."""
    with pytest.raises(NotText, match=f"{field}: a str, not {type(given).__name__}") as refused:
        make(given)
    assert field == refused.value.field


@pytest.mark.parametrize(
    ("call", "arguments", "named"),
    [
        ("begin", (None,), "caller: a Caller, not NoneType"),
        ("begin", ("203.0.113.7",), "caller: a Caller, not str"),
        ("send", ("a handle", Abandon(), HERE), "handle: a Secret, not str"),
        ("send", (Secret("x"), "abandon", HERE), "event: one of the inputs"),
        ("send", (Secret("x"), Abandon, HERE), "event: one of the inputs"),
        ("send", (Secret("x"), Abandon(), None), "caller: a Caller, not NoneType"),
        ("resume", ("a handle", HERE), "handle: a Secret, not str"),
        ("resume", (Secret("x"), "fr"), "caller: a Caller, not str"),
        ("sign_in", (2840333900001, "x", HERE), "identifier: a str, not int"),
        ("sign_in", (NIR_OF_MARIE, Secret("x"), HERE), "password: a str, not Secret"),
        ("sign_in", (NIR_OF_MARIE, "x", "here"), "caller: a Caller, not str"),
        ("pending", (None, HERE), "account: a str, not NoneType"),
        ("pending", (MARIE, None), "caller: a Caller, not NoneType"),
        ("begin_change", (1, HERE), "account: a str, not int"),
        ("begin_change", (MARIE, 1), "caller: a Caller, not int"),
        ("relay", (0,), "limit: a whole number, 1 or more"),
        ("relay", (True,), "limit: a whole number, 1 or more"),
        ("lapse_due", (-1,), "limit: a whole number, 1 or more"),
        ("purge", (1.5,), "limit: a whole number, 1 or more"),
        ("purge", ("10",), "limit: a whole number, 1 or more"),
    ],
)
def test_an_argument_of_the_wrong_type_is_refused_by_its_name(
    house: House, call: str, arguments: tuple[Any, ...], named: str
) -> None:
    with pytest.raises(CallerError, match=named):
        getattr(house.host, call)(*arguments)
    assert [] == house.calls


# -- the caller --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"language": "de"}, "language: one of fr, en"),
        ({"language": None}, "language: one of fr, en"),
        ({"origin": "203.0.113.7"}, "origin: an Origin, or None"),
        ({"request_id": ""}, "request_id: a str of 1 to 128 characters, or None"),
        ({"request_id": "x" * 129}, "request_id: a str of 1 to 128 characters, or None"),
        ({"request_id": 7}, "request_id: a str of 1 to 128 characters, or None"),
        ({"agent": "no"}, "agent: True or False"),
        ({"agent": 1}, "agent: True or False"),
    ],
)
def test_a_bad_value_of_a_caller_is_refused_by_its_name(wrong: dict[str, Any], named: str) -> None:
    with pytest.raises(CallerError, match=named):
        Caller(**wrong)


@pytest.mark.parametrize("language", ["en", Language.EN], ids=["text", "member"])
def test_a_language_may_be_said_as_text(language: str) -> None:
    assert Language.EN is Caller(language=language).language


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
    ],
)
def test_an_origin_is_an_address_or_a_subscribers_network(address: str, network: str) -> None:
    """R30, R31: who has a whole network is one caller."""
    assert network == Origin(address).network


@pytest.mark.parametrize(
    "address",
    ["", "localhost", "203.0.113.7:443", "203.0.113.7, 198.51.100.9", "203.0.113.07", "2001:db8::/64", Endless()],
    ids=["empty", "name", "port", "list", "octal", "network", "long"],
)
def test_an_origin_is_nothing_else(address: str) -> None:
    """R31: what a forged header may hold is no origin."""
    with pytest.raises(CallerError, match="origin: an IPv4 or IPv6 address"):
        Origin(address)


def test_callers_of_unknown_origin_share_their_caps(house: House) -> None:
    for _ in range(3):
        house.at_code(caller=ANYWHERE)
        house.later(minutes=31)
    refused = house.at_code(caller=ANYWHERE).view
    assert State.CHOOSING_CHANNEL is refused.state
    assert State.CONFIRMING_CODE is house.at_code(caller=HERE).view.state


def test_the_language_of_the_last_event_is_the_one_of_its_message(house: House) -> None:
    reply = house.play(Identify(NIR_OF_MARIE))
    house.send(reply, inputs.ChooseChannel("sms"), Caller(language=Language.EN))
    assert Language.EN is house.delivered(Channel.SMS)[-1].language


def test_no_caller_shows_where_it_comes_from() -> None:
    """R54."""
    caller = Caller(origin=Origin("203.0.113.7"), request_id="a request")
    assert [] == [text for text in ("203.0.113.7", "a request") if text in repr(caller)]
