"""The root keys of a host, and every working key that is derived from them.

A ring of keys signs and seals: its first key is the one in use, the others still verify what they made. An identity
root, which never changes by itself, names accounts and draws decoys. No root key is used directly: each
:class:`Purpose` has its own key, derived by HKDF-SHA256 (RFC 5869), so that what leaks of one tells nothing of another.
"""

import hmac
import os
import re
import secrets
import stat
from pathlib import Path
from typing import Final, NoReturn, Self, cast, final

from attrs import Attribute, field, frozen

from msa_recovery.application.ports import Purpose
from msa_recovery.domain.errors import CallerError
from msa_recovery.domain.secret import Secret

from .whole_file import write_whole

__all__ = ["KEY_BYTES", "KeyringError", "Keys", "RootKey", "read_keys", "write_keys"]

KEY_BYTES: Final = 32
"""Every root key has 256 bits."""

_VERSION: Final = 1
_LONGEST_TEXT: Final = 65_536
_KEY_ID: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
_KEY_ID_FORM: Final = "1 to 32 characters of a-z, 0-9, _ and -, the first a letter or a digit"
_HEX_KEY: Final = re.compile(rf"[0-9a-f]{{{2 * KEY_BYTES}}}")
_FOR_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_OF_IDENTITY: Final = frozenset({Purpose.PSEUDONYM, Purpose.DECOY, Purpose.FINGERPRINT})
"""The purposes whose key comes from the identity root, and so outlives every rotation of the ring."""


@final
class KeyringError(CallerError, ValueError):
    """Keys that cannot be used: the host's fault, found when they are read. The message never shows a byte of a key."""


def _whole_key(instance: object, attribute: "Attribute[bytes]", material: bytes) -> None:
    if type(material) is not bytes or len(material) != KEY_BYTES:
        raise KeyringError(f"{type(instance).__name__}.{attribute.name} must be {KEY_BYTES} bytes")


def _usable_id(_: object, __: "Attribute[str]", key_id: str) -> None:
    if not _KEY_ID.fullmatch(key_id):
        raise KeyringError(f"a key id must be {_KEY_ID_FORM}")


class _Unpicklable:
    __slots__ = ()

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"{type(self).__name__} is never pickled or copied: write_keys() is the one way to keep keys")


@final
@frozen(eq=False)
class RootKey(_Unpicklable):
    """One 256-bit key of the ring.

    Attributes:
        key_id: 1 to 32 of ``a-z 0-9 _ -``, in clear beside everything that the key made; never used twice.
        material: the key itself, 32 bytes; compared in constant time (R37), shown by no ``repr``.

    Raises:
        KeyringError: one of them has not that form.
        TypeError: it is pickled or copied.
    """

    __hash__ = None  # type: ignore[assignment]

    key_id: str = field(validator=_usable_id)
    material: bytes = field(validator=_whole_key, repr=False)

    @classmethod
    def generate(cls) -> Self:
        """A new random key under a new random id."""
        return cls(secrets.token_hex(4), secrets.token_bytes(KEY_BYTES))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RootKey):
            return NotImplemented
        return self.key_id == other.key_id and hmac.compare_digest(self.material, other.material)


def _usable_ring(_: object, __: "Attribute[tuple[RootKey, ...]]", ring: tuple[RootKey, ...]) -> None:
    if not ring:
        raise KeyringError("the ring is empty: it needs one key at least")
    if len({key.key_id for key in ring}) < len(ring):
        raise KeyringError("two keys of the ring have the same id")
    if len({key.material for key in ring}) < len(ring):
        raise KeyringError("two keys of the ring are the same key")


def _apart(keys: "Keys", _: "Attribute[bytes]", identity: bytes) -> None:
    if any(hmac.compare_digest(identity, key.material) for key in keys.ring):
        raise KeyringError("the identity root is also a key of the ring")


