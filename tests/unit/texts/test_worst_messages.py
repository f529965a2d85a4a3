"""Every message in every language, with the longest values that it is ever filled with."""

import re
from datetime import UTC, datetime, time, timedelta

import pytest

from msa_recovery.application.caller import Language
from msa_recovery.application.messages import Message, MessageKind, is_sent
from msa_recovery.domain.account import Channel
from msa_recovery.domain.helpdesk import Helpdesk, Opening
from msa_recovery.domain.policy import Policy
from msa_recovery.domain.secret import Secret
from msa_recovery.texts import Paragraph, RenderedMessage, Role, Texts, kept_together
from tests.support.gsm7 import ONE_SEGMENT, septets

HOURS = tuple(
    Opening(frozenset({day}), opens, closes)
    for day in range(6)
    for opens, closes in ((time(8, 30), time(12, 15)), (time(13, 30), time(16, 45)))
)
HELP = Helpdesk(
    "Mutualité sociale agricole Provence Azur et de la Principauté de Monaco",
    "03 20 90 05 00",
    "assistance-internet-espace-prive@provence-azur-principaute.msa.example",
    HOURS,
)
LONGEST = {
    MessageKind.CODE: "0" * 12,
    MessageKind.TEMPORARY_PASSWORD: "Wm#4%&k7?@Qx" * 2,
}
"""Of the most digits and characters that a policy may ask for."""

WRITTEN_AT = datetime(2026, 9, 2, 20, 59, tzinfo=UTC)
"""A Wednesday in September, as three weeks later: the longest names."""

WAYS = [
    (kind, channel, language, host)
    for kind in MessageKind
    for channel in Channel
    if is_sent(kind, channel)
    for language in Language
    for host in (None, "a" * 29 + ".fr")
]
every = pytest.mark.parametrize(("kind", "channel", "language", "host"), WAYS)


def worst(kind: MessageKind, channel: Channel, language: Language) -> Message:
    secret = LONGEST.get(kind)
    return Message(
        kind=kind,
        channel=channel,
        to=("to nobody",),
        language=language,
        help=HELP,
        written_at=WRITTEN_AT,
        secret=None if secret is None else Secret(secret),
        until=None if secret is None else WRITTEN_AT + timedelta(days=21),
    )


def rendered(kind: MessageKind, channel: Channel, language: Language, host: str | None) -> RenderedMessage:
    return Texts(sms_host=host).message_text(worst(kind, channel, language))


def test_the_longest_secrets_are_those_that_a_policy_may_ask_for() -> None:
    policy = Policy(
        name="longest",
        code_digits=len(LONGEST[MessageKind.CODE]),
        temporary_password_length=len(LONGEST[MessageKind.TEMPORARY_PASSWORD]),
    )
    assert (12, 24) == (policy.code_digits, policy.temporary_password_length)


@every
def test_an_sms_is_one_segment(kind: MessageKind, channel: Channel, language: Language, host: str | None) -> None:
    """R51."""
    if channel is Channel.SMS:
        assert septets(rendered(kind, channel, language, host).body) <= ONE_SEGMENT


@every
def test_every_placeholder_is_filled(kind: MessageKind, channel: Channel, language: Language, host: str | None) -> None:
    message = rendered(kind, channel, language, host)
    assert [] == re.findall(r"%\(|%%|None", message.subject + message.body.replace(LONGEST.get(kind, "\0"), ""))


@every
def test_no_message_has_a_link(kind: MessageKind, channel: Channel, language: Language, host: str | None) -> None:
    """R33: neither a host that somebody could have asked for, nor a secret in a URL."""
    message = rendered(kind, channel, language, host)
    assert [] == re.findall(r"(?i)\w+://|www\.|href|mailto:", f"{message.subject} {message.body}")


@every
def test_only_the_hosts_of_the_host_are_named(
    kind: MessageKind, channel: Channel, language: Language, host: str | None
) -> None:
    """R33: that of its help-desk's address, and that which it gave for the codes of its SMS."""
    body = rendered(kind, channel, language, host).body.replace(LONGEST.get(kind, "\0"), "")
    named = set(re.findall(r"(?<=@)\S+", body))
    assert named <= {HELP.email.partition("@")[2], host}


@every
def test_no_subject_has_a_secret_or_a_digit(
    kind: MessageKind, channel: Channel, language: Language, host: str | None
) -> None:
    """R33, R52: it shows on a locked screen."""
    assert [] == re.findall(r"\d", rendered(kind, channel, language, host).subject)


@every
def test_no_message_has_room_for_an_identifier(
    kind: MessageKind, channel: Channel, language: Language, host: str | None
) -> None:
    """R49: no text has as many digits in a row as a social security number, however they are spaced."""
    assert [] == re.findall(r"(?:\d[ .\u00a0\u202f-]?){13}", rendered(kind, channel, language, host).body)


@every
def test_a_subject_fits_a_line_of_a_phone(
    kind: MessageKind, channel: Channel, language: Language, host: str | None
) -> None:
    assert len(rendered(kind, channel, language, host).subject) <= 50


@every
def test_no_sentence_is_long(kind: MessageKind, channel: Channel, language: Language, host: str | None) -> None:
    """Plain words: thirty of them in a sentence at most, the hours aside."""
    paragraphs = Texts(sms_host=host).written_message(worst(kind, channel, language)).paragraphs
    said = " . ".join(each.text for each in paragraphs if each.role is not Role.HELP)
    assert [] == [sentence for sentence in re.split(r"[.?!:\n]\s", said) if len(sentence.split()) > 30]


# -- the paragraphs ----------------------------------------------------------------------------------------------------


@every
def test_the_paragraphs_are_the_whole_text(
    kind: MessageKind, channel: Channel, language: Language, host: str | None
) -> None:
    written = Texts(sms_host=host).written_message(worst(kind, channel, language))
    message = rendered(kind, channel, language, host)
    assert message == RenderedMessage(written.subject, "\n\n".join(each.text for each in written.paragraphs))


def test_a_paragraph_of_a_letter_has_its_role_in_the_host_s_own_words_too() -> None:
    own = {
        Language.FR: {"message.temporary_password.letter": "Bonjour.\n\nVoici : %(secret)s\n\n1. Lisez.\n2. Faites."}
    }
    written = Texts(own).written_message(worst(MessageKind.TEMPORARY_PASSWORD, Channel.LETTER, Language.FR))
    body = [Role.TEXT, Role.SECRET, Role.STEPS]
    assert [Role.HELP, Role.DAY, Role.SUBJECT, Role.TEXT, *body, Role.TEXT, Role.SIGNATURE] == [
        each.role for each in written.paragraphs
    ]


def test_a_paragraph_does_not_show_its_text() -> None:
    """R54."""
    assert "0042" not in repr(Paragraph(Role.SECRET, "0042"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("le 03 20 90 05 00.", "le 03_20_90_05_00."),
        ("de 8 h 30 à 12 h 15", "de 8_h_30 à 12_h_15"),
        ("à 14 h, le 23 novembre 2026", "à 14_h, le 23 novembre 2026"),
        ("2 heures", "2 heures"),
    ],
)
def test_a_number_is_not_broken_where_a_page_is_narrow(text: str, expected: str) -> None:
    assert expected == kept_together(text).replace("\u00a0", "_")
