"""``msa-recovery messages preview``: what people receive, as files."""

import re
from pathlib import Path

import pytest
from PIL import Image

from msa_recovery.application.caller import Language
from msa_recovery.cli import main
from msa_recovery.cli.previews import samples
from msa_recovery.texts import TEXTS
from tests.cli.said import said
from tests.support import poppler

SENT = {f"{message.kind}.{message.channel}" for message in samples(Language.FR)}


@pytest.fixture(scope="module")
def previews(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The French ones, with their pictures."""
    folder = tmp_path_factory.mktemp("previews") / "made" / "when missing"
    assert 0 == main(["messages", "preview", "--lang", "fr", "--out", str(folder)])
    return folder


def names(folder: Path, suffix: str) -> set[str]:
    return {path.name.removesuffix(suffix) for path in folder.glob(f"*{suffix}")}


def by(channel: str) -> set[str]:
    return {name for name in SENT if name.endswith(channel)}


def test_every_message_is_there_in_every_form(previews: Path) -> None:
    assert 16 == len(SENT)
    assert SENT | {"code.sms.with_host"} == names(previews, ".txt")
    assert (by("email"), by("letter")) == (names(previews, ".html"), names(previews, ".pdf"))


def test_every_page_and_every_letter_has_a_picture(previews: Path) -> None:
    assert by("email") | by("letter") == names(previews, ".png")


@pytest.mark.parametrize("name", sorted(by("email") | by("letter")))
def test_a_picture_shows_something(previews: Path, name: str) -> None:
    with Image.open(previews / f"{name}.png") as picture:
        assert picture.width > 320
        assert 20 < len(picture.convert("L").histogram()) - picture.convert("L").histogram().count(0)


def test_a_text_is_the_text(previews: Path) -> None:
    for message in samples(Language.FR):
        text = (previews / f"{message.kind}.{message.channel}.txt").read_text(encoding="utf-8")
        assert TEXTS.message_text(message).body in text


def test_a_letter_can_be_read(previews: Path) -> None:
    assert "Wm#4%&k7?@Qx" in poppler.text(previews / "temporary_password.letter.pdf")


def test_another_language_is_another_word(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, told, complaint = said(capsys, "messages", "preview", "--lang", "en", "--no-png", "--out", str(tmp_path))
    assert (0, "") == (code, complaint)
    assert re.fullmatch(rf"{re.escape(str(tmp_path))}: 27 files\n", told)
    assert "valid until" in (tmp_path / "code.email.txt").read_text(encoding="utf-8")


def test_where_no_program_draws_pictures_the_rest_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    code, told, complaint = said(capsys, "messages", "preview", "--out", str(tmp_path / "out"))
    assert (0, f"{tmp_path / 'out'}: 27 files\n") == (code, told)
    assert ["no pictures of e-mails: chromium", "no pictures of letters: pdftoppm"] == re.findall(
        r"no pictures of \S+ \w+", complaint
    )


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("here", encoding="utf-8")
    code, told, complaint = said(capsys, "messages", "preview", "--no-png", "--out", str(tmp_path / "file" / "out"))
    assert (1, "", 1) == (code, told, complaint.count("\n"))
    assert "Not a directory" in complaint
