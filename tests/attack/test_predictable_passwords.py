"""Temporary passwords that can be predicted (PHP's ``mt_rand`` and ``uniqid``, Java's ``Random``, a date of birth;
since the nineties): drawn from a generator whose state a few outputs give away, or from what is known of the person.

Replayed: the source that is shipped, asked very often; and what a temporary password may be made of.
"""

import math
import random
from collections import Counter
from string import ascii_lowercase, ascii_uppercase, digits

import pytest

from msa_recovery.adapters.secrets_source import SystemSecrets
from msa_recovery.domain.inputs import SignIn
from msa_recovery.domain.journey import State
from msa_recovery.testing.people import NIR_OF_MARIE
from tests.support.house import House

DRAWN = 4_000
LENGTH = 12


@pytest.fixture(scope="module")
def passwords() -> list[str]:
    source = SystemSecrets()
    return [source.temporary_password(LENGTH).reveal() for _ in range(DRAWN)]


def test_a_temporary_password_has_more_than_70_bits_at_every_place_together(passwords: list[str]) -> None:
    """R18, R9: by how often each sign stands at each place; so few draws show no more than is there."""
    bits = 0.0
    for place in range(LENGTH):
        counts = Counter(password[place] for password in passwords)
        bits -= sum(count / DRAWN * math.log2(count / DRAWN) for count in counts.values())
    assert bits > 70


def test_no_two_temporary_passwords_are_alike_or_begin_alike(passwords: list[str]) -> None:
    """R18, R9."""
    assert (DRAWN, True) == (len(set(passwords)), DRAWN - len({text[:6] for text in passwords}) < 5)


def test_no_place_says_which_class_of_sign_stands_there(passwords: list[str]) -> None:
    """R9, R18: all four classes are in it, and none always at the same place."""
    for classes in (ascii_lowercase, ascii_uppercase, digits):
        places = [sum(password[place] in classes for password in passwords) for place in range(LENGTH)]
        assert (True, True) == (min(places) > 0, max(places) < DRAWN)


def test_what_was_seeded_elsewhere_draws_nothing_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """R9: the state of Python's own generator is of no use."""
    drawn = set[str]()
    for _ in range(2):
        monkeypatch.setattr(random, "_inst", random.Random(1))
        random.seed(1)
        drawn.add(SystemSecrets().temporary_password(LENGTH).reveal())
    assert 2 == len(drawn)


def test_an_earlier_temporary_password_tells_nothing_of_the_next(house: House) -> None:
    """R18: not the same, not its neighbour, and dead when the next one is sent."""
    house.at_sign_in()
    first = house.password
    house.later(minutes=2)
    reply = house.at_sign_in()
    assert State.AWAITING_SIGN_IN is house.send(reply, SignIn(first)).view.state
    assert sum(one == other for one, other in zip(first, house.password, strict=True)) < 6


def test_a_temporary_password_holds_nothing_of_the_person(house: House) -> None:
    """R18, R49."""
    house.at_sign_in()
    assert not any(part in house.password for part in (NIR_OF_MARIE[:5], "1984", "marie", "Marie"))
