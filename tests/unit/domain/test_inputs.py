"""What a person types becomes an event or a problem, and nothing else, whatever it is (R35, R36)."""

from collections.abc import Callable
from typing import cast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from msa_recovery.domain import events, inputs
from msa_recovery.domain.account import Channel
from msa_recovery.domain.challenge import ChallengeKind
from msa_recovery.domain.contacts import ContactKind, EmailAddress, PhoneNumber
from msa_recovery.domain.errors import CallerError, NotText
from msa_recovery.domain.inputs import Input, read
from msa_recovery.domain.policy import Policy
from msa_recovery.domain.problem import Problem, ProblemCode
from msa_recovery.domain.secret import Secret
from tests.support.cases import IDENTITY, MSA, NIR, SIRET
from tests.support.endless import Endless

TEMPORARY = "Ab3#efghijkm"

FORMS: dict[Callable[..., Input], dict[str, str]] = {
    inputs.Identify: {"identifier": "x"},
    inputs.OrderLetter: {"identifier": "x"},
    inputs.AnswerChallenge: {"kind": "vitale_serial", "answer": "x"},
    inputs.ChooseChannel: {"channel": "x"},
    inputs.SubmitCode: {"code": "x"},
    inputs.SignIn: {"password": "x"},
    inputs.ProvePassword: {"password": "x"},
    inputs.ChoosePassword: {"password": "x", "repeated": "x"},
    inputs.EditContact: {"kind": "email", "value": "x"},
}
"""Every form that carries text, filled in."""

FIELDS = [(form, field) for form, filled in FORMS.items() for field in filled]


def filled(form: Callable[..., Input], **typed: object) -> Input:
    """One form, the fields that are not given filled in as usual."""
    return form(**{**FORMS[form], **typed})


def outcome(typed: Input) -> ProblemCode | None:
    """The problem that a form runs into, if any."""
    result = read(typed, MSA)
    return result.code if isinstance(result, Problem) else None


def of_form(value: object) -> str:
    """The name of a form and what was typed into it."""
    typed = inputs.texts_of(cast(Input, value)) if type(value) in FORMS else ()
    return " ".join((type(value).__name__, *map(repr, typed)))


# -- any text ----------------------------------------------------------------------------------------------------------


def of_field(value: object) -> str:
    return value if isinstance(value, str) else getattr(value, "__name__", repr(value))


@pytest.mark.parametrize(("form", "field"), FIELDS, ids=of_field)
@given(st.text(st.characters(), max_size=80))
@example("\x00")
@example("\ud800\udc00\udfff")
@example("\n")
@example("1" * 2_000)
@example("\u202e0042")
def test_any_text_is_an_event_of_its_name_or_a_problem(form: Callable[..., Input], field: str, text: str) -> None:
    """R35, invariant 12"""
    typed = filled(form, **{field: text})
    result = read(typed, MSA)
    assert isinstance(result, Problem) or typed.name is result.name


@pytest.mark.parametrize(("form", "field"), FIELDS, ids=of_field)
def test_ten_megabytes_are_refused_by_their_length_alone(form: Callable[..., Input], field: str) -> None:
    """R35"""
    unknown = {"kind": ProblemCode.CHALLENGE_UNKNOWN} if form is inputs.AnswerChallenge else {}
    by_form = {"password": ProblemCode.TEXT_TOO_LONG} if form is inputs.SignIn else {}
    expected = {**unknown, **by_form}.get(field, ProblemCode.TEXT_TOO_LONG)
    assert expected is outcome(filled(form, **{field: Endless()}))


@pytest.mark.parametrize(
    ("form", "field"), [(inputs.ChooseChannel, "channel"), (inputs.SubmitCode, "code"), (inputs.EditContact, "kind")]
)
def test_short_texts_are_read_up_to_64_code_points(form: Callable[..., Input], field: str) -> None:
    """R35"""
    expected = Problem(ProblemCode.TEXT_TOO_LONG, field, limit=64)
    outcomes = [read(filled(form, **{field: "x" * length}), MSA) == expected for length in (64, 65)]
    assert [False, True] == outcomes


@pytest.mark.parametrize("value", [None, 42, b"0042", ["0042"], {"code": "0042"}, Secret("0042")], ids=repr)
@pytest.mark.parametrize(("form", "field"), FIELDS, ids=of_field)
def test_what_is_no_text_is_the_host_s_fault(form: Callable[..., Input], field: str, value: object) -> None:
    """R35: a list in place of an address is how others were made to write to two (CVE-2023-7028)."""
    with pytest.raises(NotText) as refused:
        filled(form, **{field: value})
    assert field == refused.value.field


