"""The commands of docs/operating.md do what the page says, in its order."""

import re
import shlex
import sys
from io import StringIO
from pathlib import Path

import pytest

from msa_recovery.adapters import sqlite_engine
from msa_recovery.adapters.keyring import read_keys
from msa_recovery.cli import main
from msa_recovery.cli.folder import DemoFolder
from tests.cli.visit import visit
from tests.support.dead_letters import dead_letters, make_dead_letters

PAGE = Path(__file__).parents[2] / "docs" / "operating.md"
COMMANDS = re.findall(r"^msa-recovery (.+?)(?:\s+#.*)?$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)


def test_every_command_of_the_page_works_in_its_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    visit("2", "2 84 03 33 900 001 47", "a", folder=DemoFolder(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", StringIO("2 84 03 33 900 001 47\nmarie\n"))
    make_dead_letters(Path("keys.toml"), Path("recovery.sqlite"))
    old = read_keys(Path("keys.toml")).signer
    said: list[tuple[str, str, int]] = []
    for command in COMMANDS:
        new = read_keys(Path("keys.toml")).ring[-1].key_id
        dead = next((row.id for row in dead_letters(Path("recovery.sqlite"))), "")
        words = [{"ID": new, "OLD": old, "MESSAGE": dead}.get(word, word) for word in shlex.split(command)]
        said.append((words[0], words[1] if words[0] in ("keys", "outbox") else "", main(words)))
    assert "" == capsys.readouterr().err
    assert [
        *(
            ("journeys", "", 0),
            ("journeys", "", 0),
            ("outbox", "list", 0),
            ("purge", "", 0),
            *(("outbox", command, 0) for command in ("list", "show", "retry", "drop")),
            ("forget", "", 0),
        ),
        *(("keys", "add", 0), ("keys", "use", 0), ("keys", "reseal", 0), ("keys", "drop", 0)),
    ] == said
    assert not read_keys(Path("keys.toml")).holds(old)


def test_what_the_page_says_of_a_file_is_what_the_library_says() -> None:
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    told = re.findall(r"`([^`]+)`", page[page.index("| it says | then |") :])
    sources = " ".join(
        (Path(sqlite_engine.__file__).with_name(name)).read_text(encoding="utf-8")
        for name in ("sqlite_engine.py", "sqlite_file.py", "sql_schema.py", "codec.py")
    )
    said = " ".join([*sqlite_engine.CAUSES.values(), sources])
    ours = [text for text in told if text.startswith(("it ", "its file", "the disk", "another", "cannot"))]
    assert 10 == len(ours)
    assert [] == [text for text in ours if text not in said]
