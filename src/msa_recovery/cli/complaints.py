"""How a command says that something cannot be done: in one line on the error stream, without a traceback."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import typer

from msa_recovery.domain.errors import RecoveryError

__all__ = ["NAME", "complain", "complaint", "told_in_one_line"]

NAME: Final = "msa-recovery"


def complain(why: str) -> None:
    """Say it."""
    typer.echo(f"{NAME}: {' '.join(why.split())}", err=True)


def complaint(why: str) -> typer.Exit:
    """Say it; what to raise then."""
    complain(why)
    return typer.Exit(1)


@contextmanager
def told_in_one_line(place: Path | str) -> Generator[None]:
    """What goes wrong with a file or a server, or with what is in it, ends the command with one line that names it."""
    try:
        yield
    except RecoveryError as error:
        raise complaint(str(error)) from None
    except OSError as error:
        raise complaint(f"{error.filename or place}: {error.strerror}") from None
