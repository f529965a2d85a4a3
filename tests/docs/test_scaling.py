"""What docs/scaling.md has an operator type is typed, on a PostgreSQL."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import psycopg
import pytest

from tests.support import postgres

PAGE: Final = (Path(__file__).parents[2] / "docs" / "scaling.md").read_text(encoding="utf-8")
BLOCKS: Final[list[tuple[str, str]]] = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)

COMMAND: Final = "import sys; from msa_recovery.cli import main; sys.exit(main(sys.argv[1:]))"
SHELL: Final = 'set -eu; msa-recovery() { "$PYTHON" -c "$COMMAND" "$@"; }\n'


def _begins(start: str) -> str:
    (found,) = (text for _, text in BLOCKS if text.startswith(start))
    return found


def _typed(script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own page
        ["/bin/bash", "-c", f"{SHELL}{script}"],
        env={**os.environ, "PYTHON": sys.executable, "COMMAND": COMMAND, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


@pytest.fixture
def script(tmp_path: Path) -> str:
    """The block, with a password's file and a server that are there."""
    passwords = tmp_path / "pgpass"
    passwords.write_text("*:*:*:*:a-password\n", encoding="utf-8")
    passwords.chmod(0o600)
    block = _begins("export PGPASSFILE=")
    changed = re.sub(r"(?<=PGPASSFILE=)\S+", str(passwords), block)
    assert block != changed
    return changed


def test_the_messages_of_a_server_are_listed(script: str) -> None:
    with postgres.fresh() as url:
        done = _typed(re.sub(r"'postgresql://[^']+'", f"'{url}'", script))
    assert (0, "") == (done.returncode, done.stderr)


def test_the_address_of_the_page_is_one_that_the_commands_take(script: str) -> None:
    """As it stands there: only nobody answers at a name that does not exist."""
    assert "@db.internal/" in script
    done = _typed(script.replace("@db.internal/", "@127.0.0.1:1/"))
    assert 0 != done.returncode
    assert "PostgreSQL at 127.0.0.1:1, database recovery: nobody answers" in " ".join(done.stderr.split())


def test_the_tables_of_a_server_take_what_autovacuum_is_told() -> None:
    statements = _begins("ALTER TABLE journeys SET")
    with postgres.bare() as url:
        postgres.executed(url, postgres.tables())
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(statements.encode())
        told = postgres.executed(
            url,
            "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace"
            " AND reloptions @> '{autovacuum_vacuum_scale_factor=0.02,autovacuum_analyze_scale_factor=0.02}'",
        )
    assert {("journeys",), ("ledgers",), ("outbox",)} == set(told)
