"""What the pages are given wrongly is refused where they are put together, not once somebody clicks."""

from typing import Any

import pytest

from msa_recovery import AsyncRecovery, CallerError
from msa_recovery.adapters.franceconnect import PRODUCTION, AsyncFranceConnect, FranceConnect
from msa_recovery.cli.stage import Stage
from msa_recovery.web import Settings, Site, recovery_app
from tests.support.liar import registered


class Half:
    """A site that was not finished."""

    async def check(self, identifier: str, password: str) -> None:
        """Nobody has a usual password."""


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"franceconnect": FranceConnect(registered(), PRODUCTION)},
            "franceconnect: an AsyncFranceConnect, not FranceC",
        ),
        ({"franceconnect": registered()}, "franceconnect: an AsyncFranceConnect, not Registration"),
        ({"franceconnect": "https://fc.example"}, "franceconnect: an AsyncFranceConnect, not str"),
        ({"franceconnect": AsyncFranceConnect}, "franceconnect: an AsyncFranceConnect, not the class AsyncF"),
        ({"site": Half()}, "site: an object with the methods of a Site, not Half"),
        ({"site": Half}, "site: an object with the methods of a Site, not the class Half"),
        ({"site": Site}, "site: an object with the methods of a Site, not the class Site"),
        ({"settings": {"posts": "60/minute"}}, "settings: a Settings, not dict"),
        ({"settings": Settings}, "settings: a Settings, not the class Settings"),
    ],
)
def test_an_argument_that_cannot_be_is_refused_by_name(stage: Stage, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(CallerError, match=said):
        recovery_app(AsyncRecovery.of(stage.recovery), **changes)


def test_a_recovery_that_is_not_awaited_is_refused_with_the_way_out(stage: Stage) -> None:
    recovery: Any = stage.recovery
    with pytest.raises(
        CallerError, match=r"recovery: an AsyncRecovery, not Recovery: .* AsyncRecovery\.of\(recovery\)"
    ):
        recovery_app(recovery)
