"""At a real terminal, played through a pseudo-terminal: a password is not shown while it is typed."""

import os
import pty
import select
import subprocess
import sys
import termios
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest

import msa_recovery

CAMILLE = "2 84 03 33 900 001 47"
PASSWORD = "Nobody-knows-12!"
PATIENCE = 60.0
"""Seconds until a terminal that stays silent is taken for dead."""

AT_ITS_TERMINAL = """
import fcntl, signal, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
signal.signal(signal.SIGINT, signal.default_int_handler)
from msa_recovery.cli import main
sys.exit(main())
"""
"""Makes the pseudo-terminal the one that Ctrl-C is typed at; whoever runs the tests in the background ignores it."""


class Screen:
    """The command at a terminal of its own."""

    def __init__(self, *arguments: str) -> None:
        self._here, there = pty.openpty()
        self.shown = ""
        self.process = subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "-c", AT_ITS_TERMINAL, *arguments],
            stdin=there,
            stdout=there,
            stderr=there,
            env={
                **os.environ,
                "COLUMNS": "80",
                "PYTHONPATH": str(Path(msa_recovery.__file__).parents[1]),
                "PYTHONUTF8": "1",
                "TERM": "dumb",
            },
            start_new_session=True,
        )
        os.close(there)

    def reads(self, text: str) -> None:
        """Wait until this is shown, after everything that was waited for before."""
        start = len(self.shown)
        while text not in self.shown[start:]:
            ready, _, _ = select.select([self._here], [], [], PATIENCE)
            assert ready, f"{text!r} never came, only {self.shown[start:]!r}"
            try:
                self.shown += os.read(self._here, 65_536).decode(errors="replace")
            except OSError:
                pytest.fail(f"it ended before {text!r} came:\n{self.shown[start:]}")

    def hides(self) -> None:
        """Wait until what is typed is no longer shown."""
        end = monotonic() + PATIENCE
        while termios.tcgetattr(self._here)[3] & termios.ECHO:
            assert monotonic() < end, "the password is shown"
            os.sched_yield()

    def waits_for_a_key(self) -> None:
        """Wait until it sleeps in its reading: a Ctrl-C that comes between the question and the reading is only seen
        with the next key."""
        end = monotonic() + PATIENCE
        while Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "S":
            assert monotonic() < end, "it never waits"
            os.sched_yield()

    def types(self, text: str) -> None:
        os.write(self._here, text.encode())

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._here)


@pytest.fixture
def command(tmp_path: Path) -> tuple[str, ...]:
    """What starts the demonstration, and starts it again."""
    return ("demo", "--terminal", "--lang", "en", "--folder", str(tmp_path))


@pytest.fixture
def screen(request: pytest.FixtureRequest, command: tuple[str, ...]) -> Iterator[Screen]:
    """The demonstration, at its first question."""
    screen = Screen(*command, *getattr(request, "param", ()))
    yield screen
    screen.close()


def signs_in(screen: Screen, *, hidden: bool) -> None:
    screen.reads("Your choice > ")
    screen.types("1\n")
    screen.reads("Identifier > ")
    screen.types(f"{CAMILLE}\n")
    screen.reads("Password > ")
    if hidden:
        screen.hides()
    screen.types(f"{PASSWORD}\n")
    screen.reads("Wrong identifier or password.")


def test_what_is_typed_is_seen_and_a_password_is_not(screen: Screen) -> None:
    signs_in(screen, hidden=True)
    assert (True, False) == (CAMILLE in screen.shown, PASSWORD in screen.shown)


@pytest.mark.parametrize("screen", [("--show-passwords",)], indirect=True)
def test_whoever_asks_for_it_sees_the_password(screen: Screen) -> None:
    signs_in(screen, hidden=False)
    assert PASSWORD in screen.shown


@pytest.mark.parametrize("key", ["\x03", "\x04"], ids=["ctrl-c", "ctrl-d"])
def test_a_key_that_ends_everything_ends_it_politely(screen: Screen, key: str) -> None:
    screen.reads("Your choice > ")
    screen.waits_for_a_key()
    screen.types(key)
    screen.reads("Goodbye.")
    assert 0 == screen.process.wait(PATIENCE)


@pytest.mark.parametrize("end", ["ctrl-c", "kill"])
def test_started_again_it_goes_on_where_the_person_was(screen: Screen, command: tuple[str, ...], end: str) -> None:
    screen.reads("Your choice > ")
    screen.types("2\n")
    screen.reads("Identifier > ")
    screen.types(f"{CAMILLE}\n")
    screen.reads("Your choice > ")
    screen.types("1\n")
    screen.reads("Confirmation code > ")
    if end == "kill":
        screen.process.kill()
    else:
        screen.waits_for_a_key()
        screen.types("\x03")
    screen.process.wait(PATIENCE)
    again = Screen(*command)
    again.reads("Confirmation code > ")
    again.close()
    assert "You go on where you were." in again.shown
