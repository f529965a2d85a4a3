"""Idempotency keys that collide (payment APIs, many): one request is answered with what another one was told, because
the key is short, is folded, or is everybody's.

Replayed: request ids that look alike, that somebody else has used, and that somebody chooses.
"""

from typing import Any

import pytest

from msa_recovery.application.caller import Caller
from msa_recovery.domain.errors import CallerError
from msa_recovery.domain.inputs import SubmitCode
from msa_recovery.domain.journey import State
from msa_recovery.testing.people import MARIE, NIR_OF_MARIE
from tests.support.house import ELSEWHERE, HERE, House, asked

LOOK_ALIKES = ["once", "\u043ence", "Once", "once ", "once\u200b", "once\u0301", "\uff4fnce", "onc\u0435", "once\x00"]


def test_ids_that_look_alike_are_as_many_requests(house: House) -> None:
    """R39, R3: and each of their guesses is counted, as long as one is left."""
    reply = house.at_code()
    for text in LOOK_ALIKES[:3]:
        house.send(reply, SubmitCode(house.wrong_code), asked(text))
    assert 3 == len(house.ledger(MARIE).ledger.code_guesses)


@pytest.mark.parametrize("one", LOOK_ALIKES[1:], ids=range(len(LOOK_ALIKES) - 1))
def test_a_look_alike_is_not_answered_with_what_the_other_was_told(house: House, one: str) -> None:
    """R39."""
    reply = house.at_code()
    house.send(reply, SubmitCode(house.wrong_code), asked("once"))
    assert State.AWAITING_SIGN_IN is house.send(reply, SubmitCode(house.code), asked(one)).view.state


def test_an_id_of_somebody_else_answers_nothing_of_theirs(house: House) -> None:
    """R39, R2: it is bound to the journey."""
    theirs = house.at_code(caller=ELSEWHERE)
    house.send(theirs, SubmitCode(house.code), asked("once", ELSEWHERE))
    house.later(minutes=2)
    mine = house.at_code()
    assert State.CONFIRMING_CODE is house.send(mine, SubmitCode(house.wrong_code), asked("once")).view.state


def test_an_id_of_somebody_else_does_not_use_up_mine(house: House) -> None:
    """R39, R30: whoever sends every likely id first swallows no request of the owner's."""
    mine = house.at_code()
    code = house.code
    house.later(minutes=2)
    theirs = house.at_code(caller=ELSEWHERE)
    house.send(theirs, SubmitCode(house.wrong_code), asked("once", ELSEWHERE))
    assert State.AWAITING_SIGN_IN is house.send(mine, SubmitCode(code), asked("once")).view.state


def test_one_id_for_many_passwords_at_the_door_is_as_many_guesses(house: House) -> None:
    """R3, R29, R39: the text belongs to the guess, whoever chose the id."""
    house.at_sign_in()
    right = house.password
    for step in range(1, 8):
        house.host.sign_in(NIR_OF_MARIE, f"{right[step:]}{right[:step]}", asked("once"))
    assert 5 == house.ledger(MARIE).ledger.sign_in_count(house.clock.now())


@pytest.mark.parametrize("given", ["", "x" * 129, 7, b"once", ["once"], True], ids=range(6))
def test_an_id_is_a_short_text(given: Any) -> None:
    """R35."""
    with pytest.raises(CallerError):
        Caller(request_id=given)


def test_an_id_that_was_answered_with_a_lapse_stays_so(house: House) -> None:
    """R39, R8: no request is good again after its deadline."""
    reply = house.at_code()
    house.send(reply, SubmitCode(house.wrong_code), asked("once"))
    house.later(hours=2)
    for name in ("once", "twice"):
        assert State.LAPSED is house.host.send(reply.handle, SubmitCode(house.code), asked(name, HERE)).view.state
