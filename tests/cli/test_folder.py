"""The demonstration's folder: whoever leaves goes on there the next time."""

import io
import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from msa_recovery.cli import main
from msa_recovery.cli.folder import DemoFolder
from msa_recovery.domain.account import Channel
from tests.cli.visit import NOW, PASSWORD, Line, from_message, pages, visit

CAMILLE = "2 84 03 33 900 001 47"
BY_SMS = from_message(Channel.SMS)


@pytest.fixture
def folder(tmp_path: Path) -> DemoFolder:
    return DemoFolder(tmp_path / "demo")


def next_pages(folder: DemoFolder, *lines: Line) -> list[str]:
    """What the next visit shows, page by page, after its greeting."""
    return pages(visit(*lines, folder=folder))[1:]


@pytest.mark.parametrize(
    ("lines", "page"),
    [
        ((), "Que voulez-vous faire ?"),
        (("2",), "Vérification de votre identité"),
        (("2", CAMILLE), "Comment désirez-vous recevoir votre mot de passe temporaire ?"),
        (("2", CAMILLE, "1"), "Saisir le code de confirmation"),
        (("2", CAMILLE, "1", BY_SMS), "Un mot de passe temporaire vous a été envoyé"),
        (("2", CAMILLE, "1", BY_SMS, BY_SMS), "Vous devez le personnaliser"),
        (("2", CAMILLE, "1", BY_SMS, BY_SMS, PASSWORD, PASSWORD), "Confirmation de vos coordonnées"),
        (("2", CAMILLE, "1", BY_SMS, BY_SMS, PASSWORD, PASSWORD, "c"), "Votre espace privé est ouvert"),
        (("2", CAMILLE, "1", BY_SMS, BY_SMS, PASSWORD, PASSWORD, "c", ""), "Vous êtes connecté : MME CAMILLE LABORDE."),
        (("1", CAMILLE, "Cep#Vendanges19"), "Vous êtes connecté : MME CAMILLE LABORDE."),
        (("1", CAMILLE, "Cep#Vendanges19", "1"), "Votre mot de passe actuel"),
        (("2", CAMILLE, "0"), "Que voulez-vous faire ?"),
    ],
    ids=[
        *("nothing", "identifying", "channel", "code", "sign-in", "new password", "contacts", "end", "private space"),
        *("signed in", "change", "left"),
    ],
)
def test_the_next_visit_begins_where_the_last_one_ended(folder: DemoFolder, lines: tuple[Line, ...], page: str) -> None:
    visit(*lines, folder=folder)
    assert page in next_pages(folder)[0]


def test_a_recovery_may_be_spread_over_a_visit_for_each_step(folder: DemoFolder) -> None:
    for line in ("2", CAMILLE, "1", BY_SMS, BY_SMS):
        visit(line, folder=folder)
    visit(PASSWORD, PASSWORD, folder=folder)
    visit("c", folder=folder)
    assert "Vous êtes connecté : MME CAMILLE LABORDE." in next_pages(folder, "")[-1]


def test_a_journey_that_was_left_is_still_offered(folder: DemoFolder) -> None:
    visit("2", CAMILLE, "1", "0", folder=folder)
    assert "Saisir le code de confirmation" in next_pages(folder, "5")[-1]


def test_a_change_that_is_gone_on_with_leads_back_to_the_private_space(folder: DemoFolder) -> None:
    visit("1", CAMILLE, "Cep#Vendanges19", "1", folder=folder)
    assert "Vous êtes connecté" in next_pages(folder, "Cep#Vendanges19", PASSWORD, PASSWORD, "")[-1]


def test_a_new_password_is_still_the_password(folder: DemoFolder) -> None:
    visit("2", CAMILLE, "1", BY_SMS, BY_SMS, PASSWORD, PASSWORD, "c", "", "2", folder=folder)
    assert "Vous êtes connecté" in next_pages(folder, "1", CAMILLE, PASSWORD)[-1]


def test_what_arrived_is_still_on_the_phone(folder: DemoFolder) -> None:
    visit("2", CAMILLE, "1", folder=folder)
    assert "Un mot de passe temporaire vous a été envoyé" in next_pages(folder, BY_SMS)[-1]


