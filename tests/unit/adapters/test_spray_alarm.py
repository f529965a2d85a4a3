"""Many wrong guesses over many accounts raise the alarm, once a day (R6, ASVS 2.4.1)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from msa_recovery.adapters.spray_alarm import SprayAlarm
from msa_recovery.application.facts import AuditRow
from msa_recovery.domain.audit import Fact, FactName
from msa_recovery.domain.errors import CallerError
from msa_recovery.domain.events import Abandon
from msa_recovery.domain.inputs import Identify, SubmitCode
from msa_recovery.domain.machine import CHARTS
from msa_recovery.domain.problem import ProblemCode
from msa_recovery.testing.people import NIR_OF_MARIE
from tests.support.house import HERE, House

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 3, 3, tzinfo=UTC)
WRONG = Fact(FactName.ROW_FIRED, "confirming_code.submit_code.3", ProblemCode.CODE_WRONG)


# -- a simulated campaign ----------------------------------------------------------------------------------------------


@pytest.fixture
def house() -> House:
    return House(observers=(SprayAlarm(30),))


def many(house: House, count: int) -> list[str]:
    """Identifiers that nobody has, and that a code is sent to: an attacker knows no better."""
    found = (f"1990133990{number:03}" for number in range(1, 1_000))
    return [nir for nir in found if not house.decoy(nir).first_sign_in and len(house.decoy(nir).ways) > 2][:count]


def guesses_at(house: House, identifiers: list[str]) -> None:
    """Three wrong codes for each of many accounts: none of them meets a cap of its own."""
    for identifier in identifiers:
        reply = house.at_code(identifier)
        for _ in range(3):
            reply = house.send(reply, SubmitCode(house.wrong_code))


def guesses_and_alarms(house: House) -> tuple[int, int]:
    guesses = sum("submit_code" in row.fact.row for row in house.store.audit())
    return guesses, house.facts().count(FactName.SPRAY_ALARM)


def test_a_campaign_over_many_accounts_raises_the_alarm_once(house: House) -> None:
    guesses_at(house, many(house, 12))
    assert (36, 1) == guesses_and_alarms(house)


def test_a_campaign_below_the_threshold_raises_none(house: House) -> None:
    guesses_at(house, many(house, 9))
    assert (27, 0) == guesses_and_alarms(house)


def test_a_campaign_of_two_days_raises_the_alarm_on_each(house: House) -> None:
    guesses_at(house, many(house, 12))
    house.later(days=1)
    guesses_at(house, many(house, 24)[12:])
    assert (72, 2) == guesses_and_alarms(house)


def test_a_spray_at_the_door_raises_the_alarm(house: House) -> None:
    """Wrong temporary passwords, while one is live."""
    for identifier in many(house, 12):
        house.at_sign_in(identifier)
        for _ in range(3):
            house.host.sign_in(identifier, house.wrong_password, HERE)
    assert 1 == house.facts().count(FactName.SPRAY_ALARM)


def test_people_who_get_it_right_raise_none() -> None:
    house = House(observers=(SprayAlarm(1),))
    house.at_contacts(NIR_OF_MARIE)
    house.play(Identify(NIR_OF_MARIE), Abandon())
    assert FactName.SPRAY_ALARM not in house.facts()


# -- each clause -------------------------------------------------------------------------------------------------------


def told(alarm: SprayAlarm, fact: Fact = WRONG, at: datetime = NOON) -> Fact | None:
    return alarm.observe(AuditRow(at, "somebody", "a journey", fact))


def alarms(alarm: SprayAlarm, times: int, at: datetime = NOON) -> int:
    """How many alarms so many wrong guesses raise, when each alarm is kept and told."""
    raised = 0
    for _ in range(times):
        concluded = told(alarm, at=at)
        if concluded is not None:
            raised += 1
            told(alarm, concluded, at)
    return raised


@pytest.mark.parametrize(("guesses", "raised"), [(9, 0), (10, 1), (11, 1), (500, 1)])
def test_the_alarm_is_raised_at_the_threshold_once_a_day(guesses: int, raised: int) -> None:
    assert raised == alarms(SprayAlarm(10), guesses)


def test_each_day_begins_at_nothing() -> None:
    """A day of UTC."""
    alarm = SprayAlarm(10)
    before = alarms(alarm, 9, MIDNIGHT - timedelta(microseconds=1))
    assert (0, 0, 1) == (before, alarms(alarm, 9, MIDNIGHT), alarms(alarm, 1, MIDNIGHT))


def test_a_clock_that_goes_back_over_midnight_raises_no_second_alarm() -> None:
    alarm = SprayAlarm(10)
    moments = (MIDNIGHT, MIDNIGHT - timedelta(seconds=1), MIDNIGHT)
    assert [1, 0, 0] == [alarms(alarm, 30, moment) for moment in moments]


def test_an_alarm_that_was_not_kept_is_raised_again_later() -> None:
    alarm = SprayAlarm(10)
    raised = [told(alarm) is not None for _ in range(40)]
    assert [9, 19, 39] == [number for number, each in enumerate(raised) if each]


def test_threads_raise_it_once() -> None:
    alarm = SprayAlarm(500)
    with ThreadPoolExecutor(8) as pool:
        raised = list(pool.map(lambda _: told(alarm), range(900)))
    assert 1 == sum(each is not None for each in raised)


@pytest.mark.parametrize(
    ("fact", "counts"),
    [
        (Fact(FactName.ROW_FIRED, "confirming_code.submit_code.2"), False),
        (Fact(FactName.ROW_FIRED, "confirming_code.submit_code.1", ProblemCode.CODE_NOT_LIVE), False),
        (Fact(FactName.ROW_FIRED, "confirming_code.submit_code.6"), True),
        (Fact(FactName.ROW_FIRED, "awaiting_sign_in.sign_in.1", ProblemCode.SIGN_IN_MUST_WAIT), False),
        (Fact(FactName.ROW_FIRED, "awaiting_sign_in.sign_in.3", ProblemCode.SIGN_IN_WRONG), True),
        (Fact(FactName.SIGN_IN_REFUSED, reason=ProblemCode.SIGN_IN_WRONG), True),
        (Fact(FactName.SIGN_IN_REFUSED, reason=ProblemCode.SIGN_IN_MUST_WAIT), False),
        (Fact(FactName.SIGN_IN_REFUSED), False),
        (Fact(FactName.JOURNEY_BEGUN), False),
    ],
)
def test_only_a_guess_that_was_compared_and_wrong_counts(fact: Fact, counts: bool) -> None:
    assert counts is (told(SprayAlarm(1), fact) is not None)


def test_every_row_that_says_that_a_guess_was_wrong_counts() -> None:
    """Whatever becomes of the chart."""
    said = [row.label for chart in CHARTS.values() for row in chart.rows if "is_wrong" in " ".join(row.effects)]
    assert said
    assert [] == [label for label in said if told(SprayAlarm(1), Fact(FactName.ROW_FIRED, label)) is None]


@pytest.mark.parametrize("threshold", [0, -1, True, 2.5, "many"])
def test_a_threshold_is_a_whole_number(threshold: int) -> None:
    with pytest.raises(CallerError, match="threshold"):
        SprayAlarm(threshold)
