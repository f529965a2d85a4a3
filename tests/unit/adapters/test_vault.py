"""Keyed digests, names and seals."""

import base64
import hashlib
import hmac
import pickle

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from msa_recovery.adapters.keyring import Keys, RootKey
from msa_recovery.adapters.vault import SealBroken, UnknownKey, Vault
from msa_recovery.application.ports import Purpose
from msa_recovery.application.sealed import key_named_by

OLD = Keys((RootKey("old", b"o" * 32),), b"i" * 32)
KEYS = OLD.rotated(RootKey("new", b"n" * 32))
VAULT = Vault(KEYS)
BOUND = (b"message", b"contact", b"2026-03-29")


def framed(*fields: bytes) -> bytes:
    return b"".join(len(item).to_bytes(4, "big") + item for item in fields)


def test_a_digest_is_the_header_and_an_hmac_over_every_length_prefixed_field() -> None:
    """R10."""
    covered = framed(b"new", b"code", b"journey", b"0042")
    mac = hmac.digest(KEYS.derive(Purpose.CODE, "new"), covered, hashlib.sha256)
    assert b"\x03new" + mac == VAULT.digest(Purpose.CODE, b"journey", b"0042")


def test_a_digest_verifies_what_it_was_made_of() -> None:
    assert VAULT.verify(Purpose.CODE, VAULT.digest(Purpose.CODE, b"a", b"b"), b"a", b"b")


@pytest.mark.parametrize(
    "fields",
    [(), (b"ab",), (b"a",), (b"b", b"a"), (b"", b"ab"), (b"ab", b""), (b"a", b"b", b""), (b"a", b"c")],
)
def test_fields_are_told_apart_by_their_borders(fields: tuple[bytes, ...]) -> None:
    assert not VAULT.verify(Purpose.CODE, VAULT.digest(Purpose.CODE, b"a", b"b"), *fields)


def test_a_digest_of_one_purpose_is_worth_nothing_for_another() -> None:
    assert not VAULT.verify(Purpose.TEMPORARY_PASSWORD, VAULT.digest(Purpose.CODE, b"a"), b"a")


def test_what_an_earlier_key_signed_still_verifies() -> None:
    """R10."""
    assert VAULT.verify(Purpose.AUDIT, Vault(OLD).digest(Purpose.AUDIT, b"fact"), b"fact")


def test_the_key_id_is_covered() -> None:
    """Even a key that is in the ring under two ids, as after a slip, does not verify under the other one."""
    renamed = Vault(Keys((RootKey("two", b"o" * 32),), b"i" * 32))
    made = Vault(OLD).digest(Purpose.CODE, b"a").replace(b"\x03old", b"\x03two")
    assert not renamed.verify(Purpose.CODE, made, b"a")


@pytest.mark.parametrize("cut", [slice(0, -1), slice(0, 4)])
def test_a_digest_that_lost_its_end_verifies_nothing(cut: slice) -> None:
    assert not VAULT.verify(Purpose.CODE, VAULT.digest(Purpose.CODE, b"a")[cut], b"a")


def test_a_digest_with_a_tail_verifies_nothing() -> None:
    assert not VAULT.verify(Purpose.CODE, VAULT.digest(Purpose.CODE, b"a") + b"\0", b"a")


def test_digests_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """R37."""
    compared: list[int] = []

    def watched(one: bytes, two: bytes) -> bool:
        compared.append(len(one))
        return one == two

    monkeypatch.setattr(hmac, "compare_digest", watched)
    VAULT.verify(Purpose.CODE, VAULT.digest(Purpose.CODE, b"a"), b"a")
    assert [32] == compared


@pytest.mark.parametrize(
    ("made", "key_id"),
    [(b"", ""), (b"\0", ""), (b"\x04gone" + b"x" * 32, "gone"), (b"\x03ne", "ne"), (b"\x01\xff", "\ufffd")],
)
def test_a_missing_key_is_named(made: bytes, key_id: str) -> None:
    with pytest.raises(UnknownKey) as caught:
        VAULT.verify(Purpose.CODE, made, b"a")
    assert key_id == caught.value.key_id


def test_a_row_whose_key_is_missing_is_refused_by_its_name() -> None:
    sealed = VAULT.seal(b"x", bound_to=BOUND, size=16)
    with pytest.raises(UnknownKey, match="no key 'new' in the ring"):
        Vault(OLD).unseal(sealed, bound_to=BOUND)


def test_names_do_not_serve_as_digests() -> None:
    with pytest.raises(ValueError, match="identity root"):
        VAULT.digest(Purpose.PSEUDONYM, b"a")


def named(purpose: Purpose, text: str) -> bytes:
    return hmac.digest(KEYS.derive(purpose), framed(purpose.encode(), text.encode()), hashlib.sha256)


def test_a_pseudonym_is_160_bits_in_base32() -> None:
    """R49."""
    expected = base64.b32encode(named(Purpose.PSEUDONYM, "nir:2840333063021")[:20]).decode().lower()
    assert expected == VAULT.pseudonym("nir:2840333063021")


def test_a_decoy_seed_is_256_bits() -> None:
    assert named(Purpose.DECOY, "nir:2840333063021") == VAULT.decoy_seed("nir:2840333063021")


