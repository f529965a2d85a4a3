"""Django CVE-2024-39329 (2024): a sign-in with an account that may not sign in hashed nothing, and was answered so much
sooner that the time told which accounts there are.

Replayed: what costs time is counted: every call of a port, whoever is asked about. The last test uses a clock, widely.
"""

from collections import Counter
from collections.abc import Callable
from statistics import median
from time import perf_counter

import pytest

from msa_recovery.domain.inputs import ChooseChannel, Identify, SubmitCode
from msa_recovery.testing.people import NIR_OF_MARIE
from tests.support.house import HERE, House

Do = Callable[[House, str], object]


def door(house: House, identifier: str) -> object:
    return house.host.sign_in(identifier, "Ab3#efghijkn", HERE)


def first_page(house: House, identifier: str) -> object:
    return house.play(Identify(identifier))


def a_code(house: House, identifier: str) -> object:
    return house.play(Identify(identifier), ChooseChannel("sms"))


def wrong_code(house: House, identifier: str) -> object:
    return house.send(house.at_code(identifier), SubmitCode(house.wrong_code))


DONE: list[Do] = [door, first_page, a_code, wrong_code]


def work(do: Do, identifier: Callable[[House], str]) -> Counter[str]:
    house = House()
    do(house, identifier(house))
    return Counter(str(call) for call in house.calls if str(call) != "vault.fingerprint")


@pytest.mark.parametrize("do", DONE)
def test_an_unknown_identifier_costs_the_same_calls(do: Do) -> None:
    """R14: as many reads, writes, digests and draws."""
    assert work(do, lambda _: NIR_OF_MARIE) == work(do, lambda house: house.unknown())


def test_no_password_is_hashed_before_somebody_has_proved_something(house: House) -> None:
    """R14: nothing slow is done for whom it is not done for others."""
    for do in DONE:
        do(house, NIR_OF_MARIE)
        house.later(minutes=31)
    assert 0 == house.count("accounts.password_matches")


def test_an_unknown_identifier_takes_about_as_long(house: House) -> None:
    """R14: within a factor of three, where a hash that is left out would be a hundred."""
    unknown = house.unknown()
    times: dict[str, list[float]] = {NIR_OF_MARIE: [], unknown: []}
    for _ in range(60):
        for identifier, taken in times.items():
            begun = perf_counter()
            door(house, identifier)
            taken.append(perf_counter() - begun)
    known, other = (median(taken) for taken in times.values())
    assert known < 3 * other
    assert other < 3 * known
