"""Every example runs by itself, to its end, and shows something: on the wheel where ``make`` installed one."""

import ast
import subprocess
from pathlib import Path

import pytest

from tests.examples.host import python

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))


def test_the_examples_that_are_promised_are_there() -> None:
    promised = {
        "recover_in_20_lines.py",
        "custom_account_directory.py",
        "replay_a_journey.py",
        "keep_it_in_a_file.py",
        "drain_the_outbox.py",
    }
    assert promised <= {path.name for path in EXAMPLES}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_an_example_runs_to_its_end(path: Path, tmp_path: Path) -> None:
    program, environment = python()
    done = subprocess.run(  # noqa: S603 - our own examples
        [program, "-W", "error", str(path)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=tmp_path,
        env=environment,
        timeout=120,
        check=False,
    )
    assert (0, "") == (done.returncode, done.stderr)
    assert "completed" in done.stdout or "may be opened" in done.stdout
    assert [] == list(tmp_path.iterdir()), "an example leaves nothing behind"


def test_the_example_of_twenty_lines_has_no_more() -> None:
    """Imports, the docstring and blank lines aside."""
    text = (ROOT / "examples" / "recover_in_20_lines.py").read_text(encoding="utf-8")
    first, *body = [node for node in ast.parse(text).body if not isinstance(node, ast.Import | ast.ImportFrom)]
    assert isinstance(first, ast.Expr), "the docstring"
    lines = {number for node in body for number in range(node.lineno, (node.end_lineno or 0) + 1)}
    assert 20 >= sum(bool(text.splitlines()[number - 1].strip()) for number in lines)
