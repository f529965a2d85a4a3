"""The letter: what is on the sheet, as other programs read it, and the folder that it is put into."""

import json
import logging
from collections import Counter
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from PIL import Image, ImageChops, ImageDraw, ImageFont

from msa_recovery.adapters import letter_page
from msa_recovery.adapters.letter_page import letter_of
from msa_recovery.adapters.letter_spool import LetterSpool
from msa_recovery.adapters.whole_file import write_whole_bytes
from msa_recovery.application.caller import Language
from msa_recovery.application.messages import Delivered, Message, MessageKind, Rejected, TryLater, is_sent
from msa_recovery.application.records import MessageId
from msa_recovery.domain.account import Channel
from msa_recovery.domain.errors import CallerError
from msa_recovery.domain.helpdesk import ASSISTANCE_INTERNET, Helpdesk
from msa_recovery.domain.secret import Secret
from msa_recovery.domain.temporary import ALPHABET
from msa_recovery.texts import TEXTS, Texts
from tests.support import poppler

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TO = ("MME CAMILLE LABORDE", "12 CHEMIN DES CHENES", "33000 BORDEAUX")
LETTER = Message(
    kind=MessageKind.TEMPORARY_PASSWORD,
    channel=Channel.LETTER,
    to=TO,
    language=Language.FR,
    help=ASSISTANCE_INTERNET,
    written_at=NOW,
    secret=Secret("Wm#4%&k7?@Qx"),
    until=NOW + timedelta(days=21),
)
LONGEST = evolve(
    LETTER,
    to=(
        "MME MARIE CHRISTINE DE LA ROCHEFOUCAULD",
        "CHEZ MONSIEUR JEAN BAPTISTE ETCHEGARAY",
        "APPARTEMENT 124 ESCALIER B ETAGE 12 DR",
        "RESIDENCE LES HAUTS DE SAINT EMILION B",
        "1234 BIS CHEMIN DES VIGNOBLES DE L ENT",
        "97412 SAINT ANDRE LES VERGERS CEDEX 12",
    ),
    help=Helpdesk(
        "Mutualité sociale agricole Provence Azur et de la Principauté de Monaco",
        "03 20 90 05 00",
        "assistance-internet-espace-prive@provence-azur.msa.example",
        ASSISTANCE_INTERNET.hours,
    ),
    secret=Secret("Wm#4%&k7?@Qx" * 2),
)
"""Lines of 38 characters, as many as La Poste takes, and the longest password that a policy may ask for."""

NOTICES = [
    evolve(LETTER, kind=kind, secret=None, until=None)
    for kind in MessageKind
    if is_sent(kind, Channel.LETTER) and kind is not MessageKind.TEMPORARY_PASSWORD
]
EVERY = [evolve(each, language=language) for each in (LETTER, LONGEST, *NOTICES) for language in Language]
KEY = MessageId("0123456789abcdef.7.1")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    spool = tmp_path / "spool"
    spool.mkdir(mode=0o700)
    return spool


def printed(folder: Path, message: Message) -> Path:
    assert Delivered() == LetterSpool(folder).deliver(message, KEY)
    return next(folder.glob("*.pdf"))


_SHEETS: dict[str, bytes] = {}


def laid_out(folder: Path, message: Message) -> Path:
    """The same sheet without the spool, laid out once for all tests that look at it."""
    name = f"{message!r} {message.to} {message.secret and message.secret.reveal()}"
    if name not in _SHEETS:
        _SHEETS[name] = letter_of(message, TEXTS.written_message(message)).pdf
    path = folder / "sheet.pdf"
    path.write_bytes(_SHEETS[name])
    return path


def flowing(text: str) -> str:
    return " ".join(text.split())


# -- the sheet ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("message", EVERY)
def test_what_is_read_back_is_the_address_and_every_paragraph(folder: Path, message: Message) -> None:
    paragraphs = TEXTS.written_message(message).paragraphs
    expected = [*message.to, *(each.text for each in paragraphs)]
    # Blanks aside: where an address of e-mail is too long for its column, it goes on in the next line.
    assert "".join("".join(expected).split()) == "".join(poppler.text(laid_out(folder, message)).split())


