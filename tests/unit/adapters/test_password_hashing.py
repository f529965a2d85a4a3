"""argon2id: what a directory may rely on when it keeps a password."""

from concurrent.futures import ThreadPoolExecutor

import argon2
import pytest

from msa_recovery.adapters.password_hashing import RECOMMENDED, TESTS_ONLY, Argon2Cost, Argon2idHasher
from msa_recovery.domain.secret import Secret

HASHER = Argon2idHasher(TESTS_ONLY)
PASSWORD = Secret("Été à la ferme 1!")


def test_a_password_is_known_again() -> None:
    assert HASHER.verify(HASHER.hash(PASSWORD), Secret("Été à la ferme 1!"))


def test_another_password_is_not() -> None:
    assert not HASHER.verify(HASHER.hash(PASSWORD), Secret("Été à la ferme 1"))


def test_the_same_password_is_kept_as_another_text_each_time() -> None:
    assert HASHER.hash(PASSWORD) != HASHER.hash(PASSWORD)


def test_what_is_kept_is_argon2id_at_64_mib_with_a_salt_of_128_bits() -> None:
    """R45."""
    kept = argon2.extract_parameters(Argon2idHasher().hash(PASSWORD))
    assert (argon2.Type.ID, 65_536, 3, 16) == (kept.type, kept.memory_cost, kept.time_cost, kept.salt_len)


def test_even_the_cheap_cost_has_a_salt_of_128_bits() -> None:
    """R45."""
    assert 16 == argon2.extract_parameters(HASHER.hash(PASSWORD)).salt_len


def test_a_password_is_never_cut() -> None:
    """R41."""
    assert not HASHER.verify(HASHER.hash(Secret("a" * 1_023 + "b")), Secret("a" * 1_023 + "c"))


def test_any_text_can_be_hashed_a_lone_surrogate_too() -> None:
    """R54: an encoding error would show the text."""
    assert HASHER.verify(HASHER.hash(Secret("\ud800")), Secret("\ud800"))


@pytest.mark.parametrize(
    "kept",
    ["clear text", "", HASHER.hash(PASSWORD)[:20]],
    ids=["clear", "empty", "cut"],
)
def test_what_is_no_hash_is_an_error_and_not_a_wrong_password(kept: str) -> None:
    with pytest.raises(ValueError, match="no argon2 hash"):
        HASHER.verify(kept, PASSWORD)


def test_a_hash_of_today_needs_no_rehash() -> None:
    assert not HASHER.needs_rehash(HASHER.hash(PASSWORD))


def test_a_hash_of_a_lower_cost_needs_a_rehash() -> None:
    """R45."""
    assert Argon2idHasher(Argon2Cost(memory_kib=16, passes=1, lanes=1)).needs_rehash(HASHER.hash(PASSWORD))


@pytest.mark.parametrize("cost", [TESTS_ONLY, RECOMMENDED])
def test_an_unknown_account_costs_the_comparison_of_a_known_one(
    cost: Argon2Cost, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R14: one argon2 run with the very parameters of a hash that is kept."""
    hasher, compared_with = Argon2idHasher(cost), list[str]()

    def compare(_: argon2.PasswordHasher, hashed: str, password: bytes) -> bool:
        compared_with.append(hashed)
        return verify(_, hashed, password)

    verify = argon2.PasswordHasher.verify
    monkeypatch.setattr(argon2.PasswordHasher, "verify", compare)
    kept = hasher.hash(PASSWORD)
    hasher.verify(kept, PASSWORD)
    hasher.verify_nothing(PASSWORD)
    first, second = map(argon2.extract_parameters, compared_with)
    assert first == second


def _turns_left(hasher: Argon2idHasher) -> int:
    """How many hashes could start at this moment."""
    taken = 0
    while hasher._turns.acquire(blocking=False):
        taken += 1
    for _ in range(taken):
        hasher._turns.release()
    return taken


@pytest.mark.parametrize("at_once", [1, 3])
@pytest.mark.parametrize("work", ["hash", "verify", "verify_nothing"])
def test_each_hash_takes_one_of_the_turns_that_there_are(
    at_once: int, work: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R45: however many ask, no more than the bound run at once."""
    hasher, left = Argon2idHasher(TESTS_ONLY, at_once=at_once), list[int]()

    def look(*_: object) -> bool:
        left.append(_turns_left(hasher))
        return True

    monkeypatch.setattr(argon2.PasswordHasher, "hash", look)
    monkeypatch.setattr(argon2.PasswordHasher, "verify", look)
    match work:
        case "hash":
            hasher.hash(PASSWORD)
        case "verify":
            hasher.verify("kept", PASSWORD)
        case _:
            hasher.verify_nothing(PASSWORD)
    assert [at_once - 1] == left


def test_a_turn_is_given_back_after_a_wrong_password_and_after_an_error() -> None:
    hasher = Argon2idHasher(TESTS_ONLY, at_once=2)
    hasher.verify(hasher.hash(PASSWORD), Secret("wrong"))
    with pytest.raises(ValueError, match="hash"):
        hasher.verify("clear text", PASSWORD)
    assert 2 == _turns_left(hasher)


def test_a_crowd_is_served_in_turns() -> None:
    """R45."""
    hasher = Argon2idHasher(TESTS_ONLY, at_once=2)
    kept = hasher.hash(PASSWORD)
    with ThreadPoolExecutor(16) as crowd:
        assert [True] * 64 == list(crowd.map(lambda _: hasher.verify(kept, PASSWORD), range(64)))


@pytest.mark.parametrize(("processors", "bound"), [(64, 4), (2, 2), (None, 1)])
def test_the_bound_follows_the_machine_and_never_exceeds_four(
    processors: int | None, bound: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R45."""
    monkeypatch.setattr("os.cpu_count", lambda: processors)
    assert bound == _turns_left(Argon2idHasher(TESTS_ONLY))


def test_a_bound_that_lets_nobody_in_is_refused() -> None:
    with pytest.raises(ValueError, match="at_once"):
        Argon2idHasher(TESTS_ONLY, at_once=0)
