"""Wrong temporary passwords: counted by origin, with waits that grow, in a ledger that does not (R6, R20, R29)."""

from datetime import datetime, timedelta

import pytest
from attrs import evolve

from msa_recovery.domain.ledger import GuessId, Ledger, Mark, OriginTag, SignInTries
from msa_recovery.domain.policy import DAY
from tests.support.cases import ELSEWHERE, GUESS, HERE, INSTANT, MINUTE, MSA, NOW, marks, tries

FEW_ORIGINS = evolve(MSA, sign_in_origins=2)
NEW = OriginTag("new")


def after_wrong(count: int, ledger: Ledger = Ledger(), now: datetime = NOW) -> Ledger:  # noqa: B008 - immutable
    """The ledger after so many wrong tries from here, all at one moment."""
    for number in range(count):
        ledger = evolve(ledger, sign_ins=ledger.with_sign_in(GuessId(f"guess {number}"), HERE, now, MSA))
    return ledger


# -- waits -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("wrong", "minutes"), [(1, 0), (4, 0), (5, 2), (6, 4), (10, 60)])
def test_the_wait_after_each_wrong_try(wrong: int, minutes: int) -> None:
    """R29"""
    expected = NOW + minutes * MINUTE if minutes else None
    assert expected == after_wrong(wrong).sign_in_at(HERE, NOW, MSA)


def test_one_may_try_again_exactly_when_it_says() -> None:
    """R29"""
    at = after_wrong(5).sign_in_at(HERE, NOW, MSA)
    assert at is not None
    expected = (at, None)
    assert expected == tuple(after_wrong(5).sign_in_at(HERE, moment, MSA) for moment in (at - INSTANT, at))


@pytest.mark.parametrize(("wrong", "waits"), [(24, False), (25, True)])
def test_twenty_five_in_24_hours(wrong: int, waits: bool) -> None:
    """R29, CNIL 2022-100"""
    ledger = Ledger(sign_ins=(SignInTries(HERE, marks(wrong, NOW + MINUTE), NOW),))
    assert (NOW + MINUTE if waits else None) == ledger.sign_in_at(HERE, NOW, MSA)


def test_of_a_wait_and_a_cap_the_later_counts() -> None:
    """R29"""
    ledger = Ledger(sign_ins=(SignInTries(HERE, marks(25, NOW + MINUTE), NOW + 5 * MINUTE),))
    assert NOW + 5 * MINUTE == ledger.sign_in_at(HERE, NOW, MSA)


def test_tries_age_out_so_that_waits_shrink_again() -> None:
    """Invariant 4: by age alone."""
    ledger = after_wrong(10)
    later = evolve(ledger, sign_ins=ledger.with_sign_in(GUESS, HERE, NOW + DAY, MSA))
    assert later.sign_in_at(HERE, NOW + DAY, MSA) is None


# -- origins -----------------------------------------------------------------------------------------------------------


def test_tries_from_one_place_make_nobody_wait_elsewhere() -> None:
    """R30: nobody can keep an owner from a password that is under way."""
    assert after_wrong(25).sign_in_at(ELSEWHERE, NOW, MSA) is None


def test_each_origin_is_counted_apart() -> None:
    ledger = Ledger(sign_ins=(tries(3, ELSEWHERE),))
    expected = (tries(3, ELSEWHERE), SignInTries(HERE, (Mark(GUESS, NOW + DAY),), NOW))
    assert expected == ledger.with_sign_in(GUESS, HERE, NOW, MSA)


def test_a_try_joins_the_earlier_ones_of_its_origin() -> None:
    ledger = Ledger(sign_ins=(tries(4), tries(1, ELSEWHERE)))
    expected = (tries(1, ELSEWHERE), SignInTries(HERE, (*marks(4), Mark(GUESS, NOW + DAY)), NOW + 2 * MINUTE))
    assert expected == ledger.with_sign_in(GUESS, HERE, NOW, MSA)


