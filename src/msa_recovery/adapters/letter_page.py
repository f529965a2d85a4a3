"""The letter as a page: A4, folded in three for a French window envelope, and readable by whoever sees little.

The sheet, in millimetres from its top left corner. The envelope is DL (220 x 110) with its window (100 x 45) 20 from
the right and 20 from below; the sheet has 10 of play across and 11 down, so that the window can show x 90 to 200, y 34
to 90, and always shows x 100 to 190, y 45 to 79. The address stays inside the latter, and nothing else is inside the
former. Folds are at 99 and 198: the password lies in the second third, inside.
"""

import unicodedata
from collections.abc import Generator
from contextlib import contextmanager
from logging import NOTSET, WARNING, getLogger
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self, cast, final

from attrs import field, frozen

from msa_recovery.application.caller import Language
from msa_recovery.application.messages import Message
from msa_recovery.texts import Paragraph, Role, WrittenMessage, kept_together

if TYPE_CHECKING:
    from fpdf.fonts import TTFFont

__all__ = ["ADDRESS_LINES", "Letter", "TooWide", "letter_of"]

ADDRESS_LINES: Final = 6
"""As many as a postal address has (AFNOR NF Z 10-011)."""

_LEFT, _RIGHT, _TOP, _BOTTOM = 20.0, 190.0, 15.0, 280.0
_WIDTH: Final = _RIGHT - _LEFT

_HEAD_WIDTH, _HEAD_END = 66.0, 94.0
"""The letterhead, beside what the window can show."""

_ADDRESS_LEFT, _ADDRESS_TOP, _ADDRESS_WIDTH, _ADDRESS_STEP = 104.0, 53.0, 85.0, 4.2

_BODY_TOP: Final = 103.0
_FOLDS: Final = (99.0, 198.0)

_GREEN, _INK, _GREY = (31, 77, 44), (20, 20, 20), (110, 110, 110)
_TEXT, _STEP, _GAP = 11.0, 5.2, 2.9
_SMALLEST: Final = 6.0
_HEAD_SIZES: Final = (10.0, 9.0, 8.0, 7.0)
_NAME_LARGER: Final = 4
_FACES: Final = Path(__file__).with_name("letter_fonts")
_BOX: Final = 17.0


@final
class TooWide(Exception):
    """A line of the address does not fit the window."""


@final
@frozen
class Letter:
    """A letter as it goes to the printer.

    Attributes:
        pdf: PDF/A-2U.
        pages: how many.
    """

    pdf: bytes = field(repr=False)
    pages: int


def letter_of(message: Message, written: WrittenMessage) -> Letter:
    """Lay out one letter.

    Args:
        message: one by letter, its address of ``ADDRESS_LINES`` at most.
        written: its words.

    Raises:
        TooWide: no size that can be read gets a line of the address into the window.
    """
    with _Page(message, written.subject) as page:
        page.begin()
        for paragraph in written.paragraphs:
            page.add(paragraph)
        return page.finished()


def _hush() -> None:
    """The subset of each face is told in dozens of lines, which say nothing of a letter. A host that asked for them has
    them."""
    told = getLogger("fontTools.subset")
    if told.level == NOTSET:
        told.setLevel(WARNING)


