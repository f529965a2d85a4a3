"""The root keys, and what is derived from them."""

import copy
import hashlib
import hmac
import os
import pickle
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from msa_recovery.adapters import keyring
from msa_recovery.adapters.keyring import KeyringError, Keys, RootKey, read_keys, write_keys
from msa_recovery.application.ports import Purpose

OLD = RootKey("old-1", b"o" * 32)
NEW = RootKey("new-2", b"n" * 32)
IDENTITY = b"i" * 32
KEYS = Keys((NEW, OLD), IDENTITY)

NAMES = [Purpose.PSEUDONYM, Purpose.DECOY, Purpose.FINGERPRINT]
RING = [purpose for purpose in Purpose if purpose not in NAMES]

HEX = "0123456789abcdef" * 4
ENTRY = f'[[ring]]\nid = "k1"\nkey = "{HEX}"\n'
HEAD = f'version = 1\nidentity = "{"ab" * 32}"\n'


def hkdf(root: bytes, info: bytes) -> bytes:
    """RFC 5869 for one block, written out."""
    extracted = hmac.digest(b"\0" * 32, root, hashlib.sha256)
    return hmac.digest(extracted, info + b"\x01", hashlib.sha256)


@pytest.mark.parametrize("purpose", RING)
def test_ring_purposes_derive_from_the_ring_key_that_is_named(purpose: Purpose) -> None:
    assert hkdf(b"o" * 32, f"msa_recovery/1/{purpose}".encode()) == KEYS.derive(purpose, "old-1")


@pytest.mark.parametrize("purpose", NAMES)
def test_names_derive_from_the_identity_root(purpose: Purpose) -> None:
    assert hkdf(IDENTITY, f"msa_recovery/1/{purpose}".encode()) == KEYS.derive(purpose)


def test_no_two_purposes_share_a_key() -> None:
    derived = {KEYS.derive(purpose, "" if purpose in NAMES else "new-2") for purpose in Purpose}
    assert len(Purpose) == len(derived)


