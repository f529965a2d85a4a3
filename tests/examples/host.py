"""A host of ``examples/`` as its README has it: its folder copied, its commands run there, its processes ended."""

import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self, final

import httpx

import msa_recovery

__all__ = ["EXAMPLES", "Host", "Talk", "commands", "python", "wait_for"]

EXAMPLES: Final = Path(__file__).parents[2] / "examples"

_SOURCES: Final = Path(msa_recovery.__file__).parents[1]
_PATIENCE: Final = 120
"""For how many seconds something is waited for that never takes so long."""

_INSTALLS: Final = ("python3.11 -m venv", ".venv/bin/pip")

_FRESH: Final = "EXAMPLES_FRESH" in os.environ
"""Whether each README is followed word for word, in an environment of its own (``make examples-fresh``)."""

_SHARED: Final = os.environ.get("EXAMPLES_ENVIRONMENT")
"""The environment that all hosts share (``make test``), with the wheel and what every README installs. Without one the
examples run on the sources, in the environment of the tests, which has all of that as well."""


def commands(name: str) -> list[str]:
    """Every command of a README, in its order."""
    page = (EXAMPLES / name / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if re.match(r"([A-Z_]+=|\.venv/|python)", line)]


def python() -> tuple[Path, dict[str, str]]:
    """The interpreter that examples run in, and its environment: the shared one, or else that of the tests."""
    environment = {**os.environ, "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(_SOURCES)}
    if _SHARED:
        del environment["PYTHONPATH"]
        return Path(_SHARED).resolve() / "bin" / "python", environment
    return Path(sys.executable), environment


def free_port() -> int:
    """A port of this machine where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@final
class Host:
    """A copy of an example, and the processes that run in it.

    Args:
        name: of its folder.
        folder: where the copy goes.
    """

    def __init__(self, name: str, folder: Path) -> None:
        self.folder = folder / name
        shutil.copytree(EXAMPLES / name, self.folder, ignore=shutil.ignore_patterns("__pycache__"))
        self._commands = commands(name)
        program, self._environment = python()
        self._bin = program.parent
        if _FRESH:
            self._environment.pop("PYTHONPATH", None)
        self._running: list[subprocess.Popen[bytes]] = []
        self._started: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for process in reversed(self._running):
            process.terminate()
        for process in self._running:
            process.wait(_PATIENCE)
            if process.stdin is not None:
                process.stdin.close()

    def library(self) -> tuple[Path, Path]:
        """Where the library is that the host imports, and under which folder it must be."""
        python = self._here(".venv/bin/python")
        command = [*shlex.split(python), "-c", "import msa_recovery; print(msa_recovery.__file__)"]
        said = subprocess.check_output(command, cwd=self.folder, env=self._environment, text=True)  # noqa: S603
        environment = self.folder / ".venv" if _FRESH else self._bin.parent
        return Path(said.strip()), environment / "lib" if _FRESH or _SHARED else _SOURCES

    def prepare(self, until: str) -> None:
        """Run every command of the README, in its order, up to the one that has these words."""
        for command in self._commands:
            if until in command:
                return
            self.run(command)
        raise AssertionError(f"no command of the README has {until!r}")

    def run(self, command: str, typed: str | None = None) -> str:
        """Run one command of the README to its end; what it says. What is installed already is not installed."""
        assert command in self._commands, "it stands in the README"
        if command.startswith(_INSTALLS) and not _FRESH:
            return ""
        done = subprocess.run(  # noqa: S602 - a command of our own README, with its redirections
            self._here(command),
            shell=True,
            cwd=self.folder,
            env=self._environment,
            input=typed,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=5 * _PATIENCE,
            check=False,
        )
        assert 0 == done.returncode, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout

    def start(self, command: str, *more: str) -> Path:
        """Start one command of the README, with a word more, which the tests need; where its words are kept."""
        assert command in self._commands, "it stands in the README"
        *assigned, words = _split(self._here(command))
        out = self.folder / f"out-{len(self._running)}.txt"
        with out.open("wb") as stream:
            process = subprocess.Popen(  # noqa: S603 - a command of our own README
                [*words, *more],
                cwd=self.folder,
                env={**self._environment, **dict(pair.split("=", 1) for group in assigned for pair in group)},
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
            )
        self._running.append(process)
        self._started[command] = process
        return out

    def stopped(self, command: str) -> int:
        """Tell what was started by this command to end, as a service manager does; what it ended with."""
        process = self._started[command]
        process.terminate()
        return process.wait(_PATIENCE)

    def talk(self, command: str) -> "Talk":
        """Start one command of the README that asks questions."""
        assert command in self._commands, "it stands in the README"
        out = self.folder / f"out-{len(self._running)}.txt"
        with out.open("wb") as stream:
            process = subprocess.Popen(  # noqa: S603 - a command of our own README
                shlex.split(self._here(command)),
                cwd=self.folder,
                env=self._environment,
                stdin=subprocess.PIPE,
                stdout=stream,
                stderr=subprocess.STDOUT,
            )
        self._running.append(process)
        return Talk(process, out)

    def serve(self, command: str, *more: str) -> tuple[str, Path]:
        """Start a web server on a port that is free; where it answers, and where its words are kept."""
        port = free_port()
        out = self.start(command, *(word.format(port=port) for word in more))
        address = f"http://127.0.0.1:{port}"

        def answers() -> bool:
            try:
                return httpx.get(address).status_code < 500
            except httpx.TransportError:
                assert self._running[-1].poll() is None, out.read_text(encoding="utf-8")
                return False

        wait_for(answers, out)
        return address, out

    def _here(self, command: str) -> str:
        return command if _FRESH else command.replace(".venv/bin/", f"{shlex.quote(str(self._bin))}/")


@final
class Talk:
    """A program that asks, and is typed to.

    Args:
        process: the program.
        out: where its words are kept.
    """

    def __init__(self, process: subprocess.Popen[bytes], out: Path) -> None:
        self._process = process
        self._out = out

    def types(self, *lines: str) -> None:
        """Type these lines, one after the other."""
        assert self._process.stdin is not None
        self._process.stdin.write("".join(f"{line}\n" for line in lines).encode())
        self._process.stdin.flush()

    def reads(self, form: str) -> str:
        """Wait until something of this form was said; its group, of the last one."""
        found: list[str] = []

        def said() -> bool:
            found[:] = re.findall(form, self._out.read_text(encoding="utf-8"), re.MULTILINE)
            return bool(found)

        wait_for(said, self._out)
        return found[-1]

    def ends(self) -> None:
        """Wait until it ends by itself, well."""
        assert self._process.stdin is not None
        assert 0 == self._process.wait(_PATIENCE), self._out.read_text(encoding="utf-8")
        self._process.stdin.close()


def wait_for(found: Callable[[], bool], out: Path) -> None:
    """Wait until something is so."""
    end = time.monotonic() + _PATIENCE
    while not found():
        assert time.monotonic() < end, out.read_text(encoding="utf-8")
        time.sleep(0.05)


def _split(command: str) -> tuple[Sequence[str], Sequence[str]]:
    """The assignments before a command, and its words."""
    words = shlex.split(command)
    first = next(number for number, word in enumerate(words) if not re.fullmatch(r"[A-Z_]+=.*", word))
    return words[:first], words[first:]
