"""Supabase, Laravel, Ory Kratos v2 (2021 to 2024): a reset that says *we have sent you a link* to everybody told all
the same who has an account: by a rate limit that only accounts reach, by a status, by a field that is there or not.

Replayed: the same questions about a known and an unknown identifier of one profile, in two houses of the same keys.
``unit/application/test_decoys`` plays every page in lockstep.
"""

from collections.abc import Callable
from typing import Any

import pytest
from attrs import asdict

from msa_recovery.application.errors import CallerError
from msa_recovery.domain.events import ResendCode
from msa_recovery.domain.inputs import ChooseChannel, Identify, Input, OrderLetter, SubmitCode
from msa_recovery.testing.people import NIR_OF_MARIE
from tests.support.house import AGENT, ELSEWHERE, HERE, House

Ask = Callable[[House, str], object]


def said(house: House, identifier: str, *typed: Input) -> list[object]:
    """Every answer, but for the masks: their letters and digits are those of somebody's address."""
    reply, answers = house.host.begin(HERE), list[object]()
    for event in (Identify(identifier), *typed):
        reply = house.send(reply, event)
        answers.append(unmasked(asdict(reply.view)))
    return answers


def unmasked(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: isinstance(one, str) if key == "mask" else unmasked(one) for key, one in value.items()}
    return [unmasked(one) for one in value] if isinstance(value, list | tuple) else value


def too_often(house: House, identifier: str) -> object:
    """The rate limit."""
    return said(house, identifier, ChooseChannel("sms"), ResendCode(), ResendCode())


def too_many(house: House, identifier: str) -> object:
    """The cap of a day, from two origins."""
    answers = []
    for number in range(7):
        house.at_code(identifier, caller=HERE if number % 2 else ELSEWHERE) if number < 5 else None
        house.later(minutes=31)
        answers.append(said(house, identifier, ChooseChannel("email")) if number >= 5 else None)
    return answers


def wrong_codes(house: House, identifier: str) -> object:
    """The count of guesses."""
    return said(house, identifier, ChooseChannel("sms"), *[SubmitCode("0000" if house.codes else "0001")] * 4)


def the_door(house: House, identifier: str) -> object:
    """The wait, with nothing and with something under way."""
    before = [house.host.sign_in(identifier, "Ab3#efghijkn", HERE) for _ in range(7)]
    house.at_sign_in(identifier)
    return before, [house.host.sign_in(identifier, "Ab3#efghijkn", HERE) for _ in range(7)]


def letters(house: House, identifier: str) -> object:
    """What an agent may order, and what is refused the second time."""
    answers = []
    for _ in range(2):
        reply = house.host.begin(AGENT)
        answers.append(unmasked(asdict(house.send(reply, OrderLetter(identifier), AGENT).view)))
    return answers


def out_of_turn(house: House, identifier: str) -> object:
    """The error that a host would make a status of."""
    reply = house.play(Identify(identifier))
    with pytest.raises(CallerError) as caught:
        house.send(reply, SubmitCode("0000"))
    return str(caught.value)


ASKED: list[Ask] = [too_often, too_many, wrong_codes, the_door, letters, out_of_turn]


@pytest.mark.parametrize("ask", ASKED)
def test_an_unknown_identifier_is_answered_as_a_known_one(ask: Ask) -> None:
    """R13: state, problem, times, what is left, what is offered."""
    known, unknown = House(), House()
    assert ask(known, NIR_OF_MARIE) == ask(unknown, unknown.unknown())


@pytest.mark.parametrize("ask", ASKED)
def test_an_unknown_identifier_causes_as_many_rows(ask: Ask) -> None:
    """R13, R14: whoever counts what is kept learns nothing either."""
    known, unknown = House(), House()
    ask(known, NIR_OF_MARIE)
    ask(unknown, unknown.unknown())
    counts = [(len(each.store.outbox()), len(each.store.audit())) for each in (known, unknown)]
    assert counts[0] == counts[1]
