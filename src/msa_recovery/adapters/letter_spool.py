"""Letters as files in a folder, from which whoever prints and posts them takes them.

Two files a letter, whose names and whose manifest tell nothing of whom it is for. First the PDF is whole, then the
manifest: what has a manifest can be printed. Take the PDF away and leave the manifest for as long as a message may be
tried again (a letter's password lives for weeks): by it, a letter that comes twice is known again.
"""

import json
import unicodedata
from hashlib import sha256
from logging import getLogger
from os import PathLike
from pathlib import Path
from typing import Final, final

from msa_recovery.application.messages import Delivered, Delivery, Message, Rejected, TryLater
from msa_recovery.application.records import MessageId
from msa_recovery.domain.account import Channel
from msa_recovery.domain.errors import checked
from msa_recovery.texts import TEXTS, Texts

from .given import as_path, need
from .letter_page import ADDRESS_LINES, Letter, TooWide, letter_of
from .whole_file import write_whole_bytes

__all__ = ["LetterSpool"]

_LOGGER: Final = getLogger("msa_recovery.letters")

_NO_SIGNS: Final = ("Cc", "Cs", "Zl", "Zp")
"""What would end a line, or is no text at all."""


@final
class LetterSpool:
    """Puts letters into a folder; threads and processes may share it.

    Args:
        folder: where they go: made by the host, its own alone, never by this class, so that a disk that is not mounted
            is not written over.
        texts: the words; the shipped ones when nothing is said.

    Raises:
        CallerError: the extra ``letters`` is not installed, or the folder is no path.
    """

    def __init__(self, folder: str | PathLike[str], *, texts: Texts = TEXTS) -> None:
        need("fpdf", "letters", "letters")
        self._folder = as_path(folder, "folder")
        self._texts = checked(texts, Texts, "texts")

    def deliver(self, message: Message, key: MessageId) -> Delivery:
        """Put one letter there, of mode 0600. One whose manifest is there already was delivered before."""
        if message.channel is not Channel.LETTER:
            return Rejected(f"this messenger delivers by {Channel.LETTER}, not by {message.channel}")
        if not _is_address(message.to):
            return Rejected(f"not an address of one to {ADDRESS_LINES} lines")
        name = sha256(key.encode()).hexdigest()[:32]
        pdf, manifest = self._folder / f"{name}.pdf", self._folder / f"{name}.json"
        try:
            if not manifest.exists():
                letter = letter_of(message, self._texts.written_message(message))
                write_whole_bytes(pdf, letter.pdf)
                write_whole_bytes(manifest, _manifest(message, key, pdf, letter))
        except TooWide:
            return Rejected("a line of the address does not fit the window of an envelope")
        except OSError as failure:
            _LOGGER.warning("letter %s waits: %s", key, failure.strerror or type(failure).__name__)
            return TryLater()
        return Delivered()


def _is_address(lines: tuple[str, ...]) -> bool:
    return 1 <= len(lines) <= ADDRESS_LINES and all(map(_is_line, lines))


def _is_line(text: str) -> bool:
    return bool(text.strip()) and not any(unicodedata.category(sign) in _NO_SIGNS for sign in text)


def _manifest(message: Message, key: MessageId, pdf: Path, letter: Letter) -> bytes:
    """What a printer needs to know, and nothing of whom it is for or what it says."""
    told = {
        "file": pdf.name,
        "sha256": sha256(letter.pdf).hexdigest(),
        "bytes": len(letter.pdf),
        "pages": letter.pages,
        "message": key,
        "written_at": message.written_at.isoformat(),
        "useless_after": None if message.until is None else message.until.isoformat(),
    }
    return (json.dumps(told, indent=2) + "\n").encode()