class _Page:
    """One letter that is being laid out."""

    def __init__(self, message: Message, subject: str) -> None:
        from fpdf import FPDF, ViewerPreferences

        _hush()
        self._message = message
        self._pdf = pdf = FPDF(format="A4", enforce_compliance="PDF/A-2U")
        pdf.set_margins(_LEFT, _TOP, 210 - _RIGHT)
        pdf.set_auto_page_break(False)
        pdf.add_font("text", fname=_FACES / "text.ttf")
        pdf.add_font("text", style="B", fname=_FACES / "text-bold.ttf")
        pdf.add_font("secret", fname=_FACES / "secret.ttf")
        self._signs = frozenset(cast("TTFFont", pdf.fonts["text"]).cmap)
        pdf.set_lang({Language.FR: "fr-FR", Language.EN: "en-GB"}[message.language])
        pdf.set_title(subject)
        pdf.set_author(message.help.name)
        pdf.set_producer("msa-recovery")
        pdf.set_creation_date(message.written_at)
        pdf.viewer_preferences = ViewerPreferences(display_doc_title=True)
        self._below = _BODY_TOP

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # The library leaves them open.
        for face in self._pdf.fonts.values():
            cast("TTFFont", face).close()

    def begin(self) -> None:
        """Draw what stands on every first sheet: the folds and the address.

        Raises:
            TooWide: as :func:`letter_of`.
        """
        self._turn()
        self._draw_folds()
        self._draw_address()

    def add(self, paragraph: Paragraph) -> None:
        """Put the next paragraph where one of its role goes."""
        match paragraph.role:
            case Role.HELP:
                self._draw_head(paragraph.text)
            case Role.SUBJECT:
                self._write(paragraph.text, tag="/H1", style="B", size=12, after=_GAP + 1.5)
            case Role.SECRET:
                self._draw_secret(paragraph.text)
            case Role.STEPS:
                for line in paragraph.text.split("\n"):
                    self._draw_step(line)
                self._below += _GAP - 1
            case Role.SIGNATURE:
                self._write(paragraph.text, style="B")
            case Role.DAY | Role.TEXT:
                self._write(paragraph.text)

    def finished(self) -> Letter:
        """The letter as it is now."""
        return Letter(bytes(self._pdf.output()), self._pdf.pages_count)

    # -- the first third, which the window shows -------------------------------------------------------------------

    def _draw_folds(self) -> None:
        with self._untagged():
            self._pdf.set_draw_color(*_GREY)
            self._pdf.set_line_width(0.2)
            for y in _FOLDS:
                self._pdf.line(4, y, 9, y)

    def _draw_address(self) -> None:
        lines = [self._in_face(line) for line in self._message.to]
        with self._tagged("/P"):
            size = self._size_for(lines)
            self._pdf.set_text_color(*_INK)
            self._pdf.set_font("text", size=size)
            for number, line in enumerate(lines):
                self._pdf.set_xy(_ADDRESS_LEFT, _ADDRESS_TOP + number * _ADDRESS_STEP)
                self._pdf.cell(_ADDRESS_WIDTH, _ADDRESS_STEP, line)

    def _size_for(self, lines: list[str]) -> float:
        self._pdf.set_font("text", size=11)
        widest = max(self._pdf.get_string_width(line) for line in lines)
        # A cell has a millimetre of its own on each side.
        size = min(11.0, 11 * (_ADDRESS_WIDTH - 2.5) / widest) if widest else 11.0
        if size < _SMALLEST:
            raise TooWide
        return size

    def _draw_head(self, text: str) -> None:
        name, *more = self._in_face(text).split("\n")
        rest = "\n".join(more)
        size = next((size for size in _HEAD_SIZES if self._head_fits(name, rest, size)), _HEAD_SIZES[-1])
        head = self._height(name, _HEAD_WIDTH, size + _NAME_LARGER, style="B")
        pdf = self._pdf
        with self._tagged("/P"):
            pdf.set_text_color(*_GREEN)
            self._cells(name, _LEFT, _TOP, _HEAD_WIDTH, size + _NAME_LARGER, style="B")
            pdf.set_draw_color(*_GREEN)
            pdf.set_line_width(0.6)
            pdf.line(_LEFT + 1, _TOP + head + 0.7, _LEFT + 30, _TOP + head + 0.7)
            pdf.set_text_color(*_INK)
            self._cells(rest, _LEFT, _TOP + head + 2, _HEAD_WIDTH, size)

    def _head_fits(self, name: str, rest: str, size: float) -> bool:
        head = self._height(name, _HEAD_WIDTH, size + _NAME_LARGER, style="B")
        end = _TOP + head + 2 + self._height(rest, _HEAD_WIDTH, size)
        # The last height left the size of the rest: its longest word is most often an address of e-mail.
        widest = max(self._pdf.get_string_width(word) for word in f"{name} {rest}".split())
        return end <= _HEAD_END and widest <= _HEAD_WIDTH - 2

    # -- the rest --------------------------------------------------------------------------------------------------

    def _write(self, text: str, *, tag: str = "/P", style: str = "", size: float = _TEXT, after: float = _GAP) -> None:
        text = self._in_face(text)
        self._room_for(self._height(text, _WIDTH, size, style=style))
        with self._tagged(tag):
            self._below = self._cells(text, _LEFT, self._below, _WIDTH, size, style=style) + after

    def _draw_step(self, line: str) -> None:
        number, _, text = line.partition(" ")
        text = self._in_face(text)
        self._room_for(self._height(text, _WIDTH - 8, _TEXT))
        with self._tagged("/P"):
            self._cells(number, _LEFT, self._below, 9, _TEXT, style="B")
            self._below = self._cells(text, _LEFT + 8, self._below, _WIDTH - 8, _TEXT) + 1

    def _draw_secret(self, text: str) -> None:
        secret = self._message.secret
        before, said, after = (text, "", "") if secret is None else text.partition(secret.reveal())
        if before.strip():
            self._write(before.strip())
        if said:
            self._draw_box(said)
        if after.strip():
            self._write(after.strip())

    def _draw_box(self, said: str) -> None:
        self._room_for(_BOX)
        pdf = self._pdf
        with self._tagged("/P"):
            pdf.set_draw_color(*_GREEN)
            pdf.set_line_width(0.5)
            pdf.rect(_LEFT + 1, self._below, _WIDTH - 2, _BOX)
            pdf.set_font("secret", size=26)
            pdf.set_char_spacing(2)
            pdf.set_xy(_LEFT, self._below)
            pdf.cell(_WIDTH, _BOX, said, align="C")
            pdf.set_char_spacing(0)
        self._below += _BOX + _GAP + 0.5

    # -- how it is done --------------------------------------------------------------------------------------------

    def _turn(self) -> None:
        self._pdf.add_page()
        self._pdf.set_text_color(*_INK)

    def _room_for(self, height: float) -> None:
        if self._below + height > _BOTTOM:
            self._turn()
            self._below = _TOP + 5

    def _height(self, text: str, width: float, size: float, *, style: str = "") -> float:
        self._pdf.set_font("text", style, size)
        self._pdf.set_xy(_LEFT, 0)
        height: float = self._pdf.multi_cell(
            width, size * _STEP / _TEXT, text, align="L", dry_run=True, output="HEIGHT"
        )  # type: ignore[assignment]
        return height

    def _cells(self, text: str, x: float, y: float, width: float, size: float, *, style: str = "") -> float:
        """Write lines from there on; where they end."""
        self._pdf.set_font("text", style, size)
        self._pdf.set_xy(x, y)
        self._pdf.multi_cell(width, size * _STEP / _TEXT, text, align="L", new_x="LMARGIN", new_y="NEXT")
        return float(self._pdf.get_y())

    @contextmanager
    def _tagged(self, tag: str) -> Generator[None]:
        """What is drawn in here is one element for whoever has the letter read aloud.

        The library tags pictures only, by the very same means.
        """
        with self._pdf._marked_sequence() as element:  # noqa: SLF001
            element.s = tag
            yield

    @contextmanager
    def _untagged(self) -> Generator[None]:
        self._pdf._out("/Artifact BMC")  # noqa: SLF001
        yield
        self._pdf._out("EMC")  # noqa: SLF001

    def _in_face(self, text: str) -> str:
        """The same text in signs that the faces have: a letter without its accent before none at all."""
        composed = unicodedata.normalize("NFC", kept_together(text).replace("\u202f", "\u00a0"))
        return "".join(sign if sign == "\n" or ord(sign) in self._signs else self._plain(sign) for sign in composed)

    def _plain(self, sign: str) -> str:
        parts = unicodedata.normalize("NFKD", sign)
        return "".join(each for each in parts if ord(each) in self._signs and not unicodedata.combining(each)) or "?"
