"""What a host gives to a browser and wants back as it was: signed, or sealed, with the ring of the library's keys.

Any host of the same ring takes what another one gave: nothing has to be kept, and nothing is lost when a host dies.
"""

import base64
import binascii
from typing import Final, final

from attrs import field, frozen

from msa_recovery.domain.secret import Secret

from .errors import InfrastructureError
from .ports import Purpose, Vault

__all__ = ["Tokens"]

_SIZE: Final = 256
"""What is sealed is padded to a multiple of so many bytes, so that its length tells little of what is inside."""

_LONGEST: Final = 4_096
"""The longest token that is looked at: no browser keeps a longer cookie."""


@final
@frozen(eq=False)
class Tokens:
    """Signs and seals short texts for a browser to keep. A token is text that is safe in a cookie and in a form.

    Whatever a browser sends in place of one is answered with ``False`` or ``None``, never with an exception.
    """

    _vault: Vault = field(repr=False, alias="vault")

    def sign(self, text: str) -> str:
        """A token that only the ring can make of this text, the same until the ring is rotated: for a form (CSRF)."""
        return _text_of(self._vault.digest(Purpose.CSRF, _bytes_of(text)))

    def verify(self, token: str, text: str) -> bool:
        """Whether :meth:`sign` made this token of this text, compared in constant time (R37)."""
        made = _made(token)
        try:
            return made is not None and self._vault.verify(Purpose.CSRF, made, _bytes_of(text))
        except (InfrastructureError, ValueError):
            return False

    def seal(self, text: Secret, bound_to: str) -> str:
        """A token that nobody can read or change, for as long as the ring keeps its key.

        Args:
            text: what is sealed.
            bound_to: what :meth:`unseal` must name again, such as the browser that keeps it.
        """
        bound = (Purpose.CSRF.encode(), _bytes_of(bound_to))
        return _text_of(self._vault.seal(_bytes_of(text.reveal()), bound_to=bound, size=_SIZE))

    def unseal(self, token: str, bound_to: str) -> Secret | None:
        """What :meth:`seal` was given; ``None`` for anything else."""
        made = _made(token)
        if made is None:
            return None
        bound = (Purpose.CSRF.encode(), _bytes_of(bound_to))
        try:
            return Secret(self._vault.unseal(made, bound_to=bound).decode("utf-8", "surrogatepass"))
        except (InfrastructureError, ValueError):
            return None


def _bytes_of(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _text_of(made: bytes) -> str:
    return base64.urlsafe_b64encode(made).decode("ascii").rstrip("=")


def _made(token: str) -> bytes | None:
    if len(token) > _LONGEST or not token.isascii():
        return None
    try:
        return base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        return None
