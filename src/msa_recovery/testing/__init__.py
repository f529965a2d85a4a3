"""What a host's own tests may build on: ``testing.contracts`` has a suite for each port.

It needs the extra ``testing``, and is imported by nothing else of this library.
"""

import pytest

# Before pytest imports them: then a broken clause says which values it compared.
pytest.register_assert_rewrite("msa_recovery.testing.contracts")
