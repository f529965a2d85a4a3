"""The account's memory: each cap at n and n + 1, each window to the instant, each "when" exactly when (R5, R8, R30)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from attrs import evolve

from msa_recovery.domain.account import Channel
from msa_recovery.domain.journey import State, passed
from msa_recovery.domain.ledger import (
    GuessId,
    Ledger,
    Mark,
    Sent,
    SignInTries,
    TemporaryPassword,
    first_moment,
    live,
    settled,
)
from msa_recovery.domain.policy import DAY, MONTH
from tests.support.cases import (
    AROUND,
    ELSEWHERE,
    GUESS,
    HERE,
    MINUTE,
    MSA,
    NOW,
    OTHER_JOURNEY,
    code_is_live,
    journey,
    marks,
    sent,
    slot,
)

CHOOSING = journey(State.CHOOSING_CHANNEL)
CONFIRMING = journey(State.CONFIRMING_CODE)


def ever(ledger: Ledger, codes_sent: int = 0, now: datetime = NOW) -> bool:
    """Whether a code is left, whatever the time."""
    return ledger.may_ever_send(evolve(CHOOSING, codes_sent=codes_sent), now, MSA)


def by_now(ledger: Ledger, now: datetime = NOW) -> bool:
    """Whether a code may be sent at this moment."""
    return ledger.may_send_now(CHOOSING, HERE, now, MSA)


# -- deadlines and tallies ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("after", "over"), AROUND)
def test_a_deadline_is_over_at_the_deadline_itself(after: timedelta, over: bool) -> None:
    """Invariant 6"""
    assert over is passed(NOW, NOW + after)


@pytest.mark.parametrize(("after", "aged"), AROUND)
def test_each_mark_ages_out_alone(after: timedelta, aged: bool) -> None:
    """Invariant 4"""
    later = Mark(GuessId("later"), NOW + MINUTE)
    tally = (*marks(1, NOW), later)
    assert ((later,) if aged else tally) == live(tally, NOW + after)


def test_a_right_guess_removes_its_own_mark_and_no_other() -> None:
    """Invariant 4"""
    earlier = marks(2)
    assert earlier == settled((*earlier, Mark(GUESS, NOW)), GUESS)


def test_a_guess_that_is_not_there_removes_none() -> None:
    assert marks(2) == settled(marks(2), GUESS)


@pytest.mark.parametrize(
    ("ages", "expected"),
    [
        pytest.param([], None, id="none"),
        pytest.param([NOW + 3 * MINUTE, NOW + MINUTE], NOW + 3 * MINUTE, id="the first that serves"),
        pytest.param([NOW + 5 * MINUTE, NOW + 3 * MINUTE], NOW + 3 * MINUTE, id="the first in time"),
        pytest.param([NOW - MINUTE, NOW + MINUTE], None, id="none that serves"),
    ],
)
def test_the_first_moment_is_one_of_the_deadlines_to_come(ages: list[datetime], expected: datetime | None) -> None:
    assert expected == first_moment(ages, NOW, lambda at: at >= NOW + 2 * MINUTE)


def test_what_is_allowed_already_is_allowed_now() -> None:
    assert NOW == first_moment([NOW + MINUTE], NOW, lambda at: True)


def test_a_new_account_has_used_up_nothing() -> None:
    empty = Ledger()
    assert (0, 0, (), ()) == (empty.epoch, empty.intents, empty.letters, empty.temporary_passwords(NOW))


# -- codes: the live one -----------------------------------------------------------------------------------------------


def test_a_live_code_has_its_slot() -> None:
    assert slot() == code_is_live().slot(CONFIRMING, NOW)


@pytest.mark.parametrize(
    "dead",
    [
        pytest.param((), id="none"),
        pytest.param((slot(0),), id="no guess left"),
        pytest.param((slot(of=OTHER_JOURNEY),), id="another journey's"),
        pytest.param((slot(issue=2),), id="another of its codes"),
        pytest.param((slot(until=NOW),), id="expired at this moment"),
    ],
)
def test_any_other_code_is_dead(dead: tuple[()]) -> None:
    """R8, R11, invariant 5"""
    assert code_is_live(codes=dead).slot(CONFIRMING, NOW) is None


@pytest.mark.parametrize(("after", "over"), AROUND)
def test_a_code_lives_to_the_instant_before_its_expiry(after: timedelta, over: bool) -> None:
    """R8"""
    assert over is (code_is_live().slot(CONFIRMING, NOW + 30 * MINUTE + after) is None)


def test_a_journey_without_a_code_has_no_slot() -> None:
    assert code_is_live().slot(CHOOSING, NOW) is None


def test_a_live_code_of_another_journey_hides_no_own_one() -> None:
    both = code_is_live(codes=(slot(of=OTHER_JOURNEY), slot(2)))
    assert slot(2) == both.slot(CONFIRMING, NOW)


# -- codes: how many, and when -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("codes_sent", "left"), [(0, True), (2, True), (3, False)])
def test_three_codes_a_journey(codes_sent: int, left: bool) -> None:
    """R5"""
    assert left is ever(Ledger(), codes_sent)


@pytest.mark.parametrize(("sends", "left"), [(14, True), (15, False)])
def test_fifteen_codes_an_account_and_thirty_days(sends: int, left: bool) -> None:
    """R5"""
    assert left is ever(Ledger(sends=(sent(2 * DAY),) * sends))


@pytest.mark.parametrize(("wrong", "left"), [(0, True), (7, True), (8, False)])
def test_no_code_is_sent_whose_guesses_could_exceed_ten_in_thirty_days(wrong: int, left: bool) -> None:
    """R5: three guesses more, at most ten."""
    assert left is ever(Ledger(code_guesses=marks(wrong)))


@pytest.mark.parametrize(("after", "left"), AROUND)
def test_the_fifteenth_code_ages_out_after_thirty_days_to_the_instant(after: timedelta, left: bool) -> None:
    """R5"""
    assert left is ever(Ledger(sends=(sent(timedelta()),) * 15), now=NOW + MONTH + after)


@pytest.mark.parametrize(("after", "left"), AROUND)
def test_wrong_guesses_age_out_to_the_instant(after: timedelta, left: bool) -> None:
    """R5"""
    assert left is ever(Ledger(code_guesses=marks(8, NOW)), now=NOW + after)


def test_the_caps_of_24_hours_do_not_end_a_journey() -> None:
    """R30: if not now, then later."""
    assert ever(Ledger(sends=(sent(MINUTE),) * 5, next_send=NOW + MINUTE))


@pytest.mark.parametrize(("after", "cooled"), AROUND)
def test_sixty_seconds_between_two_codes_of_an_account(after: timedelta, cooled: bool) -> None:
    """R30"""
    assert cooled is by_now(Ledger(next_send=NOW), NOW + after)


@pytest.mark.parametrize(("own", "may"), [(0, True), (2, True), (3, False)])
def test_three_codes_an_account_and_origin_and_24_hours(own: int, may: bool) -> None:
    """R30"""
    assert may is by_now(Ledger(sends=(sent(MINUTE),) * own))


@pytest.mark.parametrize(("others", "may"), [(4, True), (5, False)])
def test_five_codes_an_account_and_24_hours(others: int, may: bool) -> None:
    """R30: whoever asks."""
    assert may is by_now(Ledger(sends=(sent(MINUTE, ELSEWHERE),) * others))


@pytest.mark.parametrize(("after", "may"), AROUND)
def test_a_code_leaves_the_caps_of_24_hours_to_the_instant(after: timedelta, may: bool) -> None:
    """R30"""
    full = Ledger(sends=(sent(timedelta()),) * 3)
    assert may is by_now(full, NOW + DAY + after)


@pytest.mark.parametrize(
    ("wrong", "elsewhere", "may"),
    [(0, 7, True), (0, 8, False), (4, 3, True), (5, 3, False), (7, 0, True), (8, 0, False)],
)
def test_guesses_that_others_may_still_make_are_reckoned_with(wrong: int, elsewhere: int, may: bool) -> None:
    """R5: so that a code in the owner's hand keeps its guesses whatever others do."""
    ledger = Ledger(code_guesses=marks(wrong), codes=(slot(elsewhere, OTHER_JOURNEY),))
    assert may is by_now(ledger)


