"""How the library's own account directories keep a password: argon2id, a few at a time (R45).

One hash takes about a tenth of a second and 64 MiB. Whoever asks for more at once than the bound waits for a turn, so
that a crowd at the sign-in page costs time, never the memory of the machine.
"""

import os
from threading import BoundedSemaphore
from typing import Final, Protocol, final

from attrs import frozen

from msa_recovery.domain.secret import Secret

__all__ = ["RECOMMENDED", "TESTS_ONLY", "Argon2Cost", "Argon2idHasher", "Hasher"]

_SALT_BYTES: Final = 16
_TAG_BYTES: Final = 32

_MOST_AT_ONCE: Final = 4
"""How many hashes run at once where nothing else is said, on a machine that has as many processors: 256 MiB."""


class Hasher(Protocol):
    """Keeps and compares passwords. Each is in NFC already (R41)."""

    def hash(self, password: Secret) -> str:
        """What is kept of a password: another text each time."""
        ...

    def verify(self, hashed: str, password: Secret) -> bool:
        """Whether :meth:`hash` made ``hashed`` of this password."""
        ...

    def verify_nothing(self, password: Secret) -> None:
        """The work of :meth:`verify`, for an account that is unknown or has no password (R14)."""

    def needs_rehash(self, hashed: str) -> bool:
        """Whether this was made at another cost than today's."""
        ...


@final
@frozen
class Argon2Cost:
    """What one hash costs.

    Attributes:
        memory_kib: how much memory it fills, in KiB.
        passes: how often.
        lanes: how many threads share the work.
    """

    memory_kib: int
    passes: int
    lanes: int


RECOMMENDED: Final = Argon2Cost(memory_kib=64 * 1024, passes=3, lanes=4)
"""The second choice of RFC 9106, section 4, for machines that cannot give 2 GiB to each hash."""

TESTS_ONLY: Final = Argon2Cost(memory_kib=8, passes=1, lanes=1)
"""The cheapest that there is, as in argon2-cffi's ``CHEAPEST``: it protects nothing, and is for tests only."""


@final
class Argon2idHasher:
    """argon2id with a salt of 128 bits and a bounded number of hashes at once; threads share one.

    Args:
        cost: of one hash.
        at_once: how many hashes run at a time in this process, 1 or more (else a ``ValueError``); as many as the
            machine has processors when nothing is said, and at most four.
    """

    __slots__ = ("_argon2", "_nobody", "_turns")

    def __init__(self, cost: Argon2Cost = RECOMMENDED, *, at_once: int | None = None) -> None:
        if at_once is not None and at_once < 1:
            raise ValueError("at_once must be 1 or more")
        from argon2 import PasswordHasher

        self._argon2: PasswordHasher = PasswordHasher(
            time_cost=cost.passes,
            memory_cost=cost.memory_kib,
            parallelism=cost.lanes,
            hash_len=_TAG_BYTES,
            salt_len=_SALT_BYTES,
        )
        # A hash that nobody knows a password of: comparing with it costs what comparing with any other one does.
        self._nobody = f"$argon2id$v=19$m={cost.memory_kib},t={cost.passes},p={cost.lanes}${'A' * 22}${'A' * 43}"
        self._turns = BoundedSemaphore(at_once or min(_MOST_AT_ONCE, os.cpu_count() or 1))

    def hash(self, password: Secret) -> str:
        """The password under a new random salt, in the encoded form that names its cost."""
        with self._turns:
            return self._argon2.hash(_encoded(password))

    def verify(self, hashed: str, password: Secret) -> bool:
        """Whether this is the password.

        Raises:
            ValueError: ``hashed`` is no argon2 hash: the fault of whoever kept it.
        """
        from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

        with self._turns:
            try:
                return self._argon2.verify(hashed, _encoded(password))
            except VerifyMismatchError:
                return False
            except (InvalidHashError, VerificationError):
                raise ValueError("what is kept of the password is no argon2 hash") from None

    def verify_nothing(self, password: Secret) -> None:
        """Compare with a hash that no password gives, at today's cost."""
        self.verify(self._nobody, password)

    def needs_rehash(self, hashed: str) -> bool:
        """Whether cost, lengths or version differ from today's."""
        return self._argon2.check_needs_rehash(hashed)


def _encoded(password: Secret) -> bytes:
    # A lone surrogate must not raise: UnicodeEncodeError shows the text that it could not encode (R54).
    return password.reveal().encode("utf-8", "surrogatepass")
