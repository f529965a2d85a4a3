"""The contract of each port, as a class of tests to inherit from.

    class TestMyStore(StoreContract):
        @pytest.fixture
        def store(self) -> MyStore:
            return MyStore(...)

        def audit(self, store: Store) -> Sequence[AuditRow]:
            return ...

A test says in its docstring which clause of ``application/ports.py`` it holds the adapter to. A port whose methods are
async is given as it is: the suite awaits what it answers.
"""

from .account_directory import AccountDirectoryContract, KnownAccount
from .clock import ClockContract
from .messenger import MessengerContract
from .observer import ObserverContract
from .port import PortContract
from .secrets import SecretsContract
from .store import StoreContract
from .strength_meter import StrengthMeterContract
from .vault import VaultContract

__all__ = [
    "AccountDirectoryContract",
    "ClockContract",
    "KnownAccount",
    "MessengerContract",
    "ObserverContract",
    "PortContract",
    "SecretsContract",
    "StoreContract",
    "StrengthMeterContract",
    "VaultContract",
]
