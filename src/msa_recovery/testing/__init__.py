"""What a host's own tests may build on; ``docs/testing-your-host.md`` shows how.

``testing.contracts`` has a suite for each port, ``testing.machine`` whole recoveries on a host's adapters,
``testing.strategies`` what Hypothesis draws; ``testing.fakes`` and ``testing.people`` stand in for what is slow, random
or alive; ``testing.tapped`` and ``testing.lines`` are lines that somebody listens to, and lines that fail.

It needs the extra ``testing``, and is imported by nothing else of this library.
"""

import pytest

# Before pytest imports them: then a broken clause says which values it compared.
for _part in ("contracts", "machine", "model", "watch"):
    pytest.register_assert_rewrite(f"msa_recovery.testing.{_part}")