@pytest.mark.parametrize("message", EVERY)
def test_a_letter_is_one_sheet_of_a4_at_its_longest(folder: Path, message: Message) -> None:
    said = poppler.info(laid_out(folder, message))
    assert "Pages:           1\n" in said
    assert "(A4)" in said


@pytest.mark.parametrize("message", EVERY)
def test_the_window_always_shows_the_address_and_never_anything_else(folder: Path, message: Message) -> None:
    """Wherever the sheet lies in its envelope."""
    address = Counter(word for line in message.to for word in line.split())
    found = poppler.words(laid_out(folder, message))
    shown_always = [
        word.text for word in found if 100 < word.left and word.right < 190 and 45 < word.top and word.bottom < 79
    ]
    shown_sometimes = [
        word.text for word in found if word.right > 90 and word.left < 200 and word.bottom > 34 and word.top < 90
    ]
    assert (address, address) == (Counter(shown_always), Counter(shown_sometimes))


@pytest.mark.parametrize("message", [each for each in EVERY if each.secret is not None])
def test_the_password_is_inside_when_the_sheet_is_folded(folder: Path, message: Message) -> None:
    assert message.secret is not None
    (at,) = (word for word in poppler.words(laid_out(folder, message)) if word.right - word.left > 50 and word.top > 99)
    assert (99, 198) < (at.top, at.bottom) < (198, 297)
    assert at.bottom < 198


@pytest.mark.parametrize("message", EVERY)
def test_everything_stands_where_a_printer_prints(folder: Path, message: Message) -> None:
    found = poppler.words(laid_out(folder, message))
    assert [] == [each for each in found if each.left < 15 or each.right > 195 or each.top < 10 or each.bottom > 287]


def test_folds_are_marked_at_a_third_and_two_thirds(folder: Path, tmp_path: Path) -> None:
    picture = tmp_path / "page"
    poppler.said("pdftoppm", "-r", "127", "-gray", "-singlefile", str(laid_out(folder, LETTER)), str(picture))
    with Image.open(picture.with_suffix(".pgm")) as page:
        # Five dots a millimetre: the column that is 6 mm from the left.
        dark = [y / 5 for y in range(page.height) if int(page.getpixel((30, y))) < 200]  # type: ignore[arg-type]
    assert [99, 198] == sorted({round(y) for y in dark})


def test_no_two_signs_of_a_password_look_alike() -> None:
    """Drawn over each other, any two differ by a fifth of the lighter one; in many faces *h* and *n* do not."""
    face = ImageFont.truetype(str(Path(letter_page.__file__).with_name("letter_fonts") / "secret.ttf"), 120)

    def drawn(sign: str) -> Image.Image:
        image = Image.new("L", (240, 240))
        ImageDraw.Draw(image).text((60, 30), sign, font=face, fill=255)
        return image

    def ink(image: Image.Image) -> int:
        return sum(shade * count for shade, count in enumerate(image.histogram()))

    pictures = {sign: drawn(sign) for sign in ALPHABET}
    alike = {
        one + other: ink(ImageChops.difference(pictures[one], pictures[other]))
        / min(ink(pictures[one]), ink(pictures[other]))
        for one, other in combinations(ALPHABET, 2)
    }
    assert [] == [pair for pair, difference in alike.items() if difference < 0.2]


def test_every_sign_of_a_password_is_printed_as_it_is(folder: Path) -> None:
    for start in range(0, len(ALPHABET), 20):
        some = ALPHABET[start : start + 20]
        assert some in poppler.text(laid_out(folder, evolve(LETTER, secret=Secret(some))))


def test_all_faces_are_embedded_and_can_be_read_back(folder: Path) -> None:
    found = poppler.fonts(laid_out(folder, LETTER))
    assert {("Next", "yes", "yes"), ("NextBold", "yes", "yes"), ("MonoBold", "yes", "yes")} == {
        (name.rpartition("Hyperlegible")[2], *rest) for name, *rest in found
    }


def test_a_letter_says_that_it_is_for_the_archive(folder: Path) -> None:
    """PDF/A-2U."""
    told = poppler.info(laid_out(folder, LETTER), "-meta")
    assert ("<pdfaid:part>2<", "<pdfaid:conformance>U<") == tuple(
        each for each in ("<pdfaid:part>2<", "<pdfaid:conformance>U<") if each in told
    )


