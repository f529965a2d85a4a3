"""Secrets of a host that dies and comes back."""

from pathlib import Path
from typing import Final, final

from msa_recovery.adapters.secrets_source import SystemSecrets
from msa_recovery.domain.secret import Secret

__all__ = ["NumberedCodes"]

_FIRST: Final = 1_111


@final
class NumberedCodes:
    """The system's random source, but for codes: they are numbered, through every death of the host, so that an earlier
    one is always a wrong one.

    Args:
        folder: where it keeps how many it drew.
    """

    def __init__(self, folder: Path) -> None:
        self._drawn = folder / "codes"
        self._source = SystemSecrets()

    def code(self, digits: int) -> Secret:
        with self._drawn.open("ab", buffering=0) as drawn:
            drawn.write(b".")
        return Secret(f"{_FIRST + self._drawn.stat().st_size:0{digits}d}")

    def temporary_password(self, length: int) -> Secret:
        return self._source.temporary_password(length)

    def handle(self) -> Secret:
        return self._source.handle()

    def guess_id(self) -> bytes:
        return self._source.guess_id()

    def journey_id(self) -> str:
        return self._source.journey_id()