def test_a_key_is_derived_once(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = Keys((NEW,), IDENTITY)
    first = keys.derive(Purpose.CODE, "new-2")
    monkeypatch.setattr(keyring, "_hkdf", lambda *_: pytest.fail("derived again"))
    assert first == keys.derive(Purpose.CODE, "new-2")


def test_two_rings_never_share_what_they_derived() -> None:
    other = Keys((RootKey("new-2", b"x" * 32),), IDENTITY)
    assert KEYS.derive(Purpose.CODE, "new-2") != other.derive(Purpose.CODE, "new-2")


def test_threads_get_the_same_key() -> None:
    keys = Keys.generate()
    with ThreadPoolExecutor(8) as pool:
        derived = set(pool.map(lambda _: keys.derive(Purpose.SEAL, keys.signer), range(64)))
    assert {keys.derive(Purpose.SEAL, keys.signer)} == derived


def test_a_key_that_the_ring_lacks_derives_nothing() -> None:
    with pytest.raises(KeyError):
        KEYS.derive(Purpose.CODE, "gone")


def test_a_name_is_never_derived_from_the_ring() -> None:
    with pytest.raises(ValueError, match="pseudonym is derived from the identity root"):
        KEYS.derive(Purpose.PSEUDONYM, "new-2")


def test_the_first_key_signs() -> None:
    assert KEYS.signer == "new-2"


@pytest.mark.parametrize(("key_id", "held"), [("new-2", True), ("old-1", True), ("old-2", False), ("", False)])
def test_the_ring_says_which_keys_it_holds(key_id: str, held: bool) -> None:
    assert held is KEYS.holds(key_id)


def test_rotation_puts_the_new_key_first_and_keeps_the_rest() -> None:
    assert Keys((OLD,), IDENTITY).rotated(NEW) == KEYS


def test_rotation_keeps_every_name() -> None:
    assert KEYS.derive(Purpose.PSEUDONYM) == KEYS.rotated(RootKey.generate()).derive(Purpose.PSEUDONYM)


def test_generated_keys_are_all_different() -> None:
    made = [Keys.generate() for _ in range(20)]
    assert 40 == len({keys.identity for keys in made} | {keys.ring[0].material for keys in made})


@pytest.mark.parametrize(
    ("ring", "identity", "says"),
    [
        ((), IDENTITY, "the ring is empty"),
        ((NEW, RootKey("new-2", b"x" * 32)), IDENTITY, "the same id"),
        ((NEW, RootKey("x", b"n" * 32)), IDENTITY, "the same key"),
        ((OLD, NEW), b"n" * 32, "also a key of the ring"),
        ((NEW,), b"i" * 31, "Keys.identity must be 32 bytes"),
        ((NEW,), bytearray(32), "Keys.identity must be 32 bytes"),
    ],
)
def test_keys_that_break_a_rule_are_refused(ring: tuple[RootKey, ...], identity: bytes, says: str) -> None:
    with pytest.raises(KeyringError, match=says):
        Keys(ring, identity)


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_root_key_has_256_bits(size: int) -> None:
    with pytest.raises(KeyringError, match=r"RootKey\.material must be 32 bytes"):
        RootKey("k", b"k" * size)


@pytest.mark.parametrize("key_id", ["", "-a", "A", "é", "a b", "a\n", "a" * 33])
def test_a_key_id_is_short_and_plain(key_id: str) -> None:
    with pytest.raises(KeyringError, match="a key id must be 1 to 32 characters"):
        RootKey(key_id, b"k" * 32)


@pytest.mark.parametrize("key_id", ["0", "a" * 32, "2026-03_b"])
def test_ids_up_to_32_characters_are_taken(key_id: str) -> None:
    assert key_id == RootKey(key_id, b"k" * 32).key_id


@pytest.mark.parametrize("other", [RootKey("new-2", b"x" * 32), RootKey("new-3", b"n" * 32), "new-2"])
def test_root_keys_differ_by_id_or_by_bytes(other: object) -> None:
    assert other != NEW


@pytest.mark.parametrize("other", [Keys((OLD, NEW), IDENTITY), Keys((NEW, OLD), b"j" * 32), "keys"])
def test_keys_differ_by_ring_order_or_identity(other: object) -> None:
    assert other != KEYS


@pytest.mark.parametrize("value", [NEW, KEYS], ids=["RootKey", "Keys"])
def test_a_key_is_no_key_of_a_dictionary(value: object) -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(value)


@pytest.mark.parametrize("show", [repr, str, "{}".format], ids=["repr", "str", "format"])
def test_keys_are_shown_by_their_ids_alone(show: Callable[[object], str]) -> None:
    """R54."""
    assert "<Keys: new-2, old-1>" == show(KEYS)


def test_a_root_key_is_shown_by_its_id_alone() -> None:
    """R54."""
    assert "RootKey(key_id='new-2')" == repr(NEW)


@pytest.mark.parametrize("save", [pickle.dumps, copy.copy, copy.deepcopy], ids=["pickle", "copy", "deepcopy"])
@pytest.mark.parametrize("value", [NEW, KEYS], ids=["RootKey", "Keys"])
def test_keys_are_never_pickled_or_copied(save: Callable[[object], object], value: object) -> None:
    """R54."""
    with pytest.raises(TypeError, match="never pickled or copied"):
        save(value)


def test_keys_read_back_as_they_were_written() -> None:
    assert Keys.from_text(KEYS.to_text().reveal()) == KEYS


def test_keys_that_derived_something_still_equal_what_is_read_back() -> None:
    keys = Keys.generate()
    keys.derive(Purpose.DECOY)
    assert keys == Keys.from_text(keys.to_text().reveal())


def test_the_text_is_stable() -> None:
    ring = "".join(
        f'\n[[ring]]\nid = "{i}"\nkey = "{k.hex()}"\n' for i, k in (("new-2", b"n" * 32), ("old-1", b"o" * 32))
    )
    assert f'version = 1\nidentity = "{IDENTITY.hex()}"\n{ring}' == KEYS.to_text().reveal()


BAD = [
    pytest.param("", "version must be 1", id="empty"),
    pytest.param(HEX, "not a TOML document", id="a bare key"),
    pytest.param("a = " + "[" * 20_000, "not a TOML document", id="nested too deep"),
    pytest.param(HEAD + ENTRY + "#" * 65_536, "longer than 65536 characters", id="long"),
    pytest.param((HEAD + ENTRY).replace("version = 1", "version = 2"), "version must be 1", id="newer"),
    pytest.param((HEAD + ENTRY).replace("version = 1", "version = true"), "version must be 1", id="true is not 1"),
    pytest.param(f'k{HEX} = "x"\n{HEAD}{ENTRY}', "an entry beside version, identity and ring", id="unknown entry"),
    pytest.param(HEAD, "ring must be a list", id="no ring"),
    pytest.param(HEAD + "ring = []", "the ring is empty", id="empty ring"),
    pytest.param(HEAD + f'ring = ["{HEX}"]', "ring entry 1 must have an id and a key", id="no table"),
    pytest.param(HEAD + ENTRY + "extra = 1\n", "ring entry 1 must have an id and a key", id="unknown field"),
    pytest.param(HEAD + ENTRY + '[[ring]]\nid = "k2"\n', "ring entry 2 must have an id and a key", id="no key"),
    pytest.param(HEAD + ENTRY.replace('"k1"', "1"), "ring entry 1: id must be 1 to 32", id="id is a number"),
    pytest.param(HEAD + ENTRY.replace("k1", HEX), "ring entry 1: id must be 1 to 32", id="key as id"),
    pytest.param(HEAD + ENTRY.replace(HEX, HEX[:-1]), "ring entry 1: key must be 64 hexadecimal", id="short key"),
    pytest.param(HEAD + ENTRY.replace(HEX, HEX.upper()), "ring entry 1: key must be 64 hexadecimal", id="capitals"),
    pytest.param(HEAD + ENTRY.replace(f'"{HEX}"', "12"), "ring entry 1: key must be 64 hexadecimal", id="number"),
    pytest.param("version = 1\n" + ENTRY, "identity must be 64 hexadecimal", id="no identity"),
    pytest.param(HEAD + ENTRY + ENTRY, "two keys of the ring have the same id", id="same entry twice"),
    pytest.param(HEAD.replace("ab" * 32, HEX) + ENTRY, "also a key of the ring", id="identity in the ring"),
]


@pytest.mark.parametrize(("text", "says"), BAD)
def test_a_bad_text_is_refused_with_what_is_wrong(text: str, says: str) -> None:
    with pytest.raises(KeyringError, match=says):
        Keys.from_text(text)


@pytest.mark.parametrize(("text", "says"), BAD)
def test_no_refusal_shows_a_byte_of_a_key(text: str, says: str) -> None:
    """R54: neither the message nor the locals of our frames."""
    del says
    with pytest.raises(KeyringError) as caught:
        Keys.from_text(text)
    ours = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    ours.stack[:] = [frame for frame in ours.stack if frame.filename == keyring.__file__]
    assert HEX[:8] not in "".join(ours.format()).lower()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys.toml"


def test_a_file_gives_back_the_keys(path: Path) -> None:
    write_keys(path, KEYS)
    assert read_keys(path) == KEYS == read_keys(str(path))


def test_the_file_is_for_its_owner_alone_whatever_the_umask(path: Path) -> None:
    earlier = os.umask(0)
    try:
        write_keys(path, KEYS)
    finally:
        os.umask(earlier)
    assert 0o600 == path.stat().st_mode & 0o777


def test_writing_replaces_the_earlier_keys_and_leaves_nothing_else(path: Path) -> None:
    write_keys(path, KEYS)
    other = Keys.generate()
    write_keys(path, other)
    assert ([path], other) == (list(path.parent.iterdir()), read_keys(path))


def test_a_failed_write_leaves_the_earlier_keys_and_nothing_else(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_keys(path, KEYS)

    def no_space(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", no_space)
        with pytest.raises(OSError, match="No space left"):
            write_keys(path, Keys.generate())
    assert ([path], KEYS) == (list(path.parent.iterdir()), read_keys(path))


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601, 0o644])
def test_a_file_open_to_others_is_refused_with_the_remedy(path: Path, mode: int) -> None:
    write_keys(path, KEYS)
    path.chmod(mode)
    with pytest.raises(KeyringError, match=rf"keys\.toml is open to others \(mode {mode:04o}\): run chmod 600"):
        read_keys(path)


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_file_that_only_its_owner_reads_is_taken(path: Path, mode: int) -> None:
    write_keys(path, KEYS)
    path.chmod(mode)
    assert read_keys(path) == KEYS


def test_a_bad_file_is_refused_by_its_name(path: Path) -> None:
    path.write_bytes(b"\xff\xfe")
    path.chmod(0o600)
    with pytest.raises(KeyringError, match=r"keys\.toml: not a TOML document"):
        read_keys(path)


def test_a_refused_file_shows_no_byte_of_a_key(path: Path) -> None:
    """R54."""
    path.write_text(HEAD + ENTRY + ENTRY, encoding="ascii")
    path.chmod(0o600)
    with pytest.raises(KeyringError) as caught:
        read_keys(path)
    shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    shown.stack[:] = [frame for frame in shown.stack if frame.filename == keyring.__file__]
    assert HEX[:8] not in "".join(shown.format())


def test_a_missing_file_is_said_to_be_missing(path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_keys(path)
