"""Every block of the pages is true: programs run, commands say what the page shows, changes can be made.

A page is followed as a reader would, from an empty folder. A block of Python that begins with a comment such as
``# host.py`` is that file; any other one is a part of one program, in their order. A ``console`` block holds commands,
each behind a ``$``, and pieces of what they print, where ``...`` is whatever it is. A ``diff`` changes the library, in
a copy.
"""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest
from typer.main import get_command

import msa_recovery
from msa_recovery.adapters.sqlite_store import SqliteStore
from msa_recovery.cli import app
from tests.examples.host import wait_for

ROOT: Final = Path(__file__).parents[2]
SOURCES: Final = Path(msa_recovery.__file__).parents[1]

FOLLOWED: Final = (
    "README.md",
    "docs/tutorial.md",
    "docs/concepts.md",
    "docs/franceconnect.md",
    "docs/how-to/alarms.md",
    "docs/how-to/own-policy.md",
    "docs/how-to/own-question.md",
    "docs/how-to/own-storage.md",
    "docs/messages.md",
    "docs/operating.md",
    "docs/scaling.md",
)

FOLLOWED_FURTHER: Final = ("README.md", "docs/tutorial.md")
"""Those whose end is where a test of its own goes on."""

HOST: Final = """
from msa_recovery import compose
from msa_recovery.adapters.keyring import Keys
from msa_recovery.sample import sample_directory
directory, keys = sample_directory(), Keys.generate()
"""

GIVEN: Final = {
    "docs/operating.md": f"""{HOST}
from msa_recovery.adapters.memory_store import MemoryStore
recovery = compose(accounts=directory, keys=keys, store=MemoryStore())
""",
    "docs/scaling.md": HOST,
}
"""What a page takes as given, for its reader has a host already."""

HOST_OF_THE_TUTORIAL: Final = ("docs/franceconnect.md", "docs/messages.md")
"""Pages that say so of `host.py`."""

ELSEWHERE: Final = {
    "docs/adapter-template/README.md": "test_adapter_template.py",
    "docs/hosts.md": "test_hosts.py",
    "docs/testing-your-host.md": "test_testing_your_host.py",
    "docs/web.md": "test_web.py",
}
"""Pages with code that another file of this folder runs, beside what else it judges of them."""

NOT_HERE: Final = re.compile(
    r"python(3\.11)? -m (venv|pip)|pip |export PIP_|\. \.venv/|uvicorn|make |python worker\.py|git clone|cd |node "
)
"""What `make pages-fresh` does, and what goes on until somebody stops it: it has tests of its own below."""


COMMAND: Final = "import sys; from msa_recovery.cli import main; sys.exit(main(sys.argv[1:]))"


def pages() -> list[str]:
    made = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    return sorted(path.relative_to(ROOT).as_posix() for path in made)


def blocks(page: str) -> list[tuple[str, str]]:
    """Each block of a page, as its language and its text."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def changed(folder: Path, diff: str) -> None:
    """Make the change of a diff whose first line names a file of the library."""
    head, *rest = diff.rstrip("\n").split("\n")
    path = folder / "msa_recovery" / head.removeprefix("--- ")
    before = "\n".join(line[1:] for line in rest if line[0] in " -")
    after = "\n".join(line[1:] for line in rest if line[0] in " +")
    text = path.read_text(encoding="utf-8")
    assert 1 == text.count(before), f"{head}: what is to be changed is not there, or twice"
    path.write_text(text.replace(before, after), encoding="utf-8")


class Reader:
    """Somebody who follows a page in an empty folder.

    Args:
        page: which.
        folder: an empty one, in which theirs is made.
    """

    def __init__(self, page: str, folder: Path) -> None:
        self.folder = folder / "work"
        self.folder.mkdir()
        self._exported: dict[str, str] = {}
        if page in HOST_OF_THE_TUTORIAL:
            self.written(next(text for _, text in blocks("docs/tutorial.md") if text.startswith("# host.py\n")))
        self.library = SOURCES
        self.begins(page)
        self._parts = [GIVEN[page]] if page in GIVEN else []
        for kind, text in blocks(page):
            match kind:
                case "python":
                    self.written(text)
                case "console":
                    self._typed(text)
                case "diff":
                    if self.library is SOURCES:
                        self.library = self.cloned()
                    changed(self.library, text)
                case _:
                    pass
        self.again()

    def begins(self, page: str) -> None:
        """Have what a page takes as given."""

    def again(self) -> None:
        """Run the program that the page's parts make, in the folder as it is by now."""
        if self._parts:
            self.ran(f"python -W error -c {shlex.quote(chr(10).join(self._parts))}")

    def written(self, text: str) -> None:
        name = re.match(r"# (\w+\.py)\n", text)
        if name is None:
            self._parts.append(text)
        else:
            (self.folder / name[1]).write_text(text, encoding="utf-8")

    def _typed(self, text: str) -> None:
        for typed, expected in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", text, re.MULTILINE):
            said = self.ran(typed)
            if said is None:
                continue
            for line in expected.splitlines():
                form = ".+".join(map(re.escape, line.split("...")))
                assert re.search(form, said), f"{typed}: {line!r} is not in:\n{said}"

    def ran(self, typed: str) -> str | None:
        """What a command says; nothing is known of one that is not run here, or says nothing."""
        if NOT_HERE.match(typed):
            return None
        program, *words = shlex.split(typed)
        if program == "export":
            self._exported |= dict(word.split("=", 1) for word in words)
            return None
        start = {
            "install": ["install"],
            "python": [sys.executable],
            "msa-recovery": [sys.executable, "-c", COMMAND],
        }[program]
        return ended_well([*start, *words], self.folder, {**self._exported, "PYTHONPATH": str(self.library)})

    def cloned(self) -> Path:
        """The sources of a copy of the library, which may be changed."""
        sources = self.folder.parent / "src"
        shutil.copytree(SOURCES / "msa_recovery", sources / "msa_recovery")
        return sources


