"""What an operator does to an account (R58)."""

from collections.abc import Callable
from typing import Any

import pytest

from msa_recovery.application.errors import Contended, NotAnAgent
from msa_recovery.domain.account import Channel
from msa_recovery.domain.audit import FactName
from msa_recovery.domain.events import ResendCode
from msa_recovery.domain.inputs import ChooseChannel, Identify, SignIn, SubmitCode
from msa_recovery.domain.journey import State
from msa_recovery.domain.problem import ProblemCode
from msa_recovery.testing.people import MARIE, NIR_OF_MARIE
from msa_recovery.testing.tapped import Call
from tests.support.house import AGENT, HERE, House


def spent(house: House) -> None:
    """Every code that a journey may have is spent on wrong guesses."""
    reply = house.at_code()
    for code in range(3):
        for _ in range(3):
            house.send(reply, SubmitCode(house.wrong_code))
        if code < 2:
            house.later(minutes=1)
            house.send(reply, ResendCode())


def test_whoever_spent_every_guess_is_sent_a_code_again(house: House) -> None:
    spent(house)
    assert State.AWAITING_SIGN_IN is house.play(Identify(NIR_OF_MARIE)).view.state
    assert house.host.unblock(NIR_OF_MARIE, AGENT) is None
    reply = house.play(Identify(NIR_OF_MARIE), ChooseChannel("sms"))
    assert State.CONFIRMING_CODE is reply.view.state


def test_a_live_temporary_password_still_works(house: House) -> None:
    reply = house.at_sign_in()
    house.host.unblock(NIR_OF_MARIE, AGENT)
    assert State.PERSONALISING_PASSWORD is house.send(reply, SignIn(house.password)).view.state


def test_a_live_code_has_the_guesses_that_it_had(house: House) -> None:
    """Otherwise whoever talks an operator into it gets three more at the very code."""
    reply = house.at_code()
    house.send(reply, SubmitCode(house.wrong_code))
    house.host.unblock(NIR_OF_MARIE, AGENT)
    assert 1 == house.send(reply, SubmitCode(house.wrong_code)).view.attempts_left


def test_it_leaves_a_fact_of_its_account(house: House) -> None:
    """R53, invariant 4."""
    house.host.unblock(NIR_OF_MARIE, AGENT)
    row = house.store.audit()[-1]
    assert (FactName.UNBLOCKED, house.pseudonym(f"account:{MARIE}")) == (row.fact.name, row.account)


def test_an_identifier_of_nobody_is_answered_alike(house: House) -> None:
    """R13."""
    assert house.host.unblock(house.unknown(), AGENT) is None


def test_whoever_is_no_agent_forgives_nobody(house: House) -> None:
    with pytest.raises(NotAnAgent):
        house.host.unblock(NIR_OF_MARIE, HERE)
    assert [] == house.facts()


def test_what_is_no_identifier_is_told(house: House) -> None:
    problem = house.host.unblock("Marie", AGENT)
    assert problem is not None
    assert ProblemCode.IDENTIFIER_CHARACTERS is problem.code


def test_it_sends_nobody_anything(house: House) -> None:
    house.host.unblock(NIR_OF_MARIE, AGENT)
    assert [(), ()] == [house.delivered(channel) for channel in (Channel.SMS, Channel.EMAIL)]


def test_an_account_that_moves_all_the_time_is_contended(house: House) -> None:
    def moved(call: Call, go: Callable[[], Any]) -> Any:
        return False if call.method == "commit" else go()

    house.tap = moved
    with pytest.raises(Contended):
        house.host.unblock(NIR_OF_MARIE, AGENT)