@final
@frozen(eq=False, repr=False)
class Keys(_Unpicklable):
    """Every secret that a host keeps outside its store (R10).

    Attributes:
        ring: the first key signs and seals, all of them verify and unseal; one at least, ids and bytes all different.
        identity: the identity root, 32 bytes, different from every key of the ring.

    Raises:
        KeyringError: one of these rules does not hold.
        TypeError: they are pickled or copied.
    """

    __hash__ = None  # type: ignore[assignment]

    ring: tuple[RootKey, ...] = field(validator=_usable_ring)
    identity: bytes = field(validator=[_whole_key, _apart])
    _derived: dict[tuple[Purpose, str], bytes] = field(factory=dict[tuple[Purpose, str], bytes], init=False)

    @classmethod
    def generate(cls) -> Self:
        """A ring of one new key, and a new identity root."""
        return cls((RootKey.generate(),), secrets.token_bytes(KEY_BYTES))

    def rotated(self, new: RootKey) -> "Keys":
        """The same keys with a new first one; the earlier ones go on verifying, and the identity root stays."""
        return Keys((new, *self.ring), self.identity)

    def with_key(self, new: RootKey) -> "Keys":
        """The same keys with one more that only verifies: the ring that every host needs before one signs with it."""
        return Keys((*self.ring, new), self.identity)

    def signed_by(self, key_id: str) -> "Keys":
        """The same keys, of which this one signs.

        Raises:
            KeyringError: the ring has no such key.
        """
        self._must_hold(key_id)
        return Keys(tuple(sorted(self.ring, key=lambda key: key.key_id != key_id)), self.identity)

    def without(self, key_id: str) -> "Keys":
        """The same keys but this one.

        Raises:
            KeyringError: the ring has no such key, or it is the one that signs.
        """
        self._must_hold(key_id)
        if key_id == self.signer:
            raise KeyringError(f"{key_id} is the key that signs: let another one sign first")
        return Keys(tuple(key for key in self.ring if key.key_id != key_id), self.identity)

    def _must_hold(self, key_id: str) -> None:
        if not self.holds(key_id):
            raise KeyringError(f"the ring has no key {key_id!r}")

    @property
    def signer(self) -> str:
        """The id of the key that signs and seals."""
        return self.ring[0].key_id

    def holds(self, key_id: str) -> bool:
        """Whether what the key of this id made can be verified."""
        return any(key.key_id == key_id for key in self.ring)

    def derive(self, purpose: Purpose, key_id: str = "") -> bytes:
        """The 32 bytes of one purpose, from the ring key of that id, or from the identity root.

        Derived once an instance. Two threads that ask at the same time may both derive; they get the same bytes, so no
        lock is needed, and none can be left held by a fork.

        Raises:
            KeyError: the ring has no such key; ask :meth:`holds` first.
            ValueError: a key id for a purpose of the identity root.
        """
        if purpose in _OF_IDENTITY and key_id:
            raise ValueError(f"{purpose} is derived from the identity root: it takes no key id")
        known = self._derived.get((purpose, key_id))
        if known is None:
            known = self._derived[purpose, key_id] = _hkdf(self._root(purpose, key_id), purpose)
        return known

    def _root(self, purpose: Purpose, key_id: str) -> bytes:
        if purpose in _OF_IDENTITY:
            return self.identity
        return {key.key_id: key.material for key in self.ring}[key_id]

    @classmethod
    def from_text(cls, text: str) -> "Keys":
        """Keys from the text that :meth:`to_text` made.

        Raises:
            KeyringError: what is wrong and where. No frame of the traceback of this library holds the text (R54).
        """
        found = _parse(text)
        del text
        if isinstance(found, str):
            raise KeyringError(found)
        return found

    def to_text(self) -> Secret:
        """A small TOML document: a version, the identity root and the ring, the signing key first, in hexadecimal."""
        ring = "".join(f'\n[[ring]]\nid = "{key.key_id}"\nkey = "{key.material.hex()}"\n' for key in self.ring)
        return Secret(f'version = {_VERSION}\nidentity = "{self.identity.hex()}"\n{ring}')

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Keys):
            return NotImplemented
        return self.ring == other.ring and hmac.compare_digest(self.identity, other.identity)

    def __repr__(self) -> str:
        return f"<Keys: {', '.join(key.key_id for key in self.ring)}>"


def _hkdf(root: bytes, purpose: Purpose) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=f"msa_recovery/1/{purpose}".encode()).derive(root)


def _parse(text: str) -> Keys | str:
    """The keys, or what is wrong: a value, because an exception would carry this frame and the text in it."""
    import tomllib

    if len(text) > _LONGEST_TEXT:
        return f"longer than {_LONGEST_TEXT} characters"
    try:
        document: dict[str, object] = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return "not a TOML document"
    if type(document.get("version")) is not int or document["version"] != _VERSION:
        return f"version must be {_VERSION}"
    if not document.keys() <= {"version", "identity", "ring"}:
        return "an entry beside version, identity and ring"
    entries = document.get("ring")
    if not isinstance(entries, list):
        return "ring must be a list of [[ring]] tables"
    try:
        ring = tuple(_entry(entry, place) for place, entry in enumerate(cast("list[object]", entries), 1))
        return Keys(ring, _material(document.get("identity"), "identity"))
    except KeyringError as error:
        return str(error)


def _entry(entry: object, place: int) -> RootKey:
    table = cast("dict[str, object]", entry) if isinstance(entry, dict) else {}
    if table.keys() != {"id", "key"}:
        raise KeyringError(f"ring entry {place} must have an id and a key, and nothing else")
    key_id = table["id"]
    if not isinstance(key_id, str) or not _KEY_ID.fullmatch(key_id):
        raise KeyringError(f"ring entry {place}: id must be {_KEY_ID_FORM}")
    return RootKey(key_id, _material(table["key"], f"ring entry {place}: key"))


def _material(value: object, name: str) -> bytes:
    if not isinstance(value, str) or not _HEX_KEY.fullmatch(value):
        raise KeyringError(f"{name} must be {2 * KEY_BYTES} hexadecimal digits, in lower case")
    return bytes.fromhex(value)


def read_keys(path: str | os.PathLike[str]) -> Keys:
    """The keys of a file that only its owner can read.

    Raises:
        KeyringError: others can read the file (the message names the remedy), or what it holds is wrong.
        OSError: there is no such file, or it cannot be read.
    """
    with Path(path).open("rb") as file:
        mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
        if mode & _FOR_OTHERS:
            raise KeyringError(f"{path} is open to others (mode {mode:04o}): run chmod 600 on it, then rotate its keys")
        raw = file.read(_LONGEST_TEXT + 1)
    try:
        return Keys.from_text(raw.decode("ascii", "replace"))
    except KeyringError as error:
        fault = str(error)
    del raw
    raise KeyringError(f"{path}: {fault}")


def write_keys(path: Path, keys: Keys) -> None:
    """Put the keys into a file of mode 0600, all at once: a crash leaves the earlier file or the new one, whole.

    Raises:
        OSError: the folder is missing, full or read-only; the earlier file is untouched.
    """
    write_whole(path, keys.to_text())
