"""The process that hosts are forked from: everything is imported and warm, and no connection is open (decision 22).

It is started as a program, so that no thread of the tests is copied, and told over a socket what to do:

- a ``Setting``, with one end of a line: fork a host of it; the answer is its process id;
- a process id: wait for that host's end; the answer is how it ended, as ``os.waitpid`` says it.

It ends when the socket is closed, and ends every host that is left.
"""

import gc
import os
import pickle
import signal
import socket
import sys
import tempfile
import time
import traceback
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from msa_recovery.cli.playing import MONDAY_MORNING, STORIES
from msa_recovery.cli.stage import Stage

from .host import Sleeper
from .wire import Setting

__all__ = ["LONGEST_ORDER", "LONGEST_WAIT", "main"]

LONGEST_ORDER: Final = 65_536
"""In bytes."""

LONGEST_WAIT: Final = 30.0
"""Seconds; nothing here takes a tenth of it."""


def main(control: socket.socket) -> None:
    """Fork hosts until the socket is closed."""
    _warm_up()
    sleeper: tuple[Setting, Sleeper] | None = None
    hosts: set[int] = set()
    try:
        while True:
            message, lines, _, _ = socket.recv_fds(control, LONGEST_ORDER, 1)
            if not message:
                return
            order = pickle.loads(message)  # noqa: S301 - from the process that started this one
            if isinstance(order, Setting):
                if sleeper is None or sleeper[0] != order:
                    sleeper = order, Sleeper(order)
                host = _forked(sleeper[1], lines[0], control)
                hosts.add(host)
                control.send(pickle.dumps(host))
            else:
                hosts.discard(order)
                control.send(pickle.dumps(_ended(order)))
    finally:
        for host in hosts:
            os.kill(host, signal.SIGKILL)
            _ended(host)


def _warm_up() -> None:
    """Do once what a process does only once, so that no host has to."""
    with tempfile.TemporaryDirectory() as folder:
        from msa_recovery.adapters.sqlite_store import SqliteStore

        store = SqliteStore(Path(folder) / "warm.sqlite")
        STORIES[0].play(Stage.sample(MONDAY_MORNING, store=store))
        store.close()
    del store
    gc.collect()
    # What is there now stays: collecting it in a host would copy every page of it.
    gc.freeze()


def _forked(sleeper: Sleeper, line: int, control: socket.socket) -> int:
    host = os.fork()
    if host:
        os.close(line)
        return host
    # From here on this is the host, which never returns into the code of its parent.
    code = 1
    try:
        control.close()
        # It does not live long enough to be worth collecting, which would copy every page that it looks at.
        gc.disable()
        sleeper.serves(Connection(line))
        code = 0
    except BaseException:  # noqa: BLE001 - whatever it is, somebody should read it
        traceback.print_exc()
    finally:
        os._exit(code)


def _ended(host: int) -> int:
    """How a host ended; one that does not is killed."""
    give_up = time.monotonic() + LONGEST_WAIT
    while True:
        found, status = os.waitpid(host, os.WNOHANG)
        if found:
            return status
        if time.monotonic() > give_up:
            os.kill(host, signal.SIGKILL)
        time.sleep(0.000_5)


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
