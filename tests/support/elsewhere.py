"""Work in a process of its own: forked here, it begins with everything that is here, and takes nothing back but an
answer. What it mounts, and what it is forbidden, ends with it."""

import ctypes
import os
import pickle
import resource
import select
import signal
import traceback
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar, cast

__all__ = ["files_no_larger_than", "in_child", "own_mounts", "read_only", "small_disk", "without_powers"]

_PATIENCE: Final = 30
"""Seconds until a child that says nothing is taken for hung, and ended."""

_NEW_MOUNTS: Final = 0x0002_0000
_NEW_USERS: Final = 0x1000_0000
_READ_ONLY: Final = 1
_AGAIN: Final = 32
_ALL_PRIVATE: Final = 0x4000 | 0x4_0000
_AT_ONCE: Final = 2
_NOBODY: Final = 65_534

_T = TypeVar("_T")


def in_child(work: Callable[[], _T]) -> _T:
    """What the work answers in a child of this process; fails as it fails there."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(out)
        try:
            answer: tuple[bool, Any] = True, work()
        except BaseException:  # noqa: BLE001 - whatever it is, the parent says it
            answer = False, traceback.format_exc()
        with os.fdopen(into, "wb") as pipe:
            pickle.dump(answer, pipe)
        os._exit(0)
    os.close(into)
    with os.fdopen(out, "rb") as pipe:
        if not select.select([pipe], [], [], _PATIENCE)[0]:
            os.kill(child, signal.SIGKILL)
        said = pipe.read()
    os.waitpid(child, 0)
    assert said, "the child hung, or was killed"
    done, answer = pickle.loads(said)  # noqa: S301 - of our own child
    assert done, answer
    return cast("_T", answer)


# -- what a child may do to itself -------------------------------------------------------------------------------------


def own_mounts() -> None:
    """What this process mounts from now on is its own, and gone with it. No need to be root."""
    user, group, root = os.geteuid(), os.getegid(), os.geteuid() == 0
    _call("unshare", _NEW_MOUNTS | (0 if root else _NEW_USERS))
    if not root:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"0 {user} 1")
        Path("/proc/self/gid_map").write_text(f"0 {group} 1")
    _call("mount", b"none", b"/", None, _ALL_PRIVATE, None)


@contextmanager
def small_disk(folder: Path, kib: int) -> Generator[None]:
    """A file system of so many KiB at a folder."""
    _call("mount", b"tmpfs", os.fsencode(folder), b"tmpfs", 0, f"size={kib}k".encode())
    try:
        yield
    finally:
        _call("umount2", os.fsencode(folder), _AT_ONCE)


@contextmanager
def read_only(folder: Path) -> Generator[None]:
    """That file system, mounted so that nobody may write."""
    _call("mount", b"none", os.fsencode(folder), None, _AGAIN | _READ_ONLY, None)
    try:
        yield
    finally:
        _call("mount", b"none", os.fsencode(folder), None, _AGAIN, None)


@contextmanager
def without_powers() -> Generator[None]:
    """Every thread as a user whom file modes hold back: nobody where this is root, and as it is where it is not."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(_NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@contextmanager
def files_no_larger_than(size: int) -> Generator[None]:
    """``ulimit -f``, in bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _call(name: str, *arguments: object) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*arguments) != 0:
        why = os.strerror(ctypes.get_errno())
        raise OSError(ctypes.get_errno(), f"{name}: {why}: run the tests as root, or allow user namespaces")
