"""Starts hosts, talks to the one that lives, kills it, and knows how it ended."""

import os
import pickle
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final, final

from .wire import Answer, Order, Setting, receive, send
from .zygote import LONGEST_ORDER, LONGEST_WAIT

__all__ = ["Died", "Host", "Zygote", "zygote"]

_ROOT: Final = Path(__file__).parents[2]


class Died(Exception):
    """The host was killed before it answered."""


@final
class Zygote:
    """The other end of the process that forks hosts.

    Args:
        control: the socket over which it is told what to do.
    """

    def __init__(self, control: socket.socket) -> None:
        self._control = control

    def starts(self, setting: Setting) -> "Host":
        """A new host."""
        ours, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(self._control, [pickle.dumps(setting)], [theirs.fileno()])
        pid: int = pickle.loads(self._answer())  # noqa: S301 - from a process of our own
        return Host(self, pid, Connection(ours.detach()))

    def buries(self, pid: int) -> int:
        """Wait until a host has ended; how it did, as ``os.waitpid`` says it."""
        self._control.send(pickle.dumps(pid))
        status: int = pickle.loads(self._answer())  # noqa: S301 - from a process of our own
        return status

    def _answer(self) -> bytes:
        answer = self._control.recv(LONGEST_ORDER)
        if not answer:
            raise RuntimeError("the process that forks hosts is gone")
        return answer


@contextmanager
def zygote() -> Generator[Zygote]:
    """A process to fork hosts from, which ends with the block, and with it every host."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    command = [sys.executable, "-m", "tests.crash.zygote", str(theirs.fileno())]
    # Its own name is the only thing that it is given.
    with subprocess.Popen(command, pass_fds=[theirs.fileno()], cwd=_ROOT) as process:  # noqa: S603
        theirs.close()
        ours.settimeout(LONGEST_WAIT)
        try:
            yield Zygote(ours)
        finally:
            ours.close()
            try:
                process.wait(LONGEST_WAIT)
            except subprocess.TimeoutExpired:
                process.kill()


@final
class Host:
    """One host that was started, and lives until it is killed or nobody talks to it any more.

    Args:
        zygote: what it was forked from.
        pid: its process id.
        line: how to talk to it.
    """

    def __init__(self, zygote: Zygote, pid: int, line: "Connection[Any, Any]") -> None:
        self._zygote = zygote
        self._pid = pid
        self._line = line

    def answers(self, order: Order, delay: float | None = None) -> Answer:
        """What comes of a call.

        Args:
            order: the call.
            delay: after so many seconds the host is killed, whatever it does then; ``None``: it is not.

        Raises:
            Died: the host was killed before the answer arrived; it is buried.
            RuntimeError: it ended in any other way, or gave no answer for half a minute.
        """
        try:
            send(self._line, order)
            if not self._hears(LONGEST_WAIT if delay is None else delay):
                os.kill(self._pid, signal.SIGKILL)
                self._ends(killed=True)
                if delay is None:
                    raise RuntimeError(f"no answer to {order.method} for {LONGEST_WAIT} s")
                raise Died
            answer: Answer = receive(self._line)
        except (EOFError, OSError):
            self._ends(killed=True)
            raise Died from None
        return answer

    def leaves(self) -> None:
        """Hang up, and wait until it has ended."""
        self._ends(killed=False)

    def _hears(self, seconds: float) -> bool:
        return bool(select.select([self._line.fileno()], [], [], seconds)[0])

    def _ends(self, *, killed: bool) -> None:
        self._line.close()
        status = self._zygote.buries(self._pid)
        expected = signal.SIGKILL if killed else 0
        if status != expected:
            raise RuntimeError(f"a host ended with {os.waitstatus_to_exitcode(status)}, and not with {-expected}")