def test_beyond_so_many_origins_further_ones_share_a_count() -> None:
    """R29: a ledger stays small however many places guess."""
    full = Ledger(sign_ins=(tries(1), tries(1, ELSEWHERE)))
    assert [HERE, ELSEWHERE, None] == [each.origin for each in full.with_sign_in(GUESS, NEW, NOW, FEW_ORIGINS)]


def test_those_who_share_a_count_do_not_wait_for_each_other() -> None:
    """R30: with a few addresses, anybody could else keep the owner of a temporary password out until it is dead."""
    shared = Ledger(sign_ins=(tries(1), tries(1, ELSEWHERE), tries(25, None)))
    assert shared.sign_in_at(NEW, NOW, FEW_ORIGINS) is None


def test_one_more_try_of_those_who_share_a_count_brings_no_wait() -> None:
    """R30"""
    shared = Ledger(sign_ins=(tries(1), tries(1, ELSEWHERE), tries(5, None)))
    assert NOW == shared.with_sign_in(GUESS, NEW, NOW, FEW_ORIGINS)[-1].wait_until


def test_a_shared_count_grows_no_further_than_the_alarm() -> None:
    """However many addresses somebody has, the ledger stays small, and the count never goes down (invariant 4)."""
    most = FEW_ORIGINS.sign_in_alarm
    shared = Ledger(sign_ins=(tries(1), tries(1, ELSEWHERE), tries(most, None)))
    last = shared.with_sign_in(GUESS, NEW, NOW, FEW_ORIGINS)[-1]
    assert (most, GUESS) == (len(last.tally), last.tally[-1].guess)


def test_the_shared_count_stays_one() -> None:
    shared = Ledger(sign_ins=(tries(1), tries(1, ELSEWHERE), tries(3, None)))
    last = shared.with_sign_in(GUESS, NEW, NOW, FEW_ORIGINS)[-1]
    assert SignInTries(None, (*marks(3), Mark(GUESS, NOW + DAY)), NOW) == last


def test_the_shared_count_is_one_of_those_that_are_counted() -> None:
    """Else a second one would be opened beside it."""
    full = Ledger(sign_ins=(tries(1), tries(3, None)))
    assert [HERE, None] == [each.origin for each in full.with_sign_in(GUESS, NEW, NOW, FEW_ORIGINS)]


def test_an_origin_that_has_its_own_count_keeps_it_when_all_are_taken() -> None:
    full = Ledger(sign_ins=(tries(1), tries(1, ELSEWHERE), tries(5, None, NOW + MINUTE)))
    assert full.sign_in_at(HERE, NOW, FEW_ORIGINS) is None


def test_before_all_are_taken_a_new_origin_waits_for_nobody() -> None:
    assert Ledger(sign_ins=(tries(5, None, NOW + MINUTE),)).sign_in_at(NEW, NOW, FEW_ORIGINS) is None


def test_an_unknown_origin_is_one_of_its_own() -> None:
    """R31: a host that knows none says so; it is not the shared count."""
    unknown = OriginTag("")
    ledger = Ledger(sign_ins=(tries(5, None, NOW + MINUTE),))
    assert unknown == ledger.with_sign_in(GUESS, unknown, NOW, MSA)[-1].origin


@pytest.mark.parametrize(
    ("after", "kept"), [(DAY - INSTANT, True), (DAY, False), (DAY + INSTANT, False)], ids=["before", "at", "after"]
)
def test_an_origin_whose_tries_aged_out_makes_room(after: timedelta, kept: bool) -> None:
    ledger = Ledger(sign_ins=(tries(1, ELSEWHERE),))
    origins = [each.origin for each in ledger.with_sign_in(GUESS, HERE, NOW + after, MSA)]
    assert ([ELSEWHERE, HERE] if kept else [HERE]) == origins


