"""Clocks: always aware, always UTC."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest

from msa_recovery.adapters.clocks import ManualClock, SystemClock

NOON = datetime(2026, 3, 29, 12, tzinfo=UTC)
NAIVE = datetime(2026, 3, 29, 12)  # noqa: DTZ001 - that is what must be refused


def test_the_system_clock_is_in_utc() -> None:
    assert SystemClock().now().tzinfo is UTC


def test_the_system_clock_tells_the_present() -> None:
    before = datetime.now(UTC)
    assert before <= SystemClock().now() <= datetime.now(UTC)


def test_a_manual_clock_stands_still() -> None:
    clock = ManualClock(NOON)
    assert (NOON, NOON) == (clock.now(), clock.now())


def test_a_manual_clock_moves_by_what_it_is_told() -> None:
    clock = ManualClock(NOON)
    clock.advance(timedelta(minutes=30))
    assert datetime(2026, 3, 29, 12, 30, tzinfo=UTC) == clock.now()


def test_a_manual_clock_goes_where_it_is_set() -> None:
    clock = ManualClock(NOON)
    clock.set(datetime(2020, 1, 1, tzinfo=UTC))
    assert datetime(2020, 1, 1, tzinfo=UTC) == clock.now()


@pytest.mark.parametrize("through_set", [False, True])
def test_a_manual_clock_turns_any_zone_into_utc(through_set: bool) -> None:
    paris = datetime(2026, 3, 29, 14, tzinfo=timezone(timedelta(hours=2)))
    clock = ManualClock(NOON if through_set else paris)
    if through_set:
        clock.set(paris)
    assert (NOON, UTC) == (clock.now(), clock.now().tzinfo)


def test_a_naive_start_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        ManualClock(NAIVE)


def test_a_naive_moment_is_refused_and_changes_nothing() -> None:
    clock = ManualClock(NOON)
    with pytest.raises(ValueError, match="naive"):
        clock.set(NAIVE)
    assert clock.now() == NOON


def test_no_move_is_lost_between_threads() -> None:
    clock = ManualClock(NOON)
    with ThreadPoolExecutor(8) as pool:
        for _ in range(4000):
            pool.submit(clock.advance, timedelta(seconds=1))
    assert NOON + timedelta(seconds=4000) == clock.now()
