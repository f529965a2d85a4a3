"""The page on the audit names everything that can stand in one, and nothing else."""

import re
from pathlib import Path

from msa_recovery.application.verifying import Wrong
from msa_recovery.domain.audit import LAST
from msa_recovery.domain.problem import ProblemCode

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