def test_the_clock_goes_on_from_where_it_was_moved_to(folder: DemoFolder) -> None:
    visit("2", CAMILLE, "1", "+ 10m", folder=folder)
    assert "Code valable encore 20 minutes." in next_pages(folder)[0]


def test_a_journey_that_is_gone_is_no_trouble(folder: DemoFolder) -> None:
    visit("2", CAMILLE, folder=folder)
    with folder.opened(NOW) as stage:
        stage.wait(timedelta(days=1))
        lapsed = stage.recovery.lapse_due()
        stage.wait(timedelta(days=31))
        assert (1, 1) == (lapsed, stage.recovery.purge())
    assert "Que voulez-vous faire ?" in next_pages(folder)[0]


def test_everything_in_it_is_its_owners_alone(folder: DemoFolder) -> None:
    visit("2", CAMILLE, "1", folder=folder)
    modes = {stat.S_IMODE(each.stat().st_mode) for each in folder.path.iterdir()}
    assert (0o700, {0o600}) == (stat.S_IMODE(folder.path.stat().st_mode), modes)


def test_the_folder_is_named_to_the_person(folder: DemoFolder) -> None:
    assert "gardé dans le dossier" in pages(visit(folder=folder))[0]


# -- the command -------------------------------------------------------------------------------------------------------


def ended(capsys: pytest.CaptureFixture[str], folder: DemoFolder, *options: str) -> tuple[int, str, str]:
    """How the command ends, what it shows and what it complains of."""
    code = main(["demo", "--terminal", "--folder", str(folder.path), *options])
    printed = capsys.readouterr()
    return code, printed.out, " ".join(printed.err.split())


@pytest.fixture(autouse=True)
def _nothing_is_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))


def test_whoever_wants_to_starts_anew(folder: DemoFolder, capsys: pytest.CaptureFixture[str]) -> None:
    visit("2", CAMILLE, folder=folder)
    assert "Que voulez-vous faire" in ended(capsys, folder, "--fresh")[1]


def test_what_somebody_else_put_into_the_folder_is_left_alone(
    folder: DemoFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.path.mkdir()
    (folder.path / "notes.txt").write_text("mine")
    ended(capsys, folder, "--fresh")
    assert "mine" == (folder.path / "notes.txt").read_text()


def _without_keys(path: Path) -> None:
    (path / "keys.toml").unlink()


def _with_other_keys(path: Path) -> None:
    (path / "keys.toml").unlink()
    assert 0 == main(["keys", "new", str(path / "keys.toml")])


def _with_open_keys(path: Path) -> None:
    (path / "keys.toml").chmod(0o644)


def _with_a_damaged_visit(path: Path) -> None:
    (path / "visit.json").write_text('{"here": "secret')


def _with_a_damaged_store(path: Path) -> None:
    (path / "recovery.sqlite").write_bytes(b"not a database " * 1_000)


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (_without_keys, "keys.toml is gone, and without it what recovery.sqlite holds is lost; --fresh starts anew"),
        (_with_other_keys, "need keys that are not in the ring"),
        (_with_open_keys, "chmod 600"),
        (_with_a_damaged_visit, "visit.json is damaged; --fresh starts anew"),
        (_with_a_damaged_store, "recovery.sqlite: it is no SQLite database, or is damaged"),
    ],
)
def test_a_folder_that_cannot_be_gone_on_with_says_why_and_can_be_begun_anew(
    folder: DemoFolder, capsys: pytest.CaptureFixture[str], trouble: Callable[[Path], None], said: str
) -> None:
    visit("2", CAMILLE, "1", folder=folder)
    trouble(folder.path)
    capsys.readouterr()
    code, _, complaint = ended(capsys, folder)
    assert (1, True) == (code, said in complaint), complaint
    assert 0 == ended(capsys, folder, "--fresh")[0]


def test_a_folder_that_is_a_file_is_told_in_one_line(folder: DemoFolder, capsys: pytest.CaptureFixture[str]) -> None:
    folder.path.write_text("a file")
    code, _, complaint = ended(capsys, folder)
    assert (1, True) == (code, complaint.startswith("msa-recovery: ")), complaint
