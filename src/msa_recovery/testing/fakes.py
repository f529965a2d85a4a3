"""Stand-ins for ports whose real work is slow or different in every run: for tests, never for people."""

from random import Random
from typing import final

from msa_recovery.adapters.secrets_source import SystemSecrets
from msa_recovery.domain.passwords import Strength
from msa_recovery.domain.secret import Secret

__all__ = ["LengthMeter", "PlainHasher", "drawn_from"]

_STRONG_FROM = 12


@final
class PlainHasher:
    """Keeps passwords as they are, for a directory whose hashing is not what a test is about."""

    def hash(self, password: Secret) -> str:
        """The password itself."""
        return password.reveal()

    def verify(self, hashed: str, password: Secret) -> bool:
        """Whether they are the same."""
        return hashed == password.reveal()

    def verify_nothing(self, password: Secret) -> None:
        """Nothing is compared."""

    def needs_rehash(self, hashed: str) -> bool:
        """Never."""
        return False


@final
class LengthMeter:
    """Weak under twelve characters, strong from there: the meter itself has tests of its own."""

    def measure(self, password: Secret, words: tuple[str, ...]) -> Strength:
        return Strength.WEAK if len(password.reveal()) < _STRONG_FROM else Strength.STRONG


def drawn_from(seed: int) -> SystemSecrets:
    """The same secrets in every run: no test may fail because two codes happen to be the same.

    Args:
        seed: any number; another one, other secrets.
    """
    chance = Random(seed)
    return SystemSecrets(randbelow=chance.randrange, token_bytes=chance.randbytes)
