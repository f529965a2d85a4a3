"""Facebook (2016) and Instagram (2019): a reset code could be guessed at without end: on hosts without a limit; by
asking for another code when the guesses were spent; from a thousand addresses at once.

Replayed: every way to have the count of guesses begin anew.
"""

from collections.abc import Callable

import pytest
from attrs import evolve

from msa_recovery.application.caller import Caller, Origin
from msa_recovery.application.reply import Reply
from msa_recovery.domain.account import Channel
from msa_recovery.domain.events import Abandon, GoBack, ResendCode
from msa_recovery.domain.inputs import ChooseChannel, Identify, SubmitCode
from msa_recovery.domain.journey import State
from msa_recovery.testing.people import MARIE, NIR_OF_MARIE, NIR_OF_PAUL, SIRET_OF_PAUL
from tests.support.house import HERE, MSA, House

Again = Callable[[House, Reply, Caller], Reply]


def resend(house: House, reply: Reply, caller: Caller) -> Reply:
    return house.send(reply, ResendCode(), caller)


def back_and_other_channel(house: House, reply: Reply, caller: Caller) -> Reply:
    reply = house.send(reply, GoBack(), caller)
    return house.send(reply, ChooseChannel("email" if reply.view.channel is Channel.SMS else "sms"), caller)


def another_journey(house: House, _: Reply, caller: Caller) -> Reply:
    return house.at_code(caller=caller)


def leave_and_come_back(house: House, reply: Reply, caller: Caller) -> Reply:
    house.send(reply, Abandon(), caller)
    return house.at_code(caller=caller)


def another_account_and_back(house: House, reply: Reply, caller: Caller) -> Reply:
    for event in (GoBack(), GoBack(), Identify(NIR_OF_PAUL), GoBack(), Identify(NIR_OF_MARIE), ChooseChannel("sms")):
        reply = house.send(reply, event, caller)
    return reply


AGAIN: list[Again] = [resend, back_and_other_channel, another_journey, leave_and_come_back, another_account_and_back]


def guess_until_refused(house: House, again: Again) -> int:
    """How many guesses were compared, each from another origin, in a day of trying."""
    reply = house.at_code()
    for number in range(60):
        caller = Caller(origin=Origin(f"192.0.2.{number}"))
        try:
            if reply.view.state is not State.CONFIRMING_CODE:
                reply = house.at_code(caller=caller)
            elif reply.view.code_deadline is None or not reply.view.attempts_left:
                house.later(minutes=2)
                reply = again(house, reply, caller)
            else:
                reply = house.send(reply, SubmitCode(house.wrong_code), caller)
        except Exception:  # noqa: BLE001 - whatever it is, it goes on with a new journey
            reply = house.host.begin(caller)
    return len(house.ledger(MARIE).ledger.code_guesses)


@pytest.mark.parametrize("again", AGAIN)
def test_no_way_back_to_a_code_buys_more_than_ten_guesses(house: House, again: Again) -> None:
    """R4, R5, R38."""
    assert 3 < guess_until_refused(house, again) <= 10


def test_a_thousand_origins_guess_no_more_than_one(house: House) -> None:
    """R5: a code bears three guesses, wherever they come from."""
    reply = house.at_code()
    for number in range(1_000):
        if reply.view.attempts_left:
            caller = Caller(origin=Origin(f"10.0.{number // 250}.{number % 250}"))
            reply = house.send(reply, SubmitCode(house.wrong_code), caller)
    assert 3 == len(house.ledger(MARIE).ledger.code_guesses)


def test_a_second_identifier_of_the_account_buys_nothing(house: House) -> None:
    """R5: a farmer's NIR and SIRET have one count."""
    house.at_code(NIR_OF_PAUL)
    view = house.play(Identify(SIRET_OF_PAUL), ChooseChannel("sms")).view
    assert State.CHOOSING_CHANNEL is view.state


def test_a_code_that_expired_gives_its_guesses_back_to_nobody(house: House) -> None:
    """R4, R5: those that were made stay counted for 30 days."""
    reply = house.at_code()
    for _ in range(2):
        reply = house.send(reply, SubmitCode(house.wrong_code))
    house.later(hours=23)
    house.at_code(caller=evolve(HERE, origin=Origin("192.0.2.1")))
    assert 2 == len(house.ledger(MARIE).ledger.code_guesses)


def test_a_day_of_codes_is_no_more_than_the_policy_says(house: House) -> None:
    """R30, R4."""
    for number in range(40):
        house.play(Identify(NIR_OF_MARIE), ChooseChannel("sms"), caller=Caller(origin=Origin(f"192.0.2.{number}")))
        house.later(minutes=30)
    assert MSA.sends_per_day >= len(house.delivered(Channel.SMS))