def ended_well(command: list[str], folder: Path, environment: dict[str, str]) -> str:
    """What a command of our own pages says, which must end well."""
    ended = subprocess.run(  # noqa: S603
        command,
        cwd=folder,
        env={**os.environ, "PYTHONUTF8": "1", **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )
    assert 0 == ended.returncode, ended.stdout + ended.stderr
    return ended.stdout


@pytest.mark.parametrize("page", [page for page in FOLLOWED if page not in FOLLOWED_FURTHER])
def test_who_follows_a_page_comes_to_its_end(page: str, tmp_path: Path) -> None:
    Reader(page, tmp_path)


def test_who_follows_the_readme_and_runs_its_program_again_goes_on_with_what_it_kept(tmp_path: Path) -> None:
    Reader("README.md", tmp_path).again()


def test_every_page_with_code_is_followed() -> None:
    with_code = {page for page in pages() if any(kind in {"python", "console", "diff"} for kind, _ in blocks(page))}
    assert {*FOLLOWED, *ELSEWHERE} == with_code
    assert [] == [name for name in ELSEWHERE.values() if not Path(__file__).with_name(name).exists()]


@pytest.fixture(scope="module")
def tutorial(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of somebody who followed the tutorial to its end."""
    return Reader("docs/tutorial.md", tmp_path_factory.mktemp("tutorial")).folder


def test_the_tutorials_pages_are_served(tutorial: Path) -> None:
    program = (
        "from starlette.testclient import TestClient; from app import app; import sign_in;"
        "print(TestClient(app, base_url='http://127.0.0.1').get('/mot-de-passe/').text)"
    )
    done = subprocess.run(  # noqa: S603 - our own page
        [sys.executable, "-c", program],
        cwd=tutorial,
        env={**os.environ, "PYTHONPATH": str(SOURCES), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert "Se connecter" in done.stdout, done.stderr


def test_the_tutorials_worker_works_until_it_is_interrupted(tutorial: Path, tmp_path: Path) -> None:
    said = tmp_path / "said"
    # What this process ignores, as one in the background may, its children would ignore as well.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with said.open("wb") as stream:
        worker = subprocess.Popen(
            [sys.executable, "worker.py"],
            cwd=tutorial,
            env={**os.environ, "PYTHONPATH": str(SOURCES), "PYTHONUTF8": "1"},
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
    signal.signal(signal.SIGINT, before)
    try:
        with closing(SqliteStore(tutorial / "recovery.sqlite")) as store:
            wait_for(lambda: store.last_checkpoint() is not None, said)
        worker.send_signal(signal.SIGINT)
        assert (0, "") == (worker.wait(120), said.read_text(encoding="utf-8"))
    finally:
        worker.kill()
        worker.wait()


def named(pattern: str) -> list[tuple[str, str]]:
    """What the pages name, as page and name, by the first group of a pattern."""
    found = [
        (page, name)
        for page in pages()
        for name in re.findall(pattern, (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert len(found) > 10
    return found


def test_every_target_of_make_that_a_page_names_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    lines = named(r"(?:`|^(?:\$ )?)make ((?:[a-z-]+ )*[a-z-]+)(?:`|$|  )")
    assert [] == [(page, target) for page, line in lines for target in line.split() if target not in targets]


def test_every_command_that_a_page_names_is_there() -> None:
    """A command of a group as well; but for those that a decision turned down."""
    group = vars(get_command(app._app))["commands"]
    there = {name: tuple(getattr(command, "commands", ())) for name, command in group.items()} | {"relay": ()}
    for page, line in named(r"(?:`|^(?:\$ )?)msa-recovery ([a-z]+(?: [a-z]+(?=[ `\n]))?)"):
        first, _, second = line.partition(" ")
        assert first in there, f"{page}: {line}"
        assert not second or not there[first] or second in there[first], f"{page}: {line}"


def test_every_file_that_a_page_names_is_there() -> None:
    files = named(r"`((?:src|tests|examples|tools|benchmarks|docs|\.ci)/[\w./-]+)`")
    assert [] == [each for each in files if not (ROOT / each[1]).exists()]
