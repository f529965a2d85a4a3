"""Where codes, temporary passwords, handles and ids come from: the system's random source, uniformly (R9)."""

import base64
import secrets
from collections.abc import Callable
from typing import Final, final

from attrs import field, frozen

from msa_recovery.domain.secret import Secret
from msa_recovery.domain.temporary import ALPHABET, entropy_bits, has_form

__all__ = ["SystemSecrets"]

_HANDLE_BYTES: Final = 32
_ID_BYTES: Final = 16


@final
@frozen(eq=False)
class SystemSecrets:
    """Draws every secret of a journey.

    Attributes:
        randbelow: a uniform whole number from 0 up to, and without, the one given; ``secrets.randbelow`` but in tests.
        token_bytes: so many uniform bytes; ``secrets.token_bytes`` but in tests.
    """

    _randbelow: Callable[[int], int] = field(default=secrets.randbelow, repr=False, kw_only=True, alias="randbelow")
    _token_bytes: Callable[[int], bytes] = field(
        default=secrets.token_bytes, repr=False, kw_only=True, alias="token_bytes"
    )

    def code(self, digits: int) -> Secret:
        """One of the ``10 ** digits`` codes, its leading zeros kept; fewer digits than one is a ``ValueError``."""
        if digits < 1:
            raise ValueError("a code has one digit or more")
        return Secret(f"{self._randbelow(10**digits):0{digits}d}")

    def temporary_password(self, length: int) -> Secret:
        """One of the texts of this length that have the form, each as likely as any other.

        Whole texts are drawn and thrown away until one holds every class: putting the missing classes in afterwards
        would favour some. At 12 characters two draws in three are kept.

        Raises:
            ValueError: no text so short has the form.
        """
        entropy_bits(length)
        while True:
            text = "".join(ALPHABET[self._randbelow(len(ALPHABET))] for _ in range(length))
            if has_form(text, length):
                return Secret(text)

    def handle(self) -> Secret:
        """A bearer handle of 256 bits: 43 characters that a URL or a cookie takes as they are."""
        return Secret(base64.urlsafe_b64encode(self._token_bytes(_HANDLE_BYTES)).decode("ascii").rstrip("="))

    def guess_id(self) -> bytes:
        """The id of one reserved guess: 16 bytes."""
        return self._token_bytes(_ID_BYTES)

    def journey_id(self) -> str:
        """The id of one journey: 128 bits as 32 hexadecimal digits. It is no secret and opens nothing."""
        return self._token_bytes(_ID_BYTES).hex()
