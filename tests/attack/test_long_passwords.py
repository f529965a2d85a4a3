"""Django CVE-2013-1443 (2013) and every argon2 or bcrypt since: a password of megabytes kept a process hashing for a
minute, and a few of them the whole site.

Replayed: ten megabytes, and the longest that is looked at, wherever a password is typed.
"""

from collections.abc import Callable
from time import process_time

import pytest

from msa_recovery.adapters.password_hashing import TESTS_ONLY, Argon2idHasher
from msa_recovery.application.errors import UnknownHandle
from msa_recovery.application.reply import Reply
from msa_recovery.domain.inputs import ChoosePassword, Identify, Input, ProvePassword, SignIn, SubmitCode
from msa_recovery.domain.problem import ProblemCode
from msa_recovery.domain.secret import Secret
from msa_recovery.testing.people import MARIE, NIR_OF_MARIE
from tests.support.house import HERE, House

TEN_MEGABYTES = "a\u0301" * 5_000_000
"""Of composed letters, so that to normalise them costs as well."""

COSTLY = {"accounts.password_matches", "accounts.find", "accounts.proofs", "meter.measure", "vault.verify"}

TYPED: dict[str, tuple[Callable[[House], Reply], Input]] = {
    "temporary": (House.at_sign_in, SignIn(TEN_MEGABYTES)),
    "new": (House.at_new_password, ChoosePassword(TEN_MEGABYTES, TEN_MEGABYTES)),
    "repeated": (House.at_new_password, ChoosePassword("x", TEN_MEGABYTES)),
    "current": (lambda house: house.host.begin_change(MARIE, HERE), ProvePassword(TEN_MEGABYTES)),
    "identifier": (House.play, Identify(TEN_MEGABYTES)),
    "code": (House.at_code, SubmitCode(TEN_MEGABYTES)),
}


@pytest.mark.parametrize(("there", "event"), TYPED.values(), ids=TYPED.keys())
def test_ten_megabytes_cost_a_refusal_and_no_more(house: House, there: Callable[[House], Reply], event: Input) -> None:
    """R35: no hash, no digest, no measure; a tenth of a second is what one pass over the text would take."""
    reply = there(house)
    house.calls.clear()
    begun = process_time()
    problem = house.send(reply, event).view.problem
    assert process_time() - begun < 0.1
    assert ProblemCode.TEXT_TOO_LONG is (problem and problem.code)
    assert set() == COSTLY & {str(call) for call in house.calls}


def test_ten_megabytes_at_the_door_ask_no_port_at_all(house: House) -> None:
    """R35."""
    house.host.start()
    house.calls.clear()
    assert [None, None] == [
        house.host.sign_in(NIR_OF_MARIE, TEN_MEGABYTES, HERE),
        house.host.sign_in(TEN_MEGABYTES, "Ab3#efghijkn", HERE),
    ]
    assert [] == house.calls


def test_ten_megabytes_as_a_handle_are_unknown_by_their_length(house: House) -> None:
    """R35, R34."""
    with pytest.raises(UnknownHandle):
        house.host.resume(Secret(TEN_MEGABYTES), HERE)
    assert 0 == house.count("store.load")


def test_the_longest_password_that_is_hashed_costs_what_a_short_one_costs() -> None:
    """R35, R45: at most ten times at the cheapest setting, which hides nothing behind its own work."""
    hasher, times = Argon2idHasher(TESTS_ONLY), list[float]()
    for text in ("Brouette-7-bleue", "\U0001f69c" * 1_024):
        begun = process_time()
        for _ in range(20):
            hasher.hash(Secret(text))
        times.append(process_time() - begun)
    assert times[1] < 10 * times[0] + 0.05


def test_a_password_that_is_longer_than_the_policy_allows_is_said_and_not_cut(house: House) -> None:
    """R41: 129 code points are no 128."""
    long = "Brouette-7-bleue" * 8 + "x"
    view = house.send(house.at_new_password(), ChoosePassword(long, long)).view
    assert ("too_long",) == (view.problem and view.problem.reasons)
    asked = [call.arguments[0] for call in house.calls if str(call) == "accounts.password_matches"]
    assert MARIE not in asked
