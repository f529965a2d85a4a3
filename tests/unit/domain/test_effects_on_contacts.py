"""What the rows do with contact details: kept, put on file when they are confirmed, told to those held before (R32)."""

import pytest
from attrs import evolve

from msa_recovery.domain import events
from msa_recovery.domain.account import Channel, Profile
from msa_recovery.domain.contacts import ContactKind
from msa_recovery.domain.journey import Edit, Journey
from msa_recovery.domain.machine import Step, step
from msa_recovery.domain.problem import Problem, ProblemCode
from msa_recovery.domain.requests import (
    MarkContacts,
    Notice,
    Notify,
    UpdateContacts,
)
from msa_recovery.domain.situation import Draft, Evidence
from tests.support.cases import (
    BOTH,
    NEW_EMAIL,
    NO_EMAIL,
    NO_MOBILE,
    POST_ONLY,
    SMS_ONLY,
    at,
    case_in,
)
from tests.support.outcomes import drafted, notices
from tests.support.scenarios import CONTACTS

SMS, EMAIL, LETTER = Channel.SMS, Channel.EMAIL, Channel.LETTER


FAX = Edit(ContactKind.FAX, True, b"")


def edited(event: events.EditContact, *edits: Edit, held: frozenset[ContactKind] = frozenset(ContactKind)) -> Journey:
    evidence = Evidence(held=held, sealed_edit=b"sealed")
    return step(case_in(CONTACTS, edits=edits), event, at(evidence=evidence)).case.journey


@pytest.mark.parametrize(
    ("event", "edit"),
    [
        (NEW_EMAIL, Edit(ContactKind.EMAIL, False, b"sealed")),
        (NO_EMAIL, Edit(ContactKind.EMAIL, True, b"sealed")),
    ],
    ids=["another", "none"],
)
def test_a_correction_is_kept_beside_the_others(event: events.EditContact, edit: Edit) -> None:
    assert (FAX, edit) == edited(event, FAX).edits


def test_a_second_correction_of_a_line_replaces_the_first() -> None:
    expected = (FAX, Edit(ContactKind.EMAIL, False, b"sealed"))
    assert expected == edited(NEW_EMAIL, Edit(ContactKind.EMAIL, True, b"first"), FAX).edits


def test_a_correction_takes_no_effect_before_it_is_confirmed() -> None:
    """R32, invariant 7"""
    outcome = step(case_in(CONTACTS), NEW_EMAIL, at(evidence=Evidence(sealed_edit=b"sealed")))
    assert () == outcome.requests


@pytest.mark.parametrize(("event", "field"), [(NO_EMAIL, "email"), (NO_MOBILE, "mobile")])
def test_the_last_way_to_reach_somebody_is_not_taken_off(event: events.EditContact, field: str) -> None:
    context = at(evidence=Evidence(held=frozenset({event.kind})))
    assert Problem(ProblemCode.CONTACT_LAST_ONE, field) == step(case_in(CONTACTS), event, context).problem


def confirmed(*edits: Edit, account: Profile = BOTH, channel: Channel = SMS) -> Step:
    case = case_in(CONTACTS, profile=account, edits=edits, channel=channel)
    return step(case, events.ConfirmContacts(), at())


def test_confirming_puts_the_corrections_on_file_and_clears_the_mark() -> None:
    outcome = [request for request in confirmed(FAX).requests if not isinstance(request, Notify)]
    assert [UpdateContacts((FAX,)), MarkContacts(to_confirm=False)] == outcome


def test_without_a_correction_nobody_is_told() -> None:
    assert (MarkContacts(to_confirm=False),) == confirmed().requests


@pytest.mark.parametrize(
    ("account", "used", "channels"),
    [
        (BOTH, SMS, (SMS, EMAIL)),
        (SMS_ONLY, SMS, (SMS, LETTER)),
        (SMS_ONLY, LETTER, (SMS,)),
        (POST_ONLY, LETTER, (LETTER,)),
    ],
    ids=["both", "the one that was used, and the post", "the one that was not used", "the post"],
)
def test_a_changed_contact_is_told_to_those_held_before(
    account: Profile, used: Channel, channels: tuple[Channel, ...]
) -> None:
    """R23, R32: the old address, not the new one."""
    assert [(Notice.CONTACTS_CHANGED, channels)] == notices(confirmed(FAX, account=account, channel=used))


def test_a_changed_contact_is_told_to_nobody_who_could_not_be_reached() -> None:
    assert [] == notices(confirmed(FAX, account=evolve(BOTH, ways=())))


@pytest.mark.parametrize(
    ("effect", "expected"),
    [("keep_edit", Draft()), ("say_contact_is_the_last", Draft(problem=Problem(ProblemCode.CONTACT_LAST_ONE)))],
)
def test_an_event_that_is_no_correction_corrects_nothing(effect: str, expected: Draft) -> None:
    assert expected == drafted(effect, case_in(CONTACTS), events.ConfirmContacts(), at())
