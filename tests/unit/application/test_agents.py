"""What an agent of the fund can do, by any door (R58): begin a journey, order a letter, and never see, type or choose a
secret of the person."""

from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve

from msa_recovery.application.errors import NotForAgents
from msa_recovery.application.reply import Reply
from msa_recovery.domain.account import Channel
from msa_recovery.domain.events import Abandon, ConfirmContacts, GoBack, ResendCode
from msa_recovery.domain.inputs import (
    AnswerChallenge,
    ChooseChannel,
    ChoosePassword,
    EditContact,
    Identify,
    Input,
    OrderLetter,
    ProvePassword,
    SignIn,
    SubmitCode,
)
from msa_recovery.domain.journey import State
from msa_recovery.testing.people import MARIE, NEW_PASSWORD, NIR_OF_LEA, NIR_OF_MARIE, USUAL_PASSWORD
from tests.support.house import AGENT, ANYWHERE, HERE, House

ANONYMOUS_AGENT = evolve(ANYWHERE, agent=True)

BY_HAND: list[tuple[Callable[[House], Reply], Callable[[House], Input]]] = [
    (House.at_code, lambda house: SubmitCode(house.code)),
    (House.at_sign_in, lambda house: SignIn(house.password)),
    (House.at_new_password, lambda _: ChoosePassword(NEW_PASSWORD, NEW_PASSWORD)),
    (lambda house: house.host.begin_change(MARIE, HERE), lambda _: ProvePassword(USUAL_PASSWORD)),
]


@pytest.mark.parametrize("agent", [AGENT, ANONYMOUS_AGENT], ids=["from somewhere", "from nowhere"])
@pytest.mark.parametrize(("there", "typed"), BY_HAND, ids=["a code", "a temporary password", "a new one", "the usual"])
def test_an_agent_types_no_secret_of_the_person(
    house: House, there: Callable[[House], Reply], typed: Callable[[House], Input], agent: Any
) -> None:
    """R58: not even the right one; nothing is counted, compared or changed."""
    reply = there(house)
    event, before = typed(house), (house.journey(reply), house.ledger(MARIE), house.held(MARIE), house.store.audit())
    with pytest.raises(NotForAgents):
        house.send(reply, event, agent)
    assert before == (house.journey(reply), house.ledger(MARIE), house.held(MARIE), house.store.audit())


def test_an_agent_signs_nobody_in(house: House) -> None:
    """R58: at the host's own form either."""
    house.at_sign_in()
    before = house.ledger(MARIE)
    with pytest.raises(NotForAgents):
        house.host.sign_in(NIR_OF_MARIE, house.password, AGENT)
    assert before == house.ledger(MARIE)


def test_the_person_goes_on_where_the_agent_began(house: House) -> None:
    """R58: an agent starts the journey."""
    reply = house.play(Identify(NIR_OF_MARIE), ChooseChannel("sms"), caller=AGENT)
    assert State.AWAITING_SIGN_IN is house.send(reply, SubmitCode(house.code)).view.state


def test_no_answer_to_an_agent_holds_a_secret(house: House) -> None:
    """R58: by every door, and every event that an agent may send."""
    answers: list[Any] = [house.play(OrderLetter(NIR_OF_MARIE), caller=AGENT)]
    letter = house.password
    reply = house.play(Identify(NIR_OF_MARIE), caller=AGENT)
    answers.append(reply)
    events = (GoBack(), Identify(NIR_OF_MARIE), ChooseChannel("sms"))
    answers += [house.send(reply, event, AGENT) for event in events]
    house.later(minutes=2)
    answers += [house.send(reply, ResendCode(), AGENT), house.host.resume(reply.handle, AGENT)]
    sent = house.send(reply, SubmitCode(house.code))
    signed_in = house.send(sent, SignIn(house.password))
    confirming = house.send(signed_in, ChoosePassword(NEW_PASSWORD, NEW_PASSWORD))
    answers += [
        house.host.resume(confirming.handle, AGENT),
        house.send(confirming, EditContact("landline", "05 56 00 00 01"), AGENT),
        house.send(confirming, ConfirmContacts(), AGENT),
        house.host.pending(MARIE, AGENT),
        house.host.begin_change(MARIE, AGENT),
        house.host.unblock(NIR_OF_MARIE, AGENT),
        house.host.relay(),
    ]
    answers.append(house.send(house.host.begin(AGENT), Abandon(), AGENT))
    answers.append(house.host.forget(NIR_OF_MARIE, AGENT))
    secrets = {each.reveal() for each in (*house.codes, *house.passwords)} | {letter, NEW_PASSWORD, USUAL_PASSWORD}
    said = "\n".join(map(repr, answers))
    assert [] == [secret for secret in secrets if secret in said]


def test_what_an_agent_orders_goes_to_the_address_on_file(house: House) -> None:
    """R58, R12: an agent names nobody's address."""
    house.play(OrderLetter(NIR_OF_MARIE), caller=AGENT)
    (letter,) = house.delivered(Channel.LETTER)
    assert house.held(MARIE).account.postal_address == letter.to


def test_an_agents_answer_to_the_question_counts_like_anybodys(house: House) -> None:
    """R25, R58: no allowance of its own."""
    reply = house.play(Identify(NIR_OF_LEA), caller=AGENT)
    house.send(reply, AnswerChallenge("benefit_amount", "1,00"), AGENT)
    assert 1 == house.journey(reply).journey.answers
