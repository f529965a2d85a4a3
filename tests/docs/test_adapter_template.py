"""The template of an adapter, copied to a folder of a host's own, passes the suite that it comes with."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TEMPLATE = Path(__file__).parents[2] / "docs" / "adapter-template"


def ran(folder: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def host(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TEMPLATE, tmp_path / "host", ignore=shutil.ignore_patterns("__pycache__")))


def test_the_template_passes_its_suite(host: Path) -> None:
    code, said = ran(host)
    assert (0, True) == (code, "passed" in said), said


def test_the_suite_sees_a_transport_whose_failure_is_raised(host: Path) -> None:
    adapter = host / "our_messenger.py"
    text = adapter.read_text(encoding="utf-8")
    adapter.write_text(text.replace("except OSError", "except ValueError"), encoding="utf-8")
    assert 1 == ran(host)[0]
