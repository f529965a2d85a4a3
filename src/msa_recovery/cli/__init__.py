"""The command ``msa-recovery``: the demonstration, the charts, and the host's keys."""

import sys
from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the code that the process ends with.

    Args:
        arguments: what stands behind the command's name; what the process was started with when nothing is said.
    """
    try:
        from .app import run
    except ModuleNotFoundError as error:
        if error.name != "typer":
            raise
        print("msa-recovery: the command needs its extra: pip install 'msa-recovery[cli]'", file=sys.stderr)
        return 1
    return run(sys.argv[1:] if arguments is None else list(arguments))
