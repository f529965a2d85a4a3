"""The template of an adapter, copied to a folder of a host's own, passes the suite that it comes with."""

import re
import shutil
from pathlib import Path

import pytest

from msa_recovery.testing import contracts
from tests.support.suites import ran

TEMPLATE = Path(__file__).parents[2] / "docs" / "adapter-template"
README = (TEMPLATE / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def host(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TEMPLATE, tmp_path / "host", ignore=shutil.ignore_patterns("__pycache__")))


def test_the_template_passes_its_suite_as_its_readme_runs_it(host: Path) -> None:
    ((command, expected),) = re.findall(r"^```console\n\$ (.*)\n(.*)\n```$", README, re.MULTILINE)
    assert "python -m pytest -q" == command
    code, said = ran(host)
    assert (0, True) == (code, expected in said), said


def test_the_readme_names_every_file_and_only_suites_that_there_are() -> None:
    assert {path.name for path in TEMPLATE.glob("*.py")} == set(
        re.findall(r"^\| \[`(\w+\.py)`\]", README, re.MULTILINE)
    )
    suites = re.findall(r"`(\w+Contract)`", README)
    assert len(suites) == 4
    assert [] == [name for name in suites if not hasattr(contracts, name)]


def test_the_suite_sees_a_transport_whose_failure_is_raised(host: Path) -> None:
    adapter = host / "our_messenger.py"
    text = adapter.read_text(encoding="utf-8")
    adapter.write_text(text.replace("except OSError", "except ValueError"), encoding="utf-8")
    assert 1 == ran(host)[0]
