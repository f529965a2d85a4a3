"""Every message with sample data, as files."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from attrs import evolve

from msa_recovery.adapters.email_page import page_of
from msa_recovery.application.caller import Language
from msa_recovery.application.messages import Message, MessageKind, is_sent
from msa_recovery.domain.account import Channel
from msa_recovery.domain.helpdesk import ASSISTANCE_INTERNET
from msa_recovery.domain.secret import Secret
from msa_recovery.texts import TEXTS, Texts

__all__ = ["samples", "written"]

_FUND: Final = evolve(ASSISTANCE_INTERNET, name="MSA Sud Aquitaine")
_WRITTEN_AT: Final = datetime(2026, 11, 23, 9, tzinfo=UTC)
_SMS_HOST: Final = "espace-prive.msa.example"

_TO: Final = {
    Channel.SMS: ("+33600000011",),
    Channel.EMAIL: ("camille@example.org",),
    Channel.LETTER: ("MME CAMILLE LABORDE", "12 CHEMIN DES CHENES", "33000 BORDEAUX"),
}
_SECRETS: Final = {MessageKind.CODE: "0042", MessageKind.TEMPORARY_PASSWORD: "Wm#4%&k7?@Qx"}
_LIVES: Final = {
    (MessageKind.CODE, Channel.SMS): timedelta(minutes=30),
    (MessageKind.CODE, Channel.EMAIL): timedelta(minutes=30),
    (MessageKind.TEMPORARY_PASSWORD, Channel.SMS): timedelta(hours=24),
    (MessageKind.TEMPORARY_PASSWORD, Channel.EMAIL): timedelta(hours=24),
    (MessageKind.TEMPORARY_PASSWORD, Channel.LETTER): timedelta(days=21),
}


def samples(language: Language) -> Iterator[Message]:
    """One message of each kind by each channel."""
    for kind in MessageKind:
        for channel in Channel:
            if is_sent(kind, channel):
                lives = _LIVES.get((kind, channel))
                yield Message(
                    kind=kind,
                    channel=channel,
                    to=_TO[channel],
                    language=language,
                    help=_FUND,
                    written_at=_WRITTEN_AT,
                    secret=None if lives is None else Secret(_SECRETS[kind]),
                    until=None if lives is None else _WRITTEN_AT + lives,
                )


def written(folder: Path, language: Language) -> list[Path]:
    """Write every message of a language into a folder; the files.

    Raises:
        ModuleNotFoundError: the extra ``letters`` is not installed.
        OSError: the folder cannot be written.
    """
    return [path for message in samples(language) for path in _files(folder, message)]


def _files(folder: Path, message: Message) -> Iterator[Path]:
    name = f"{message.kind}.{message.channel}"
    rendered, page = TEXTS.message_text(message), TEXTS.written_message(message)
    subject = f"{rendered.subject}\n\n" if message.channel is Channel.EMAIL else ""
    yield _saved(folder / f"{name}.txt", f"{subject}{rendered.body}\n".encode())
    match message.channel:
        case Channel.SMS:
            if message.kind is MessageKind.CODE:
                body = Texts(sms_host=_SMS_HOST).message_text(message).body
                yield _saved(folder / f"{name}.with_host.txt", f"{body}\n".encode())
        case Channel.EMAIL:
            html = page_of(page, message.help.name, message.secret, message.language)
            yield _saved(folder / f"{name}.html", html.encode())
        case Channel.LETTER:
            from msa_recovery.adapters.letter_page import letter_of

            yield _saved(folder / f"{name}.pdf", letter_of(message, page).pdf)


def _saved(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
