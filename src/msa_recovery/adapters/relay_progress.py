"""What a relay does, for whoever watches: a bar where a person waits, one line a second where nobody does."""

import sys
from collections.abc import Callable
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self, TextIO, final

from msa_recovery.application.relay import Relayed
from msa_recovery.domain.errors import CallerError

if TYPE_CHECKING:
    from rich.progress import Progress

__all__ = ["RelayProgress"]

_PARTS: Final = ("delivered", "retried", "dropped", "dead", "applied")
_EVERY: Final = 1.0
"""Seconds from one line to the next at least: a log is read by somebody."""


@final
class RelayProgress:
    """Is told by a :class:`Relay` what was done so far (``tell=``), and shows it until it is left.

    Args:
        stream: where it is shown; standard error if nothing is said. A terminal gets a bar (Rich, extra ``cli``), which
            goes when it is left; anything else a line a second while something is done.
        seconds: a clock that counts seconds and never goes back, for tests.

    In the end the last state stands there as one line.

    Raises:
        CallerError: a terminal, where the extra ``cli`` is not installed.
    """

    def __init__(self, stream: TextIO | None = None, seconds: Callable[[], float] = monotonic) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._seconds = seconds
        self._began = self._told = seconds()
        self._done, self._shown = Relayed(), Relayed()
        self._bar = _bar(self._stream) if self._stream.isatty() else None

    def __enter__(self) -> Self:
        self._began = self._told = self._seconds()
        if self._bar is not None:
            self._bar.start()
            self._bar.add_task("", total=None, said=_said(self._done))
        return self

    def __call__(self, done: Relayed) -> None:
        """So much was done so far."""
        self._done = done
        if self._bar is not None:
            for task in self._bar.task_ids:
                self._bar.update(task, completed=done.total, said=_said(done))
        elif self._seconds() - self._told >= _EVERY:
            self._told = self._seconds()
            self._line()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()
        if self._bar is not None or self._shown != self._done or not self._done.total:
            self._line()

    def _line(self) -> None:
        self._shown = self._done
        passed = self._seconds() - self._began
        self._stream.write(f"relay: {_said(self._done)} in {passed:.0f} s\n")
        self._stream.flush()


def _said(done: Relayed) -> str:
    parts = [f"{getattr(done, part)} {part}" for part in _PARTS if getattr(done, part)]
    return ", ".join(parts) or "nothing was due"


def _bar(stream: TextIO) -> "Progress":
    try:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
    except ModuleNotFoundError as missing:
        raise CallerError(f"a bar needs {missing.name}: pip install 'msa-recovery[cli]'") from None
    columns: tuple[Any, ...] = (BarColumn(bar_width=20), TextColumn("{task.fields[said]}"), TimeElapsedColumn())
    return Progress(*columns, console=Console(file=stream), transient=True)
