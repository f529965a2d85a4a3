"""A clock that shows no moment, or one that no calendar has room after."""

from datetime import UTC, datetime
from typing import Any, Final, cast

import pytest

from msa_recovery.application.errors import InfrastructureError
from msa_recovery.domain.account import AccountKey
from msa_recovery.domain.inputs import Identify
from msa_recovery.testing.people import NIR_OF_MARIE
from tests.support.house import HERE, House

BROKEN: Final = {
    "at the end of time": datetime.max.replace(tzinfo=UTC),
    "at its beginning": datetime.min.replace(tzinfo=UTC),
    "before the epoch": datetime(1969, 12, 31, tzinfo=UTC),
    "naive": datetime(2026, 11, 23, 9),  # noqa: DTZ001
    "a number": 1_795_000_000.0,
    "nothing": None,
}


@pytest.mark.parametrize("shows", BROKEN.values(), ids=BROKEN.keys())
@pytest.mark.parametrize("call", ["begin", "send", "resume", "sign_in", "pending", "relay", "lapse_due", "purge"])
def test_a_clock_that_shows_no_moment_is_a_port_that_failed(call: str, shows: object) -> None:
    """R16: typed, and nothing happened."""
    house = House()
    reply = house.at_sign_in()
    arguments: dict[str, tuple[Any, ...]] = {
        "send": (reply.handle, Identify(NIR_OF_MARIE), HERE),
        "resume": (reply.handle, HERE),
        "sign_in": (NIR_OF_MARIE, house.password, HERE),
        "pending": (AccountKey("marie"), HERE),
        "begin": (HERE,),
    }
    before = (house.store.audit(), house.store.outbox(), house.journey(reply))
    house.tap = lambda each, go: shows if each.port == "clock" else go()
    with pytest.raises(InfrastructureError, match=r"^clock: "):
        getattr(cast(Any, house.host), call)(*arguments.get(call, ()))
    assert before == (house.store.audit(), house.store.outbox(), house.journey(reply))