def test_guesses_of_the_own_code_are_not_for_the_next_one_replaces_it() -> None:
    """R11"""
    assert by_now(Ledger(code_guesses=marks(7), codes=(slot(3),)))


@pytest.mark.parametrize(("after", "may"), AROUND)
def test_guesses_of_an_expired_code_are_not_either(after: timedelta, may: bool) -> None:
    """R5"""
    assert may is by_now(Ledger(code_guesses=marks(7), codes=(slot(1, OTHER_JOURNEY, NOW),)), NOW + after)


@pytest.mark.parametrize(
    ("ledger", "expected"),
    [
        pytest.param(Ledger(), NOW, id="nothing was sent"),
        pytest.param(code_is_live(), NOW, id="cooled down: not when something else ages out"),
        pytest.param(code_is_live(next_send=NOW + MINUTE), NOW + MINUTE, id="after the cool-down"),
        pytest.param(Ledger(sends=(sent(MINUTE),) * 3), NOW - MINUTE + DAY, id="one of three from here ages out"),
        pytest.param(
            Ledger(code_guesses=marks(5), codes=(slot(3, OTHER_JOURNEY),)),
            NOW + 30 * MINUTE,
            id="another's code expires",
        ),
        pytest.param(Ledger(code_guesses=marks(8, NOW + MINUTE)), NOW + MINUTE, id="wrong guesses age out"),
        pytest.param(Ledger(sends=(sent(2 * DAY),) * 15), NOW - 2 * DAY + MONTH, id="one of fifteen ages out"),
    ],
)
def test_the_next_code_may_be_sent_exactly_then(ledger: Ledger, expected: datetime) -> None:
    """R30, R56"""
    assert expected == ledger.next_send_at(CHOOSING, HERE, NOW, MSA)


