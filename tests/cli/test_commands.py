"""The command line: what it prints, what it ends with, and how it says that something was mistyped."""

import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable

import pytest

from msa_recovery.domain.compiler import Chart
from msa_recovery.domain.journey import ChartName
from msa_recovery.domain.machine import CHARTS
from msa_recovery.exploration import drawing
from msa_recovery.exploration.scxml import scxml
from tests.cli.said import said


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ((), ("demo", "chart", "keys", "audit", "journeys", "outbox", "purge", "risk", "coverage")),
        (("--help",), ("demo", "chart", "keys", "audit", "journeys", "outbox", "purge", "risk", "coverage")),
        (("demo", "--help"), ("--lang", "--play", "--terminal", "--port", "--show-passwords", "--folder", "--fresh")),
        (("chart", "--help"), ("mermaid", "dot", "md", "svg", "scxml", "promela", "--chart")),
        (("keys",), ("new", "check", "add", "use", "reseal", "drop")),
        (("keys", "new", "--help"), ("KEYS",)),
        (("journeys", "--help"), ("STORE", "--finished", "--limit", "--json")),
        (("outbox", "--help"), ("list", "show", "retry", "drop")),
        (("outbox", "list", "--help"), ("STORE", "--dead", "--lost", "--newest", "--limit", "--json")),
        (("purge", "--help"), ("KEYS", "STORE", "--days")),
        (("audit",), ("checkpoint", "verify")),
        (("audit", "verify", "--help"), ("KEYS", "STORE", "--known", "--json")),
        (("audit", "checkpoint", "--help"), ("KEYS", "STORE")),
        (("coverage", "--help"), ("STORE...", "--all", "--json")),
        (("risk", "--help"), ("--policy", "msa", "strict", "testing", "--json")),
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
        ("chart", "--format", "promela", "--chart", "change"),
        ("keys", "new"),
        ("keys", "check", "one", "two"),
        ("journeys",),
        ("journeys", "store", "--limit", "0"),
        ("outbox", "list", "store", "--dead", "--newest"),
        ("outbox", "list", "store", "--dead", "--lost"),
        ("purge", "keys", "store", "--days", "0"),
        ("audit", "verify", "keys", "store", "--known", "nonsense"),
        ("risk", "--policy", "nonsense"),
        ("risk", "strict"),
        ("coverage",),
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
    [
        ("mermaid", drawing.mermaid),
        ("dot", drawing.dot),
        ("md", drawing.markdown),
        ("svg", drawing.svg),
        ("scxml", scxml),
    ],
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
