"""Keycloak CVE-2024-4629 (2024): attempts made in parallel all passed before the brute-force guard had counted the
first of them, and were all compared.

Replayed: a guess stops in the middle of its comparison, and as many others as there is time for are made meanwhile.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from msa_recovery.application.errors import CallerError, JourneyFinished
from msa_recovery.domain.inputs import ChoosePassword, ProvePassword, SubmitCode
from msa_recovery.testing.people import MARIE, USUAL_PASSWORD
from msa_recovery.testing.tapped import Call
from tests.support.house import HERE, House

MANY = 20


def in_the_middle(house: House, of: str, act: Callable[[], object]) -> None:
    """Somebody acts when the next comparison is about to be made."""
    pending = [act]

    def tap(call: Call, go: Callable[[], Any]) -> Any:
        if str(call) == of and pending:
            pending.pop()()
        return go()

    house.tap = tap


def test_a_guess_is_counted_before_its_comparison_has_ended(house: House) -> None:
    """R3, invariant 14: whoever looks during it sees it counted."""
    reply, seen = house.at_code(), list[int]()
    in_the_middle(house, "vault.verify", lambda: seen.append(len(house.ledger(MARIE).ledger.code_guesses)))
    house.send(reply, SubmitCode(house.wrong_code))
    assert [1] == seen


def test_a_slow_comparison_lets_no_others_through(house: House) -> None:
    """R3, R5: two are left for those who come meanwhile."""
    reply, wrong = house.at_code(), SubmitCode(house.wrong_code)

    def many() -> None:
        for _ in range(MANY):
            house.neighbour.send(reply.handle, wrong, HERE)

    in_the_middle(house, "vault.verify", many)
    house.send(reply, wrong)
    assert 3 == len(house.ledger(MARIE).ledger.code_guesses)


def test_a_slow_hash_lets_no_others_through(house: House) -> None:
    """R3, R29: the hash of a password takes a tenth of a second; the fifth one ends the journey all the same."""
    reply = house.host.begin_change(MARIE, HERE)
    seen: list[int] = []

    def many() -> None:
        for _ in range(4):
            house.neighbour.send(reply.handle, ProvePassword("faux"), HERE)
        seen.append(len(house.ledger(MARIE).ledger.current_password_guesses))

    in_the_middle(house, "accounts.password_matches", many)
    with pytest.raises(JourneyFinished):
        house.send(reply, ProvePassword("faux"))
    assert [5] == seen


def test_new_passwords_that_are_compared_at_the_same_time_are_ten(house: House) -> None:
    """R3, R43: each comes while the one before is still compared."""
    reply, current, compared = house.at_new_password(), ChoosePassword(USUAL_PASSWORD, USUAL_PASSWORD), list[object]()

    def tap(call: Call, go: Callable[[], Any]) -> Any:
        if str(call) == "accounts.password_matches" and call.arguments[0] == MARIE:
            compared.append(call)
            if len(compared) < MANY:
                with suppress(CallerError):
                    house.send(reply, current)
        return go()

    house.tap = tap
    with suppress(CallerError):
        house.send(reply, current)
    assert 10 == len(compared)
