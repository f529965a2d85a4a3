"""The shipped source of secrets keeps the contract of one."""

import pytest

from msa_recovery.adapters.secrets_source import SystemSecrets
from msa_recovery.application.ports import Secrets
from msa_recovery.testing.contracts import SecretsContract


class TestSystemSecrets(SecretsContract):
    @pytest.fixture
    def secrets(self) -> Secrets:
        return SystemSecrets()