def test_a_letter_is_tagged_for_whoever_has_it_read_aloud(folder: Path) -> None:
    told = poppler.info(laid_out(folder, LETTER), "-struct-text")
    tags = [line.split()[0] for line in told.splitlines() if line.startswith("  ") and line.strip().endswith("(block)")]
    assert "Tagged:          yes" in poppler.info(laid_out(folder, LETTER))
    assert 1 == tags.count("H1")
    assert 15 < tags.count("P")


def test_what_describes_a_letter_tells_neither_for_whom_it_is_nor_what_it_says(folder: Path) -> None:
    """R54."""
    path = laid_out(folder, LETTER)
    told = poppler.info(path) + poppler.info(path, "-meta")
    assert "Votre mot de passe temporaire" in told
    assert [] == [hidden for hidden in ("Wm#4", "LABORDE", "CHENES", "BORDEAUX") if hidden in told]


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("M. Łukasz Ñuñez-Œuvrard, Plœmeur", "M. Łukasz Ñuñez-Œuvrard, Plœmeur"),
        ("Mme Nguye\u0302\u0303n Thi\u0323 A\u0301nh", "Mme Nguyen Thi Ánh"),
        ("12\u202frue 株式", "12 rue ??"),
    ],
)
def test_a_sign_that_the_face_lacks_loses_its_accents_before_it_is_lost(folder: Path, line: str, read: str) -> None:
    assert read in flowing(poppler.text(laid_out(folder, evolve(LETTER, to=(line, "33000 BORDEAUX")))))


def test_a_letter_that_a_host_made_long_goes_on_on_the_next_sheet(folder: Path) -> None:
    long = "\n\n".join(f"Paragraphe {number}. " + "Des mots. " * 30 for number in range(20))
    own = Texts({Language.FR: {"message.temporary_password.letter": f"{long}\n\n%(secret)s"}})
    assert Delivered() == LetterSpool(folder, texts=own).deliver(LETTER, KEY)
    read = flowing(poppler.text(next(folder.glob("*.pdf"))))
    assert [] == [number for number in range(20) if f"Paragraphe {number}." not in read]
    assert 2 <= json.loads(next(folder.glob("*.json")).read_text(encoding="utf-8"))["pages"] <= 4


# -- the folder --------------------------------------------------------------------------------------------------------


def test_the_manifest_says_what_a_printer_needs_and_no_more(folder: Path) -> None:
    pdf = printed(folder, LETTER)
    assert {
        "file": pdf.name,
        "sha256": sha256(pdf.read_bytes()).hexdigest(),
        "bytes": pdf.stat().st_size,
        "pages": 1,
        "message": KEY,
        "written_at": "2026-11-23T09:00:00+00:00",
        "useless_after": "2026-12-14T09:00:00+00:00",
    } == json.loads(pdf.with_suffix(".json").read_text(encoding="utf-8"))


def test_only_the_owner_reads_a_letter(folder: Path) -> None:
    printed(folder, LETTER)
    assert {0o600} == {path.stat().st_mode & 0o777 for path in folder.iterdir()}


def test_a_name_tells_nothing_of_whom_the_letter_is_for(folder: Path) -> None:
    name = sha256(KEY.encode()).hexdigest()[:32]
    printed(folder, LETTER)
    assert [f"{name}.json", f"{name}.pdf"] == sorted(path.name for path in folder.iterdir())


def test_a_letter_that_was_taken_away_is_not_printed_again(folder: Path) -> None:
    printed(folder, LETTER).unlink()
    assert Delivered() == LetterSpool(folder).deliver(LETTER, KEY)
    assert [] == list(folder.glob("*.pdf"))


def test_a_letter_whose_manifest_is_missing_is_written_again(folder: Path) -> None:
    """Whoever wrote it was killed between the two."""
    pdf = printed(folder, LETTER)
    pdf.with_suffix(".json").unlink()
    pdf.write_bytes(b"half")
    printed(folder, LETTER)
    assert json.loads(pdf.with_suffix(".json").read_text(encoding="utf-8"))["bytes"] == pdf.stat().st_size


