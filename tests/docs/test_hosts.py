"""docs/hosts.md shows the examples as they are, and names all of them."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "hosts.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n# (examples/\S+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
HOSTS = sorted(path.parent for path in (ROOT / "examples").glob("*/README.md"))


def test_every_block_says_where_it_is_from() -> None:
    assert PAGE.count("```python") == len(BLOCKS) > 10


def test_a_block_stands_in_its_example_as_it_stands_here() -> None:
    other = [(path, text) for path, text in BLOCKS if f"\n{text}" not in (ROOT / path).read_text(encoding="utf-8")]
    assert [] == other


def test_every_host_is_named_here_and_in_the_list_of_the_examples() -> None:
    listed = (ROOT / "examples" / "README.md").read_text(encoding="utf-8")
    assert 6 == len(HOSTS)
    assert [] == [
        host.name for host in HOSTS if f"`examples/{host.name}`" not in PAGE or f"`{host.name}`" not in listed
    ]


@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.name)
def test_a_host_is_tested_and_shows_both_calls_behind_its_sign_in(host: Path) -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in host.rglob("*.py"))
    assert "recovery.pending(" in code
    assert "recovery.sign_in(" in code
    tests = (path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "examples").glob("test_*.py"))
    assert any(f'"{host.name}"' in text for text in tests)
