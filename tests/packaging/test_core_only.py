"""The recovery that `make package` runs on the wheel is a whole one."""

import msa_recovery as msa
from tests.packaging.core_only import recovered


def test_the_core_alone_recovers() -> None:
    assert recovered().view.state is msa.State.COMPLETED
