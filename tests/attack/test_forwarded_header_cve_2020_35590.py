"""CVE-2020-35590 (2020, a lockout of failed sign-ins for WordPress): the origin was read from ``X-Forwarded-For``,
which whoever guesses writes as they like, and every request came from another place.

The library reads no header: the host says where a call comes from, in a typed field. Which proxies a host believes is
the web host's affair, and is tested with its pages, which come later. Replayed: what a header may hold, as an origin.
"""

from typing import Any

import pytest

from msa_recovery.application.caller import Caller, Origin
from msa_recovery.domain.errors import CallerError
from msa_recovery.domain.inputs import ChooseChannel, Identify
from msa_recovery.domain.problem import ProblemCode
from msa_recovery.testing.people import NIR_OF_MARIE
from tests.support.house import House

HEADERS = [
    "203.0.113.7, 198.51.100.9",
    "for=203.0.113.7",
    "203.0.113.7:4711",
    "[2001:db8::1]",
    " 203.0.113.7",
    "203.0.113.7\r\nX-Real-IP: 198.51.100.9",
    "0xcb.0.113.7",
    "203.0.113.007",
    "\u0662\u0660\u0663.0.113.7",
    "localhost",
    "",
    "1" * 10_000,
]
NO_ORIGINS: list[Any] = ["203.0.113.7", b"203.0.113.7", ["203.0.113.7"], {"x-forwarded-for": "203.0.113.7"}]
SAME = [
    ("203.0.113.7", "::ffff:203.0.113.7"),
    ("2001:db8::1", "2001:db8:0:0:ffff:ffff:ffff:ffff"),
    ("2001:db8::1", "2001:0DB8::0001"),
]


@pytest.mark.parametrize("given", NO_ORIGINS, ids=repr)
def test_what_is_not_an_origin_is_refused_where_an_origin_belongs(given: Any) -> None:
    """R31: a host cannot hand a header through by mistake."""
    with pytest.raises(CallerError):
        Caller(origin=given)


@pytest.mark.parametrize("header", HEADERS, ids=range(len(HEADERS)))
def test_an_origin_is_one_address_and_nothing_else(header: str) -> None:
    """R31, R35."""
    with pytest.raises(CallerError):
        Origin(header)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_subscriber_is_one_origin_however_it_is_written(one: str, other: str) -> None:
    """R31, R30: nobody gets another allowance by writing an address another way, or by having 2**64 of them."""
    assert Origin(one) == Origin(other)


def test_two_subscribers_are_two_origins() -> None:
    """R31, R30: nobody is held up for a neighbour."""
    assert Origin("2001:db8::1") != Origin("2001:db8:0:1::1")


def test_a_new_origin_every_time_gets_no_code_more_than_the_account(house: House) -> None:
    """R5, R30: five a day, whatever the origin."""
    for number in range(5):
        house.at_code(caller=Caller(origin=Origin(f"192.0.2.{number}")))
        house.later(minutes=31)
    another = Caller(origin=Origin("192.0.2.99"))
    problem = house.play(Identify(NIR_OF_MARIE), ChooseChannel("sms"), caller=another).view.problem
    assert ProblemCode.SENDS_SPENT_FOR_NOW is (problem and problem.code)


def test_callers_without_an_origin_share_one(house: House) -> None:
    """R31: to leave it away gains nothing."""
    for _ in range(3):
        house.at_code(caller=Caller())
        house.later(minutes=31)
    problem = house.play(Identify(NIR_OF_MARIE), ChooseChannel("sms"), caller=Caller()).view.problem
    assert ProblemCode.SENDS_SPENT_FOR_NOW is (problem and problem.code)
