"""Small files that only their owner reads, written all at once."""

import os
import secrets
import stat
from pathlib import Path

from msa_recovery.domain.secret import Secret

__all__ = ["write_whole", "write_whole_bytes"]


def write_whole(path: Path, text: Secret) -> None:
    """As :func:`write_whole_bytes`, a text in UTF-8."""
    write_whole_bytes(path, text.reveal().encode())


def write_whole_bytes(path: Path, content: bytes) -> None:
    """Put something into a file of mode 0600, all at once: a crash leaves the earlier file or the new one, whole.

    Raises:
        OSError: the folder is missing, full or read-only; the earlier file is untouched.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
