"""The template of an adapter, copied to a folder of a host's own, passes the suite that it comes with."""

import shutil
from pathlib import Path

import pytest

from tests.support.suites import ran

TEMPLATE = Path(__file__).parents[2] / "docs" / "adapter-template"


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
