"""How hard Hypothesis searches, chosen by ``HYPOTHESIS_PROFILE``: ``ci``, ``default``, ``deep``, ``mutants``
or ``planted``, which stops at what it finds first.

``ci`` draws the same examples in every run, so that a red build is red again on the next machine. It is what runs where
``CI`` is set and nothing else was chosen.

There a skipped test is a failure as well: a promise that nobody checked, where all that the tests need is at hand.
"""

import os
import sys

import pytest
from hypothesis import Phase, settings

from tests.support.scheduling import pytest_xdist_make_scheduler

__all__ = ["pytest_sessionfinish", "pytest_xdist_make_scheduler"]

# Times differ from machine to machine and under xdist; what must be fast is measured by the benchmarks. All is said in
# each profile, because Hypothesis itself starts from other values where CI is set.
settings.register_profile("default", deadline=None, derandomize=False)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("mutants", deadline=None, derandomize=True, database=None, max_examples=20)
settings.register_profile(
    "planted",
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate, Phase.target),
    report_multiple_bugs=False,
)
settings.register_profile("deep", deadline=None, derandomize=False, print_blob=True, max_examples=10_000)

settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "default"))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Leave nothing behind on a server that tests used; and judge what was skipped."""
    postgres = sys.modules.get("tests.support.postgres")
    if postgres is not None:
        postgres.drop_all()
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    # A worker of xdist has none of what the others saw; who started them has all of it.
    if os.environ.get("CI") and reporter is not None and not hasattr(session.config, "workerinput"):
        skipped = reporter.stats.get("skipped", [])
        if skipped and session.exitstatus == pytest.ExitCode.OK:
            reporter.write_line(f"\n{len(skipped)} skipped: where CI is set, that is a failure", red=True)
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