def test_waiting_does_not_help_a_journey_whose_codes_are_spent() -> None:
    """R5"""
    assert Ledger(next_send=NOW + MINUTE).next_send_at(evolve(CHOOSING, codes_sent=3), HERE, NOW, MSA) is None


# -- whether a guess was reserved --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["code_guesses", "answers", "current_password_guesses"])
def test_a_reserved_guess_is_held_in_whatever_tally_it_is(name: str) -> None:
    """R3"""
    tally: dict[str, Any] = {name: (*marks(1), Mark(GUESS, NOW))}
    assert Ledger(**tally).holds(GUESS)


def test_another_guess_is_not_held() -> None:
    assert not Ledger(code_guesses=marks(3), answers=marks(1)).holds(GUESS)


# -- when all of it is forgotten ---------------------------------------------------------------------------------------

LATEST = NOW + 29 * DAY
EARLIER = NOW + DAY


@pytest.mark.parametrize(
    "fields",
    [
        {"code_guesses": (Mark(GUESS, EARLIER), Mark(GUESS, LATEST))},
        {"answers": (Mark(GUESS, LATEST),)},
        {"current_password_guesses": (Mark(GUESS, LATEST),)},
        {"sign_ins": (SignInTries(HERE, (Mark(GUESS, LATEST),), EARLIER),)},
        pytest.param({"sign_ins": (SignInTries(HERE, (Mark(GUESS, EARLIER),), LATEST),)}, id="wait"),
        {"sends": (Sent(HERE, EARLIER, LATEST),)},
        {"codes": (slot(until=LATEST),)},
        {"letters": (EARLIER, LATEST)},
        {"sent_password": TemporaryPassword(b"digest", Channel.SMS, LATEST)},
        {"letter_password": TemporaryPassword(b"digest", Channel.LETTER, LATEST)},
        {"next_send": LATEST},
        {"next_block_notice": LATEST},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_a_ledger_matters_until_its_last_deadline(fields: dict[str, Any]) -> None:
    """R59: before, it is not forgotten; after, nothing is lost with it."""
    assert LATEST == evolve(Ledger(next_send=EARLIER), **fields).until()


def test_a_ledger_without_a_deadline_matters_at_no_time() -> None:
    assert None is Ledger(epoch=3, issued=2).until()
