"""README, tutorial and how-tos, followed word for word by somebody who has Python 3.11, the sources and nothing else.

``make pages-fresh`` runs it: each page has a virtual environment of its own, and ``pip`` finds the library where
``PIP_FIND_LINKS`` says. The hosts of ``examples/`` have ``make examples-fresh``.
"""

import os
import re
import shlex
import shutil
import subprocess
from contextlib import ExitStack
from pathlib import Path
from typing import Final
from urllib.request import urlopen

import pytest

from tests.docs.test_pages import FOLLOWED, GIVEN, ROOT, SOURCES, Reader, blocks, ended_well
from tests.docs.test_testing_your_host import blocks as parts
from tests.examples.host import wait_for

VENV: Final = ("python3.11 -m venv .venv", ". .venv/bin/activate")

LASTS: Final = re.compile(r"export |\. ")
"""What holds for the rest of a terminal."""

GOES_ON: Final = re.compile(r"uvicorn |python worker\.py|node ")
"""What goes on until somebody stops it."""

IN_A_COPY: Final = re.compile(r"python3\.11 -m pip wheel |export PIP_FIND_LINKS=")
"""What is typed in a copy of the sources, before the empty folder."""

IN_THE_CLONE: Final = re.compile(r"make |node ")
"""What is typed in the clone that the tests are of, which has its tools: `make provider`, and what that left there."""

EDITABLE: Final = "pip install --editable '.[cli]'"
"""What a page says of a copy that was changed."""

SERVED: Final = {
    "docs/tutorial.md": ("http://127.0.0.1:8000/mot-de-passe/", "Se connecter"),
    "docs/franceconnect.md": ("http://127.0.0.1:8077/recovery/", "Se connecter avec FranceConnect"),
}
"""Where the pages of a page are visited, and what is seen there."""

CLEAN: Final = {"PYTHONPATH": "", "VIRTUAL_ENV": ""}


class Newcomer(Reader):
    """Somebody who follows a page in an empty folder and a fresh environment, in one terminal.

    Where a page says nothing of an environment, or of what to install, or takes a host as given, it is as the tutorial
    leaves it.

    Attributes:
        goes_on: commands that go on until somebody stops them, as a shell is to run them.
    """

    def begins(self, page: str) -> None:
        self._copy = self.folder.parent / "copy"
        self._terminal = ""
        self._is_editable = False
        self.goes_on: list[list[str]] = []
        typed = "".join(text for kind, text in blocks(page) if kind == "console")
        for command in () if "-m venv" in typed else VENV:
            self.ran(command)
        if (page in GIVEN or "pip install" not in typed) and not any(kind == "diff" for kind, _ in blocks(page)):
            self.ran("python -m pip install 'msa-recovery[cli]'")

    def ran(self, typed: str) -> str | None:
        """What a command says; nothing is known of one that goes on, which is kept for later."""
        if self.library != SOURCES and not self._is_editable:
            self._is_editable = True
            ended_well(self._line(EDITABLE, self._copy), self._copy, CLEAN)
        where = ROOT if IN_THE_CLONE.match(typed) else self.folder
        if IN_A_COPY.match(typed):
            where = self.cloned().parent
        if typed == "cd build/provider":
            return None
        if GOES_ON.match(typed):
            there = ROOT / "build" / "provider" if typed.startswith("node ") else where
            self.goes_on.append(self._line(f"exec {typed}", there))
            return None
        said = ended_well(self._line(typed, where), where, CLEAN)
        if LASTS.match(typed):
            self._terminal += f"cd {shlex.quote(str(where))}; {typed}; "
        return said

    def _line(self, typed: str, where: Path) -> list[str]:
        """A command, in the terminal as it is by now."""
        return ["bash", "-ec", f"{self._terminal}cd {shlex.quote(str(where))}; {typed}"]

    def cloned(self) -> Path:
        """The sources in a copy of the project."""
        if not self._copy.exists():
            self._copy.mkdir()
            for name in ("pyproject.toml", "README.md", "LICENSE"):
                shutil.copy(ROOT / name, self._copy)
            shutil.copytree(ROOT / "src", self._copy / "src", ignore=shutil.ignore_patterns("__pycache__"))
        return self._copy / "src"


class Examiner(Newcomer):
    """Somebody who follows the page about testing a host, whose blocks are parts of four files, and one bug."""

    def written(self, text: str) -> None:
        """Nothing by itself."""

    def again(self) -> None:
        """Write the files, and run the tests."""
        for name in ("town.py", "test_town.py", "test_lines.py", "test_forms.py"):
            (self.folder / name).write_text("\n\n".join(parts(name)), encoding="utf-8")
        assert re.search(r"[3-9]\d passed", self.ran("pytest -q") or "")


@pytest.mark.parametrize("page", FOLLOWED)
def test_who_follows_a_page_in_a_fresh_environment_comes_to_its_end(page: str, tmp_path: Path) -> None:
    reader = Newcomer(page, tmp_path)
    assert (page in SERVED) == bool(reader.goes_on)
    if page not in SERVED:
        return
    address, seen = SERVED[page]
    with ExitStack() as terminals:
        for number, command in enumerate(reader.goes_on):
            out = terminals.enter_context((tmp_path / f"out-{number}.txt").open("wb"))
            running = terminals.enter_context(
                subprocess.Popen(command, env={**os.environ, **CLEAN}, stdout=out, stderr=out)  # noqa: S603 - our page
            )
            terminals.callback(running.terminate)

        def served() -> bool:
            try:
                with urlopen(address) as answer:  # noqa: S310 - our own server
                    return seen in answer.read().decode()
            except OSError:
                return False

        wait_for(served, tmp_path / f"out-{len(reader.goes_on) - 1}.txt")


def test_who_tests_a_host_in_a_fresh_environment_comes_to_the_end_of_the_page(tmp_path: Path) -> None:
    Examiner("docs/testing-your-host.md", tmp_path)
