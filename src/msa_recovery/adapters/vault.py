"""The cryptography that one event needs: keyed digests, pseudonyms, decoys, sealed rows.

Everything here is a few microseconds of HMAC-SHA256 or AES-256-GCM, so that it may run inside an event, in a sync host
and in an async one. What is slow on purpose (argon2id) is not here.

What a ring key makes begins with a header (``application/sealed.py``), and covers the key id in it. Fields are always
covered one by one, each after its length, so that no two lists of fields give the same bytes.
"""

import base64
import hmac
import secrets
from collections.abc import Callable
from typing import Final, final

from attrs import field, frozen

from msa_recovery.application.errors import InfrastructureError
from msa_recovery.application.ports import Purpose
from msa_recovery.application.sealed import headed, split

from .keyring import Keys

__all__ = ["SealBroken", "UnknownKey", "Vault"]

_NONCE_BYTES: Final = 12
"""96 bits, drawn at random: rotate the ring long before one key sealed 2**32 rows (SP 800-38D, 8.3)."""

_PSEUDONYM_BYTES: Final = 20
_FINGERPRINT_BYTES: Final = 16
_PAD: Final = b"\x80"


@final
class UnknownKey(InfrastructureError):
    """The ring lacks the key that made this: the host's fault, mended by putting the key back behind the first one.

    Attributes:
        key_id: the id that stands in the header; ids are no secret.
    """

    def __init__(self, key_id: str) -> None:
        super().__init__("vault", f"no key {key_id!r} in the ring")
        self.key_id = key_id


@final
class SealBroken(InfrastructureError):
    """A sealed row was changed, cut, or moved to where it does not belong. It says nothing of what was inside."""

    def __init__(self) -> None:
        super().__init__("vault", "a sealed row was changed or moved")


def _framed(*fields: bytes) -> bytes:
    return b"".join([part for item in fields for part in (len(item).to_bytes(4, "big"), item)])


def _encoded(text: str) -> bytes:
    # A lone surrogate must not raise: UnicodeEncodeError shows the text that it could not encode (R49, R54).
    return text.encode("utf-8", "surrogatepass")


@final
@frozen(eq=False)
class Vault:
    """Digests, names and seals with the keys of one host; shared by threads freely.

    Attributes:
        keys: the ring and the identity root.
        token_bytes: where nonces come from; ``secrets.token_bytes`` but in tests.
    """

    _keys: Keys = field(repr=False, alias="keys")
    _token_bytes: Callable[[int], bytes] = field(
        default=secrets.token_bytes, repr=False, kw_only=True, alias="token_bytes"
    )

    def digest(self, purpose: Purpose, *fields: bytes) -> bytes:
        """The keyed digest of these fields, by the first key of the ring (R10): the header, then 32 bytes.

        It covers the key id, the purpose and each field. A purpose of the identity root is a ``ValueError``.
        """
        key_id = self._keys.signer
        return headed(key_id, self._mac(purpose, key_id, fields))

    def verify(self, purpose: Purpose, expected: bytes, *fields: bytes) -> bool:
        """Whether :meth:`digest`, with whichever key of the ring, made ``expected`` of these fields (R37).

        The comparison takes the same time whatever it finds.

        Raises:
            UnknownKey: the ring no longer has the key that ``expected`` names.
        """
        key_id, body = self._opened(expected)
        return hmac.compare_digest(body, self._mac(purpose, key_id, fields))

    def pseudonym(self, canonical: str) -> str:
        """What stands for an account wherever its identifier must not (R49): 32 characters of ``a-z 2-7``, 160 bits."""
        named = self._named(Purpose.PSEUDONYM, canonical)[:_PSEUDONYM_BYTES]
        return base64.b32encode(named).decode("ascii").lower()

    def decoy_seed(self, canonical: str) -> bytes:
        """The 32 bytes that the decoy of an unknown identifier is drawn from, the same each time."""
        return self._named(Purpose.DECOY, canonical)

    def fingerprint(self, text: str) -> bytes:
        """The 16 bytes by which a contact is known to be the same later, without keeping it."""
        return self._named(Purpose.FINGERPRINT, text)[:_FINGERPRINT_BYTES]

    def seal(self, plain: bytes, *, bound_to: tuple[bytes, ...], size: int) -> bytes:
        """Encrypt with AES-256-GCM what may be read only where it belongs.

        Args:
            plain: any bytes; padded (ISO/IEC 7816-4) to the next multiple of ``size``, so that rows whose text is
                shorter than ``size`` are all equally long.
            bound_to: what :meth:`unseal` must name again, such as the message, the contact and the expiry.
            size: bytes, 1 or more; less is a ``ValueError``.
        """
        if size < 1:
            raise ValueError("size must be 1 or more")
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        key_id = self._keys.signer
        padded = (plain + _PAD).ljust((len(plain) // size + 1) * size, b"\0")
        nonce = self._token_bytes(_NONCE_BYTES)
        cipher = AESGCM(self._keys.derive(Purpose.SEAL, key_id))
        return headed(key_id, nonce + cipher.encrypt(nonce, padded, _framed(*bound_to, key_id.encode("ascii"))))

    def unseal(self, sealed: bytes, *, bound_to: tuple[bytes, ...]) -> bytes:
        """What :meth:`seal` was given.

        Raises:
            SealBroken: the row was changed, or is bound to something else.
            UnknownKey: the ring no longer has the key that the row names.
        """
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        key_id, body = self._opened(sealed)
        cipher = AESGCM(self._keys.derive(Purpose.SEAL, key_id))
        associated = _framed(*bound_to, key_id.encode("ascii"))
        try:
            padded = cipher.decrypt(body[:_NONCE_BYTES], body[_NONCE_BYTES:], associated)
        # ValueError: what is left of the row is too short to hold a nonce and a tag.
        except (InvalidTag, ValueError):
            raise SealBroken from None
        return padded.rstrip(b"\0").removesuffix(_PAD)

    @property
    def signer(self) -> str:
        """The id of the key that signs and seals from now on."""
        return self._keys.signer

    def holds(self, key_id: str) -> bool:
        """Whether what the key of this id made can be verified and unsealed."""
        return self._keys.holds(key_id)

    def _opened(self, made: bytes) -> tuple[str, bytes]:
        key_id, body = split(made)
        if not self._keys.holds(key_id):
            raise UnknownKey(key_id)
        return key_id, body

    def _mac(self, purpose: Purpose, key_id: str, fields: tuple[bytes, ...]) -> bytes:
        covered = _framed(key_id.encode("ascii"), purpose.encode("ascii"), *fields)
        return hmac.digest(self._keys.derive(purpose, key_id), covered, "sha256")

    def _named(self, purpose: Purpose, text: str) -> bytes:
        return hmac.digest(self._keys.derive(purpose), _framed(purpose.encode("ascii"), _encoded(text)), "sha256")
