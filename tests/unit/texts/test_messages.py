"""What an SMS, an e-mail and a letter say."""

from datetime import UTC, datetime, time, timedelta

import pytest
from attrs import evolve

from msa_recovery.application.caller import Language
from msa_recovery.application.messages import Message, MessageKind, is_sent
from msa_recovery.domain.account import Channel
from msa_recovery.domain.errors import CallerError
from msa_recovery.domain.helpdesk import Helpdesk, Opening
from msa_recovery.domain.secret import Secret
from msa_recovery.texts import RenderedMessage, Texts, UnknownText, message_text
from tests.support.gsm7 import ONE_SEGMENT, septets

FR, EN = Language.FR, Language.EN
WITH_SECRET = (MessageKind.CODE, MessageKind.TEMPORARY_PASSWORD)
SECRETS = {MessageKind.CODE: "004211", MessageKind.TEMPORARY_PASSWORD: "Wm#4%&k7?@Qx"}
EVERY = [(kind, channel) for kind in MessageKind for channel in Channel]
NEVER = [each for each in EVERY if not is_sent(*each)]
SENT = [each for each in EVERY if is_sent(*each)]
FRAMED = [(kind, channel) for kind, channel in SENT if channel is not Channel.SMS]
LONGEST_CODE = Secret("0" * 12)
WRITTEN_AT = datetime(2026, 11, 23, 22, 59, tzinfo=UTC)
PHONE = "03 20 90 05 00"
HOURS = (
    Opening(frozenset(range(5)), time(8, 30), time(12, 15)),
    Opening(frozenset(range(5)), time(13, 30), time(16, 30)),
)
HELP = Helpdesk("Assistance Internet MSA Sud Aquitaine", PHONE, "assistanceinternet.blf@sudaquitaine.msa.fr", HOURS)
TO = {
    Channel.SMS: ("+33612345678",),
    Channel.EMAIL: ("prenom.nom@exemple.fr",),
    Channel.LETTER: ("Mme Camille DURAND", "12 RUE DES LILAS", "64000 PAU"),
}


def message(kind: MessageKind, channel: Channel, language: Language = FR, lifetime: float = 0.5) -> Message:
    secret = SECRETS.get(kind)
    return Message(
        kind=kind,
        channel=channel,
        to=TO[channel],
        language=language,
        help=HELP,
        written_at=WRITTEN_AT,
        secret=None if secret is None else Secret(secret),
        until=None if secret is None else WRITTEN_AT + timedelta(hours=lifetime),
    )


