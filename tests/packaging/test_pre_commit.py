"""What runs before a commit is of this project, and is there: nothing is fetched, nothing of it was renamed."""

import re
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
TEXT: Final = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
ENTRIES: Final = [line.split() for line in re.findall(r"^ +entry: (.+)$", TEXT, re.MULTILINE)]


def test_pre_commit_can_read_it() -> None:
    command = [sys.executable, "-m", "pre_commit", "validate-config", str(ROOT / ".pre-commit-config.yaml")]
    said = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603
    assert 0 == said.returncode, said.stdout + said.stderr


def test_every_hook_is_of_this_project() -> None:
    assert {"local"} == set(re.findall(r"repo: (\S+)", TEXT))
    assert ["system"] * len(ENTRIES) == re.findall(r"language: (\S+)", TEXT)


def test_every_program_and_file_of_a_hook_is_there() -> None:
    installed = {f".venv/bin/{each.name}" for each in entry_points(group="console_scripts")} | {".venv/bin/ruff"}
    assert [] == [program for program, *_ in ENTRIES if program not in installed]
    files = [word for _, *words in ENTRIES for word in words if word.startswith("tests/")]
    assert len(files) > 3
    assert [] == [name for name in files if not (ROOT / name).exists()]
