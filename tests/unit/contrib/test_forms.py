"""A step as forms: every event that a person may send has one, with just the fields that it is read from."""

from datetime import UTC, datetime

import pytest

from msa_recovery import Channel, EventName, Language, View
from msa_recovery.contrib.forms import forms_of
from msa_recovery.contrib.inputs import INPUTS, fields_of, input_of
from msa_recovery.domain.challenge import ChallengeKind
from msa_recovery.domain.contacts import ContactKind
from msa_recovery.domain.helpdesk import ASSISTANCE_INTERNET
from msa_recovery.domain.journey import ChartName, State
from msa_recovery.domain.view import Choice, ContactDetail

EVERYTHING = View(
    chart=ChartName.RECOVERY,
    state=State.CONFIRMING_CONTACTS,
    problem=None,
    may=tuple(reversed(EventName)),
    deadline=datetime(2026, 11, 25, tzinfo=UTC),
    help=ASSISTANCE_INTERNET,
    questions=(ChallengeKind.VITALE_SERIAL, ChallengeKind.BENEFIT_AMOUNT),
    choices=(Choice(Channel.SMS, "06 •• •• •• 12"), Choice(Channel.EMAIL, None)),
    contacts=tuple(ContactDetail(kind, f"the {kind}") for kind in ContactKind),
)


@pytest.mark.parametrize("language", Language)
def test_a_form_has_the_fields_that_its_event_is_read_from(language: Language) -> None:
    forms = forms_of(EVERYTHING, language)
    assert set(INPUTS) == {form.event for form in forms}
    wrong = [form for form in forms if tuple(field.name for field in form.fields) != fields_of(INPUTS[form.event])]
    assert [] == wrong
    assert all(form.button for form in forms)
    assert all(field.label for form in forms for field in form.fields if field.type != "hidden")


def test_what_is_typed_becomes_the_event() -> None:
    for form in forms_of(EVERYTHING, Language.FR):
        read = input_of(form.event, {field.name: f"typed {field.name}" for field in form.fields})
        assert read is not None
        assert form.event is read.name


def test_nobody_may_vouch_for_himself_or_order_a_letter() -> None:
    """R2, R58: a person's forms have neither."""
    names = {form.event for form in forms_of(EVERYTHING, Language.FR)}
    assert not names & {EventName.USE_FRANCECONNECT, EventName.ORDER_LETTER, EventName.LAPSE}


def test_the_ways_out_of_a_step_come_last() -> None:
    assert [EventName.GO_BACK, EventName.ABANDON] == [form.event for form in forms_of(EVERYTHING, Language.FR)][-2:]


def test_every_form_of_a_screen_has_a_key_of_its_own() -> None:
    keys = [form.key for form in forms_of(EVERYTHING, Language.FR)]
    assert len(keys) == len(set(keys))


def test_each_contact_detail_has_a_form_filled_with_what_is_on_file() -> None:
    edits = [form for form in forms_of(EVERYTHING, Language.FR) if form.event is EventName.EDIT_CONTACT]
    assert [(kind.value, f"the {kind}") for kind in ContactKind] == [
        tuple(field.value for field in form.fields) for form in edits
    ]


def test_the_options_are_what_may_be_chosen_with_the_masks_that_are_shown() -> None:
    forms = {form.event: form for form in forms_of(EVERYTHING, Language.FR)}
    (channel,) = forms[EventName.CHOOSE_CHANNEL].fields
    question, _ = forms[EventName.ANSWER_CHALLENGE].fields
    assert (("sms", "SMS 06 •• •• •• 12"), ("email", "E-mail")) == channel.options
    assert [kind.value for kind in EVERYTHING.questions] == [value for value, _ in question.options]


def test_passwords_are_hidden_and_every_field_has_a_token() -> None:
    """R55: autocomplete tokens on every field."""
    tokens = {
        (form.event.value, field.name): (field.type, field.autocomplete)
        for form in forms_of(EVERYTHING, Language.FR)
        for field in form.fields
    }
    assert (
        ("password", "new-password") == tokens["choose_password", "password"] == tokens["choose_password", "repeated"]
    )
    assert ("password", "current-password") == tokens["prove_password", "password"]
    assert ("text", "one-time-code") == tokens["submit_code", "code"]
    assert ("text", "username") == tokens["identify", "identifier"]
