"""The page on the audit names everything that can stand in one, and nothing else."""

import re
import shlex
from pathlib import Path

import pytest

from msa_recovery.application.verifying import Wrong
from msa_recovery.cli import main
from msa_recovery.cli.folder import DemoFolder
from msa_recovery.domain.audit import LAST
from msa_recovery.domain.problem import ProblemCode
from tests.cli.visit import visit

PAGE = (Path(__file__).parents[2] / "docs" / "audit.md").read_text("utf-8")


def named_under(heading: str) -> list[str]:
    """The first cells of the tables of a section, each of which has a meaning beside it."""
    section = re.split(r"^#+ ", PAGE.partition(f"# {heading}\n")[2], flags=re.MULTILINE)[0]
    return re.findall(r"^\| `(\w+)` \| \S", section, flags=re.MULTILINE)


def test_each_reason_is_explained_once() -> None:
    assert list(ProblemCode) == named_under("Reasons")


def test_each_code_of_a_verification_is_explained_once() -> None:
    assert list(Wrong) == named_under("How to verify")


def test_the_facts_that_end_a_chain_are_named() -> None:
    (sentence,) = re.findall(r"^(.*?) end their chain", PAGE.replace("\n\n", "¶").replace("\n", " "), re.MULTILINE)
    assert LAST == set(re.findall(r"`(\w+)`", sentence.rpartition("¶")[2]))


def test_the_commands_of_the_page_sign_and_find_nothing_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In their order, beside a store in which something happened."""
    visit("2", "2 84 03 33 900 001 47", "a", folder=DemoFolder(tmp_path))
    monkeypatch.chdir(tmp_path)
    (block,) = re.findall(r"^```\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    commands = [shlex.split(line, comments=True) for line in block.splitlines()]
    assert [["msa-recovery", "audit", "checkpoint"], ["msa-recovery", "audit", "verify"]] == [
        words[:3] for words in commands
    ]
    assert [0, 0] == [main(words[1:]) for words in commands]
    signed, whole = capsys.readouterr().out.strip().splitlines()
    (checkpoint,) = re.findall(r"\b1:[0-9a-f]{64,}", signed)
    assert whole.startswith(f"recovery.sqlite: whole; the last checkpoint is {checkpoint},")
