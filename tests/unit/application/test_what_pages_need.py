"""What a host's pages ask of the library besides the journey, of either driver."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from msa_recovery import AsyncRecovery, InfrastructureError, Recovery, State, Strength
from msa_recovery.domain.errors import NotText
from msa_recovery.testing.tapped import Call
from tests.support.house import HERE, House


def done(answer: Any) -> Any:
    """What a call answers, awaited if it has to be."""

    async def waited() -> Any:
        return await answer

    return asyncio.run(waited()) if hasattr(answer, "__await__") else answer


def either(house: House) -> tuple[Any, ...]:
    """Both drivers of one house."""
    called = Recovery(house.ports)
    return called, AsyncRecovery.of(called)


@pytest.fixture
def inside() -> House:
    """A house whose ports are all sync."""
    return House()


def test_the_moment_is_that_of_the_journeys(inside: House) -> None:
    assert [inside.clock.now()] * 2 == [done(recovery.now()) for recovery in either(inside)]


def test_whom_to_call_is_known_before_any_journey(inside: House) -> None:
    assert [inside.ports.helpdesk] * 2 == [recovery.helpdesk for recovery in either(inside)]


def test_a_password_is_measured_by_the_meter_that_will_judge_it(inside: House) -> None:
    for recovery in either(inside):
        assert Strength.WEAK is done(recovery.strength("short"))
        assert Strength.STRONG is done(recovery.strength("long enough for it"))


def test_a_password_is_measured_in_the_form_in_which_it_is_kept(inside: House) -> None:
    """R41: what is composed and what is not are one password."""
    asked: list[str] = []

    def notice(call: Call, go: Callable[[], Any]) -> Any:
        if call.port == "meter":
            asked.append(call.arguments[0].reveal())
        return go()

    inside.tap = notice
    Recovery(inside.ports).strength("e\u0301" * 3)
    assert ["\u00e9" * 3] == asked


def test_no_more_of_a_text_is_measured_than_of_any_password(inside: House) -> None:
    """R35: ten megabytes cost what a thousand characters cost."""
    asked: list[int] = []

    def notice(call: Call, go: Callable[[], Any]) -> Any:
        if call.port == "meter":
            asked.append(len(call.arguments[0].reveal()))
        return go()

    inside.tap = notice
    Recovery(inside.ports).strength("a" * 10_000_000)
    assert [1_024] == asked


def test_what_is_no_text_is_not_measured(inside: House) -> None:
    with pytest.raises(NotText):
        Recovery(inside.ports).strength(12)  # type: ignore[arg-type]


def test_a_meter_that_fails_is_the_hosts_trouble(inside: House) -> None:
    """R16."""

    def fail(call: Call, go: Callable[[], Any]) -> Any:
        if call.port == "meter":
            raise OSError
        return go()

    inside.tap = fail
    with pytest.raises(InfrastructureError, match="meter"):
        Recovery(inside.ports).strength("a")


def test_either_driver_knows_the_tokens_of_the_other(inside: House) -> None:
    called, awaited = either(inside)
    assert awaited.tokens.verify(called.tokens.sign("browser"), "browser")


def test_both_drivers_of_one_house_share_its_journeys(inside: House) -> None:
    called, awaited = either(inside)
    reply = called.begin(HERE)
    assert State.IDENTIFYING is done(awaited.resume(reply.handle, HERE)).view.state
