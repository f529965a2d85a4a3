"""What a key of the ring makes names that key: a header stands before every digest and every sealed text, so that it is
known which keys are still needed without having any of them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .ports import Vault

__all__ = ["headed", "key_named_by", "keys_named_by", "sealed_anew", "split"]


def headed(key_id: str, body: bytes) -> bytes:
    """``<length of the key id, one byte><key id, ASCII><body>``: what was made, with the name of its key."""
    return bytes((len(key_id),)) + key_id.encode("ascii") + body


def split(made: bytes) -> tuple[str, bytes]:
    """The name of the key that made this, and the body; an empty name for what has no header."""
    end = 1 + made[0] if made else 0
    return made[1:end].decode("ascii", "replace"), made[end:]


def key_named_by(made: bytes) -> str:
    """The name of the key that made this; empty for nothing, such as what was scrubbed."""
    # Not by split(), which copies the body: this is in the path of every commit.
    return made[1 : 1 + made[0]].decode("ascii", "replace") if made else ""


def keys_named_by(several: Iterable[bytes]) -> frozenset[str]:
    """The names of all the keys that made these."""
    return frozenset([name for made in several if (name := key_named_by(made))])


def sealed_anew(vault: "Vault", sealed: bytes, *, bound_to: tuple[bytes, ...], size: int) -> bytes:
    """What was sealed, with the same binding and padding, by the key that seals now."""
    return vault.seal(vault.unseal(sealed, bound_to=bound_to), bound_to=bound_to, size=size)
