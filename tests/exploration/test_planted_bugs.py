"""The exploration can fail: it finds bugs that are planted, at the smallest caps. `make planted` tries all of them."""

import pytest

from msa_recovery.exploration.stories import replay

from .bugs import BUGS, ROWS
from .finding import SETTINGS, Found, found
from .planting import Bug, planted

pytestmark = pytest.mark.no_cover

INVARIANTS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "12", "13", "14")
A_FEW_ROWS = ROWS[::9]


def named(bug: Bug) -> str:
    return f"{bug.breaks} {bug.what}"


@pytest.mark.parametrize("number", INVARIANTS)
def test_a_bug_in_each_invariant_is_found(number: str) -> None:
    bug = next(bug for bug in BUGS if bug.breaks == number)
    assert found(bug) is not None


@pytest.mark.parametrize("bug", [bug for bug in BUGS if bug.breaks in {"4", "5", "6", "9", "14"}][::5], ids=named)
def test_bugs_that_somebody_might_write_are_found(bug: Bug) -> None:
    assert found(bug) is not None


@pytest.mark.parametrize("bug", A_FEW_ROWS, ids=named)
def test_a_row_that_leads_elsewhere_is_found(bug: Bug) -> None:
    assert found(bug) is not None


def test_the_story_of_a_bug_shows_it_when_it_is_run() -> None:
    bug = next(bug for bug in BUGS if bug.what == "a code works twice")
    seen = found(bug)
    assert isinstance(seen, Found)
    with planted(bug):
        *_, last = replay(seen.setting, seen.story)
        assert last.edge is not None
        assert seen.breach == last.edge.breach
    *_, last = replay(seen.setting, seen.story)
    assert last.edge is not None
    assert last.edge.breach is None


def test_there_is_a_bug_for_each_invariant_and_each_row() -> None:
    assert set(INVARIANTS) == {bug.breaks for bug in BUGS}
    assert len(ROWS) == len({bug.breaks for bug in ROWS})
    assert all(setting.policy.codes_per_journey <= 2 for setting in SETTINGS)


def test_each_bug_can_still_be_planted() -> None:
    """Whoever changes a text of the domain that a bug stands for is told here."""
    for bug in (*BUGS, *ROWS):
        with planted(bug):
            pass
