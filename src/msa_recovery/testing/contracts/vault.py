"""What the keyed functions must keep to."""

from itertools import combinations
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from msa_recovery.application.ports import Purpose, Vault

from .port import PortContract

__all__ = ["VaultContract"]

_OF_IDENTITY: Final = (Purpose.PSEUDONYM, Purpose.DECOY, Purpose.FINGERPRINT)
_OF_THE_RING: Final = tuple(purpose for purpose in Purpose if purpose not in _OF_IDENTITY)

_FIELDS: Final = ((), (b"",), (b"", b""), (b"ab",), (b"a", b"b"), (b"b", b"a"), (b"", b"ab"), (b"ab", b""), (b"\0",))
"""Lists of fields that a careless digest takes for one another."""

_BOUND: Final = (b"message", b"contact")


class VaultContract(PortContract):
    """Override the fixtures ``vault`` and ``other``."""

    @pytest.fixture
    def vault(self) -> Vault:
        """The keyed functions of one host."""
        raise NotImplementedError("override the fixture `vault`")

    @pytest.fixture
    def other(self) -> Vault:
        """The keyed functions of another host, with other keys."""
        raise NotImplementedError("override the fixture `other`")

    # -- digests -------------------------------------------------------------------------------------------------------

    @pytest.mark.parametrize("purpose", _OF_THE_RING)
    @pytest.mark.parametrize("fields", _FIELDS, ids=repr)
    def test_a_digest_verifies_what_it_was_made_of(
        self, vault: Vault, purpose: Purpose, fields: tuple[bytes, ...]
    ) -> None:
        """``verify``: whether ``expected`` is the digest of these fields."""
        assert vault.verify(purpose, vault.digest(purpose, *fields), *fields)

    @pytest.mark.parametrize(("made", "asked"), [*combinations(_FIELDS, 2)], ids=repr)
    def test_a_digest_verifies_no_other_fields(
        self, vault: Vault, made: tuple[bytes, ...], asked: tuple[bytes, ...]
    ) -> None:
        """``digest``: over the fields, each with its length."""
        assert not vault.verify(Purpose.CODE, vault.digest(Purpose.CODE, *made), *asked)

    @pytest.mark.parametrize(("made", "asked"), [*combinations(_OF_THE_RING, 2)])
    def test_a_digest_serves_one_purpose(self, vault: Vault, made: Purpose, asked: Purpose) -> None:
        """``Purpose``: nothing made for one can serve another."""
        assert not vault.verify(asked, vault.digest(made, b"0042"), b"0042")

    def test_the_same_fields_have_the_same_digest(self, vault: Vault) -> None:
        """Pure but for the nonces."""
        assert vault.digest(Purpose.GUESS, b"a") == vault.digest(Purpose.GUESS, b"a")

    def test_other_keys_give_another_digest(self, vault: Vault, other: Vault) -> None:
        """``digest``: keyed."""
        assert vault.digest(Purpose.CODE, b"0042") != other.digest(Purpose.CODE, b"0042")

    def test_a_digest_does_not_show_its_fields(self, vault: Vault) -> None:
        """``digest``: a digest."""
        assert b"a secret field" not in vault.digest(Purpose.CODE, b"a secret field")

    # -- names ---------------------------------------------------------------------------------------------------------

    @pytest.mark.parametrize("text", ["", "nir:2840333063021", "\ud800", "x" * 100_000])
    def test_the_same_text_has_the_same_names(self, vault: Vault, text: str) -> None:
        """``pseudonym``, ``decoy_seed``, ``fingerprint``: stable over time."""
        first, second = ((vault.pseudonym(text), vault.decoy_seed(text), vault.fingerprint(text)) for _ in range(2))
        assert first == second

    def test_two_texts_never_have_the_same_name(self, vault: Vault) -> None:
        """``pseudonym``, ``decoy_seed``, ``fingerprint``: an account's own."""
        texts = [f"nir:{number}" for number in range(200)]
        for name in (vault.pseudonym, vault.decoy_seed, vault.fingerprint):
            assert len(texts) == len({name(text) for text in texts})

    def test_other_keys_give_other_names(self, vault: Vault, other: Vault) -> None:
        """``pseudonym``, ``decoy_seed``, ``fingerprint``: keyed (R49)."""
        ours, theirs = ((v.pseudonym("a"), v.decoy_seed("a"), v.fingerprint("a")) for v in (vault, other))
        assert [] == [pair for pair in zip(ours, theirs, strict=True) if pair[0] == pair[1]]

    def test_a_pseudonym_tells_nothing_of_the_identifier(self, vault: Vault) -> None:
        """``pseudonym``: the keyed name (R49)."""
        assert "2840333063021" not in vault.pseudonym("nir:2840333063021")

    def test_a_decoy_is_drawn_from_32_bytes(self, vault: Vault) -> None:
        """``decoy_seed``: the 32 bytes."""
        assert 32 == len(vault.decoy_seed("nir:2840333063021"))

    # -- seals ---------------------------------------------------------------------------------------------------------

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors])
    @given(plain=st.binary(max_size=130) | st.sampled_from([b"\0", b"\x80", b"a\x80\0\0", b"x" * 63, b"x" * 64]))
    def test_what_was_sealed_is_unsealed(self, vault: Vault, plain: bytes) -> None:
        """``unseal``: what was sealed."""
        assert plain == vault.unseal(vault.seal(plain, bound_to=_BOUND, size=64), bound_to=_BOUND)

    def test_seals_of_short_texts_are_equally_long(self, vault: Vault) -> None:
        """``seal``: padded to a multiple of ``size`` bytes (R13)."""
        sealed = [vault.seal(b"x" * length, bound_to=_BOUND, size=64) for length in (0, 1, 40, 62)]
        assert 1 == len({len(each) for each in sealed})

    def test_nothing_of_the_text_shows(self, vault: Vault) -> None:
        """``seal``: encrypt."""
        assert b"a secret text" not in vault.seal(b"a secret text", bound_to=_BOUND, size=64)

    def test_the_same_text_is_never_sealed_alike(self, vault: Vault) -> None:
        """``seal``: with a nonce."""
        assert vault.seal(b"a", bound_to=_BOUND, size=64) != vault.seal(b"a", bound_to=_BOUND, size=64)

    @pytest.mark.parametrize("bound_to", [(), (b"message",), (b"contact", b"message"), (b"messagecontact",)])
    def test_a_seal_is_opened_only_where_it_belongs(self, vault: Vault, bound_to: tuple[bytes, ...]) -> None:
        """``seal``: opened only with the same binding."""
        sealed = vault.seal(b"a", bound_to=_BOUND, size=64)
        with pytest.raises(Exception):  # noqa: B017, PT011 - a vault may raise what it likes
            vault.unseal(sealed, bound_to=bound_to)

    def test_a_seal_that_was_touched_is_not_opened(self, vault: Vault) -> None:
        """``unseal``: anything else than the very same bytes raises: whichever byte changed, or is missing."""
        sealed, opened = vault.seal(b"a", bound_to=_BOUND, size=16), list[int]()
        for place in range(len(sealed)):
            touched = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
            for wrong in (touched, sealed[:place]):
                try:
                    vault.unseal(wrong, bound_to=_BOUND)
                except Exception:  # noqa: BLE001, S112 - a vault may raise what it likes
                    continue
                opened.append(place)
        assert [] == opened

    def test_other_keys_do_not_open_a_seal(self, vault: Vault, other: Vault) -> None:
        """``seal``: with the host's own keys."""
        sealed = vault.seal(b"a", bound_to=_BOUND, size=64)
        with pytest.raises(Exception):  # noqa: B017, PT011 - a vault may raise what it likes
            other.unseal(sealed, bound_to=_BOUND)
