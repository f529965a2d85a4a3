"""A command line, run as a person runs it."""

import pytest

from msa_recovery.cli import main


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """The code that a command ends with, what it printed, and what it complained of."""
    capsys.readouterr()
    code = main(arguments)
    printed = capsys.readouterr()
    return code, printed.out, printed.err