@pytest.mark.parametrize(("form", "field"), FIELDS, ids=of_field)
def test_a_form_shows_nothing_of_what_was_typed(form: Callable[..., Input], field: str) -> None:
    """R54"""
    assert "hunter2" not in repr(filled(form, **{field: "hunter2"}))


# -- each form ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "event"),
    [
        (inputs.Identify("2 84 03 33 063 021 14"), events.Identify(NIR)),
        (inputs.OrderLetter("356 000 000 00048"), events.OrderLetter(SIRET)),
        (inputs.ChooseChannel(" sms "), events.ChooseChannel(Channel.SMS)),
        (inputs.ChooseChannel("email"), events.ChooseChannel(Channel.EMAIL)),
        (inputs.SubmitCode("0042"), events.SubmitCode(Secret("0042"))),
        (inputs.SignIn(f" {TEMPORARY}\t"), events.SignIn(Secret(TEMPORARY))),
        (inputs.ProvePassword(" Ancien 2"), events.ProvePassword(Secret(" Ancien 2"))),
        (inputs.ChoosePassword("a b ", "A B "), events.ChoosePassword(Secret("a b "), Secret("A B "))),
        (
            inputs.EditContact("email", "paul@exemple.fr"),
            events.EditContact(ContactKind.EMAIL, EmailAddress("paul@exemple.fr")),
        ),
        (
            inputs.EditContact(" mobile ", "06 12 34 56 78"),
            events.EditContact(ContactKind.MOBILE, PhoneNumber("+33612345678")),
        ),
        (inputs.EditContact("fax", ""), events.EditContact(ContactKind.FAX, None)),
        (inputs.EditContact("email", " \u00a0"), events.EditContact(ContactKind.EMAIL, None)),
    ],
    ids=of_form,
)
def test_what_can_be_read_becomes_its_event(typed: Input, event: events.Event) -> None:
    assert event == read(typed, MSA)


def test_an_answer_is_read_as_its_kind_says() -> None:
    event = read(inputs.AnswerChallenge("benefit_amount", "1 234,56 €"), MSA)
    assert isinstance(event, events.AnswerChallenge)
    assert ChallengeKind.BENEFIT_AMOUNT is event.answer.kind


@pytest.mark.parametrize(
    "event",
    [
        events.UseFranceConnect(IDENTITY),
        events.ResendCode(),
        events.ConfirmContacts(),
        events.GoBack(),
        events.Abandon(),
        events.Lapse(),
    ],
    ids=lambda event: event.name,
)
def test_what_carries_no_text_is_an_event_as_it_is(event: Input) -> None:
    assert event is read(event, MSA)


@pytest.mark.parametrize("identity", [None, "marie", {"subject": "fc"}], ids=repr)
def test_only_an_adapter_s_identity_is_one(identity: object) -> None:
    """R2: what a request carries is none."""
    with pytest.raises(CallerError, match="identity: a VerifiedIdentity"):
        events.UseFranceConnect(identity)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        (inputs.Identify(""), Problem(ProblemCode.TEXT_MISSING, "identifier")),
        (inputs.OrderLetter("12"), Problem(ProblemCode.IDENTIFIER_LENGTH, "identifier")),
        (inputs.AnswerChallenge("favourite_colour", "1"), Problem(ProblemCode.CHALLENGE_UNKNOWN, "answer")),
        (inputs.ChooseChannel(""), Problem(ProblemCode.TEXT_MISSING, "channel")),
        (inputs.ChooseChannel("letter"), Problem(ProblemCode.CHANNEL_UNKNOWN, "channel")),
        (inputs.ChooseChannel("SMS"), Problem(ProblemCode.CHANNEL_UNKNOWN, "channel")),
        (inputs.ChooseChannel("0612345678"), Problem(ProblemCode.CHANNEL_UNKNOWN, "channel")),
        (inputs.SubmitCode(""), Problem(ProblemCode.TEXT_MISSING, "code")),
        (inputs.SignIn(""), Problem(ProblemCode.TEXT_MISSING, "password")),
        (inputs.SignIn("Ancien-mot-2-passe"), Problem(ProblemCode.TEMPORARY_PASSWORD_FORM, "password", limit=12)),
        (inputs.ProvePassword(""), Problem(ProblemCode.TEXT_MISSING, "password")),
        (inputs.ChoosePassword("", "x"), Problem(ProblemCode.TEXT_MISSING, "password")),
        (inputs.ChoosePassword("x", ""), Problem(ProblemCode.TEXT_MISSING, "repeated")),
        (inputs.EditContact("pager", "1"), Problem(ProblemCode.CONTACT_KIND_UNKNOWN, "kind")),
        (inputs.EditContact("", "1"), Problem(ProblemCode.TEXT_MISSING, "kind")),
        (inputs.EditContact("mobile", "05 57 00 00 01"), Problem(ProblemCode.PHONE_NOT_MOBILE, "mobile")),
    ],
    ids=of_form,
)
def test_what_cannot_be_read_names_its_field(typed: Input, problem: Problem) -> None:
    """A letter is never a choice; an address is never taken from the request (R12)."""
    assert problem == read(typed, MSA)


