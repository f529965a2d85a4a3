"""The page on FranceConnect names everything that can come of it, and its code is code."""

import re
from pathlib import Path
from typing import Any

from msa_recovery import Caller, Recovery, State
from msa_recovery.adapters.franceconnect import INTEGRATION, PRODUCTION, FranceConnect, Why, errors
from msa_recovery.adapters.franceconnect.registration import SCOPES
from msa_recovery.cli.playing import MONDAY_MORNING
from msa_recovery.cli.stage import Stage
from tests.support.liar import at_work, registered

PAGE = (Path(__file__).parents[2] / "docs" / "franceconnect.md").read_text("utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)


def first_cells(heading: str) -> list[str]:
    section = re.split(r"^#+ ", PAGE.partition(f"# {heading}\n")[2], flags=re.MULTILINE)[0]
    return re.findall(r"^\| `(\w+)`.* \| \S", section, flags=re.MULTILINE)


def test_each_outcome_and_each_fault_is_explained_once() -> None:
    assert sorted([*Why, *errors.__all__]) == sorted(first_cells("What becomes of somebody who left"))


def test_what_is_asked_for_and_where_is_said() -> None:
    assert f"`{' '.join(SCOPES)}`" in PAGE
    for name, provider in (("PRODUCTION", PRODUCTION), ("INTEGRATION", INTEGRATION)):
        assert f"| `{name}` | `{provider.issuer}` |" in PAGE


def test_the_client_is_made_as_the_page_makes_it() -> None:
    names: dict[str, Any] = {}
    exec(BLOCKS[0], names)  # noqa: S102 - our own page
    assert "https://your.host/recovery/" == names["registration"].signed_out


def test_the_two_calls_of_the_page_sign_a_person_in() -> None:
    names: dict[str, Any] = {}
    exec(BLOCKS[1], names)  # noqa: S102 - our own page
    stage, session = Stage.sample(MONDAY_MORNING), dict[str, str]()
    recovery: Recovery = stage.recovery
    with at_work(stage.clock) as liar, FranceConnect(registered(), liar.provider, clock=stage.clock) as client:
        query = liar.visited(names["leave"](client, session))
        reply = names["come_back"](client, recovery, Caller(), query, session)
        assert State.SIGNED_IN_WITH_FRANCECONNECT == reply.view.state
        assert Why.NOT_STARTED_HERE == names["come_back"](client, recovery, Caller(), query, session)
    assert ["franceconnect_id_token"] == [*session]
