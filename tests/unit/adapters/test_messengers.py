"""The two simple messengers: the recording one and the console."""

from datetime import UTC, datetime

import pytest
from attrs import evolve

from msa_recovery.adapters.console import ConsoleMessenger
from msa_recovery.adapters.recording import RecordingMessenger
from msa_recovery.application.caller import Language
from msa_recovery.application.messages import Delivered, Delivery, Message, MessageKind, Rejected, TryLater
from msa_recovery.application.records import MessageId
from msa_recovery.domain.account import Channel
from msa_recovery.domain.helpdesk import Helpdesk
from msa_recovery.domain.secret import Secret
from msa_recovery.texts import RenderedMessage, message_text

NOW = datetime(2026, 3, 29, 12, tzinfo=UTC)
CODE = Message(
    kind=MessageKind.CODE,
    channel=Channel.SMS,
    to=("+33600000011",),
    language=Language.FR,
    help=Helpdesk("MSA Gironde", "05 36 49 00 33", "gironde@example.org"),
    written_at=NOW,
    secret=Secret("0042"),
    until=NOW,
)
LETTER = evolve(
    CODE, kind=MessageKind.LETTER_UNDER_WAY, channel=Channel.LETTER, to=("MME LABORDE", "33000 BORDEAUX"), secret=None
)
FIRST, SECOND = MessageId("journey.1.1"), MessageId("journey.1.2")
FAILURES = [TryLater(NOW), Rejected("barred")]


@pytest.fixture
def recording() -> RecordingMessenger:
    return RecordingMessenger(Channel.SMS)


def test_a_recorded_message_is_delivered(recording: RecordingMessenger) -> None:
    assert Delivered() == recording.deliver(CODE, FIRST)


def test_messages_are_recorded_in_their_order(recording: RecordingMessenger) -> None:
    other = evolve(CODE, secret=Secret("1789"))
    recording.deliver(CODE, FIRST)
    recording.deliver(other, SECOND)
    assert (CODE, other) == recording.messages()


def test_the_same_key_is_recorded_once(recording: RecordingMessenger) -> None:
    recording.deliver(CODE, FIRST)
    recording.deliver(CODE, FIRST)
    assert (CODE,) == recording.messages()


@pytest.mark.parametrize("failure", FAILURES)
def test_a_messenger_told_to_fail_answers_so(recording: RecordingMessenger, failure: Delivery) -> None:
    """R15."""
    recording.answer_with(failure)
    assert failure == recording.deliver(CODE, FIRST)


@pytest.mark.parametrize("failure", FAILURES)
def test_a_message_that_failed_is_not_recorded(recording: RecordingMessenger, failure: Delivery) -> None:
    recording.answer_with(failure)
    recording.deliver(CODE, FIRST)
    assert () == recording.messages()


def test_a_message_that_failed_is_delivered_by_a_later_try(recording: RecordingMessenger) -> None:
    recording.answer_with(TryLater())
    recording.deliver(CODE, FIRST)
    recording.answer_with(Delivered())
    recording.deliver(CODE, FIRST)
    assert (CODE,) == recording.messages()


@pytest.mark.parametrize("failure", FAILURES)
def test_a_message_that_was_delivered_stays_so_when_others_fail(
    recording: RecordingMessenger, failure: Delivery
) -> None:
    recording.deliver(CODE, FIRST)
    recording.answer_with(failure)
    assert Delivered() == recording.deliver(CODE, FIRST)


def test_a_message_of_another_channel_is_never_taken(recording: RecordingMessenger) -> None:
    assert isinstance(recording.deliver(LETTER, FIRST), Rejected)


def test_a_rejection_shows_neither_the_address_nor_the_secret() -> None:
    """R54."""
    answer = RecordingMessenger(Channel.EMAIL).deliver(CODE, FIRST)
    assert [] == [text for text in ("+33600000011", "0042") if text in repr(answer)]


# -- the console -------------------------------------------------------------------------------------------------------


def words(message: Message) -> RenderedMessage:
    return RenderedMessage("" if message.channel is Channel.SMS else "Subject", f"Body in {message.language}")


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (CODE, "[sms] +33600000011\nBody in fr"),
        (LETTER, "[letter] MME LABORDE, 33000 BORDEAUX\nSubject\nBody in fr"),
    ],
)
def test_the_console_shows_where_a_message_goes_and_what_it_says(message: Message, expected: str) -> None:
    shown: list[str] = []
    ConsoleMessenger(shown.append, words).deliver(message, FIRST)
    assert [expected] == shown


def test_the_console_speaks_the_shipped_words_where_nothing_else_is_said() -> None:
    shown: list[str] = []
    ConsoleMessenger(shown.append).deliver(CODE, FIRST)
    assert [f"[sms] +33600000011\n{message_text(CODE).body}"] == shown


def test_a_message_that_was_shown_is_delivered() -> None:
    assert Delivered() == ConsoleMessenger(list[str]().append, words).deliver(CODE, FIRST)


def test_the_console_shows_the_same_key_once_and_another_again() -> None:
    shown: list[str] = []
    console = ConsoleMessenger(shown.append, words)
    for key in (FIRST, FIRST, SECOND):
        console.deliver(CODE, key)
    assert 2 == len(shown)


class Terminal:
    """A terminal that is closed at first."""

    def __init__(self) -> None:
        self.open = False
        self.shown: list[str] = []

    def write(self, text: str) -> None:
        if not self.open:
            raise BrokenPipeError
        self.shown.append(text)


def test_a_console_that_cannot_write_says_so_and_raises_nothing() -> None:
    """R15."""
    assert TryLater() == ConsoleMessenger(Terminal().write, words).deliver(CODE, FIRST)


def test_what_could_not_be_shown_is_shown_by_a_later_try() -> None:
    terminal = Terminal()
    console = ConsoleMessenger(terminal.write, words)
    console.deliver(CODE, FIRST)
    terminal.open = True
    console.deliver(CODE, FIRST)
    assert 1 == len(terminal.shown)