def test_a_fingerprint_is_128_bits() -> None:
    assert named(Purpose.FINGERPRINT, "a@example.fr")[:16] == VAULT.fingerprint("a@example.fr")


def test_names_outlive_every_rotation() -> None:
    assert VAULT.pseudonym("siret:1") == Vault(OLD).pseudonym("siret:1")


def test_names_change_with_the_identity_root() -> None:
    assert VAULT.pseudonym("siret:1") != Vault(Keys(KEYS.ring, b"j" * 32)).pseudonym("siret:1")


def test_a_text_that_utf_8_cannot_hold_is_named_all_the_same() -> None:
    """R54: the error would show the text."""
    assert VAULT.pseudonym("\ud800") != VAULT.pseudonym("?")


@given(st.binary(max_size=100), st.integers(1, 64), st.lists(st.binary(max_size=8), max_size=4))
def test_what_was_sealed_comes_back(plain: bytes, size: int, bound_to: list[bytes]) -> None:
    sealed = VAULT.seal(plain, bound_to=tuple(bound_to), size=size)
    assert plain == VAULT.unseal(sealed, bound_to=tuple(bound_to))


@pytest.mark.parametrize("plain", [b"", b"\0", b"\x80", b"\x80\0\0", b"a\x80", b"\0" * 16])
def test_bytes_that_look_like_padding_are_kept(plain: bytes) -> None:
    assert plain == VAULT.unseal(VAULT.seal(plain, bound_to=(), size=16), bound_to=())


def test_rows_shorter_than_the_size_are_equally_long() -> None:
    lengths = {len(VAULT.seal(b"x" * length, bound_to=BOUND, size=64)) for length in range(64)}
    assert {1 + 3 + 12 + 64 + 16} == lengths


def test_a_longer_row_takes_the_next_multiple() -> None:
    assert 1 + 3 + 12 + 128 + 16 == len(VAULT.seal(b"x" * 64, bound_to=BOUND, size=64))


@pytest.mark.parametrize("size", [0, -1])
def test_a_size_is_positive(size: int) -> None:
    with pytest.raises(ValueError, match="1 or more"):
        VAULT.seal(b"", bound_to=(), size=size)


def test_a_row_is_aes_256_gcm_with_the_binding_and_the_key_id_as_associated_data() -> None:
    sealed = Vault(KEYS, token_bytes=lambda size: b"N" * size).seal(b"ab", bound_to=BOUND, size=4)
    cipher = AESGCM(KEYS.derive(Purpose.SEAL, "new"))
    expected = cipher.encrypt(b"N" * 12, b"ab\x80\0", framed(*BOUND, b"new"))
    assert b"\x03new" + b"N" * 12 + expected == sealed


def test_the_same_row_is_never_sealed_alike() -> None:
    assert VAULT.seal(b"x", bound_to=BOUND, size=16) != VAULT.seal(b"x", bound_to=BOUND, size=16)


@pytest.mark.parametrize(
    "bound_to",
    [
        (),
        BOUND[:2],
        BOUND[::-1],
        (b"messagecontact", b"", b"2026-03-29"),
        (*BOUND, b""),
        (b"message", b"contact", b"x"),
    ],
)
def test_a_row_moved_elsewhere_stays_closed(bound_to: tuple[bytes, ...]) -> None:
    sealed = VAULT.seal(b"x", bound_to=BOUND, size=16)
    with pytest.raises(SealBroken):
        VAULT.unseal(sealed, bound_to=bound_to)


@pytest.mark.parametrize("place", range(4, 4 + 12 + 16 + 16))
def test_a_row_with_one_bit_changed_stays_closed(place: int) -> None:
    sealed = bytearray(VAULT.seal(b"x", bound_to=BOUND, size=16))
    sealed[place] ^= 1
    with pytest.raises(SealBroken):
        VAULT.unseal(bytes(sealed), bound_to=BOUND)


@pytest.mark.parametrize("length", [4, 10, 16, 20, 31, 40])
def test_a_row_that_was_cut_stays_closed(length: int) -> None:
    sealed = VAULT.seal(b"x", bound_to=BOUND, size=16)
    with pytest.raises(SealBroken):
        VAULT.unseal(sealed[:length], bound_to=BOUND)


def test_a_row_of_an_earlier_key_still_opens() -> None:
    assert b"x" == VAULT.unseal(Vault(OLD).seal(b"x", bound_to=BOUND, size=16), bound_to=BOUND)


def test_a_row_renamed_to_another_key_of_the_ring_stays_closed() -> None:
    sealed = VAULT.seal(b"x", bound_to=BOUND, size=16).replace(b"\x03new", b"\x03old")
    with pytest.raises(SealBroken):
        VAULT.unseal(sealed, bound_to=BOUND)


def test_the_key_of_a_row_can_be_told_without_holding_it() -> None:
    assert "new" == key_named_by(VAULT.seal(b"x", bound_to=BOUND, size=16))


def test_the_key_of_a_digest_can_be_told_too() -> None:
    assert "new" == key_named_by(VAULT.digest(Purpose.CODE, b"a"))


def test_a_vault_shows_nothing() -> None:
    """R54."""
    assert "Vault()" == repr(VAULT)


def test_a_vault_is_never_pickled() -> None:
    """R54."""
    with pytest.raises(TypeError, match="never pickled"):
        pickle.dumps(VAULT)
