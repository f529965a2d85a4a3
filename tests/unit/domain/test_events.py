"""An event is a value: two that say the same are the same, and nobody changes one under way."""

import copy

import pytest

from msa_recovery.domain.events import EventName
from tests.support.cases import ONE_OF_EACH


def of_name(event: object) -> str:
    return type(event).__name__


def test_the_closed_list_is_whole() -> None:
    assert list(EventName) == [event.name for event in ONE_OF_EACH]


@pytest.mark.parametrize("event", ONE_OF_EACH, ids=of_name)
def test_it_cannot_be_changed(event: object) -> None:
    with pytest.raises(AttributeError):
        event.name = "other"  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]


@pytest.mark.parametrize("event", ONE_OF_EACH, ids=of_name)
def test_it_equals_another_one_that_says_the_same(event: object) -> None:
    other = copy.copy(event)
    assert other is not event
    assert event == other


@pytest.mark.parametrize("event", ONE_OF_EACH, ids=of_name)
def test_it_shows_what_it_is(event: object) -> None:
    assert repr(event).startswith(type(event).__name__)
