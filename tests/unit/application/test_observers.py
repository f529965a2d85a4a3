"""Observers are told each fact once it is kept, and cannot harm the call that it comes from."""

import asyncio
import logging
from collections.abc import Callable
from threading import current_thread

import pytest

from msa_recovery.application.facts import AuditRow
from msa_recovery.domain.audit import Fact, FactName
from msa_recovery.domain.events import Abandon
from msa_recovery.domain.inputs import Identify
from msa_recovery.domain.journey import State
from msa_recovery.testing.people import NIR_OF_MARIE
from msa_recovery.testing.tapped import Call, through
from tests.support.house import HERE, House

OpenHouse = Callable[..., House]


class Notebook:
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.rows: list[AuditRow] = []

    def observe(self, row: AuditRow) -> None:
        self.rows.append(row)


class Broken:
    """Fails, as long as it is broken."""

    broken = True

    def observe(self, row: AuditRow) -> None:
        if self.broken:
            raise LookupError("2 84 03 33 063 021 14")


class Alarmist:
    """Concludes an alarm from everything, an alarm included."""

    def observe(self, row: AuditRow) -> Fact:
        return Fact(FactName.SPRAY_ALARM)


def test_every_fact_that_is_kept_is_told(open_house: OpenHouse) -> None:
    notebook = Notebook()
    house = open_house(observers=(notebook,))
    house.at_sign_in()
    house.host.relay()
    assert list(house.store.audit()) == notebook.rows


def test_a_fact_is_told_once_it_is_kept_and_not_before(open_house: OpenHouse) -> None:
    seen: list[bool] = []

    class Looking:
        def observe(self, row: AuditRow) -> None:
            seen.append(row in house.store.audit())

    house = open_house(observers=(Looking(),))
    house.play(Identify(NIR_OF_MARIE), Abandon())
    assert [True] * 3 == seen


def test_what_was_not_committed_is_not_told(open_house: OpenHouse) -> None:
    notebook = Notebook()
    house = open_house(observers=(notebook,))
    reply = house.play(Identify(NIR_OF_MARIE))
    refused = 0

    def somebody_is_quicker(call: Call, go: Callable[[], object]) -> object:
        nonlocal refused
        if str(call) == "store.commit" and not refused:
            refused += 1
            return False
        return go()

    house.tap = somebody_is_quicker
    house.send(reply, Abandon())
    house.tap = through
    assert (1, list(house.store.audit())) == (refused, notebook.rows)


def test_an_observer_that_fails_fails_no_call(open_house: OpenHouse) -> None:
    notebook = Notebook()
    house = open_house(observers=(Broken(), notebook))
    assert State.ABANDONED is house.play(Identify(NIR_OF_MARIE), Abandon()).view.state
    assert 3 == len(notebook.rows)


def test_an_observer_that_fails_is_logged_once(open_house: OpenHouse, caplog: pytest.LogCaptureFixture) -> None:
    """By its kind: what an error says may tell too much (R54)."""
    house = open_house(observers=(Broken(),))
    house.play(Identify(NIR_OF_MARIE), Abandon())
    assert ["the observer Broken failed: LookupError"] == [record.getMessage() for record in caplog.records]


def test_an_observer_that_fails_again_is_logged_again(open_house: OpenHouse, caplog: pytest.LogCaptureFixture) -> None:
    observer = Broken()
    house = open_house(observers=(observer,))
    for broken in (True, False, True):
        observer.broken = broken
        house.host.begin(HERE)
    assert [logging.ERROR] * 2 == [record.levelno for record in caplog.records]


def test_what_an_observer_concludes_is_kept_and_told(open_house: OpenHouse) -> None:
    notebook = Notebook()
    house = open_house(observers=(Alarmist(), notebook))
    house.host.begin(HERE)
    assert [FactName.JOURNEY_BEGUN, FactName.SPRAY_ALARM] == house.facts()
    assert {FactName.JOURNEY_BEGUN, FactName.SPRAY_ALARM} == {row.fact.name for row in notebook.rows}


def test_an_alarm_that_cannot_be_kept_fails_no_call(open_house: OpenHouse) -> None:
    house = open_house(observers=(Alarmist(),))

    def no_alarm(call: Call, go: Callable[[], object]) -> object:
        if str(call) == "store.commit" and call.arguments[0].journey is None:
            raise OSError
        return go()

    house.tap = no_alarm
    assert State.IDENTIFYING is house.host.begin(HERE).view.state


def test_an_async_observer_is_awaited(open_house: OpenHouse, driver: str) -> None:
    told: list[AuditRow] = []

    class Awaited:
        async def observe(self, row: AuditRow) -> None:
            await asyncio.sleep(0)
            told.append(row)

    if driver == "async":
        house = open_house(observers=(Awaited(),))
        house.host.begin(HERE)
        assert list(house.store.audit()) == told


def test_a_sync_observer_of_an_async_host_does_not_hold_up_its_loop(open_house: OpenHouse, driver: str) -> None:
    threads: list[str] = []

    class Where:
        def observe(self, row: AuditRow) -> None:
            threads.append(current_thread().name)

    house = open_house(observers=(Where(),))
    house.host.begin(HERE)
    assert (driver == "sync") is (threads == [current_thread().name])