def test_a_letter_is_whole_before_its_manifest_is_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []

    def watched(path: Path, content: bytes) -> None:
        seen.append(sorted(each.suffix for each in folder.iterdir()))
        write_whole_bytes(path, content)

    monkeypatch.setattr("msa_recovery.adapters.letter_spool.write_whole_bytes", watched)
    printed(folder, LETTER)
    assert [[], [".pdf"]] == seen


def test_where_the_folder_is_missing_the_letter_waits(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A disk that is not mounted is not written over."""
    assert TryLater() == LetterSpool(tmp_path / "missing").deliver(LETTER, KEY)
    assert not (tmp_path / "missing").exists()
    ours = [record.getMessage() for record in caplog.records if record.name == "msa_recovery.letters"]
    assert [f"letter {KEY} waits: No such file or directory"] == ours


@pytest.mark.parametrize("failing", [".pdf", ".json"])
def test_where_the_disk_is_full_the_letter_waits_and_goes_later(
    folder: Path, failing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, content: bytes) -> None:
        if path.suffix == failing:
            raise OSError(28, "No space left on device")
        write_whole_bytes(path, content)

    with monkeypatch.context() as disk:
        disk.setattr("msa_recovery.adapters.letter_spool.write_whole_bytes", full)
        assert TryLater() == LetterSpool(folder).deliver(LETTER, KEY)
        assert [] == list(folder.glob("*.json"))
    assert Delivered() == LetterSpool(folder).deliver(LETTER, KEY)
    assert 2 == len(list(folder.iterdir()))


@pytest.mark.parametrize("to", [TO, ("M" * 90,)])
def test_no_file_stays_open_behind_a_letter(folder: Path, to: tuple[str, ...]) -> None:
    """A relay writes thousands: the faces among them, and where the address is refused too."""
    LetterSpool(folder).deliver(evolve(LETTER, to=to), KEY)
    files = [path.readlink() for path in Path("/proc/self/fd").iterdir() if path.is_symlink()]
    assert [] == [path for path in files if path.suffix in {".ttf", ".pdf", ".json"}]


@pytest.mark.parametrize(
    "to", [(), ("",), ("MME LABORDE", " "), ("A",) * 7, ("MME\nLABORDE",), ("MME\x00LABORDE",), ("M" * 90,)]
)
def test_what_is_no_address_is_rejected(folder: Path, to: tuple[str, ...]) -> None:
    assert isinstance(LetterSpool(folder).deliver(evolve(LETTER, to=to), KEY), Rejected)
    assert [] == list(folder.iterdir())


def test_a_message_of_another_channel_is_never_taken(folder: Path) -> None:
    sms = evolve(LETTER, channel=Channel.SMS, to=("+33600000011",))
    assert isinstance(LetterSpool(folder).deliver(sms, KEY), Rejected)


def test_a_folder_may_be_said_as_text(folder: Path) -> None:
    assert Delivered() == LetterSpool(str(folder)).deliver(LETTER, KEY)
    assert 2 == len([*folder.iterdir()])


@pytest.mark.parametrize(
    ("folder", "texts", "said"),
    [
        (None, TEXTS, "folder: a path, not NoneType"),
        ("", TEXTS, "folder: a path"),
        ("letters", {"fr": {}}, "texts: a Texts, not dict"),
    ],
)
def test_a_spool_that_cannot_be_is_refused_by_name(folder: Any, texts: Any, said: str) -> None:
    with pytest.raises(CallerError, match=said):
        LetterSpool(folder, texts=texts)


def test_no_line_of_the_log_is_about_faces(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    """They were dozens for each letter."""
    caplog.set_level(logging.INFO)
    assert Delivered() == LetterSpool(folder).deliver(LETTER, KEY)
    assert [] == [record.getMessage() for record in caplog.records]


def test_a_host_that_wants_to_read_about_faces_does(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="fontTools.subset")
    assert Delivered() == LetterSpool(folder).deliver(LETTER, KEY)
    assert "fontTools.subset" in {record.name for record in caplog.records}


def test_no_log_has_an_address_or_a_password(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    """R54: that of the library that writes PDF included."""
    with caplog.at_level(logging.DEBUG):
        printed(folder, LETTER)
    assert [] == [hidden for hidden in ("Wm#4", "LABORDE", "CHENES") if hidden in caplog.text]