def test_origins_whose_tries_aged_out_take_no_place_though_nobody_wrote_since() -> None:
    """Else a sign-in that is taken twice, as after a crash, would be counted once with the others and once apart."""
    old = Ledger(sign_ins=(tries(1), tries(1, ELSEWHERE), tries(1, None)))
    written = old.with_sign_in(GUESS, NEW, NOW + DAY, FEW_ORIGINS)
    assert [NEW] == [each.origin for each in written]
    settled = evolve(old, sign_ins=evolve(old, sign_ins=written).without_sign_in(GUESS, NOW + DAY))
    assert written == settled.with_sign_in(GUESS, NEW, NOW + DAY, FEW_ORIGINS)


def test_an_origin_that_still_waits_is_kept_though_its_tries_aged_out() -> None:
    """R29"""
    waiting = SignInTries(ELSEWHERE, (), NOW + MINUTE)
    assert waiting in Ledger(sign_ins=(waiting,)).with_sign_in(GUESS, HERE, NOW, MSA)


def test_two_hundred_origins_leave_seventeen_counts() -> None:
    ledger = Ledger()
    for number in range(200):
        origin = OriginTag(f"origin {number}")
        ledger = evolve(ledger, sign_ins=ledger.with_sign_in(GuessId(f"guess {number}"), origin, NOW, MSA))
    assert 17 == len(ledger.sign_ins)


# -- settling, and the alarm -------------------------------------------------------------------------------------------


def test_a_right_try_takes_back_its_own_mark_and_no_other() -> None:
    """Invariant 4"""
    ledger = Ledger(sign_ins=(tries(2, ELSEWHERE), SignInTries(HERE, (*marks(3), Mark(GUESS, NOW + DAY)), NOW)))
    assert (tries(2, ELSEWHERE), tries(3)) == ledger.without_sign_in(GUESS, NOW)


def test_a_right_try_takes_back_the_wait_that_it_had_brought() -> None:
    """R29: waits are for wrong ones; a double click must not keep its person out."""
    waiting = SignInTries(HERE, (*marks(4), Mark(GUESS, NOW + DAY)), NOW + MINUTE)
    settled = Ledger(sign_ins=(waiting,)).without_sign_in(GUESS, NOW)
    assert (SignInTries(HERE, marks(4), NOW),) == settled


def test_the_alarm_counts_the_tries_of_all_origins() -> None:
    """R6"""
    assert 5 == Ledger(sign_ins=(tries(2), tries(3, ELSEWHERE))).sign_in_count(NOW)


def test_the_alarm_counts_24_hours() -> None:
    """R6"""
    ledger = Ledger(sign_ins=(SignInTries(HERE, (*marks(2, NOW), *marks(1)), NOW),))
    assert 1 == ledger.sign_in_count(NOW)


def test_a_reserved_try_is_held() -> None:
    """R3"""
    assert Ledger(sign_ins=(tries(1, ELSEWHERE), SignInTries(HERE, (Mark(GUESS, NOW),), NOW))).holds(GUESS)


# -- the current password ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("wrong", "expected"), [(24, None), (25, NOW + MINUTE)])
def test_twenty_five_current_passwords_an_account_and_24_hours(wrong: int, expected: datetime | None) -> None:
    """R29"""
    ledger = Ledger(current_password_guesses=marks(wrong, NOW + MINUTE))
    assert expected == ledger.current_password_at(NOW, MSA)


def test_the_first_that_ages_out_makes_room() -> None:
    """R29"""
    ledger = Ledger(current_password_guesses=(*marks(24, NOW + DAY), Mark(GUESS, NOW + MINUTE)))
    at = ledger.current_password_at(NOW, MSA)
    assert (NOW + MINUTE, None) == (at, ledger.current_password_at(NOW + MINUTE, MSA))


def test_they_are_counted_apart_from_temporary_ones() -> None:
    """R20, R28"""
    assert after_wrong(25).current_password_at(NOW, MSA) is None
