"""Two hundred guesses at the same time get exactly the comparisons that are allowed (R3, invariant 14).

A comparison is counted where it is made: a digest that is verified, a key that the directory is asked about. The work
that is done for a guess that was refused is done on nobody's secret, so it is no comparison.
"""

from collections.abc import Sequence
from typing import Any

import pytest

from msa_recovery.application.errors import Contended, EventNotAccepted, JourneyFinished
from msa_recovery.application.reply import Reply
from msa_recovery.domain.account import AccountKey
from msa_recovery.domain.inputs import (
    AnswerChallenge,
    ChoosePassword,
    Identify,
    Input,
    ProvePassword,
    SignIn,
    SubmitCode,
)
from msa_recovery.domain.temporary import has_form
from msa_recovery.testing.people import LEA, MARIE, NIR_OF_LEA, NIR_OF_MARIE, USUAL_PASSWORD
from tests.support.hosts import Asked
from tests.support.house import HERE, House

THREADS = 200
TASKS = 50
"""Of one loop, each of whose calls is made by a thread anyway."""

SIGNS = "abcdefghijkmnpqrstuvwxyz"


def all_at_once(house: House, calls: Sequence[Asked]) -> list[Any]:
    """What every call came to: a reply, or an error that a host expects when others are quicker."""
    outcomes = house.host.together(calls)
    assert [] == [
        outcome
        for outcome in outcomes
        if isinstance(outcome, Exception) and not isinstance(outcome, Contended | EventNotAccepted | JourneyFinished)
    ]
    return outcomes


def sends(reply: Reply, events: Sequence[Input]) -> list[Asked]:
    """Each event, sent under the same handle."""
    return [("send", (reply.handle, event, HERE)) for event in events]


def verified(house: House, digest: bytes) -> int:
    """How often something was compared with the secret of this digest."""
    return sum(str(call) == "vault.verify" and call.arguments[1] == digest for call in house.calls)


def asked_about(house: House, method: str, key: AccountKey) -> int:
    """How often the directory was asked this about an account that it knows."""
    return sum(str(call) == f"accounts.{method}" and call.arguments[0] == key for call in house.calls)


@pytest.fixture
def many(driver: str) -> range:
    """So many guesses at the same time."""
    return range(THREADS if driver == "sync" else TASKS)


def wrong_codes(house: House, many: range) -> list[Input]:
    """Each another one, none of them right."""
    return [SubmitCode(f"{(int(house.code) + 1 + number) % 10_000:04}") for number in many]


def wrong_passwords(house: House, many: range) -> list[str]:
    """Each another one of the right form, none of them right."""
    begin = house.password[:-2]
    passwords = (f"{begin}{first}{second}" for first in SIGNS for second in SIGNS)
    return [text for text in passwords if text != house.password and has_form(text, len(text))][: len(many)]


def test_a_code_is_compared_three_times(house: House, many: range) -> None:
    reply = house.at_code()
    code = house.journey(reply).journey.code
    assert code is not None
    all_at_once(house, sends(reply, wrong_codes(house, many)))
    assert 3 == verified(house, code.digest)


def test_no_guess_is_forgotten(house: House, many: range) -> None:
    reply = house.at_code()
    all_at_once(house, sends(reply, wrong_codes(house, many)))
    assert 3 == len(house.ledger(MARIE).ledger.code_guesses)


def test_a_temporary_password_is_compared_five_times(house: House, many: range) -> None:
    """Then the next one from there must wait (R29)."""
    reply = house.at_sign_in()
    sent = house.ledger(MARIE).ledger.sent_password
    assert sent is not None
    all_at_once(house, sends(reply, [SignIn(password) for password in wrong_passwords(house, many)]))
    assert 5 == verified(house, sent.digest)


def test_a_temporary_password_is_compared_five_times_at_the_door(house: House, many: range) -> None:
    house.at_sign_in()
    sent = house.ledger(MARIE).ledger.sent_password
    assert sent is not None
    all_at_once(house, [("sign_in", (NIR_OF_MARIE, text, HERE)) for text in wrong_passwords(house, many)])
    assert 5 == verified(house, sent.digest)


def test_one_answer_of_a_journey_is_compared(house: House, many: range) -> None:
    """R25."""
    reply = house.play(Identify(NIR_OF_LEA))
    all_at_once(house, sends(reply, [AnswerChallenge("benefit_amount", f"{number + 1},11") for number in many]))
    assert 1 == asked_about(house, "proofs", LEA)


def test_three_answers_of_an_account_are_compared(house: House) -> None:
    """R24: by however many journeys."""
    replies = [house.play(Identify(NIR_OF_LEA)) for _ in range(20)]
    calls = [call for reply in replies for call in sends(reply, [AnswerChallenge("vitale_serial", "0123456789")] * 3)]
    all_at_once(house, calls)
    assert 3 == asked_about(house, "proofs", LEA)


def test_the_current_password_is_compared_five_times(house: House, many: range) -> None:
    reply = house.host.begin_change(MARIE, HERE)
    all_at_once(house, sends(reply, [ProvePassword(f"faux {number}") for number in many]))
    assert 5 == asked_about(house, "password_matches", MARIE)


def test_a_new_password_is_compared_ten_times_with_the_current_one(house: House, many: range) -> None:
    reply = house.at_new_password()
    all_at_once(house, sends(reply, [ChoosePassword(USUAL_PASSWORD, USUAL_PASSWORD)] * len(many)))
    assert 10 == asked_about(house, "password_matches", MARIE)
