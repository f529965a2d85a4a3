"""Say what this machine lacks besides Python, and what is left out without it: the last lines of ``make``.

Everything else works without. It runs before anything is installed, so on the standard library alone.
"""

import os
import shutil
import socket
import sys
from typing import Final, NamedTuple
from urllib.parse import urlsplit

_PATIENCE: Final = 1.0
"""Seconds in which a server takes a connection."""


class Program(NamedTuple):
    """A program that some tests run.

    Attributes:
        left_out: what is left out without it.
        names: any of these will do.
        setting: the variable that may name another one.
    """

    left_out: str
    names: tuple[str, ...]
    setting: str = ""

    def there(self) -> bool:
        """Whether one of them can be run."""
        named = os.environ.get(self.setting)
        return any(shutil.which(name) for name in ((named,) if named else self.names))


class Server(NamedTuple):
    """A server that some tests talk to.

    Attributes:
        left_out: what is left out without it.
        port: the usual one, on this machine.
        setting: the variable that may hold the URL of another one.
    """

    left_out: str
    port: int
    setting: str

    def there(self) -> bool:
        """Whether it takes a connection."""
        address = urlsplit(os.environ.get(self.setting, ""))
        try:
            with socket.create_connection((address.hostname or "127.0.0.1", address.port or self.port), _PATIENCE):
                return True
        except OSError:
            return False


HELPFUL: Final[dict[str, Program | Server]] = {
    "chromium": Program("the tests of the pages in a browser", ("chromium-headless-shell", "chromium"), "CHROMIUM"),
    "pdftotext": Program("the tests that read letters", ("pdftotext",)),
    "pdftoppm": Program("a test of where letters are folded; pictures of letters", ("pdftoppm",)),
    "node": Program("the tests with an OpenID provider", ("node",)),
    "npm": Program("the same: `make provider` fetches it", ("npm",)),
    "spin": Program("`make spin`, the second model checker", ("spin",)),
    "gcc": Program("the same: what spin writes is C", ("gcc",)),
    "PostgreSQL": Server(
        "the tests of the store that hosts share; `make load`, `make scaling`", 5432, "MSA_RECOVERY_TEST_POSTGRES"
    ),
    "RabbitMQ": Server("a test that kills Celery workers on it", 5672, "MSA_RECOVERY_TEST_RABBITMQ"),
    "Redis": Server("the same on Redis", 6379, "MSA_RECOVERY_TEST_REDIS"),
}


def main() -> int:
    """Print a line for each thing that is not there, and nothing when all is.

    With ``--names``, for `.ci/run`, their names alone, but for those that a variable says are somewhere else.
    """
    lacking = {name: thing for name, thing in HELPFUL.items() if not thing.there()}
    if "--names" in sys.argv:
        print(*(name for name, thing in lacking.items() if not os.environ.get(thing.setting)))
    elif lacking:
        print("\nNot here, and left out without it; tests that need it are skipped, and say so:")
        for name, thing in lacking.items():
            print(f"  {name:<12} {thing.left_out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
