"""The shipped vault keeps the contract of a vault, before and after a rotation of its keys."""

import pytest

from msa_recovery.adapters.keyring import Keys, RootKey
from msa_recovery.adapters.vault import Vault
from msa_recovery.testing.contracts import VaultContract


class TestVault(VaultContract):
    @pytest.fixture
    def vault(self) -> Vault:
        return Vault(Keys((RootKey("ours", b"o" * 32),), b"i" * 32))

    @pytest.fixture
    def other(self) -> Vault:
        return Vault(Keys((RootKey("ours", b"t" * 32),), b"j" * 32))


class TestVaultAfterARotation(VaultContract):
    @pytest.fixture
    def vault(self) -> Vault:
        return Vault(Keys((RootKey("new", b"n" * 32), RootKey("old", b"o" * 32)), b"i" * 32))

    @pytest.fixture
    def other(self) -> Vault:
        return Vault(Keys((RootKey("old", b"o" * 32),), b"j" * 32))
