"""A PostgreSQL server of one's own, which may be killed and started again: nobody else's databases are on it."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, final

import psycopg
import pytest

__all__ = ["Cluster", "cluster"]

_INSTALLED: Final = Path("/usr/lib/postgresql")
_USER: Final = "postgres"
_LONGEST: Final = 60.0

_SETTINGS: Final = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
max_connections = 200
shared_buffers = 128MB
log_min_messages = fatal
log_min_error_statement = panic
"""
"""As a new server has it, with ``fsync`` and ``synchronous_commit`` on: what is committed must outlive the server."""


@final
class Cluster:
    """One server.

    Args:
        programs: where ``postgres`` and ``initdb`` are.
        folder: where its files are.
        port: on which it listens.
    """

    def __init__(self, programs: Path, folder: Path, port: int) -> None:
        self._programs = programs
        self._folder = folder
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it is."""
        return f"postgresql://{_USER}@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        # Its own programs, with arguments of ours.
        self._process = subprocess.Popen(  # noqa: S603
            [self._programs / "postgres", "-D", self._folder / "data"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=_owner(),
            group=_owner(),
        )
        give_up = time.monotonic() + _LONGEST
        while True:
            try:
                psycopg.connect(self.url, connect_timeout=2).close()
            except psycopg.OperationalError:
                if time.monotonic() > give_up or self._process.poll() is not None:
                    raise
                time.sleep(0.1)
            else:
                return

    def stop(self, *, at_once: bool) -> None:
        """End it: ``at_once``, as a machine does that loses its power but for the disk's cache; else in good order."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT if at_once else signal.SIGINT)
            self._process.wait(_LONGEST)
            self._process = None

    def logged(self) -> int:
        """How many bytes it has written to its log of changes."""
        with psycopg.connect(self.url) as connection:
            ((size,),) = connection.execute("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn").fetchall()
        return int(size)

    def made(self) -> None:
        """Make its files."""
        data = self._folder / "data"
        # Its own program, with arguments of ours.
        subprocess.run(  # noqa: S603
            [self._programs / "initdb", "-D", data, "-U", _USER, "-A", "trust", "-E", "UTF8", "--locale=C"],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd="/",
            user=_owner(),
            group=_owner(),
        )
        with (data / "postgresql.conf").open("a") as settings:
            settings.write(_SETTINGS.format(port=self._port))


@contextmanager
def cluster() -> Generator[Cluster]:
    """A new server, gone afterwards. Without PostgreSQL's programs the test is skipped; in CI it fails."""
    programs = sorted(_INSTALLED.glob("*/bin/initdb"))
    if not programs:
        why = f"no initdb under {_INSTALLED}: install postgresql"
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    folder = Path(tempfile.mkdtemp(prefix="cluster-"))
    try:
        if os.getuid() == 0:
            user = pwd.getpwnam(_USER)
            os.chown(folder, user.pw_uid, user.pw_gid)
        server = Cluster(programs[-1].parent, folder, _free_port())
        server.made()
        server.start()
        try:
            yield server
        finally:
            server.stop(at_once=True)
    finally:
        shutil.rmtree(folder)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _owner() -> str | None:
    """Who is to run it: PostgreSQL refuses to run as root."""
    return _USER if os.getuid() == 0 else None
