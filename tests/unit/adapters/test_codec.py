"""Snapshots: what is written comes back, an older one is lifted, a newer or damaged one is refused."""

import json
from pathlib import Path

import pytest
from attrs import fields
from hypothesis import given
from hypothesis import strategies as st

from msa_recovery.adapters.codec import SNAPSHOT_VERSION, Codec, JourneySnapshot, SnapshotRefused
from msa_recovery.domain.journey import Journey
from msa_recovery.domain.ledger import Ledger
from msa_recovery.testing.contracts.examples import a_full_journey, a_full_ledger, a_journey

FULL = JourneySnapshot(a_full_journey().journey, a_full_journey().language, a_full_journey().answered)
SMALL = JourneySnapshot(a_journey().journey, a_journey().language)


@pytest.mark.parametrize("snapshot", [FULL, SMALL], ids=["full", "small"])
def test_a_journey_comes_back_as_it_was(snapshot: JourneySnapshot) -> None:
    codec = Codec()
    assert snapshot == codec.journey(codec.journey_text(snapshot))


@pytest.mark.parametrize("ledger", [a_full_ledger().ledger, Ledger()], ids=["full", "empty"])
def test_a_ledger_comes_back_as_it_was(ledger: Ledger) -> None:
    codec = Codec()
    assert ledger == codec.ledger(codec.ledger_text(ledger))


def test_the_form_of_this_version_stays_what_it_is() -> None:
    """What a release has written, a later one reads: whoever changes the form raises ``SNAPSHOT_VERSION``, lifts what
    is older, and keeps this file for a test of the lift."""
    kept = json.loads(Path(__file__).with_name("snapshot_1.json").read_text("utf-8"))
    journey, ledger = kept["journey"], kept["ledger"]
    codec = Codec()
    assert (1, journey) == (SNAPSHOT_VERSION, json.loads(codec.journey_text(FULL)))
    assert ledger == json.loads(codec.ledger_text(a_full_ledger().ledger))
    assert FULL == codec.journey(json.dumps(journey))
    assert a_full_ledger().ledger == codec.ledger(json.dumps(ledger))


def test_a_member_of_an_enumeration_comes_back_as_one() -> None:
    """It equals its text, so that the tests above do not see the difference; ``is`` and ``match`` do."""
    codec = Codec()
    assert [repr(FULL), repr(a_full_ledger().ledger)] == [
        repr(codec.journey(codec.journey_text(FULL))),
        repr(codec.ledger(codec.ledger_text(a_full_ledger().ledger))),
    ]


@pytest.mark.parametrize("value", ["a state", 1, None, ["identifying"]])
def test_what_is_no_member_of_an_enumeration_is_refused(value: object) -> None:
    data = json.loads(Codec().journey_text(SMALL))
    data["journey"]["state"] = value
    with pytest.raises(SnapshotRefused):
        Codec().journey(json.dumps(data))


def test_every_field_that_a_journey_has_is_in_the_full_example() -> None:
    """Or the test above would not see a field that gets lost."""
    assert {field.name for field in fields(Journey)} == set(json.loads(Codec().journey_text(FULL))["journey"])


def test_a_field_that_a_text_does_not_have_is_at_its_default() -> None:
    assert Ledger(epoch=5) == Codec().ledger('{"snapshot":1,"epoch":5}')


def test_an_older_snapshot_is_lifted_step_by_step() -> None:
    """A ledger of version 1 that called the epoch ``generation``, and one of version 2 that called it ``age``."""
    codec = Codec(
        version=3,
        ledger_lifts={
            1: lambda data: {"age": data["generation"]},
            2: lambda data: {"epoch": data["age"]},
        },
    )
    assert [Ledger(epoch=5)] * 3 == [
        codec.ledger(text)
        for text in ('{"snapshot":1,"generation":5}', '{"snapshot":2,"age":5}', '{"snapshot":3,"epoch":5}')
    ]


def test_a_newer_snapshot_is_refused_and_it_is_said_what_to_do() -> None:
    newer = Codec(version=2).ledger_text(Ledger(epoch=5))
    with pytest.raises(SnapshotRefused, match=r"version 2 .* newer release.* upgrade msa-recovery"):
        Codec().ledger(newer)


@pytest.mark.parametrize(
    "text",
    ["", "null", "{}", '{"snapshot":1,"epoch":"secret"}', '{"snapshot":0}', "[1]"],
)
def test_a_damaged_snapshot_is_refused_without_a_word_of_what_it_held(text: str) -> None:
    with pytest.raises(SnapshotRefused, match=r"^store: a Ledger is damaged \(\w+\)$") as refused:
        Codec().ledger(text)
    assert refused.value.__suppress_context__


@given(st.text())
def test_whatever_stands_in_the_store_only_ever_is_refused(text: str) -> None:
    with pytest.raises(SnapshotRefused):
        Codec().journey(text)
