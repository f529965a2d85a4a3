"""A journey that has just begun has used up nothing, holds no account, and cannot be changed under way."""

import pytest
from attrs import asdict

from msa_recovery.domain.journey import ChartName, Journey, JourneyId, State
from tests.support.cases import NOW

FRESH = Journey(JourneyId("j"), ChartName.RECOVERY, State.IDENTIFYING, NOW)


def test_nothing_of_it_is_used_up_proved_or_under_way() -> None:
    """R2, R25: as few words as this begin one, and all that opens or costs something is still to come."""
    said = {"id", "chart", "state", "deadline"}
    assert [] == [name for name, value in asdict(FRESH).items() if name not in said and value]


def test_it_begins_in_the_first_epoch() -> None:
    assert 0 == FRESH.epoch


def test_it_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        FRESH.state = State.COMPLETED  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
