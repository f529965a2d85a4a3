"""Which worker of xdist gets which test: those of a host under ``examples/``, started once, go to the same one.

xdist's own ``loadgroup`` does it by marks, which pytest 9.2 does not hand on (pytest-xdist #1386): every worker started
every host then, and nothing said so.
"""

from typing import Any, Final, final

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs]

__all__ = ["HostsTogether", "pytest_xdist_make_scheduler"]

_HOSTS: Final = "tests/examples/"


@final
class HostsTogether(LoadScopeScheduling):  # type: ignore[misc]
    """One test after the other to whichever worker is free, but for hosts."""

    def _split_scope(self, nodeid: str) -> str:
        return nodeid.partition("::")[0] if nodeid.startswith(_HOSTS) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> HostsTogether | None:
    """A hook of xdist: what ``--dist loadgroup`` is here."""
    return HostsTogether(config, log) if config.getvalue("dist") == "loadgroup" else None