def spaced(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(("kind", "channel"), SENT)
def test_a_message_names_whom_to_call(kind: MessageKind, channel: Channel, language: Language) -> None:
    """R52."""
    assert PHONE in message_text(message(kind, channel, language)).body


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(("kind", "channel"), [sent for sent in SENT if sent[0] in WITH_SECRET])
def test_a_secret_is_where_it_is_needed_exactly_as_it_was_drawn(
    kind: MessageKind, channel: Channel, language: Language
) -> None:
    assert SECRETS[kind] in message_text(message(kind, channel, language)).body


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(("kind", "channel"), SENT)
def test_no_subject_holds_a_secret(kind: MessageKind, channel: Channel, language: Language) -> None:
    subject = message_text(message(kind, channel, language)).subject
    assert SECRETS.get(kind, "\0") not in subject


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(("kind", "channel"), FRAMED)
def test_an_e_mail_or_a_letter_has_a_subject(kind: MessageKind, channel: Channel, language: Language) -> None:
    assert message_text(message(kind, channel, language)).subject


@pytest.mark.parametrize("kind", [kind for kind, channel in SENT if channel is Channel.SMS])
def test_an_sms_has_no_subject(kind: MessageKind) -> None:
    assert "" == message_text(message(kind, Channel.SMS)).subject


@pytest.mark.parametrize(("kind", "channel"), [sent for sent in SENT if sent[0] in WITH_SECRET])
def test_a_message_with_a_secret_says_not_to_share_it(kind: MessageKind, channel: Channel) -> None:
    """R52."""
    assert "à personne" in message_text(message(kind, channel)).body


@pytest.mark.parametrize(("kind", "channel"), [sent for sent in FRAMED if sent[0] in WITH_SECRET])
def test_a_secret_on_paper_or_by_e_mail_is_said_to_expire_on_a_day(kind: MessageKind, channel: Channel) -> None:
    """R52."""
    assert "valable jusqu’au mardi 24 novembre 2026 à 0 h 29." in spaced(message_text(message(kind, channel)).body)


@pytest.mark.parametrize(
    ("lifetime", "words"),
    [(0.5, "valable jusqu'à 0h29."), (11.9, "valable jusqu'à 11h53."), (12, "valable jusqu'au 24/11 à 11h59.")],
)
def test_an_sms_names_the_day_of_expiry_where_the_time_alone_would_not_do(lifetime: float, words: str) -> None:
    """R52."""
    assert words in message_text(message(MessageKind.CODE, Channel.SMS, lifetime=lifetime)).body


@pytest.mark.parametrize(("kind", "channel"), FRAMED)
def test_an_e_mail_and_a_letter_tell_the_hours(kind: MessageKind, channel: Channel) -> None:
    hours = "du lundi au vendredi, de 8 h 30 à 12 h 15 et de 13 h 30 à 16 h 30"
    assert hours in spaced(message_text(message(kind, channel)).body)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(("kind", "channel"), SENT)
def test_no_placeholder_is_left_over(kind: MessageKind, channel: Channel, language: Language) -> None:
    body = message_text(message(kind, channel, language)).body
    assert "%" not in body.replace(SECRETS.get(kind, "\0"), "")


@pytest.mark.parametrize(("kind", "channel"), SENT)
def test_a_message_does_not_repeat_where_it_goes(kind: MessageKind, channel: Channel) -> None:
    """An address in a body is what gets forwarded, printed and searched (R49)."""
    assert [] == [line for line in TO[channel] if line in message_text(message(kind, channel)).body]


def test_a_letter_begins_with_its_head_and_its_day() -> None:
    lines = spaced(message_text(message(MessageKind.TEMPORARY_PASSWORD, Channel.LETTER)).body).split("\n")
    assert (HELP.name, "Le lundi 23 novembre 2026") == (lines[0], lines[5])


def test_a_letter_says_step_by_step_what_to_do() -> None:
    lines = message_text(message(MessageKind.TEMPORARY_PASSWORD, Channel.LETTER)).body.split("\n")
    assert ["1.", "2.", "3.", "4.", "5."] == [line[:2] for line in lines if line[:1].isdigit()]


@pytest.mark.parametrize(("kind", "channel"), NEVER)
def test_what_never_goes_by_a_channel_has_no_words_for_it(kind: MessageKind, channel: Channel) -> None:
    with pytest.raises(UnknownText, match=f"message.{kind}.{channel}"):
        message_text(message(kind, channel))


def test_a_rendered_message_does_not_show_its_body() -> None:
    """R54."""
    assert "RenderedMessage(subject='s')" == repr(RenderedMessage("s", "0042"))


# -- GSM-7 -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", [kind for kind, channel in SENT if channel is Channel.SMS])
def test_an_sms_is_one_segment_at_its_longest(kind: MessageKind, language: Language) -> None:
    """R51: the longest code that a policy may ask for, on another day."""
    worst = message(kind, Channel.SMS, language, lifetime=24)
    if kind is MessageKind.CODE:
        worst = evolve(worst, secret=LONGEST_CODE)
    assert septets(message_text(worst).body) <= ONE_SEGMENT


@pytest.mark.parametrize("language", Language)
def test_an_sms_that_fills_in_its_code_is_one_segment_at_its_longest(language: Language) -> None:
    """R51, with the longest host that is accepted."""
    texts = Texts(sms_host="a" * 29 + ".fr")
    worst = evolve(message(MessageKind.CODE, Channel.SMS, language), secret=LONGEST_CODE)
    assert septets(texts.message_text(worst).body) <= ONE_SEGMENT


def test_an_sms_ends_in_the_host_that_may_fill_in_the_code() -> None:
    """R52: origin-bound one-time codes."""
    texts = Texts(sms_host="espaceprive.sudaquitaine.msa.fr")
    body = texts.message_text(message(MessageKind.CODE, Channel.SMS)).body
    assert "@espaceprive.sudaquitaine.msa.fr #004211" == body.rpartition("\n")[2]


@pytest.mark.parametrize("words", ["mot de passe", "jusqu'à 0h29", "Ne le donnez à personne", PHONE])
def test_an_sms_that_fills_in_its_code_says_what_every_one_says(words: str) -> None:
    """R52."""
    assert words in Texts(sms_host="msa.fr").message_text(message(MessageKind.CODE, Channel.SMS)).body


@pytest.mark.parametrize(
    ("kind", "channel"), [(MessageKind.TEMPORARY_PASSWORD, Channel.SMS), (MessageKind.CODE, Channel.EMAIL)]
)
def test_only_a_code_by_sms_names_the_host(kind: MessageKind, channel: Channel) -> None:
    assert message_text(message(kind, channel)) == Texts(sms_host="msa.fr").message_text(message(kind, channel))


@pytest.mark.parametrize(
    "host", ["", "msa", "https://msa.fr", "MSA.fr", "msa.fr\n", "a b.fr", "-a.fr", "a" * 30 + ".fr"]
)
def test_what_is_no_host_name_is_refused(host: str) -> None:
    """R33."""
    with pytest.raises(CallerError, match="sms_host"):
        Texts(sms_host=host)


@pytest.mark.parametrize("character", "çêâîôûœÀ«»’\u00a0•")
def test_the_measure_knows_what_is_not_gsm_7(character: str) -> None:
    """R51."""
    with pytest.raises(ValueError, match=f"U\\+{ord(character):04X}"):
        septets(f"a{character}")


def test_the_measure_counts_the_extension_twice() -> None:
    """R51."""
    assert 1 + 2 * 9 == septets("a€[]{}\\^~|")
