"""The command line: what it prints, what it ends with, and how it says that something was mistyped."""

import stat
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest

from msa_recovery.adapters.keyring import Keys, read_keys, write_keys
from msa_recovery.cli import main
from msa_recovery.domain.compiler import Chart
from msa_recovery.domain.journey import ChartName
from msa_recovery.domain.machine import CHARTS
from msa_recovery.exploration import drawing


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """The code that a command ends with, what it printed, and what it complained of."""
    code = main(arguments)
    printed = capsys.readouterr()
    return code, printed.out, printed.err


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ((), ("demo", "chart", "keys")),
        (("--help",), ("demo", "chart", "keys")),
        (("demo", "--help"), ("--lang", "--play", "--show-passwords")),
        (("chart", "--help"), ("mermaid", "dot", "md", "svg", "--chart")),
        (("keys",), ("new", "check")),
        (("keys", "new", "--help"), ("PATH",)),
    ],
)
def test_help_names_everything_that_can_be_typed(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], names: tuple[str, ...]
) -> None:
    code, out, err = said(capsys, *arguments)
    assert (0, [], "") == (code, [name for name in names if name not in out], err)


def test_the_version_is_one_line_that_names_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "--version")
    assert (0, 1, True) == (code, len(out.splitlines()), out.startswith("msa-recovery"))


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("demo", "--lang", "de"),
        ("demo", "--nonsense"),
        ("chart",),
        ("chart", "--format", "png"),
        ("chart", "--format", "md", "--chart", "nonsense"),
        ("keys", "new"),
        ("keys", "check", "one", "two"),
    ],
)
def test_a_mistyped_command_is_told_in_one_line(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]) -> None:
    code, out, err = said(capsys, *arguments)
    assert (2, "", 1, True) == (code, out, len(err.splitlines()), err.startswith("msa-recovery: "))


def test_without_its_extra_the_command_says_what_to_install(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "msa_recovery.cli.app", raising=False)
    monkeypatch.setitem(sys.modules, "typer", None)
    code, out, err = said(capsys, "--help")
    assert (1, "", 1, True) == (code, out, len(err.splitlines()), "msa-recovery[cli]" in err)


# -- charts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ChartName)
@pytest.mark.parametrize(
    ("asked", "draw"),
    [("mermaid", drawing.mermaid), ("dot", drawing.dot), ("md", drawing.markdown), ("svg", drawing.svg)],
)
def test_a_chart_is_printed_as_it_is_compiled(
    capsys: pytest.CaptureFixture[str], asked: str, draw: Callable[[Chart], str], name: ChartName
) -> None:
    code, out, _ = said(capsys, "chart", "--format", asked, "--chart", name)
    assert (0, draw(CHARTS[name])) == (code, out)


def test_the_tables_of_both_charts_stand_on_one_page(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = said(capsys, "chart", "--format", "md")
    assert [True, True] == [f"# {name}\n\n{drawing.markdown(chart)}" in out for name, chart in CHARTS.items()]


def test_a_picture_is_of_the_recovery_if_nothing_else_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = said(capsys, "chart", "--format", "svg")
    assert drawing.svg(CHARTS[ChartName.RECOVERY]) == out
    assert ET.fromstring(out).tag.endswith("svg")  # noqa: S314 - our own


# -- keys --------------------------------------------------------------------------------------------------------------


def test_new_keys_are_for_their_owner_only_and_shown_to_nobody(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "keys.toml"
    code, out, _ = said(capsys, "keys", "new", str(path))
    keys = read_keys(path)
    assert (0, 0o600, True) == (code, stat.S_IMODE(path.stat().st_mode), keys.signer in out)
    assert not any(key.material.hex() in out for key in keys.ring)
    assert keys.identity.hex() not in out


def test_keys_are_never_overwritten(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "keys.toml"
    said(capsys, "keys", "new", str(path))
    before = path.read_text()
    code, _, err = said(capsys, "keys", "new", str(path))
    assert (1, before, 1) == (code, path.read_text(), len(err.splitlines()))


def test_checked_keys_are_named_and_not_shown(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    from msa_recovery.adapters.keyring import RootKey

    path = tmp_path / "keys.toml"
    keys = Keys.generate().rotated(RootKey.generate())
    write_keys(path, keys)
    code, out, _ = said(capsys, "keys", "check", str(path))
    assert (0, [True, True]) == (code, [key.key_id in out for key in keys.ring])
    assert [False, False] == [key.material.hex() in out for key in keys.ring]


def test_keys_that_others_can_read_are_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "keys.toml"
    write_keys(path, Keys.generate())
    path.chmod(0o644)
    code, out, err = said(capsys, "keys", "check", str(path))
    assert (1, "", 1, True) == (code, out, len(err.splitlines()), "chmod 600" in err)


@pytest.mark.parametrize("command", ["new", "check"])
def test_a_path_that_does_not_exist_is_told_in_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, command: str
) -> None:
    code, _, err = said(capsys, "keys", command, str(tmp_path / "missing" / "keys.toml"))
    assert (1, 1, True) == (code, len(err.splitlines()), "missing" in err)