# -- codes -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("0042", id="plain"),
        pytest.param(" 0042\t", id="spaces around"),
        pytest.param("00 42", id="a space"),
        pytest.param("00\u202f42", id="a narrow no-break space"),
        pytest.param("0-0-4-2", id="dashes"),
        pytest.param("00\u201342", id="an en dash"),
    ],
)
def test_spaces_and_dashes_in_a_code_are_dropped(text: str) -> None:
    """R36"""
    assert events.SubmitCode(Secret("0042")) == read(inputs.SubmitCode(text), MSA)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("042", id="one short: leading zeros are typed"),
        pytest.param("00042", id="one more"),
        pytest.param("٠٠٤٢", id="Arabic digits"),
        pytest.param("００４２", id="full-width digits"),
        pytest.param("00⁴²", id="superscripts"),
        pytest.param("004②", id="a circled digit"),
        pytest.param("0042\n", id="a newline at the end"),
        pytest.param("00\n42", id="a newline"),
        pytest.param("0042\x00", id="NUL"),
        pytest.param("+042", id="a sign"),
        pytest.param("4.2e", id="a float"),
        pytest.param("0_42", id="an underscore"),
        pytest.param("----", id="dashes alone"),
    ],
)
def test_only_ascii_digits_are_a_code(text: str) -> None:
    """R36"""
    assert Problem(ProblemCode.CODE_FORM, "code", limit=4) == read(inputs.SubmitCode(text), MSA)


@given(st.integers(0, 9_999))
def test_every_code_that_can_be_sent_can_be_typed(number: int) -> None:
    """R9: leading zeros are kept."""
    assert events.SubmitCode(Secret(f"{number:04}")) == read(inputs.SubmitCode(f"{number:04}"), MSA)


def test_a_code_has_as_many_digits_as_the_policy_says() -> None:
    """R7"""
    assert events.SubmitCode(Secret("000042")) == read(inputs.SubmitCode("000042"), Policy.strict())


# -- passwords ---------------------------------------------------------------------------------------------------------


def test_a_password_is_read_in_nfc() -> None:
    """R41"""
    assert events.ProvePassword(Secret("été")) == read(inputs.ProvePassword("e\u0301te\u0301"), MSA)


def test_both_fields_are_read_in_nfc() -> None:
    """R41: typed on two keyboards, the two are still alike."""
    event = read(inputs.ChoosePassword("été", "e\u0301te\u0301"), MSA)
    assert isinstance(event, events.ChoosePassword)
    assert event.password == event.repeated


@pytest.mark.parametrize("text", ["a\x00b", "a\nb", "a\tb", "a\x7f", "\x1f", "a\ud800", "\udfffa"], ids=repr)
@pytest.mark.parametrize("field", ["password", "repeated"])
def test_a_password_holds_no_control_character_and_no_half_character(field: str, text: str) -> None:
    typed = filled(inputs.ChoosePassword, **{field: text})
    assert Problem(ProblemCode.PASSWORD_CHARACTERS, field) == read(typed, MSA)


@pytest.mark.parametrize("text", [" ", "\u00a0", "\u00a0é ", "🚜", "\ufffd"], ids=repr)
def test_any_other_character_belongs_to_a_password(text: str) -> None:
    assert events.ProvePassword(Secret(text)) == read(inputs.ProvePassword(text), MSA)


@pytest.mark.parametrize("length", [64, 128, 1_024])
def test_a_long_password_is_read_whole(length: int) -> None:
    """R41: never truncated; the policy's limit is a rule among the others, said with them."""
    assert events.ProvePassword(Secret("x" * length)) == read(inputs.ProvePassword("x" * length), MSA)


def test_beyond_what_any_policy_allows_it_is_not_looked_at() -> None:
    """R35"""
    expected = Problem(ProblemCode.TEXT_TOO_LONG, "password", limit=1_024)
    assert expected == read(inputs.ProvePassword("x" * 1_025), MSA)


# -- the parts of a form -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "texts"),
    [
        (inputs.SubmitCode("0042"), ("0042",)),
        (inputs.ChoosePassword("a", "b"), ("a", "b")),
        (inputs.EditContact("fax", ""), ("fax", "")),
        (events.UseFranceConnect(IDENTITY), ()),
        (events.GoBack(), ()),
    ],
    ids=of_form,
)
def test_two_tries_are_told_apart_by_everything_that_was_typed(typed: Input, texts: tuple[str, ...]) -> None:
    """R39"""
    assert texts == inputs.texts_of(typed)
