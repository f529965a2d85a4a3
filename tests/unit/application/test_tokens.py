"""What a browser keeps for a host: nobody but the ring makes it, and whatever comes in its place is nothing."""

import pytest

from msa_recovery import Secret
from msa_recovery.adapters.keyring import Keys, RootKey
from msa_recovery.adapters.vault import Vault
from msa_recovery.application.tokens import Tokens

OLD, NEW = RootKey.generate(), RootKey.generate()
IDENTITY = bytes(32)
TOKENS = Tokens(Vault(Keys((OLD,), IDENTITY)))
ROTATED = Tokens(Vault(Keys((NEW, OLD), IDENTITY)))
STRANGERS = Tokens(Vault(Keys((NEW,), IDENTITY)))

RUBBISH = ("", "x", "é", "=", "AAAA", "-" * 5_000, "\x00", TOKENS.sign("another browser"))


def test_a_signed_token_is_known_again() -> None:
    assert TOKENS.verify(TOKENS.sign("browser"), "browser")


def test_a_signed_token_is_the_same_each_time() -> None:
    assert TOKENS.sign("browser") == TOKENS.sign("browser")


@pytest.mark.parametrize("rubbish", RUBBISH, ids=range(len(RUBBISH)))
def test_anything_else_is_no_signed_token(rubbish: str) -> None:
    assert not TOKENS.verify(rubbish, "browser")


def test_a_sealed_text_comes_back() -> None:
    sealed = TOKENS.seal(Secret("2 84 03 33 063 021 14"), "browser")
    assert Secret("2 84 03 33 063 021 14") == TOKENS.unseal(sealed, "browser")


def test_a_text_of_any_characters_comes_back() -> None:
    """R35: a lone surrogate as well."""
    assert Secret("\ud800 é \x00") == TOKENS.unseal(TOKENS.seal(Secret("\ud800 é \x00"), "b"), "b")


def test_what_is_sealed_can_not_be_read_and_tells_little_of_its_length() -> None:
    short, long = (TOKENS.seal(Secret(text), "browser") for text in ("a", "tournesol" * 20))
    assert len(short) == len(long)
    assert "tournesol" not in long


def test_a_sealed_text_belongs_to_one_browser() -> None:
    assert None is TOKENS.unseal(TOKENS.seal(Secret("a"), "browser"), "another")


@pytest.mark.parametrize("rubbish", RUBBISH, ids=range(len(RUBBISH)))
def test_anything_else_is_no_sealed_text(rubbish: str) -> None:
    assert None is TOKENS.unseal(rubbish, "browser")


def test_a_changed_token_is_nothing() -> None:
    signed, sealed = TOKENS.sign("browser"), TOKENS.seal(Secret("a"), "browser")
    flipped = {"A": "B"}
    assert not TOKENS.verify(signed[:-2] + flipped.get(signed[-2], "A") + signed[-1], "browser")
    assert None is TOKENS.unseal(sealed[:-2] + flipped.get(sealed[-2], "A") + sealed[-1], "browser")


def test_an_earlier_key_of_the_ring_is_still_known() -> None:
    """R10: hosts whose ring is rotated one after the other understand each other."""
    assert ROTATED.verify(TOKENS.sign("browser"), "browser")
    assert Secret("a") == ROTATED.unseal(TOKENS.seal(Secret("a"), "browser"), "browser")


def test_a_key_that_is_gone_makes_a_token_nothing() -> None:
    assert not STRANGERS.verify(TOKENS.sign("browser"), "browser")
    assert None is STRANGERS.unseal(TOKENS.seal(Secret("a"), "browser"), "browser")
